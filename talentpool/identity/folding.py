"""Texts in the form in which SQL compares them: ASCII, short, and numbers in place of what is only asked for equality.

PostgreSQL's levenshtein is fast for ASCII alone and refuses what is longer than 255, so every compared column is folded
and cut; other scripts are written in Latin letters (anyascii).
"""

import re
from functools import lru_cache
from hashlib import blake2b
from unicodedata import normalize

from anyascii import anyascii

from talentpool.identity.careers import LEGAL_FORMS
from talentpool.identity.names import folded

LONGEST = 60  # of a compared text; levenshtein refuses more than 255
# Consonants as they sound, so that Schmidt, Schmitt and Shmidt begin a search at one place.
SOUNDS = tuple(
    pair.split(">")
    for pair in "sch>s sh>s tch>c ch>c ph>f ck>k kh>k zh>z th>t q>k w>v y>i j>i z>s".split()  # noqa: SIM905
)
OF_NO_PLACE = frozenset("remote worldwide anywhere usa us uk eu emea germany france spain india canada brazil".split())  # noqa: SIM905
AROUND = frozenset("greater area metro metropolitan region city of".split())  # noqa: SIM905
# 93701, SW1A 2AA, K1A 0B1, 1012 AB; of anything looser a town with a number would be one.
POSTCODE = re.compile(
    r"\b(?:\d{4,6}|[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}|[a-z]\d[a-z] \d[a-z]\d|\d{4} [a-z]{2}|\d{5} \d{3,4})$"
)
LEADING_POSTCODE = re.compile(r"^(?:\d{4} [a-z]{2}(?= )|\d{4,6}(?= [a-z]))")  # 10115 Berlin
STREET = re.compile(r"^\d+[a-z]? .*[a-z]|[a-z].* \d+[a-z]?$")


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower-case ASCII words in single spaces, at most LONGEST characters."""
    text = folded(text[:300])
    if not text.isascii():
        text = re.sub(r"[^a-z0-9]+", " ", anyascii(normalize("NFC", text)).lower())
    return text[:LONGEST].strip()


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """The first letter and the next consonants as they sound, five at most."""
    word = word.replace(" ", "")
    for written, spoken in SOUNDS:
        word = word.replace(written, spoken)
    if not word:
        return ""
    consonants = re.sub("[aeiouh]", "", word[1:])
    return (word[0] + re.sub(r"(.)\1+", r"\1", consonants))[:5]


@lru_cache(maxsize=20_000)
def organisation(name: str) -> str:
    """An employer or a school without its legal form: ACME Inc. is Acme."""
    words = plain(name).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


@lru_cache(maxsize=20_000)
def place(location: str) -> tuple[str, str, str]:
    """Street, postcode and town of a location as people write it; each empty where it isn't said.

    "12 Main St, Fresno, CA 93701" is ("12 main st", "93701", "fresno").
    """
    parts = [part for each in location[:300].split(",") if (part := plain(each))]
    street = parts.pop(0) if len(parts) > 1 and STREET.search(parts[0]) else ""
    postcode, kept = "", []
    for part in parts:
        found = None if postcode else POSTCODE.search(part) or LEADING_POSTCODE.search(part)
        postcode = found[0].replace(" ", "") if found else postcode
        kept.append((part[: found.start()] + part[found.end() :]).strip() if found else part)
    kept = [part for part in kept if part]
    town = " ".join(word for word in (kept[0] if kept else "").split() if word not in AROUND)
    return street, postcode, "" if town in OF_NO_PLACE else town


def number(text: str) -> int:
    """32 bits of a text, for sets that are only asked what they share."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big", signed=True)


def block_number(text: str) -> int:
    """64 bits of a blocking key."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
