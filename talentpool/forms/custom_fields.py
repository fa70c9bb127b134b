"""Defining an organisation's own fields."""

from typing import Any

from django import forms

from talentpool.custom_values import KEY, OF_CHOICES, CustomKind
from talentpool.forms.panels import Lines
from talentpool.models import CustomField

KINDS = [(each.value, each.label) for each in CustomKind]


class CustomFieldForm(forms.Form):
    """A field as it is made or changed; `key` can only be said when it is made."""

    label = forms.CharField(max_length=80, help_text="Such as Shirt size.")
    key = forms.RegexField(
        rf"^{KEY.pattern}$",
        required=False,
        max_length=30,
        help_text="As searches and templates call it: custom.shirt_size. Made of the label if you leave it empty.",
        error_messages={"invalid": "Small letters, digits and _, beginning with a letter."},
    )
    kind = forms.ChoiceField(choices=KINDS, label="Holds")
    choices = Lines(
        label="Choices",
        help_text="One a line, where there are several to choose from. One that you take away stays with who has it.",
    )
    help_text = forms.CharField(label="Help for who fills it in", max_length=300, required=False)
    is_restricted = forms.BooleanField(label="Not for hiring managers", required=False)

    def __init__(self, *args: Any, field: CustomField | None = None, **kwargs: Any) -> None:
        names = ("label", "kind", "choices", "help_text", "is_restricted")
        kwargs.setdefault("initial", {name: getattr(field, name) for name in names} if field else None)
        super().__init__(*args, **kwargs)
        if field:
            del self.fields["key"]

    @property
    def chosen_kind(self) -> CustomKind:
        return CustomKind(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") in OF_CHOICES and not cleaned.get("choices"):
            self.add_error("choices", "Write at least one choice.")
        return cleaned

    @property
    def described(self) -> dict[str, Any]:
        """All but key, kind and choices."""
        return {name: self.cleaned_data[name] for name in ("label", "help_text", "is_restricted")}


class MoveFieldForm(forms.Form):
    to = forms.ChoiceField(choices=[("up", "Up"), ("down", "Down")])
