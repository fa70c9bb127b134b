"""Text to the words that are searched for: folded, stemmed, the same for both engines and for the reasons of a hit.

Both engines are handed ready words, so that neither PostgreSQL's text search configuration nor OpenSearch's analyzers
have a say, and a query answered by one finds what the other finds.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

LONGEST_WORD = 64

# Left out of queries, never of documents: "director of sales" as a phrase needs its "of". No "it", "us" or "who":
# IT, US and WHO are what recruiters look for.
STOP_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is"}
    | {"of", "on", "or", "that", "the", "this", "to", "was", "were", "with"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text as it is searched for, and where in the text it stands."""

    stem: str
    start: int
    end: int


def _marks() -> str:
    """A regular expression's class of the signs that Indic, Arabic, Hebrew and other scripts write onto letters."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0x20000):
        if unicodedata.category(chr(code)) in ("Mn", "Mc"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_MARKS = _marks()
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_LETTER = rf"[^\W_{_IDEOGRAPHS}]"


def _pattern(letter: str, more: str) -> re.Pattern[str]:
    return re.compile(
        rf"""
          {letter}{more}*(?:(?<=[A-Za-z])(?:\+\+|\#)(?![^\W\d_]))?       # also C++, C#, F#
        | (?:(?<![^\W_])|(?<=asp)|(?<=ado)|(?<=vb))\.net(?![^\W_])        # .NET, ASP.NET, but not example.net's
        | [{_IDEOGRAPHS}]                                                # scripts without spaces: a sign is a word
        """,
        re.VERBOSE | re.IGNORECASE,
    )


_WORD = _pattern(_LETTER, rf"(?:{_LETTER}|[{_MARKS}])")
_ASCII_WORD = _pattern("[A-Za-z0-9]", "[A-Za-z0-9]")
_NOT_IN_WORDS = re.compile(rf"[^\w+#.{_MARKS}]|_")
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNCOMPOSED = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_stemmer = Stemmer.Stemmer("english", 0)


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order. Compose the text first (`composed`) where it may come from anywhere."""
    for match in _pattern_for(text).finditer(text):
        yield Word(stem(match.group()), match.start(), match.end())


def stems(text: str) -> list[str]:
    return [stem(word) for word in _pattern_for(text).findall(text)]


def _pattern_for(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _WORD  # the one of ASCII alone is three times as fast


def composed(text: str) -> str:
    """One sign for é however it was typed, and nothing that PostgreSQL can't store or that parts words unseen."""
    text = text.replace("\x00", " ").replace("\u00ad", "").replace("\u200b", " ")
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    return sys.intern(_stemmer.stemWord(folded(word)) or folded(word))


def folded(word: str) -> str:
    """A word in lower case without accents: José is jose, Straße strasse, Łukasz lukasz."""
    lower = word.casefold().translate(_UNCOMPOSED)
    if not lower.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", lower))
        lower = _NOT_IN_WORDS.sub("", unicodedata.normalize("NFC", bare)) or lower
    return lower[:LONGEST_WORD]


# What an unfinished word may go on with before the stemmer would cut it off again.
_ENDINGS = ("", "e", "s", "d", "r", "n", "g", "ng", "ed", "er", "ing", "ion", "al", "ly", "ment", "ation")


@lru_cache(maxsize=1_000)
def prefix_stems(beginning: str) -> tuple[str, tuple[str, ...]]:
    """How to look for words that begin so: the beginning of a stem, and whole stems that are shorter than it.

    engineeri* must find engineering, whose stem is "engin"; it then finds engineer too.
    """
    start = folded(beginning)
    whole = {_stemmer.stemWord(start + ending) for ending in _ENDINGS}
    return start, tuple(sorted(stem for stem in whole if stem and not stem.startswith(start)))
