"""The chip builder as its page shows it: a search's conditions, each value with the search that lacks it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from talentpool.queries.custom_fields import custom_fields
from talentpool.search.builder import How, Row, rows_of, text_of
from talentpool.search.facets import FACETS
from talentpool.search.find import QueryError
from talentpool.search.language import parse
from talentpool.search.language.lexer import SCALES, OwnFields
from talentpool.search.language.tree import FIELDS
from talentpool.search.own_fields import own_fields

ANYWHERE = "Anywhere"
DISTANCES = ("10mi", "25mi", "50mi", "100mi", "10km", "25km", "50km", "100km")  # around a town
_QUOTED = re.compile(r'^"([^"]*)"')


@dataclass(frozen=True)
class ShownValue:
    label: str
    without: str  # the search without it, as the end of an address


@dataclass(frozen=True)
class ShownRow:
    number: int | None  # None: begun, and nothing in it yet
    field: str
    label: str
    how: How
    hows: Sequence[How]
    values: Sequence[ShownValue]
    is_range: bool

    @property
    def is_near(self) -> bool:
        return self.field == "near"


@dataclass(frozen=True)
class Builder:
    """`rows` is None where only text can say what the search says; `begun` is a new one of the field asked for."""

    rows: list[ShownRow] | None
    fields: Sequence[tuple[str, str]]
    distances: Sequence[str] = DISTANCES


def builder_for(text: str, *, restricted: bool, begin: str | None, address: Callable[[str], str]) -> Builder:
    """`address` makes the end of an address of a text; `begin` names the field of a row to begin."""
    own = own_fields(restricted=restricted)
    labels = {"": ANYWHERE} | {name: _label(name) for name in FIELDS}
    labels |= {f"custom.{each.key}": each.label for each in custom_fields(restricted=restricted)}
    rows = read_rows(text, own)
    if rows is None:
        return Builder(None, [*labels.items()])
    shown = [_shown(rows, number, labels, own, address) for number in range(len(rows))]
    if begin in labels:
        shown.append(_row(Row(begin, How.ANY if begin else How.ALL, ()), None, (), labels, own))
    return Builder(shown, [*labels.items()])


def read_rows(text: str, own: OwnFields) -> list[Row] | None:
    try:
        return rows_of(parse(text, own), own)
    except QueryError:
        return None


def _shown(
    rows: Sequence[Row], number: int, labels: Mapping[str, str], own: OwnFields, address: Callable[[str], str]
) -> ShownRow:
    row = rows[number]
    values = [
        ShownValue(
            _QUOTED.sub(r"\1", value), address(text_of([*rows[:number], row.without(value), *rows[number + 1 :]]))
        )
        for value in row.values
    ]
    return _row(row, number, values, labels, own)


def _row(
    row: Row, number: int | None, values: Sequence[ShownValue], labels: Mapping[str, str], own: OwnFields
) -> ShownRow:
    is_range = row.field in SCALES or own.get(row.field.removeprefix("custom.")) is not None
    hows = (How.ANY, How.NONE) if is_range or row.field == "near" else tuple(How)
    return ShownRow(number, row.field, labels.get(row.field, row.field), row.how, hows, values, is_range)


def _label(field: str) -> str:
    return FACETS[field][1] if field in FACETS else field.capitalize()
