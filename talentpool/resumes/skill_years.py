"""How many years each skill shows: the months of the dated jobs that name it, those side by side counted once."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from talentpool.career import Span, months_of_work
from talentpool.person import Position
from talentpool.vocabulary.skills import folded, mentions, usual_spelling


def years_by_skill(skills: Iterable[str], positions: Sequence[Position]) -> dict[str, float]:
    """Rounded to half years; a skill that no dated job names is left out, which says nothing about knowing it."""
    today = datetime.now(UTC).date()
    named = [(position, _named_in(f"{position.title}\n{position.text}")) for position in positions if position.start]
    years: dict[str, float] = {}
    for skill in skills:
        spellings = {folded(skill), folded(usual_spelling(skill))} - {""}
        spans = [
            Span("work", "", position.start, position.end, position.current)
            for position, names in named
            if not spellings.isdisjoint(names)
        ]
        if months := months_of_work(spans, today):
            years[skill] = max(0.5, round(months / 6) / 2)
    return years


def _named_in(text: str) -> set[str]:
    return {name for each in mentions(text) for name in (folded(each.skill), folded(text[each.begin : each.finish]))}
