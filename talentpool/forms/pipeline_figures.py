"""Of which time the figures of pipelines are asked."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms

from talentpool.queries.pipeline_figures import What

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class PeriodForm(forms.Form):
    """What can't be read is left out."""

    days = forms.TypedChoiceField(
        label="Of",
        choices=[("", "all time"), ("90", "the last 90 days"), ("365", "the last year")],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.full_clean()

    def since(self, now: datetime) -> datetime:
        days = self.cleaned_data.get("days")
        return now - timedelta(days=days) if days else BEGINNING


class BehindForm(PeriodForm):
    counted = forms.ChoiceField(choices=What.choices, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    @property
    def what(self) -> What:
        return What(self.cleaned_data.get("counted") or What.ENTERED)

    @property
    def number(self) -> int:
        return int(self.cleaned_data.get("page") or 1)
