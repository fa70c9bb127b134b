"""People's names made comparable, and how alike two given names are.

Apart from keys and vetoes because names are the part that cultures write differently: order, particles, nicknames,
accents, scripts and initials are dealt with here and nowhere else. Nothing here says that two people are the same; it
only says what a comparison found.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from nameparser import HumanName
from nicknames import NickNamer, name_triplets

from talentpool.person import PersonFields

LETTERS_THAT_DO_NOT_DECOMPOSE = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
# The combining marks of Latin, Greek and Cyrillic; those of other scripts are vowels, without which names would become
# one.
ACCENTS = re.compile(r"[\u0300-\u036f]+")
GENERATIONS = {"jr": "2", "junior": "2", "ii": "2", "sr": "1", "senior": "1", "iii": "3", "iv": "4"}
TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "ing", "dipl", "mag", "sir", "rev"})
PARTICLES = frozenset("de da do dos del della van von der den la le el al bin ibn di y ter ten zu".split())  # noqa: SIM905
# The published list of nicknames relates these too, although they are names of different people.
NOT_NICKNAMES = frozenset(
    frozenset(pair)
    for pair in (
        *(("william", "wilma"), ("eric", "derrick"), ("aaron", "erin"), ("paul", "polly"), ("alexander", "alexandria")),
        *(("robert", "bill"), ("robert", "billy"), ("robert", "rupert"), ("patrick", "patsy"), ("patrick", "peter")),
    )
)
SOUNDS = dict(pair.split(">") for pair in "sch>s sh>s ch>k ck>k ph>f th>t c>k q>k v>f y>i z>s".split())  # noqa: SIM905


class Likeness(StrEnum):
    """What comparing two given names found, from the most alike to the least; UNKNOWN when one of them isn't there or
    can't be compared."""

    EQUAL = "equal"
    NICKNAME = "nickname"
    NEAR = "near"
    SWAPPED = "swapped"
    INITIAL = "initial"
    UNKNOWN = "unknown"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts that compare: folded, without particles, titles and suffix. `given` is the first given name,
    `family` is joined."""

    given: str = ""
    middle: tuple[str, ...] = ()
    family: str = ""
    generation: str = ""


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Lower case, without accents and punctuation, in single spaces; every script is kept, Latin letters become
    ASCII."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS_THAT_DO_NOT_DECOMPOSE))
    words = re.sub(r"[-'’.,/_\s]+", " ", ACCENTS.sub("", plain))
    return " ".join("".join(filter(_is_kept, words)).split())


def name_parts(fields: PersonFields) -> tuple[str, str]:
    """Given and family name as they are written: what the source says, or else what reading its whole name gives."""
    if fields.given_name or fields.family_name or not fields.name.strip():
        return fields.given_name.strip(), fields.family_name.strip()
    return _read_name(fields.name.strip())


def whole_name(fields: PersonFields) -> str:
    return fields.name.strip() or f"{fields.given_name.strip()} {fields.family_name.strip()}".strip()


def comparable_name(fields: PersonFields) -> Name:
    given, family = name_parts(fields)
    return _comparable(given, family, fields.name if fields.given_name or fields.family_name else "")


def given_names_likeness(one: Name, other: Name) -> Likeness:
    """How alike the first names are. Where one is known only as an initial, that initial has to fit."""
    a, b = one.given, other.given
    if not a or not b:
        return Likeness.UNKNOWN if _one_word_fits(one, other) else Likeness.DIFFERENT
    if a == b or _joined(one) == b or _joined(other) == a or (one.middle and _joined(one) == _joined(other)):
        return Likeness.EQUAL
    if not _same_script(a, b):
        return Likeness.UNKNOWN
    if len(a) == 1 or len(b) == 1:
        return Likeness.INITIAL if a[0] == b[0] else Likeness.DIFFERENT
    if a in other.middle or b in one.middle or are_nicknames(a, b):
        return Likeness.NICKNAME
    if a == other.family and b == one.family:
        return Likeness.SWAPPED
    return Likeness.NEAR if is_misspelling(a, b) else Likeness.DIFFERENT


@lru_cache(maxsize=20_000)
def are_nicknames(a: str, b: str) -> bool:
    """Bill and William, Bob and Rob: one is short for the other, or both are short for one longer name."""
    if frozenset((a, b)) in NOT_NICKNAMES:
        return False
    namer = _nicknamer()
    if b in namer.nicknames_of(a) or a in namer.nicknames_of(b):
        return True
    return any(len(long) > max(len(a), len(b)) for long in namer.canonicals_of(a) & namer.canonicals_of(b))


def is_misspelling(a: str, b: str) -> bool:
    """One letter apart (two in long names). Two names that both exist, such as Paul and Paula, count only when they
    sound the same."""
    allowed = 2 if min(len(a), len(b)) >= 6 else 1
    if min(len(a), len(b)) < 3 or edit_distance(a, b, allowed) > allowed:
        return False
    if a in _known_given_names() and b in _known_given_names():
        return min(len(a), len(b)) >= 5 and _sound(a) == _sound(b)
    return True


@lru_cache(maxsize=20_000)
def longer_forms(name: str) -> tuple[str, ...]:
    """The names that this one may be short for: william for bill."""
    found = _nicknamer().canonicals_of(name) if name else ()
    return tuple(sorted(form for form in found if frozenset((name, form)) not in NOT_NICKNAMES and form != name))


@lru_cache(maxsize=20_000)
def known_sound(name: str) -> str:
    """How a given name that exists sounds; empty for one that is on no list, which may be a misspelling of any."""
    return "-".join(_sound(name)) if name in _known_given_names() else ""


def edit_distance(a: str, b: str, enough: int) -> int:
    """Levenshtein's distance; stops counting beyond `enough`."""
    if abs(len(a) - len(b)) > enough:
        return enough + 1
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (letter != other))
        if min(row) > enough:
            return enough + 1
    return row[-1]


@lru_cache(maxsize=20_000)
def _read_name(name: str) -> tuple[str, str]:
    read = HumanName(name[:200])
    if not read.last and " " not in name and len(name) <= 200:
        return (name, "") if read.first else ("", name)
    given = f"{read.first} {read.middle}".strip()
    return given, " ".join(part for part in (read.last, read.suffix) if part)


@lru_cache(maxsize=20_000)
def _comparable(given: str, family: str, whole: str) -> Name:
    firsts = [word for word in folded(given[:200]).split() if word not in TITLES]
    lasts = folded(family[:200]).split()
    generation = ""
    if len(lasts) > 1 and lasts[-1] in GENERATIONS:
        generation = GENERATIONS[lasts.pop()]
    elif whole and (words := folded(whole[:200]).split())[2:] and words[-1] in GENERATIONS:
        generation = GENERATIONS[words[-1]]
    lasts = [word for word in lasts if word not in PARTICLES] or lasts
    return Name(firsts[0] if firsts else "", tuple(firsts[1:]), "".join(lasts), generation)


def _is_kept(letter: str) -> bool:
    return letter.isalnum() or letter == " " or unicodedata.category(letter)[0] == "M"


def _joined(name: Name) -> str:
    return "".join((name.given, *name.middle))


def _one_word_fits(one: Name, other: Name) -> bool:
    """A name of one word may be a given or a family name: it contradicts nothing unless the other says both and neither
    is it."""
    for known, full in ((one, other), (other, one)):
        word = known.family
        if not known.given and word and full.given and full.family and _same_script(word, full.given):
            return word in (full.family, full.given, full.family + full.given) or word in full.family
    return True


def _same_script(a: str, b: str) -> bool:
    return a.isascii() == b.isascii()


@cache
def _nicknamer() -> NickNamer:
    return NickNamer()


@cache
def _known_given_names() -> frozenset[str]:
    return frozenset(name for row in name_triplets() for name in (row.name1, row.name2))


def _sound(name: str) -> tuple[str, str, str]:
    """Consonants as they sound, the first vowel, and the last letter, which tells Paula from Paul."""
    for written, spoken in SOUNDS.items():
        name = name.replace(written, spoken)
    consonants = re.sub(r"(.)\1+", r"\1", re.sub("[aeiouh]", "", name))
    return consonants, re.sub("[^aeiou]", "", name)[:1], name[-1]
