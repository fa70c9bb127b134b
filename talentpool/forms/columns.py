from collections.abc import Mapping
from typing import Any

from django import forms

from talentpool.queries.columns import Column

MOST = 20  # more no screen shows


class ColumnSetForm(forms.Form):
    """A number at each column that is wanted; the lowest stands first."""

    name = forms.CharField(max_length=60, help_text="Such as “Who to call”.")
    is_shared = forms.BooleanField(label="The team may use them too", required=False)

    def __init__(self, *args: Any, columns: Mapping[str, Column], chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for number, (name, column) in enumerate(columns.items()):
            place = chosen.index(name) + 1 if name in chosen else None
            self.fields[f"place-{number}"] = forms.IntegerField(
                label=column.label, min_value=1, max_value=999, required=False, initial=place
            )

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("place-")]

    @property
    def names(self) -> list[str]:
        """The columns that are wanted, in their order."""
        placed = [(self.cleaned_data.get(f"place-{number}"), name) for number, name in enumerate(self.columns)]
        return [name for place, name in sorted((place, name) for place, name in placed if place)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not 1 <= len(self.names) <= MOST:
            raise forms.ValidationError(f"Number the columns that you want: one at least, {MOST} at most.")
        return cleaned
