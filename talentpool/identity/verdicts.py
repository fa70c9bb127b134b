"""From bits to a verdict: merge by itself, ask, or apart. A score alone never tells a household from a person.

- A *contradiction* forbids merging, in chains too: nobody has two birth dates.
- Merging by itself needs a first name that fits, and a *gate*: evidence beyond the name that is personal, or of two
  kinds. A phone, a street or a mailbox that a family shares is no gate, nor is one employer, for which namesakes work.
- Some pairs are apart although they score high: nobody should be asked about brother and sister.

All of it is SQL upon the columns of score.level_columns in a row `v`, so that one statement gives scores and verdicts.
"""

from dataclasses import dataclass
from math import log2

from talentpool.identity.score import is_level

LEAST_TO_MERGE = 20.0
LEAST_TO_ASK = 15.0
MARGIN = 4.5  # above log2 of the pool's size, for every record that comes meets more namesakes in a larger pool
RARE_NAME = 15  # bits of first and last name together
VERY_RARE_NAME = 18
LEAST_ACROSS = 4.0  # between any two records of people who are merged


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a pool of this size merges by itself and asks about, in bits, and which optional gates are open."""

    merge: float
    ask: float
    automatic: bool = True
    career_gate: bool = False
    phone_gate: bool = False

    @classmethod
    def of(cls, records: int, *, caution: float = 0, ask_less: float = 0, **switches: bool) -> "Thresholds":
        size = log2(max(records, 2))
        return cls(
            merge=max(LEAST_TO_MERGE, size + MARGIN) + caution, ask=max(LEAST_TO_ASK, size) + ask_less, **switches
        )


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
EMPLOYER = is_level("employers", "several", "dated", "shared")
NO_EMPLOYER = is_level("employers", "clash", "differs")
SCHOOL = is_level("schools", "shared")
NO_SCHOOL = is_level("schools", "differs")
TOWN = is_level("place", "postcode", "town")
STREET = is_level("street", "same")
PHONE = is_level("phone", "same")

CONTRADICTIONS = {
    "the birth dates differ": BORN_CLASHES,
    "one is of another generation (Jr. and Sr.)": "v.generations",
    "the first names differ": is_level("given", "differs"),
    "the middle initials differ": is_level("middle", "differs"),
    "they have two different LinkedIn pages": is_level("pages", "two linkedin"),
}
CONTRADICTION = _any(*CONTRADICTIONS.values())

GATES = {
    "personal": _all(
        _any(is_level("email", "same", "own mailbox"), is_level("pages", "same"), BORN_FITS),
        _not(_all(NO_EMPLOYER, NO_SCHOOL, _not(BORN_FITS))),
    ),
    "school and employer": _all(SCHOOL, EMPLOYER, NAME_FITS),
    "household and employer": _all(_any(PHONE, STREET), EMPLOYER, NAME_FITS, _not(NO_SCHOOL)),
    "household and school": _all(_any(PHONE, STREET), SCHOOL, NAME_FITS),
    "school, town and a rare name": _all(SCHOOL, TOWN, NAME_FITS, f"{NAME_BITS} >= {RARE_NAME}"),
    "mailbox and another": _all(
        is_level("email", "mailbox"), _any(SCHOOL, EMPLOYER, PHONE), NAME_FITS, _not(NO_SCHOOL)
    ),
    "street, middle initial and a rare name": _all(
        STREET, is_level("middle", "same"), NAME_FITS, f"{NAME_BITS} >= {RARE_NAME}", _not(NO_EMPLOYER)
    ),
}
NOTHING_CLASHES = _all(_not(NO_SCHOOL), _not(is_level("place", "differs")))
CAREER_GATE = _all(
    is_level("employers", "several", "dated"), TOWN, NAME_FITS, f"{NAME_BITS} >= {VERY_RARE_NAME}", NOTHING_CLASHES
)
PHONE_GATE = _all(PHONE, NAME_FITS, _not(NO_EMPLOYER), NOTHING_CLASHES)

FIRST_NAME_FITS = is_level("given", "same", "swapped", "nickname", "near")
APART = _any(
    _all(is_level("given", "differs"), _not(is_level("born", "same")), _not(EMPLOYER)),
    _all(BORN_CLASHES, _not(is_level("email", "same"))),
    "v.generations",
    is_level("pages", "two linkedin"),
)

MERGE, STRONG, ASK, NONE = 3, 2, 1, 0


def verdict(thresholds: Thresholds) -> str:
    """SQL for MERGE, STRONG (an ask that an optional gate would merge), ASK or NONE, from `v` with its sum `v.bits`."""
    open_gates = [*GATES.values()]
    open_gates += [CAREER_GATE] if thresholds.career_gate else []
    open_gates += [PHONE_GATE] if thresholds.phone_gate else []
    enough = f"v.bits >= {thresholds.merge} AND NOT {CONTRADICTION} AND {FIRST_NAME_FITS}"
    return (
        f"CASE WHEN {APART} THEN {NONE} WHEN {enough} AND {_any(*open_gates)} THEN {MERGE} "
        f"WHEN {enough} AND {_any(CAREER_GATE, PHONE_GATE)} THEN {STRONG} "
        f"WHEN v.bits >= {thresholds.ask} THEN {ASK} ELSE {NONE} END"
    )
