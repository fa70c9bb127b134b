"""Which position a search is for, as one choice: a job, a pipeline, or none and why."""

from typing import Any

from django import forms

from talentpool.models import Job, Pipeline

MOST_CHOICES = 500
REASONS = {
    "market": "Seeing who there is, for no open position",
    "pool": "Filling a pool for later",
    "person": "Looking for somebody by name",
    "data": "Looking after the data",
    "other": "Another reason",
}
Groups = list[tuple[str, list[tuple[str, str]]]]


class PositionForm(forms.Form):
    """`answer` is what give_position takes."""

    position = forms.ChoiceField(label="Position")
    reason = forms.CharField(label="Another reason", max_length=300, required=False)
    next = forms.CharField(max_length=10_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jobs = Job.objects.filter(is_open=True).order_by("title", "pk")[:MOST_CHOICES]
        pipelines = Pipeline.objects.current().order_by("name", "pk")[:MOST_CHOICES]
        groups: Groups = [
            ("Jobs", [(f"job:{job.pk}", f"{job.title}, {job.location}".rstrip(", ")) for job in jobs]),
            ("Pipelines", [(f"pipeline:{pipeline.pk}", pipeline.name) for pipeline in pipelines]),
            ("No position", [(f"none:{key}", words) for key, words in REASONS.items()]),
        ]
        choices = [("", "Choose"), *(group for group in groups if group[1])]
        self.fields["position"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("position") == "none:other" and not cleaned.get("reason"):
            self.add_error("reason", "Say why, in a few words.")
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        kind, _, value = self.cleaned_data["position"].partition(":")
        if kind == "job":
            return {"job": Job.objects.get(pk=value)}
        if kind == "pipeline":
            return {"pipeline": Pipeline.objects.get(pk=value)}
        return {"reason": self.cleaned_data["reason"] if value == "other" else REASONS[value]}
