"""How much two records speak for one person: a table of comparisons, and the one SQL expression made of it.

After Fellegi and Sunter: each comparison finds one of its levels, the first whose condition holds, and each level is
worth bits, log2 of how much more often it is found among records of one person than among those of two. What one side
doesn't say is worth nothing. The same expression scores one arriving record and the whole pool; `l` and `r` in the
conditions are two rows of PersonTraits.

Negative bits are small on purpose: people leave out employers, move and marry, more often than any test data shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass

OTHERWISE = "true"


@dataclass(frozen=True, slots=True)
class Level:
    """What was found (`words`, as the end of “matched because …”), when it is, and the bits it is worth.

    `bits` may be SQL: a rare name is worth more than a frequent one.
    """

    name: str
    when: str
    bits: float | str
    words: str


@dataclass(frozen=True, slots=True)
class Comparison:
    name: str
    label: str
    known: str  # whether both sides say anything
    levels: tuple[Level, ...]

    def number(self, level: str) -> int:
        """Levels count from 1 in their order; 0 is what one side doesn't say."""
        return next(number for number, each in enumerate(self.levels, 1) if each.name == level)


def _near(column: str) -> str:
    """One letter apart, two in long words. The lengths first: they spare most of the distances."""
    l, r = f"l.{column}", f"r.{column}"  # noqa: E741
    return (
        f"least(length({l}), length({r})) > 2 AND abs(length({l}) - length({r})) <= 2 AND "
        f"levenshtein_less_equal({l}, {r}, 2) <= CASE WHEN least(length({l}), length({r})) >= 6 THEN 2 ELSE 1 END"
    )


def _holds_a_name(side: str) -> str:
    """Whether a mailbox's name `m` is made of a person's names: jsmith, or ada99."""
    return (
        f"(length({side}.given) > 2 AND position({side}.given IN m) > 0) OR "
        f"(length({side}.family) > 2 AND position({side}.family IN m) > 0) OR EXISTS "
        f"(SELECT FROM unnest({side}.family_parts) AS p WHERE length(p) > 2 AND position(p IN m) > 0)"
    )


SWAPPED = "l.given = r.family AND r.given = l.family"
# Ana García Márquez, read as a middle and a last name, is Ana García.
SECOND_NAME = "(length(l.middle) > 2 AND l.middle = r.family) OR (length(r.middle) > 2 AND r.middle = l.family)"
# García Núñez and Núñez, but not García Núñez and Domínguez Núñez: those are cousins.
ONE_HOLDS_THE_OTHER = "l.family_parts <@ r.family_parts OR r.family_parts <@ l.family_parts"
# Two first names that both exist, such as Paul and Paula, are a misspelling only when they sound the same.
BOTH_EXIST = "l.given_sound <> '' AND r.given_sound <> ''"
SOUND_THE_SAME = "l.given_sound = r.given_sound AND least(length(l.given), length(r.given)) >= 5"
BIRTHDAY_SWAPPED = (
    "left(l.born, 4) = left(r.born, 4) AND substr(l.born, 5, 2) = substr(r.born, 7, 2) "
    "AND substr(l.born, 7, 2) = substr(r.born, 5, 2)"
)
SHARED_EMPLOYERS = "(SELECT count(*) FROM unnest(l.employers) AS e WHERE e = ANY (r.employers))"
OWN_MAILBOX = (
    "EXISTS (SELECT FROM unnest(l.mailboxes) AS m WHERE m = ANY (r.mailboxes) "
    f"AND NOT ({_holds_a_name('l')} OR {_holds_a_name('r')}))"
)

COMPARISONS = (
    Comparison(
        "given",
        "First name",
        "l.given <> '' AND r.given <> ''",
        (
            Level("same", "l.given = r.given AND length(l.given) > 1", "l.given_bits", "the same first name"),
            Level("swapped", SWAPPED, 13, "first and last name swapped"),
            Level(
                "nickname",
                "l.name_forms && r.name_forms OR (length(l.middle) > 1 AND l.middle = r.given) "
                "OR (length(r.middle) > 1 AND r.middle = l.given)",
                4,
                "a short form or a second first name",
            ),
            Level(
                "near",
                f"{_near('given')} AND (NOT ({BOTH_EXIST}) OR {SOUND_THE_SAME})",
                5,
                "first names a letter apart",
            ),
            Level(
                "initial",
                "(length(l.given) = 1 OR length(r.given) = 1) AND left(l.given, 1) = left(r.given, 1)",
                2.5,
                "a fitting initial",
            ),
            Level("differs", OTHERWISE, -5, "different first names"),
        ),
    ),
    Comparison(
        "family",
        "Last name",
        "l.family <> '' AND r.family <> ''",
        (
            Level("same", "l.family = r.family", "l.family_bits", "the same last name"),
            Level("swapped", SWAPPED, 0, "first and last name swapped"),
            Level("near", _near("family"), 6, "last names a letter apart"),
            Level("part", f"{ONE_HOLDS_THE_OTHER} OR {SECOND_NAME}", 7, "a part of a double last name"),
            Level("overlap", "l.family_parts && r.family_parts", 2, "one part of two double last names"),
            Level("differs", OTHERWISE, -5, "different last names"),
        ),
    ),
    Comparison(
        "middle",
        "Middle name",
        "l.middle <> '' AND r.middle <> ''",
        (
            Level("same", "left(l.middle, 1) = left(r.middle, 1)", 3, "the same middle initial"),
            Level("differs", OTHERWISE, -3, "different middle initials"),
        ),
    ),
    Comparison(
        "born",
        "Birth date",
        "l.born <> '' AND r.born <> ''",
        (
            Level("same", "l.born = r.born", 12, "the same birth date"),
            Level(
                "near",
                f"levenshtein_less_equal(l.born, r.born, 1) <= 1 OR ({BIRTHDAY_SWAPPED})",
                5,
                "birth dates a digit apart",
            ),
            Level(
                "partly",
                "substr(l.born, 5) = substr(r.born, 5) OR left(l.born, 6) = left(r.born, 6)",
                0,
                "birth dates that agree in part",
            ),
            Level("differs", OTHERWISE, -6, "different birth dates"),
        ),
    ),
    Comparison(
        "place",
        "Place",
        "(l.town <> '' AND r.town <> '') OR (l.postcode <> '' AND r.postcode <> '')",
        (
            Level("postcode", "l.postcode <> '' AND l.postcode = r.postcode", 8, "the same postcode"),
            Level("town", "l.town <> '' AND l.town = r.town", 4, "the same town"),
            Level("differs", OTHERWISE, -1.5, "different towns"),
        ),
    ),
    Comparison(
        "street",
        "Street",
        "l.street <> '' AND r.street <> ''",
        (
            Level("same", "l.street = r.street", 9, "the same street and number"),
            Level("near", _near("street"), 6, "streets a letter apart"),
            Level("differs", OTHERWISE, -1.5, "different streets"),
        ),
    ),
    Comparison(
        "employers",
        "Employers",
        "l.employers <> '{}' AND r.employers <> '{}'",
        (
            Level(
                "several",
                f"l.employer_years && r.employer_years AND {SHARED_EMPLOYERS} > 1",
                13,
                "several employers in common, at the same time",
            ),
            Level("dated", "l.employer_years && r.employer_years", 9, "the same employer at the same time"),
            Level("shared", "l.employers && r.employers", 6, "the same employer"),
            Level("clash", "l.work_years && r.work_years", -1.5, "different employers at the same time"),
            Level("differs", OTHERWISE, -1.5, "no employer in common"),
        ),
    ),
    Comparison(
        "schools",
        "Schools",
        "l.schools <> '{}' AND r.schools <> '{}'",
        (
            Level("shared", "l.schools && r.schools", 6, "the same school"),
            Level("differs", OTHERWISE, -1.5, "no school in common"),
        ),
    ),
    Comparison(
        "email",
        "E-mail",
        "(l.emails <> '{}' AND r.emails <> '{}') OR l.mailboxes && r.mailboxes",
        (
            Level("same", "l.emails && r.emails", 16, "the same e-mail address"),
            Level(
                "own mailbox",
                f"l.mailboxes && r.mailboxes AND {OWN_MAILBOX}",
                9,
                "the same unusual name of a mailbox at two providers",
            ),
            Level(
                "numbered mailbox",
                "EXISTS (SELECT FROM unnest(l.mailboxes) AS m WHERE m = ANY (r.mailboxes) AND m ~ '[a-z].*[0-9]{2}')",
                8,
                "mailboxes of one name and number at two providers",
            ),
            Level(
                "mailbox",
                "l.mailboxes && r.mailboxes",
                4,
                "mailboxes of one name, made of the person’s name",
            ),
            Level("differs", OTHERWISE, -1, "different e-mail addresses"),
        ),
    ),
    Comparison(
        "phone",
        "Phone",
        "l.phones <> '{}' AND r.phones <> '{}'",
        (
            Level("same", "l.phones && r.phones", 14, "the same phone number"),
            Level("differs", OTHERWISE, -1, "different phone numbers"),
        ),
    ),
    Comparison(
        "pages",
        "Pages on the web",
        "l.pages <> '{}' AND r.pages <> '{}'",
        (
            Level(
                "two linkedin",
                "l.linkedin <> '{}' AND r.linkedin <> '{}' AND NOT l.linkedin && r.linkedin",
                -6,
                "two different LinkedIn pages",
            ),
            Level("same", "l.pages && r.pages", 15, "the same page on the web"),
            Level("differs", OTHERWISE, 0, "different pages on the web"),
        ),
    ),
    Comparison(
        "title",
        "Title",
        "l.title <> '' AND r.title <> ''",
        (
            Level("same", "l.title = r.title", 2, "the same title"),
            Level("differs", OTHERWISE, -0.5, "different titles"),
        ),
    ),
)
# Asked only of pairs that may still be asked about: counting what two sets share is dear.
SKILLS = Comparison(
    "skills",
    "Skills",
    "cardinality(v.left_skills) > 2 AND cardinality(v.right_skills) > 2",
    (
        Level(
            "many",
            "(SELECT count(*) FROM unnest(v.left_skills) AS s WHERE s = ANY (v.right_skills)) "
            ">= greatest(3, least(cardinality(v.left_skills), cardinality(v.right_skills)) / 2.0)",
            3,
            "half of their skills or more in common",
        ),
        Level("few", OTHERWISE, -0.5, "few skills in common"),
    ),
)


def _all_frequent(column: str) -> str:
    """Whether whatever both sides share is shared by many of the pool, so that it says little."""
    return (
        f"NOT EXISTS (SELECT FROM unnest(v.left_{column}) AS o WHERE o = ANY (v.right_{column}) AND o <> ALL "
        "(coalesce((SELECT frequent FROM talentpool_matchingrules WHERE tenant_id = %(tenant)s), '{}')))"
    )


WORKPLACE = Comparison(
    "workplace",
    "Employer in the pool",
    "v.employers BETWEEN 1 AND 3",
    (
        Level("frequent", _all_frequent("employers"), -4, "an employer of many in the pool"),
        Level("rare", OTHERWISE, 0, "an employer of few in the pool"),
    ),
)
SCHOOLING = Comparison(
    "schooling",
    "School in the pool",
    "v.schools = 1",
    (
        Level("frequent", _all_frequent("schools"), -3, "a school of many in the pool"),
        Level("rare", OTHERWISE, 0, "a school of few in the pool"),
    ),
)
LATE = (SKILLS, WORKPLACE, SCHOOLING)
ALL = (*COMPARISONS, *LATE)
OF_NAME = {each.name: each for each in ALL}


def level_columns() -> str:
    """A column for each of COMPARISONS with the number of the level found, from rows `l` and `r`."""
    return _columns(COMPARISONS)


def late_columns() -> str:
    """The same for LATE, from a row `v` that has the columns of level_columns and EXTRA_COLUMNS."""
    return _columns(LATE)


def bits_of(comparisons: Iterable[Comparison]) -> str:
    """The sum of their bits, from a row `v` that has the columns of level_columns and EXTRA_COLUMNS."""
    return " + ".join(_bits(each) for each in comparisons)


def level_of(comparison: Comparison) -> str:
    """SQL for the number of the level found."""
    cases = " ".join(
        f"WHEN {level.when} THEN {number}" if level.when != OTHERWISE else f"ELSE {number}"
        for number, level in enumerate(comparison.levels, 1)
    )
    return f"CASE WHEN NOT ({comparison.known}) THEN 0 {cases} END"


# What level_columns doesn't say and the verdict needs: how rare the names are, and whether generations contradict;
# and the sets that LATE asks about.
EXTRA_COLUMNS = (
    "greatest(l.given_bits, r.given_bits) AS given_bits, greatest(l.family_bits, r.family_bits) AS family_bits, "
    "(l.generation <> '' AND r.generation <> '' AND l.generation <> r.generation) AS generations, "
    "l.skills AS left_skills, r.skills AS right_skills, l.employers AS left_employers, r.employers AS right_employers, "
    "l.schools AS left_schools, r.schools AS right_schools"
)


def is_level(comparison: str, *names: str) -> str:
    """SQL that says whether one of these levels was found."""
    numbers = sorted(OF_NAME[comparison].number(name) for name in names)
    return f"v.{comparison} = {numbers[0]}" if len(numbers) == 1 else f"v.{comparison} IN ({_listed(numbers)})"


def _columns(comparisons: Iterable[Comparison]) -> str:
    return ", ".join(f"({level_of(each)})::smallint AS {each.name}" for each in comparisons)


def _bits(comparison: Comparison) -> str:
    cases = " ".join(
        f"WHEN {number} THEN {str(level.bits).replace('l.', 'v.')}"
        for number, level in enumerate(comparison.levels, 1)
        if level.bits
    )
    return f"CASE v.{comparison.name} {cases} ELSE 0 END"


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
