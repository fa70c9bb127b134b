"""Which history to show, as an address says it."""

from django import forms

from talentpool.field_words import FIELD_WORDS


class HistoryForm(forms.Form):
    """A field, and the value of a list that is asked about; without a value the whole field."""

    field = forms.ChoiceField(choices=list(FIELD_WORDS.items()))
    key = forms.CharField(max_length=1_000, required=False, strip=False)
