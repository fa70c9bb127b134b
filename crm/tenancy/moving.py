"""What becomes of a table's rows when a whole pool moves to another organisation: said next to each model.

Rows move by themselves: columns and foreign keys are read from the model. Only what no program can see is said here:
ids inside JSON and text, and rows that have no meaning elsewhere. A test asks it of every table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ref:
    """Where a column that is no foreign key holds ids of `model`, written as "talentpool.Profile".

    `path` leads into JSON: "a.b" a key's key, "*" every key or place, "**" any depth; empty, it is the column itself.
    `form` finds the id in a text, as its first group. `when` names another column and the value that it must have.
    A model in braces is the label that the column of that name holds.
    """

    model: str
    path: str = ""
    form: str = r"(\d{1,18})"
    when: tuple[str, str] | None = None


@dataclass(frozen=True)
class Moving:
    """`left_out` is the reason why none of the rows move. All else is about columns of rows that do:

    * `refs` hold ids at places of their own, `named` are JSON in which keys such as "note_id" and "candidate_ids" name
      rows at any depth, `plain` is JSON without ids;
    * `arrives` says what a value becomes on arrival, `emptied` which columns begin anew there;
    * `opened` are encrypted columns that move in the clear; every other encrypted column stays behind;
    * with `replaces` the rows take the place of those that are there: settings that come into being by themselves.
    """

    left_out: str = ""
    refs: Mapping[str, Sequence[Ref]] = field(default_factory=dict)
    named: Sequence[str] = ()
    plain: Sequence[str] = ()
    arrives: Mapping[str, Mapping[Any, Any] | Callable[[Any], Any]] = field(default_factory=dict)
    emptied: Sequence[str] = ()
    opened: Sequence[str] = ()
    replaces: bool = False
