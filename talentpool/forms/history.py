"""Which history to show, as an address says it."""

from typing import Any

from django import forms

from talentpool.field_words import FIELD_WORDS
from talentpool.queries.custom_fields import custom_fields


class HistoryForm(forms.Form):
    """A field, and the value of a list that is asked about; without a value the whole field."""

    field = forms.ChoiceField(choices=())
    key = forms.CharField(max_length=1_000, required=False, strip=False)

    def __init__(self, *args: Any, restricted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(each.name, each.label) for each in custom_fields(restricted=restricted)]
        self.fields["field"].choices = [*FIELD_WORDS.items(), *own]  # type: ignore[attr-defined]
