"""From bits to a verdict: merge by itself, ask, or apart. A score alone never tells a household from a person.

- A *contradiction* forbids merging, in chains too: nobody has two birth dates.
- Merging by itself needs a first name that fits, and a *gate*: evidence beyond the name that is personal, or of two
  kinds. A phone, a street or a mailbox that a family shares is no gate, nor is one employer, for which namesakes work.
- Some pairs are apart although they score high: nobody should be asked about brother and sister.

All of it is SQL upon the columns of score.level_columns in a row `v`, so that one statement gives scores and verdicts.
"""

from dataclasses import dataclass
from math import log2

from django.db import models

from talentpool.identity.score import is_level

LEAST_TO_MERGE = 20.0
LEAST_TO_ASK = 15.0
MARGIN = 4.5  # above log2 of the pool's size, for every record that comes meets more namesakes in a larger pool
RARE_NAME = 15  # bits of first and last name together
VERY_RARE_NAME = 18
LEAST_ACROSS = 4.0  # between any two records of people who are merged


class Gate(models.TextChoices):
    """The best evidence beyond the name that a pair shows. Only SURE merges by itself unless the rules say more."""

    SURE = "sure", "Personal, or of two kinds"
    CAREER = "career", "One employer at one time, one town, and a very rare name"
    PHONE = "phone", "One phone and one name, and nothing that differs"
    NONE = "", "Not enough to merge by itself"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many bits on a pool of this size merges by itself and asks, and which gates are open."""

    merge: float
    ask: float
    gates: frozenset[str] = frozenset({Gate.SURE.value})

    @classmethod
    def of(
        cls,
        records: int,
        *,
        caution: float = 0,
        ask_less: float = 0,
        career_gate: bool = False,
        phone_gate: bool = False,
    ) -> "Thresholds":
        size = log2(max(records, 2))
        opened = {Gate.CAREER.value} if career_gate else set()
        opened |= {Gate.PHONE.value} if phone_gate else set()
        ask = max(LEAST_TO_ASK, size) + ask_less
        merge = max(LEAST_TO_MERGE, size + MARGIN) + caution
        return cls(round(max(merge, ask), 1), round(ask, 1), frozenset({Gate.SURE.value} | opened))


def _all(*conditions: str) -> str:
    return "(" + " AND ".join(conditions) + ")"


def _any(*conditions: str) -> str:
    return "(" + " OR ".join(conditions) + ")"


def _not(condition: str) -> str:
    return f"NOT ({condition})"


NAME_BITS = (
    f"(CASE WHEN {is_level('given', 'same')} THEN v.given_bits WHEN {is_level('given', 'swapped')} THEN 13 ELSE 4 END"
    f" + CASE WHEN {is_level('family', 'same')} THEN v.family_bits WHEN {is_level('family', 'swapped')} THEN 0"
    " ELSE 6 END)"
)
NAME_FITS = _any(
    is_level("given", "swapped"),
    _all(is_level("given", "same", "nickname", "near"), is_level("family", "same", "near", "part")),
)
BORN_FITS = is_level("born", "same", "near")
BORN_CLASHES = is_level("born", "partly", "differs")
# What many of the pool share, the town's hospital or its college, is no evidence of a second kind.
RARE_EMPLOYER, RARE_SCHOOL = is_level("workplace", "rare"), is_level("schooling", "rare")
EMPLOYER = _all(is_level("employers", "several", "dated", "shared"), RARE_EMPLOYER)
NO_EMPLOYER = is_level("employers", "clash", "differs")
SCHOOL = _all(is_level("schools", "shared"), RARE_SCHOOL)
NO_SCHOOL = is_level("schools", "differs")
TOWN = is_level("place", "postcode", "town")
STREET = is_level("street", "same")
PHONE = is_level("phone", "same")
MANY_SKILLS = is_level("skills", "many")

CONTRADICTIONS = {
    "the birth dates differ": BORN_CLASHES,
    "one is of another generation (Jr. and Sr.)": "v.generations",
    "the first names differ": is_level("given", "differs"),
    "the middle initials differ": is_level("middle", "differs"),
    "they have two different LinkedIn pages": is_level("pages", "two linkedin"),
}
CONTRADICTION = _any(*CONTRADICTIONS.values())

# A mailbox or a page is personal unless the careers say otherwise: families share mailboxes, not schools and jobs.
MAIL_OR_PAGE = _all(
    _any(is_level("email", "same", "own mailbox"), is_level("pages", "same")),
    _not(NO_SCHOOL),
    _any(_not(NO_EMPLOYER), SCHOOL, MANY_SKILLS),
)
# Father and son in the family's firm: one employer is not enough where their work differs.
OTHER_WORK = _any(is_level("skills", "few"), is_level("title", "differs"))
MAILBOX_AND_ANOTHER = _any(SCHOOL, MANY_SKILLS, _all(_any(EMPLOYER, PHONE), _not(NO_EMPLOYER), _not(OTHER_WORK)))
GATES = {
    "a birth date": BORN_FITS,
    "a mailbox or a page": MAIL_OR_PAGE,
    "school and employer": _all(SCHOOL, EMPLOYER, NAME_FITS),
    "several employers": _all(is_level("employers", "several"), RARE_EMPLOYER, NAME_FITS),
    "household and employer": _all(_any(PHONE, STREET), EMPLOYER, NAME_FITS, _not(NO_SCHOOL), _not(OTHER_WORK)),
    "household and school": _all(_any(PHONE, STREET), SCHOOL, NAME_FITS),
    "school, town and a rare name": _all(SCHOOL, TOWN, NAME_FITS, f"{NAME_BITS} >= {RARE_NAME}"),
    "school and a very rare name": _all(SCHOOL, NAME_FITS, f"{NAME_BITS} >= {VERY_RARE_NAME}", _not(NO_EMPLOYER)),
    "school and middle initial": _all(SCHOOL, is_level("middle", "same"), NAME_FITS, _not(NO_EMPLOYER)),
    "school and skills": _all(SCHOOL, MANY_SKILLS, NAME_FITS),
    "employer and skills": _all(is_level("employers", "dated"), RARE_EMPLOYER, MANY_SKILLS, NAME_FITS, _not(NO_SCHOOL)),
    "phone and skills": _all(PHONE, MANY_SKILLS, NAME_FITS, _not(NO_SCHOOL)),
    "phone and middle initial": _all(PHONE, is_level("middle", "same"), NAME_FITS, _not(NO_EMPLOYER)),
    "mailbox and another": _all(
        is_level("email", "mailbox", "numbered mailbox"), MAILBOX_AND_ANOTHER, NAME_FITS, _not(NO_SCHOOL)
    ),
    "street, middle initial and a rare name": _all(
        STREET, is_level("middle", "same"), NAME_FITS, f"{NAME_BITS} >= {RARE_NAME}", _not(NO_EMPLOYER)
    ),
}
NOTHING_CLASHES = _all(_not(NO_SCHOOL), _not(is_level("place", "differs")))
CAREER_GATE = _all(
    is_level("employers", "several", "dated"),
    RARE_EMPLOYER,
    TOWN,
    NAME_FITS,
    f"{NAME_BITS} >= {VERY_RARE_NAME}",
    NOTHING_CLASHES,
)
PHONE_GATE = _all(PHONE, NAME_FITS, _not(NO_EMPLOYER), NOTHING_CLASHES)

FIRST_NAME_FITS = is_level("given", "same", "swapped", "nickname", "near")
APART = _any(
    _all(is_level("given", "differs"), _not(is_level("born", "same")), _not(EMPLOYER)),
    _all(BORN_CLASHES, _not(is_level("email", "same"))),
    "v.generations",
    is_level("pages", "two linkedin"),
)

MAY_MERGE = f"(NOT {CONTRADICTION} AND {FIRST_NAME_FITS})"


def gate() -> str:
    """SQL for the pair's Gate, from `v`; null where it is apart however high it scores."""
    return (
        f"CASE WHEN {APART} THEN NULL WHEN NOT {MAY_MERGE} THEN '{Gate.NONE}' "
        f"WHEN {_any(*GATES.values())} THEN '{Gate.SURE}' WHEN {CAREER_GATE} THEN '{Gate.CAREER}' "
        f"WHEN {PHONE_GATE} THEN '{Gate.PHONE}' ELSE '{Gate.NONE}' END"
    )
