"""The two languages in which Bullhorn is asked: Lucene for /search, SQL-like for /query; and lists of fields.

Of both only what clients usually send: terms joined by AND and OR, ranges of Lucene in `yyyyMMddHHmmss`, and of SQL
comparisons, IN and IS NULL. In Lucene's index times have a zone of their own, which nobody tells: `zone` hours here.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from tests.simulators.ats.dialect import Refusal
from tests.simulators.ats.dialects._bullhorn_rows import Shown

Test = Callable[[Shown], bool]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, "!=": ne, ">=": ge, "<=": le, ">": gt, "<": lt}
TERM = re.compile(r"(?P<not>NOT )?(?P<field>[\w.]+):(?P<value>\[[^\]]*\]|\([^)]*\)|\"[^\"]*\"|\S+)")
CONDITION = re.compile(
    r"([\w.]+)\s*(=|<>|!=|>=|<=|>|<|\bIN\b|\bIS\b)\s*('(?:[^']|'')*'|\([^)]*\)|[\w.]+)", re.IGNORECASE
)


def refused(sentence: str) -> Refusal:
    return Refusal(400, body={"errorMessage": sentence, "errorMessageKey": "errors.invalidQuery", "errorCode": 400})


def found(row: Shown, name: str) -> Any:
    for part in name.split("."):
        if row is None or part not in row:
            if row is not None:
                raise refused(f"Unknown field {name}")
            return None
        row = row[part]
    return row


def lucene(text: str, zone: int) -> Test:
    """ORs of ANDs, which is as deep as clients go."""
    if not text.strip():
        raise refused("A query is required")
    groups = [[_term(part, zone) for part in re.split(r"\s+AND\s+", group)] for group in _split(text, "OR")]
    return lambda row: any(all(term(row) for term in group) for group in groups)


def _split(text: str, word: str) -> list[str]:
    return re.split(rf"\s+{word}\s+(?![^(]*\))", text.strip())


def _term(text: str, zone: int) -> Test:
    match = TERM.fullmatch(text.strip())
    if not match:
        raise refused(f"The query can't be read at {text!r}")
    name, value, is_not = match["field"], match["value"], bool(match["not"])

    def holds(row: Shown) -> bool:
        return _within(found(row, name), value, zone) != is_not

    return holds


def _within(value: Any, wanted: str, zone: int) -> bool:
    if wanted.startswith("["):
        low, _, high = wanted.strip("[]").partition(" TO ")
        digits = stamp(value, zone) if len(low) == 14 or len(high) == 14 else str(value)
        return value is not None and (low == "*" or digits >= low) and (high == "*" or digits <= high)
    if wanted.startswith("("):
        return any(_within(value, one, zone) for one in wanted.strip("()").replace(" OR ", " ").split())
    if isinstance(value, bool):
        return value == (wanted.lower() in ("1", "true"))
    return str(value or "").casefold() == wanted.strip('"').casefold()


def stamp(value: int, zone: int) -> str:
    return (datetime.fromtimestamp((value or 0) / 1000, UTC) + timedelta(hours=zone)).strftime("%Y%m%d%H%M%S")


def sql(text: str) -> Test:
    if not text.strip():
        raise refused("A where is required")
    groups = [
        [
            _condition(part.strip(" ()") + (")" if " IN " in part.upper() else ""))
            for part in re.split(r"\s+AND\s+", group)
        ]
        for group in _split(text, "OR")
    ]
    return lambda row: any(all(term(row) for term in group) for group in groups)


def _condition(text: str) -> Test:
    match = CONDITION.fullmatch(text.strip())
    if not match:
        raise refused(f"The where can't be read at {text!r}")
    name, operator, value = match[1], match[2].upper(), match[3]
    if operator == "IS":
        return lambda row: found(row, name) is None
    if operator == "IN":
        wanted = [_literal(one) for one in value.strip("()").split(",")]
        return lambda row: found(row, name) in wanted
    literal, compare = _literal(value), COMPARE[operator]
    return lambda row: (have := found(row, name)) is not None and compare(_plain(have), literal)


def _literal(text: str) -> Any:
    text = text.strip()
    if text.startswith("'"):
        return text[1:-1].replace("''", "'").casefold()
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text)


def _plain(value: Any) -> Any:
    """Its database does not tell upper from lower case."""
    return value.casefold() if isinstance(value, str) else value


def field_names(text: str) -> list[str]:
    """`id,address(city,state),workHistories[10](title)` names three."""
    flat = re.sub(r"\[\d+\]", "", text)
    while "(" in flat:
        flat = re.sub(r"\([^()]*\)", "", flat)
    return [name.strip() for name in flat.split(",") if name.strip()]


def chosen(row: Shown, names: list[str]) -> Shown:
    if names == ["*"]:
        return row
    if unknown := [name for name in names if name not in row]:
        raise refused(f"Unknown fields: {', '.join(unknown)}")
    return {"id": row["id"]} | {name: row[name] for name in names}
