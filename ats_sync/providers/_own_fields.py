"""Fields that an organisation added to its ATS, as texts that a field of ours can read."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from ats_sync.providers._equal_opportunity import is_on_equal_opportunity

MOST = 200  # of one person
LONGEST_KEY, LONGEST_NAME, LONGEST = 100, 300, 10_000  # characters


def own_fields(
    said: Iterable[tuple[Any, Any, Any]], *, wants_eeo: bool = False
) -> tuple[dict[str, str], dict[str, str]]:
    """Values by key, and what the keys are called, of key, name and value each; what has no value is only called.

    Of those on equal opportunity nothing is told, not even what they are called, unless they are wanted.
    """
    values: dict[str, str] = {}
    called: dict[str, str] = {}
    for key, name, value in said:
        known = key_of(str(key))
        if len(called) >= MOST or not known:
            continue
        if not wants_eeo and is_on_equal_opportunity(str(key), str(name or "")):
            continue
        called[known] = _plain(str(name or key))[:LONGEST_NAME] or known
        if text := as_text(value):
            values[known] = text
    return values, called


def key_of(text: str) -> str:
    """As it is, unless it is too long to be kept."""
    text = _plain(text)
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[:80]}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def as_text(value: Any) -> str:
    """A list with semicolons, a truth as yes or no, an amount with its currency, what has a name by that name."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(as_text, value)))[:LONGEST]
    if isinstance(value, Mapping):
        amount = next((value[name] for name in ("amount", "value") if isinstance(value.get(name), int | float)), None)
        if amount is not None:
            unit = value.get("currency") or value.get("currencyCode") or value.get("unit") or ""
            return f"{amount:g} {unit}".strip()
        named = (value.get(name) for name in ("name", "label", "title", "body", "text", "value"))
        return next((as_text(each) for each in named if isinstance(each, str | int | float) and each != ""), "")
    return _plain(f"{value:.10g}" if isinstance(value, float) else str(value), keep="\n\t")[:LONGEST]


def _plain(text: str, keep: str = "") -> str:
    """Without what can’t be shown, nor stored: control characters, halves of surrogate pairs."""
    return "".join(char for char in text if char in keep or char.isprintable()).strip()
