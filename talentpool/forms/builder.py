"""One change in the chip builder: a value more in a row, or the row asked for in another way."""

from collections.abc import Sequence

from django import forms

from talentpool.forms.people import MOST_QUERY, SearchForm
from talentpool.queries.builder import DISTANCES
from talentpool.search.builder import How, Row, changed, value_typed
from talentpool.search.language.lexer import OwnFields


class BuildForm(SearchForm):
    row = forms.IntegerField(min_value=0, max_value=MOST_QUERY, required=False)
    field = forms.CharField(max_length=60, required=False)
    how = forms.ChoiceField(choices=[(how.value, how.label) for how in How], required=False)
    value = forms.CharField(max_length=200, required=False)
    low = forms.CharField(max_length=40, required=False)
    high = forms.CharField(max_length=40, required=False)
    distance = forms.ChoiceField(choices=[(each, each) for each in DISTANCES], required=False)

    def changed(self, rows: Sequence[Row], own: OwnFields) -> list[Row]:
        number: int | None = self.cleaned_data.get("row")
        is_new = number is None or number >= len(rows)
        field = str(self.cleaned_data.get("field", "")) if is_new else rows[number or 0].field
        how = next((how for how in How if how == self.cleaned_data.get("how")), How.ANY)
        value = value_typed(field, self._typed(field), own)
        return changed(rows, index=number, field=field, how=how, value=value)

    def _typed(self, field: str) -> str:
        """A value, or from one to another, of which either may be left out, or a town and how far around it."""
        low, high = (str(self.cleaned_data.get(name, "")).strip() for name in ("low", "high"))
        if low and high:
            return f"{low}..{high}"
        if low or high:
            return f">={low}" if low else f"<={high}"
        value, distance = (str(self.cleaned_data.get(name, "")).strip() for name in ("value", "distance"))
        if field == "near" and value and distance:
            town = value.replace('"', " ")
            return f'"{town}" {distance}'
        return value
