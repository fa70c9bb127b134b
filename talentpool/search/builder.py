"""A query as rows for people who don't write Boolean: “Title: any of [nurse] [RN]”, and back. Pure.

All rows must hold together. A tree that rows can't say exactly as it is stays text: nobody's query changes its meaning
by being looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from talentpool.search.language import And, Field, Not, Or, QueryError, Tree, parse, to_text
from talentpool.search.language.lexer import NO_FIELDS, OwnFields
from talentpool.search.language.typing import quoted

_BEFORE_EACH = ("near",)  # fields that take no brackets


class How(StrEnum):
    ANY = "any", "any of"
    ALL = "all", "all of"
    NONE = "none", "none of"

    label: str

    def __new__(cls, value: str, label: str) -> "How":
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        return member


@dataclass(frozen=True)
class Row:
    """One condition. `field` is empty for words anywhere; `values` are written as in a query."""

    field: str
    how: How
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        if not self.values:
            return ""
        each = f"{self.field}:" if self.field in _BEFORE_EACH else ""
        joined = (" " if self.how is How.ALL else " OR ").join(each + value for value in self.values)
        if len(self.values) > 1 and (self.field or self.how is not How.ALL):
            joined = f"({joined})"
        held = f"{self.field}:{joined}" if self.field and not each else joined
        return f"NOT {held}" if self.how is How.NONE else held

    def without(self, value: str) -> "Row":
        return replace(self, values=tuple(each for each in self.values if each != value))


def rows_of(tree: Tree | None, own: OwnFields = NO_FIELDS) -> list[Row] | None:
    """The rows that say exactly this; None for a query that only text can say."""
    if tree is None:
        return []
    parts = tree.children if isinstance(tree, And) else (tree,)
    found = [_row(part) for part in parts]
    rows = list(_joined([row for row in found if row]))
    if len(rows) > len(found) or None in found:
        return None
    return rows if _tree_of(rows, own) == tree else None


def text_of(rows: Sequence[Row]) -> str:
    return " ".join(row.text for row in rows if row.values)


def value_typed(field: str, typed: str, own: OwnFields = NO_FIELDS) -> str:
    """What somebody typed into a row as one value of a query: several words are a phrase, a range stays one."""
    for text in (typed.strip(), quoted(typed)):
        try:
            tree = parse(f"{field}:{text}" if field else text, own)
        except QueryError:
            continue
        child = tree.child if isinstance(tree, Field) and field else tree
        if child is not None and _is_leaf(child):
            return to_text(child)
    return ""


def _tree_of(rows: Sequence[Row], own: OwnFields) -> Tree | None:
    try:
        return parse(text_of(rows), own)
    except QueryError:
        return None


def _row(tree: Tree) -> Row | None:
    if isinstance(tree, Not):
        row = _row(tree.child)
        says_any = row is not None and (row.how is How.ANY or len(row.values) == 1)
        return replace(row, how=How.NONE) if row and says_any and row.how is not How.NONE else None
    held = _bracketed(tree)
    field, held = (held.name, held.child) if isinstance(held, Field) else ("", held)
    if _is_leaf(held):
        return Row(field, How.ANY if field else How.ALL, (to_text(held),))
    if isinstance(held, And | Or) and all(map(_is_leaf, held.children)):
        return Row(field, How.ANY if isinstance(held, Or) else How.ALL, tuple(map(to_text, held.children)))
    return None


def _bracketed(tree: Tree) -> Tree:
    """`near:a OR near:b` as if it were written `near:(a OR b)`."""
    if not isinstance(tree, Or):
        return tree
    towns = [each.child for each in tree.children if isinstance(each, Field) and each.name in _BEFORE_EACH]
    return Field(_BEFORE_EACH[0], Or(tuple(towns))) if len(towns) == len(tree.children) else tree


def _is_leaf(tree: Tree) -> bool:
    return not isinstance(tree, And | Or | Not | Field)


def _joined(rows: Sequence[Row]) -> Iterator[Row]:
    """Words anywhere that follow each other are one row."""
    for is_free, group in groupby(rows, key=lambda row: not row.field and row.how is How.ALL):
        if is_free:
            yield Row("", How.ALL, tuple(value for row in group for value in row.values))
        else:
            yield from group


def changed(
    rows: Sequence[Row], *, index: int | None, field: str = "", how: How = How.ANY, value: str = ""
) -> list[Row]:
    """The rows with one value more, or asked for in another way; without a row of that number as a new one."""
    added = (value,) if value else ()
    if index is None or not 0 <= index < len(rows):
        return [*rows, Row(field, how, added)]
    old = rows[index]
    new = replace(old, how=how, values=(*old.values, *(each for each in added if each not in old.values)))
    return [*rows[:index], new, *rows[index + 1 :]]
