"""What sourcers paste: strings written for LinkedIn, for Google, in Word."""

import re
import unicodedata

from talentpool.search.language.errors import QueryError

# Other brackets for ours, and what keeps words together unseen for a space; the length stays, so positions hold.
_SIGNS = str.maketrans({"（": "(", "）": ")", "\u200b": " ", "\ufeff": " ", "\u2060": " "})
_SQUARE, _CURLY = str.maketrans("[]", "()"), str.maketrans("{}", "()")
_BOOLEAN = re.compile(r"(?<!\w)(?:AND|OR|NOT)(?!\w)|[(|]")
# Where Google looks, which says nothing about a person of the pool.
_ELSEWHERE = frozenset({"site", "inurl", "allinurl", "filetype", "ext", "cache", "related", "link"})
_OF_ELSEWHERE = re.compile(rf"-?\b(?:{'|'.join(_ELSEWHERE)}):[^\s()]*\s*(?:(?:AND|OR)\s+)?", re.IGNORECASE)
_DISTANCE = re.compile(r"(?:NEAR|W|N|ONEAR|WITHIN)/(\d{1,2})")


def cleaned(text: str) -> str:
    """Control characters and halves of surrogate pairs part words; square and curly brackets group where they pair up
    in a query with operators."""
    text = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text).translate(_SIGNS)
    if is_boolean(text):
        for opening, closing, signs in (("[", "]", _SQUARE), ("{", "}", _CURLY)):
            if 0 < text.count(opening) == text.count(closing):
                text = text.translate(signs)
    return text


def is_boolean(text: str) -> bool:
    """Whether and, or and not are meant as operators in small letters too: they, or brackets, stand there as such."""
    return _BOOLEAN.search(text) is not None


def refuse_elsewhere(text: str, name: str, start: int, end: int) -> None:
    """Raises QueryError for a field of Google's, with the query without any of them."""
    if name in _ELSEWHERE:
        raise QueryError(
            f"At character {start + 1}: “{name}:” says where Google should look. "
            "Here everybody in the pool is searched, so leave it out.",
            start,
            end - start,
            re.sub(r"\(\s*\)\s*", "", _OF_ELSEWHERE.sub("", text)).strip(),
        )


def refuse_distance(word: str, start: int) -> None:
    """Raises QueryError for another product's way to say that words are near each other."""
    if found := _DISTANCE.fullmatch(word):
        raise QueryError(
            f'At character {start + 1}: words near each other are written as a phrase: "data engineer"~{found[1]}.',
            start,
            len(word),
        )
