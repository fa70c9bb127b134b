"""What the reports' addresses may ask for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError

from analytics.queries.hiring import Asked, family_names
from crm.models import Member
from talentpool.models import Phase, Segment, Source
from talentpool.queries.segments import segments_for

PERIODS = (
    (3, "Last 3 months"),
    (6, "Last 6 months"),
    (12, "Last 12 months"),
    (24, "Last 24 months"),
    (60, "Last 5 years"),
)
USUAL_MONTHS = 12


class SegmentForm(forms.Form):
    """Narrows a report to the people of one of the segments that the member may see."""

    segment = forms.ChoiceField(
        required=False, label="Segment", error_messages={"invalid_choice": "There is no such segment."}
    )

    def __init__(self, asked: Mapping[str, Any], member: Member) -> None:
        super().__init__(asked)
        self.segments = {str(segment.pk): segment for segment in segments_for(member)}
        named = [(pk, segment.name) for pk, segment in self.segments.items()]
        self.fields["segment"].choices = [("", "All people"), *named]  # type: ignore[attr-defined]

    def require_valid(self) -> None:
        """For what can't be shown again with its errors: a list of people, a file."""
        if not self.is_valid():
            raise BadRequest(" ".join(str(sentence) for said in self.errors.values() for sentence in said))

    @property
    def chosen_segment(self) -> Segment | None:
        return self.segments.get(self.cleaned_data.get("segment", "")) if self.is_valid() else None

    @property
    def narrowing(self) -> dict[str, int]:
        """What the addresses of a narrowed report say."""
        return {"segment": self.chosen_segment.pk} if self.chosen_segment else {}


class PeriodForm(SegmentForm):
    months = forms.TypedChoiceField(choices=PERIODS, coerce=int, label="Period")

    def __init__(self, asked: Mapping[str, Any], member: Member) -> None:
        # As one value each: a query string with the usual period in it.
        told = {name: asked[name] for name in asked}
        super().__init__(told if told.get("months") else told | {"months": USUAL_MONTHS}, member)

    @property
    def chosen(self) -> int:
        return self.cleaned_data["months"] if self.is_valid() else USUAL_MONTHS


class MonthField(forms.Field):
    """“2026-11” as the first day of that month."""

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError as error:
            raise ValidationError(f"“{value}” is no month; it would look like 2026-11.") from error


class GrowthPeopleForm(SegmentForm):
    """Which number of the report was opened. `source` is an id, or 0 for people without one."""

    state = forms.ChoiceField(choices=[("", ""), ("may_write", ""), ("lost", "")], required=False)
    source = forms.IntegerField(required=False, min_value=0)
    month = MonthField(required=False)
    after = forms.RegexField(r"^\d{1,18}$", required=False)  # the last person of the page before

    def clean_source(self) -> int | None:
        number: int | None = self.cleaned_data["source"]
        if number and not Source.objects.filter(pk=number).exists():
            raise ValidationError("There is no such source.")
        return number

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if asked.get("state") == "lost" and not asked.get("month"):
            raise ValidationError("Say in which month they were lost.")
        return asked


class HiringForm(PeriodForm):
    """Over which period, of which job family, and by which touch sources are told apart."""

    touch = forms.ChoiceField(
        choices=[("first", "First touch"), ("last", "Last touch")], required=False, label="Source of hire"
    )

    family = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label="Job family")

    def __init__(self, asked: Mapping[str, Any], member: Member) -> None:
        super().__init__(asked, member)
        self.families = family_names()
        self.fields["family"].choices = [("", "All job families"), *self.families.items()]  # type: ignore[attr-defined]

    @property
    def chosen_family(self) -> int | None:
        return self.cleaned_data.get("family") if self.is_valid() else None

    @property
    def narrowing(self) -> dict[str, int]:
        return super().narrowing | ({} if self.chosen_family is None else {"family": self.chosen_family})

    @property
    def by_touch(self) -> str:
        return (self.cleaned_data.get("touch") if self.is_valid() else "") or "first"


class HiringPeopleForm(HiringForm):
    """Which number of the report was opened."""

    what = forms.ChoiceField(choices=Phase.choices)
    first = forms.RegexField(r"^(s\d{1,18}|campaign|direct)$", required=False)
    last = forms.RegexField(r"^(s\d{1,18}|campaign|direct)$", required=False)
    job = forms.RegexField(r"^\d{1,18}$", required=False)
    month = MonthField(required=False)
    reason = forms.CharField(max_length=300, required=False)
    no_reason = forms.BooleanField(required=False)
    after = forms.RegexField(r"^\d{1,18}$", required=False)  # the last application of the page before

    def asked(self) -> Asked:
        found = self.cleaned_data
        reason = "" if found["no_reason"] else found["reason"] or None
        job = int(found["job"]) if found["job"] else None
        return Asked(
            found["what"],
            found["first"],
            found["last"],
            job,
            found["month"],
            reason,
            found["family"],
            self.chosen_segment,
        )


class HiringTableForm(HiringForm):
    table = forms.ChoiceField(
        choices=[(name, name) for name in ("source", "job", "family", "month", "reason")], required=False
    )
