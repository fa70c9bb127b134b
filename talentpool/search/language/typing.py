"""What is being typed at a place in a query: which field it stands in, and the word so far. Pure, one pass."""

import re
from dataclasses import dataclass

from talentpool.search.language.lexer import OTHER_NAMES, QUOTES

_FIELD = re.compile(r"(?<![\w.])((?:custom\.)?[^\W\d_]\w*):[-!(\s]*$", re.IGNORECASE)
_LONGEST_NAME = 60
_SEPARATORS = re.compile(r"[\s()|]")
_PLAIN = re.compile(r"[\w.+#/'-]+")
_OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True)
class Typing:
    """Characters `start` to `end` are the word so far, quotation marks included; `field` is where it stands."""

    start: int
    end: int
    word: str
    field: str | None = None


def typing_at(text: str, caret: int) -> Typing:
    before = text[: max(0, min(caret, len(text)))]
    quote, group = _open_marks(before)
    if quote is not None:
        return Typing(quote, _end(text, len(before)), before[quote + 1 :], _field_before(before, quote) or group)
    start = max((match.end() for match in _SEPARATORS.finditer(before)), default=0)
    piece = before[start:]
    lead = len(piece) - len(piece.lstrip("-!"))
    name, colon, word = piece[lead:].partition(":")
    if colon and re.fullmatch(r"(?:custom\.)?[^\W\d_]\w*", name):
        return Typing(len(before) - len(word), _end(text, len(before)), word, _known(name))
    return Typing(start + lead, _end(text, len(before)), piece[lead:], group)


def quoted(label: str) -> str:
    """A value as it is written in a query."""
    words = " ".join("".join(" " if sign in QUOTES else sign for sign in label).split())
    is_plain = _PLAIN.fullmatch(words) and words not in _OPERATORS and words[-1:] not in "-.'/"
    return words if is_plain and not words.startswith(("-", "+")) else f'"{words}"'


def _open_marks(before: str) -> tuple[int | None, str | None]:
    """Where a quotation mark is open, and the field of the brackets that are."""
    quote, groups = None, list[str | None]()
    for place, sign in enumerate(before):
        if sign in QUOTES:
            quote = place if quote is None else None
        elif quote is None and sign == "(":
            groups.append(_field_before(before, place) or (groups[-1] if groups else None))
        elif quote is None and sign == ")" and groups:
            groups.pop()
    return quote, groups[-1] if groups else None


def _field_before(before: str, place: int) -> str | None:
    found = _FIELD.search(before[max(0, place - _LONGEST_NAME) : place])
    return _known(found[1]) if found else None


def _known(name: str) -> str:
    lower = name.lower()
    return OTHER_NAMES.get(lower, lower)


def _end(text: str, caret: int) -> int:
    """A quotation mark that closes right here is part of what is replaced."""
    return caret + 1 if text[caret : caret + 1] and text[caret] in QUOTES else caret
