"""Text to tokens, in one pass over the characters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from talentpool.search.analysis import composed, stems
from talentpool.search.language.errors import QueryError
from talentpool.search.language.near import MOST_RADII, Surroundings, surroundings_in
from talentpool.search.language.pasted import cleaned, is_boolean, refuse_distance, refuse_elsewhere
from talentpool.search.language.ranges import Limits, Scale, limits_in
from talentpool.search.language.tree import FIELDS
from talentpool.search.proximity import MOST_OF_A_QUERY, most_between, placements

LONGEST_QUERY = 5_000
MOST_WORDS = 500
SHORTEST_PREFIX = 3  # One letter matches nearly everyone and costs as much.

OTHER_NAMES = {
    "titles": "title",
    "intitle": "title",
    "allintitle": "title",
    "headline": "title",
    "firstname": "name",
    "lastname": "name",
    "skills": "skill",
    "place": "location",
    "city": "location",
    "country": "location",
    "sources": "source",
    "tags": "tag",
    "company": "employer",
    "mail": "email",
    "want": "wants",
    "interest": "wants",
    "interests": "wants",
    "pay": "salary",
    "availability": "available",
    "permits": "permit",
    "relationship": "warmth",
    "families": "family",
    "lacks": "missing",
    "contact": "contacted",
    "stages": "stage",
    "pipelines": "pipeline",
    "around": "near",
    "changed": "updated",
    "created": "added",
}
SCALES = {
    "salary": Scale.NUMBER,
    "available": Scale.DAY,
    "warmth": Scale.NUMBER,
    "experience": Scale.YEARS,
    "contacted": Scale.AGO,
    "updated": Scale.AGO,
    "added": Scale.AGO,
}
OwnFields = Mapping[str, Scale | None]  # an organisation's own fields by key, those with an order with their scale
NO_FIELDS: OwnFields = {}


class Kind(Enum):
    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FIELD = "field"
    RANGE = "range"
    RADIUS = "radius"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int
    limits: Limits | None = None
    around: Surroundings | None = None
    between: int = 0  # words, of a phrase


QUOTES = '"“”„‟«»＂'
_PIECE = re.compile(
    rf"""
      (?P<space>\s+)
    | (?P<quote>[{QUOTES}])
    | (?P<open>\() | (?P<close>\))
    | (?P<or>\|+)
    | (?P<minus>[-\u2212!](?=[\w.({QUOTES}])|(?<!\S)–(?=[^\W\d]|[({QUOTES}]))
    | (?P<noise>[-+,;:?!'‘’{{}}<>=~/\\\u2212–—\[\]*]+)
    | (?P<field>[^\W\d_]+):(?!//)
    | (?P<own>(?:custom\.)?[a-z][a-z0-9_]{{0,29}}):(?!//)
    | (?P<word>(?:(?![,;][^\W\d_])[^\s(){QUOTES}|])+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORD_HERE = re.compile(rf"[^\s(){QUOTES}|]+")
_CLOSING_QUOTE = re.compile(f"[{QUOTES}]")
_NEARNESS = re.compile(r"\s?~\s?(\d{1,4})(?!\w)")
_NEARNESS_OF_A_WORD = re.compile(r"~\d*$")
_LETTER = re.compile(r"[^\W_]")
_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT, "AND/OR": Kind.OR}
_SIGNS = {"open": Kind.OPEN, "close": Kind.CLOSE, "or": Kind.OR, "minus": Kind.NOT}
# Punctuation that is no part of the word before it; what stands before a word is the piece "noise".
_AFTER = ",;:.?!'‘’[]{}<>=~/\\-…–—"


def tokens(text: str, own: OwnFields = NO_FIELDS) -> list[Token]:
    """All tokens of a query, END last; signs without any letter or digit are left out."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"This query has {len(text):,} characters; the longest that can be searched has {LONGEST_QUERY:,}.",
            LONGEST_QUERY,
            len(text) - LONGEST_QUERY,
        )
    found = _Lexer(text, own).all()
    words = [token for token in found if token.kind in (Kind.WORD, Kind.PHRASE, Kind.PREFIX, Kind.RANGE, Kind.RADIUS)]
    if len(words) > MOST_WORDS:
        raise QueryError(
            f"This query has {len(words):,} words and phrases; up to {MOST_WORDS} can be searched at once.",
            words[MOST_WORDS].start,
            len(text) - words[MOST_WORDS].start,
        )
    if not words and len(found) == 1 and text.strip():
        raise QueryError("There is no letter or digit to search for.", 0, len(text))
    return found


class _Lexer:
    def __init__(self, text: str, own: OwnFields) -> None:
        self.own = own
        self.text = cleaned(text)
        self.is_boolean = is_boolean(self.text)
        self.found: list[Token] = []
        self.depth = 0
        self.placements = 0  # of words near each other
        self.group: tuple[str, Scale, int] | None = None  # within brackets after a field that has an order

    def all(self) -> list[Token]:
        position = 0
        while position < len(self.text):
            position = self._range_in_group(position) or self._piece(position)
        self.found.append(Token(Kind.END, "", len(self.text), len(self.text)))
        return self.found

    def _piece(self, position: int) -> int:
        piece = _PIECE.match(self.text, position)
        return self._take(piece) if piece else position + 1

    def _range_in_group(self, position: int) -> int | None:
        if self.group is None:
            return None
        name, scale, _ = self.group
        end = self._limits(name, scale, position)
        return end if end > position else None

    def _take(self, piece: re.Match[str]) -> int:
        kind = piece.lastgroup or "space"
        start, end = piece.span()
        if kind == "quote":
            return self._phrase(start)
        if kind == "word":
            self._word(start, end)
        elif kind in ("field", "own"):
            return self._field(piece)
        elif kind in _SIGNS:
            self._add(_SIGNS[kind], piece.group(), start, end)
            self.depth += (kind == "open") - (kind == "close")
            if self.group and self.depth <= self.group[2]:
                self.group = None
        return end

    def _add(self, kind: Kind, text: str, start: int, end: int, limits: Limits | None = None) -> None:
        self.found.append(Token(kind, text, start, end, limits))

    def _phrase(self, start: int) -> int:
        closing = _CLOSING_QUOTE.search(self.text, start + 1)
        if closing is None:
            raise QueryError(
                f"The quotation mark at character {start + 1} is never closed.",
                start,
                len(self.text) - start,
                self.text.rstrip() + '"' if _LETTER.search(self.text, start) else self._without(start, start + 1),
            )
        words = " ".join(self.text[start + 1 : closing.start()].split())
        if not _LETTER.search(words):
            raise QueryError(
                f"There is nothing to search for between the quotation marks at character {start + 1}.",
                start,
                closing.end() - start,
                self._without(start, closing.end()),
            )
        nearness = _NEARNESS.match(self.text, closing.end())
        between = self._between(words, nearness) if nearness else 0
        end = nearness.end() if nearness else closing.end()
        self.found.append(Token(Kind.PHRASE, words, start, end, between=between))
        return end

    def _between(self, words: str, nearness: re.Match[str]) -> int:
        number = len(set(stems(composed(words))))
        most = most_between(number)
        if number < 2 or int(nearness[1]) <= most:
            self.placements += placements(number, int(nearness[1])) if number > 1 else 0
            if self.placements > MOST_OF_A_QUERY:
                raise QueryError(
                    f"At character {nearness.start() + 1}: these are too many words near each other for one query.",
                    nearness.start(),
                    nearness.end() - nearness.start(),
                    self._without(*nearness.span()),
                )
            return int(nearness[1]) if number > 1 else 0
        raise QueryError(
            f"At character {nearness.start() + 1}: "
            + (f"between {number} words up to {most} others can stand." if most > 0 else "~ takes up to 4 words."),
            nearness.start(),
            nearness.end() - nearness.start(),
            self._replaced(*nearness.span(), f"~{most}" if most > 0 else ""),
        )

    def _word(self, start: int, end: int) -> None:
        word = self.text[start:end].rstrip(_AFTER)
        end = start + len(word)
        if operator := _OPERATORS.get(word.upper() if self.is_boolean else word):
            self._add(operator, word, start, end)
            return
        refuse_distance(word, start)
        if not _LETTER.search(word):
            return
        if tilde := _NEARNESS_OF_A_WORD.search(word):
            raise QueryError(
                f'At character {start + tilde.start() + 1}: ~ stands after a phrase, as in "data engineer"~3.',
                start + tilde.start(),
                len(tilde.group()),
                self._without(start + tilde.start(), end),
            )
        stem = word.rstrip("*")
        if "*" in stem:
            raise QueryError(
                f"At character {start + word.index('*') + 1}: a * can only stand at the end of a word, as in manag*.",
                start,
                len(word),
                self._replaced(start, end, word.replace("*", "")),
            )
        if stem == word:
            self._add(Kind.WORD, word, start, end)
        elif len(_LETTER.findall(stem)) < SHORTEST_PREFIX:
            raise QueryError(
                f"Write at least {SHORTEST_PREFIX} letters before the * at character {start + len(stem) + 1}.",
                start,
                len(word),
                self._replaced(start, end, stem),
            )
        else:
            self._add(Kind.PREFIX, stem, start, end)

    def _field(self, piece: re.Match[str]) -> int:
        typed, (start, end) = piece[piece.lastgroup or "field"], piece.span()
        lower = typed.lower()
        name = OTHER_NAMES.get(lower, lower)
        if name in FIELDS:
            self._add(Kind.FIELD, name, start, end)
            return self._radius(end) if name == "near" else self._limits(name, SCALES.get(name), end)
        key = lower.removeprefix("custom.")
        if key in self.own:
            self._add(Kind.FIELD, f"custom.{key}", start, end)
            return self._limits(typed, self.own[key], end)
        if piece.lastgroup == "own" and not lower.startswith("custom."):
            return self._no_field(start)
        refuse_elsewhere(self.text, lower, start, end)
        close = get_close_matches(lower, [*FIELDS, *OTHER_NAMES, *self.own], n=1, cutoff=0.7)
        known = ", ".join(f"{field}:" for field in FIELDS)
        raise QueryError(
            f"At character {start + 1}: there is no field “{typed[:40]}:”. "
            + (f"Did you mean {OTHER_NAMES.get(close[0], close[0])}:?" if close else f"The fields are {known}."),
            start,
            end - start,
            self._replaced(start, end, f"{OTHER_NAMES.get(close[0], close[0])}:" if close else f"{typed} "),
        )

    def _radius(self, start: int) -> int:
        around = surroundings_in(self.text, start)
        self.found.append(Token(Kind.RADIUS, around.text, around.start, around.end, around=around))
        if sum(token.kind is Kind.RADIUS for token in self.found) > MOST_RADII:
            raise QueryError(
                f"At character {start + 1}: up to {MOST_RADII} places can be searched around at once.",
                start,
                around.end - start,
            )
        return around.end

    def _no_field(self, start: int) -> int:
        """What looks like a field with digits or _ in its name, and is the name of none, is a word like any."""
        word = _WORD_HERE.match(self.text, start)
        assert word is not None
        self._word(start, word.end())
        return word.end()

    def _limits(self, name: str, scale: Scale | None, start: int) -> int:
        """Takes a range after its field, where that has an order."""
        limits = limits_in(self.text, start, scale, name) if scale else None
        if limits is None:
            if scale and self.group is None and self.text[start : start + 1] == "(":
                self.group = (name, scale, self.depth)
            return start
        self._add(Kind.RANGE, limits.text, limits.start, limits.end, limits)
        return limits.end

    def _without(self, start: int, end: int) -> str:
        return self._replaced(start, end, "")

    def _replaced(self, start: int, end: int, replacement: str) -> str:
        return self.text[:start] + replacement + self.text[end:]
