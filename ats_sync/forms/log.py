from django import forms

from ats_sync.queries.log import STATES


class LogForm(forms.Form):
    """Which part of the log: what came or what went, in which state, before which row."""

    show = forms.ChoiceField(choices=[("came", "Came"), ("went", "Went")], required=False)
    state = forms.ChoiceField(choices=[("", "All"), *((name, name.capitalize()) for name in STATES)], required=False)
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class AfterForm(forms.Form):
    """The last row of the page before."""

    after = forms.IntegerField(min_value=0, max_value=2**63 - 1, required=False)

    @property
    def row(self) -> int:
        return (self.cleaned_data.get("after") or 0) if self.is_valid() else 0


class KeptForm(AfterForm):
    """Of which reason; what nobody knows keeps nobody."""

    reason = forms.CharField(max_length=100, required=False)

    @property
    def word(self) -> str:
        return str(self.cleaned_data.get("reason") or "") if self.is_valid() else ""
