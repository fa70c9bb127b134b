"""What forbids that two records are one person, whatever key they share, and what a shared telephone needs besides.

Families share mailboxes and telephones, and people copy other people's numbers: among pseudopeople's records even equal
social security numbers were two people in 4 of 100 cases. So every key has to pass the vetoes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from talentpool.identity.keys import KeyKind
from talentpool.identity.links import comparable_linkedin
from talentpool.identity.names import (
    Likeness,
    Name,
    comparable_name,
    edit_distance,
    given_names_likeness,
    is_misspelling,
)
from talentpool.person import PersonFields

FULL_DATE = len("2000-12-31")


class Veto(StrEnum):
    """Why two records can't be one person; the value finishes the sentence "kept apart because …"."""

    GIVEN_NAME = "the first names differ"
    GENERATION = "one is Jr. and the other Sr."
    BIRTH_DATE = "the birth dates differ"
    LINKEDIN = "they have two different LinkedIn pages"
    PHONE_ONLY = "only a telephone is shared and the names aren't the same"


@dataclass(frozen=True, slots=True)
class Traits:
    """What of one record can speak against a match."""

    name: Name
    birth_date: str = ""
    linkedin: frozenset[str] = frozenset()

    @classmethod
    def of(cls, fields: PersonFields) -> "Traits":
        pages = frozenset(page for link in fields.links if (page := comparable_linkedin(link)))
        return cls(comparable_name(fields), fields.birth_date.strip(), pages)

    def packed(self) -> tuple[Any, ...]:
        """In plain values, for where there are millions of them or another process waits for them."""
        name = self.name
        return name.given, name.middle, name.family, name.generation, self.birth_date, tuple(self.linkedin)

    @classmethod
    def unpacked(cls, packed: Sequence[Any]) -> "Traits":
        given, middle, family, generation, birth_date, linkedin = packed
        return cls(Name(given, middle, family, generation), birth_date, frozenset(linkedin))


def veto_between(one: Traits, other: Traits, kind: KeyKind) -> Veto | None:
    """The first reason that forbids a match by a key of this kind; None where nothing does.

    A source's own id is stronger than the rest: there the record is the same one, and what it says may have been put
    right or changed by marriage. Only another first and last name shows that the id was given anew.
    """
    if kind is KeyKind.EXTERNAL:
        return Veto.GIVEN_NAME if _nothing_of_the_name_is_left(one.name, other.name) else None
    if given_names_likeness(one.name, other.name) is Likeness.DIFFERENT:
        return Veto.GIVEN_NAME
    if one.name.generation and other.name.generation and one.name.generation != other.name.generation:
        return Veto.GENERATION
    if _birth_dates_differ(one.birth_date, other.birth_date):
        return Veto.BIRTH_DATE
    if one.linkedin and other.linkedin and not one.linkedin & other.linkedin:
        return Veto.LINKEDIN
    if kind is KeyKind.PHONE and not _whole_names_agree(one.name, other.name):
        return Veto.PHONE_ONLY
    return None


def veto_among(ones: Iterable[Traits], others: Iterable[Traits], kind: KeyKind) -> Veto | None:
    """The same for two groups of records: one pair is enough to forbid."""
    return next((veto for one in ones for other in others if (veto := veto_between(one, other, kind))), None)


def _nothing_of_the_name_is_left(one: Name, other: Name) -> bool:
    mine, theirs = one.family, other.family
    same_family = bool(mine and theirs) and (mine == theirs or is_misspelling(mine, theirs))
    return not same_family and given_names_likeness(one, other) is Likeness.DIFFERENT


def _birth_dates_differ(one: str, other: str) -> bool:
    """Full dates may be one slip of the pen apart (a digit, day and month swapped); of shorter ones the shared part has
    to be the same."""
    if not one or not other:
        return False
    shared = min(len(one), len(other))
    if one[:shared] == other[:shared]:
        return False
    if len(one) != FULL_DATE or len(other) != FULL_DATE:
        return True
    swapped = f"{one[:4]}-{one[8:]}-{one[5:7]}"
    return swapped != other and edit_distance(one, other, 1) > 1


def _whole_names_agree(one: Name, other: Name) -> bool:
    """The same first and last name and generation, and no two different middle names: father and son have one
    telephone."""
    whole, other_whole = ((name.given, name.family, name.generation) for name in (one, other))
    if whole != other_whole or len(one.given) < 2 or not one.family:
        return False
    return not (one.middle and other.middle) or one.middle[0][0] == other.middle[0][0]
