"""What Odoo's ORM understands of a search: domains in Polish notation, orders, and how each type of field compares.

From the External API's page and odoo/orm/domains.py. A write_date is stored with its fraction of a second and shown
without: `=` with what was shown finds nothing, and `>` finds the same second again. (Odoo 19 rounds `>` and `<=` to
whole seconds; `>=` and `<` mean the same in every version.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Any

from tests.simulators.ats.clock import from_iso

COMPARE: dict[str, Callable[[Any, Any], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}


class BadDomain(ValueError):
    """Odoo ends in a traceback."""


@dataclass(frozen=True)
class Field:
    """`of` gives the value as it is stored: milliseconds, `(id, name)`, a list of ids, text, a number, or nothing."""

    kind: str
    of: Callable[[Any], Any]
    label: str = ""  # of a field that an organisation added

    def shown(self, row: Any) -> Any:
        value = self.of(row)
        if self.kind == "many2one":
            return list(value) if value else False
        if self.kind == "datetime":
            return moment(value)
        if self.kind in ("boolean", "integer", "float", "many2many"):
            return value
        return value or False

    def stored(self, row: Any) -> Any:
        value = self.of(row)
        return value[0] if self.kind == "many2one" and value else value


def moment(at: int | None) -> str | bool:
    """`2026-03-01 09:30:00`, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S") if at else False


def matches(domain: Sequence[Any], fields: dict[str, Field], row: Any) -> bool:
    stack: list[bool] = []
    for term in reversed(domain):
        if term == "!":
            stack.append(not stack.pop())
        elif term in ("&", "|"):
            one, other = stack.pop(), stack.pop()
            stack.append((one and other) if term == "&" else (one or other))
        else:
            stack.append(_holds(term, fields, row))
    return all(stack)


def _holds(term: Any, fields: dict[str, Field], row: Any) -> bool:
    name, operator, wanted = term
    if name not in fields:
        raise BadDomain(f"Invalid field {name} in leaf {tuple(term)!r}")
    field = fields[name]
    value = field.stored(row)
    if field.kind == "datetime" and isinstance(wanted, str):
        wanted = from_iso(wanted)
    if field.kind == "many2many":
        return _among_many(operator, value, wanted)
    if operator in COMPARE:
        return value not in (None, False) and COMPARE[operator](value, wanted)
    if operator in ("in", "not in"):
        return (value in wanted) == (operator == "in")
    if operator in ("=", "!="):
        return ((value or False) == (wanted or False)) == (operator == "=")
    if operator == "=ilike":
        return str(value or "").casefold() == str(wanted).casefold()
    if operator == "ilike":
        return str(wanted).casefold() in str(value or "").casefold()
    raise BadDomain(f"Invalid operator {operator}")


def _among_many(operator: str, value: list[int], wanted: Any) -> bool:
    if operator not in ("in", "="):
        raise BadDomain(f"Invalid operator {operator}")
    return bool(set(value) & set(wanted if isinstance(wanted, list) else [wanted]))


def in_order(rows: list[Any], order: str, fields: dict[str, Field]) -> list[Any]:
    for part in reversed([part.split() for part in order.split(",") if part.strip()]):
        name, is_down = part[0], part[-1].lower() == "desc"
        rows.sort(key=lambda row: fields[name].stored(row) or 0, reverse=is_down)
    return rows
