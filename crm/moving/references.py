"""Ids that stand where no foreign key says so: in JSON, in texts, in plain numbers. Found, and put anew."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from crm.moving.tables import Table, tables
from crm.tenancy.moving import Ref

# (label of a model, id there) → id here
Renumber = Callable[[str, int], int]
NOWHERE = 0  # an id that no row has: what it named was gone when the pool was packed


def renumbered(table: Table, row: Mapping[str, Any], new: Renumber) -> dict[str, Any]:
    """The row with every id in it replaced; columns without ids are as they were."""
    moving = table.model.moving
    keys = [(column, label) for column, label in table.keys.items() if row.get(column) is not None]
    changed: dict[str, Any] = {column: new(label, _id(row[column], column)) for column, label in keys}
    for column in moving.named:
        changed[column] = _by_name(row.get(column), new)
    for column, refs in moving.refs.items():
        value = changed.get(column, row.get(column))
        for ref in refs:
            if ref.when is None or row.get(ref.when[0]) == ref.when[1]:
                value = _at(value, _path(ref), _reader(ref, row, new))
        changed[column] = value
    return {**row, **changed}


def _id(value: Any, column: str) -> int:
    if not isinstance(value, int):
        raise ValidationError(f"“{str(value)[:60]}” is no id of a row ({column}).")
    return value


def _path(ref: Ref) -> tuple[str, ...]:
    return tuple(ref.path.split(".")) if ref.path else ()


def _at(value: Any, path: tuple[str, ...], new: Callable[[Any], Any]) -> Any:
    if not path:
        return new(value)
    step, rest = path[0], path[1:]
    if step == "**":
        value = _at(value, rest, new)
        step, rest = "*", path
    if isinstance(value, dict):
        return {key: _at(each, rest, new) if step in ("*", key) else each for key, each in value.items()}
    if isinstance(value, list) and step == "*":
        return [_at(each, rest, new) for each in value]
    return value


def _reader(ref: Ref, row: Mapping[str, Any], new: Renumber) -> Callable[[Any], Any]:
    label = _label(row.get(ref.model[1:-1])) if ref.model.startswith("{") else ref.model
    form = re.compile(ref.form, re.DOTALL)

    def read(value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return new(label, value)
        found = form.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return value
        return f"{value[: found.start(1)]}{new(label, int(found[1]))}{value[found.end(1) :]}"

    return read


def _by_name(value: Any, new: Renumber) -> Any:
    if isinstance(value, list):
        return [_by_name(each, new) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: _named(_names().get(key, ""), each, new) for key, each in value.items()}


def _named(label: str, value: Any, new: Renumber) -> Any:
    if not label:
        return _by_name(value, new)
    if isinstance(value, list):
        return [_named(label, each, new) for each in value]
    return new(label, value) if isinstance(value, int) and not isinstance(value, bool) else value


@cache
def _names() -> dict[str, str]:
    """Keys of JSON that name rows: "note_id" and "note_ids" for each model that moves."""
    labels = {table.model._meta.model_name: table.label for table in tables()}
    return {f"{name}_{ending}": label for name, label in labels.items() for ending in ("id", "ids")}


@cache
def _labels() -> dict[str, str]:
    return {table.label.lower(): table.label for table in tables()}


def _label(lower: Any) -> str:
    return _labels().get(lower, "") if isinstance(lower, str) else ""
