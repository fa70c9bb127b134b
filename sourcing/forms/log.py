"""Which searches of the log to show, and what the organisation decides about the log."""

from typing import Any

from django import forms

from crm.models import Member
from sourcing.models import SearchLogSettings
from sourcing.queries.positions import given_positions

DAY = {"type": "date"}


class LogFilterForm(forms.Form):
    member = forms.ModelChoiceField(Member.objects.none(), required=False, label="Who", empty_label="Anyone")
    position = forms.ChoiceField(required=False, label="Position")
    words = forms.CharField(required=False, label="Words", max_length=200)
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs=DAY))
    before = forms.RegexField(r"^\d{1,18}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sees_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sees_all:
            self.fields["member"].queryset = Member.objects.order_by("name", "id")  # type: ignore[attr-defined]
        else:
            del self.fields["member"]
        self.fields["position"].choices = [  # type: ignore[attr-defined]
            ("", "Any"), *given_positions(), ("none", "No position"), ("unanswered", "Not said"),
        ]  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "before")


class KeepingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SearchLogSettings
        fields = ("asking", "keep_years")
        labels = {"asking": "When somebody searches", "keep_years": "Years that the log is kept"}
        help_texts = {
            "keep_years": "Contractors of the US government owe two years, small ones one (41 CFR 60-1.12); other US "
            "employers owe one (29 CFR 1602.14). Sessions that you hold are kept longer.",
        }
        widgets = {"asking": forms.RadioSelect}


class HoldForm(forms.Form):
    position = forms.ChoiceField(label="Hold", required=False)
    reason = forms.CharField(label="Reason", max_length=300, help_text="Such as the number of a charge or a case.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [("", "The whole log"), *given_positions()]  # type: ignore[attr-defined]

    @property
    def held(self) -> dict[str, Any]:
        """What begin_hold takes."""
        kind, _, value = self.cleaned_data["position"].partition(":")
        titles = dict(self.fields["position"].choices)  # type: ignore[attr-defined]
        if not kind:
            return {}
        return {f"{kind}_id": int(value), "title": titles[self.cleaned_data["position"]]}


class ExportForm(forms.Form):
    position = forms.ChoiceField(label="Position", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [("", "All searches"), *given_positions()]  # type: ignore[attr-defined]

    @property
    def title(self) -> str:
        chosen = self.cleaned_data["position"]
        return str(dict(self.fields["position"].choices)[chosen]) if chosen else ""  # type: ignore[attr-defined]
