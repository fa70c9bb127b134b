"""How the answers of a mapped ATS are read."""

from django import forms

from ats_sync.providers._generic_mapping import LONGEST, read_mapping
from ats_sync.providers.errors import Refused


class MappingForm(forms.Form):
    mapping = forms.CharField(
        label="Mapping",
        max_length=LONGEST,
        help_text="JSON. The guide below says what it holds; paths are JSONPath.",
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_mapping(self) -> str:
        text = str(self.cleaned_data["mapping"])
        try:
            read_mapping(text)
        except Refused as problem:
            raise forms.ValidationError(problem.sentence) from problem
        return text
