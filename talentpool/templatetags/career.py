"""Draws careers: the picture on the server, without script, and its dates in words."""

from typing import Any

from django import template
from django.utils import timezone

from talentpool import career
from talentpool.models import Candidate
from talentpool.person import Education, Position
from talentpool.queries.candidate import Career, career_of

register = template.Library()


def spans_of(fields: Career) -> list[career.Span]:
    posts = [career.Span("work", p.title or p.employer, p.start, p.end, current=p.current) for p in fields.positions]
    return posts + [career.Span("study", _study_label(e), e.start, e.end) for e in fields.education]


def _study_label(study: Education) -> str:
    return ", ".join(part for part in (study.degree or study.area, study.school) if part)


@register.inclusion_tag("talentpool/_career_chart.html")
def career_chart(fields: Career, *, narrow: bool = False) -> dict[str, Any]:
    spans, today = spans_of(fields), timezone.localdate()
    return {
        "wide": None if narrow else career.picture(spans, today=today),
        "narrow": career.picture(spans, today=today, width=340),
        "only_narrow": not narrow,
    }


@register.inclusion_tag("talentpool/_career_chart.html")
def career_chart_of(person: Candidate) -> dict[str, Any]:
    """The narrow picture of a candidate's career, for a pane beside a list."""
    return career_chart(career_of(person), narrow=True)


@register.simple_tag
def years_of_work(fields: Career) -> int:
    return career.years_of_work(spans_of(fields), timezone.localdate())


@register.filter
def period(span: Position | Education) -> str:
    return career.period_in_words(span.start, span.end, current=getattr(span, "current", False))


@register.filter
def duration(span: Position | Education) -> str:
    current = getattr(span, "current", False)
    return career.length_in_words(span.start, span.end, current=current, today=timezone.localdate())


@register.filter
def doing(person: Candidate) -> str:
    """What somebody does, in a line: as they put it, else what they do now and where."""
    return person.headline or " · ".join(part for part in (person.current_title, person.current_employer) if part)
