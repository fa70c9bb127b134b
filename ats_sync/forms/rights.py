"""Who is right where both sides have changed a fact: a choice for each group of fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from talentpool.field_words import GROUP_WORDS
from talentpool.identity.rules import Right

CHOICES = [
    (Right.USUAL.value, "As the organisation’s rules say: an edit here holds"),
    (Right.THEIRS.value, "The ATS"),
    (Right.OURS.value, "Rapport"),
    (Right.NEWEST.value, "Whoever changed it last"),
    (Right.ASK.value, "Ask somebody"),
]


class RightsForm(forms.Form):
    def __init__(self, *args: Any, rights: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, words in GROUP_WORDS.items():
            self.fields[group] = forms.ChoiceField(
                label=words, choices=CHOICES, required=False, initial=rights.get(group, "")
            )

    def rows(self) -> Iterator[forms.BoundField]:
        yield from (self[group] for group in GROUP_WORDS)

    @property
    def rights(self) -> dict[str, str]:
        return {group: said for group, said in self.cleaned_data.items() if said}


class SideForm(forms.Form):
    side = forms.ChoiceField(choices=[("ours", "Ours"), ("theirs", "Theirs")])
