"""One record in the columns by which records are compared: names, dates, places and careers, normalised once.

What is only asked for equality or for what two records share is a number (folding.number), so that the table stays
narrow: a whole pool of a million records has to fit into memory. Pure; models.PersonTraits is the table.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from talentpool.identity.emails import clean_email, is_role
from talentpool.identity.folding import number, organisation, place, plain
from talentpool.identity.keys import Key, KeyKind
from talentpool.identity.links import comparable_linkedin
from talentpool.identity.names import (
    GENERATIONS,
    PARTICLES,
    Name,
    known_sound,
    longer_forms,
    name_parts,
)
from talentpool.person import PersonFields, Position

LONGEST_LOCAL = 40
SHORTEST_LOCAL = 6  # of a mailbox's name that says who somebody is: "jsmit" is many people
MOST_YEARS = 40  # of one job, and of those the latest: a typing error must not fill a row
MOST = 60  # entries of any one set


@dataclass(frozen=True, slots=True)
class PersonTraits:
    """The compared columns of one record, by the names of the table."""

    given: str = ""
    middle: str = ""
    family: str = ""
    family_parts: tuple[str, ...] = ()
    given_sound: str = ""  # of a given name that exists: Paul and Paula are two names, not one misspelled
    name_forms: tuple[int, ...] = ()  # the given name and the longer names it is short for
    generation: str = ""
    born: str = ""  # eight digits
    town: str = ""
    postcode: str = ""
    street: str = ""
    title: str = ""
    employers: tuple[int, ...] = ()
    employer_years: tuple[int, ...] = ()
    work_years: tuple[int, ...] = ()
    schools: tuple[int, ...] = ()
    skills: tuple[int, ...] = ()
    emails: tuple[int, ...] = ()
    mailboxes: tuple[str, ...] = ()  # local parts that may be somebody's own
    phones: tuple[int, ...] = ()
    pages: tuple[int, ...] = ()  # accounts on the web
    linkedin: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What blocking keys are made of besides the columns: names of organisations and addresses as texts."""

    employers: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


def traits_of(fields: PersonFields, name: Name, keys: Sequence[Key]) -> tuple[PersonTraits, Words]:
    """`name` and `keys` are names.comparable_name and keys.identity_keys of the same fields, made already."""
    given, middle, parts = _name_columns(*name_parts(fields), name)
    street, postcode, town = place(fields.location) if fields.location else ("", "", "")
    jobs = [(organisation(job.employer), years_of(job)) for job in fields.positions]
    words = Words(
        employers=_each_once(employer for employer, _ in jobs),
        schools=_each_once(organisation(each.school) for each in fields.education),
        emails=_values(keys, KeyKind.EMAIL),
        phones=_values(keys, KeyKind.PHONE),
        pages=_values(keys, KeyKind.URL),
    )
    traits = PersonTraits(
        given=given,
        middle=middle,
        family="".join(parts),
        family_parts=parts,
        given_sound=known_sound(given),
        name_forms=_name_forms(given),
        generation=name.generation,
        born=_full_date(fields.birth_date) if fields.birth_date else "",
        town=town,
        postcode=postcode,
        street=street,
        title=plain(fields.positions[0].title if fields.positions else fields.headline),
        employers=_numbers(words.employers),
        employer_years=_numbers([f"{employer} {year}" for employer, years in jobs if employer for year in years]),
        work_years=tuple(sorted({year for _, years in jobs for year in years})[-MOST:]),
        schools=_numbers(words.schools),
        skills=_numbers(map(plain, fields.skills)),
        emails=_numbers(words.emails),
        mailboxes=_each_once(map(mailbox_of, fields.emails)),
        phones=_numbers(words.phones),
        pages=_numbers(words.pages),
        linkedin=_numbers(map(comparable_linkedin, fields.links)),
    )
    return traits, words


def years_of(job: Position) -> range:
    """The years in which somebody had a job; nothing where no date is known."""
    first, last = _year(job.start), _this_year() if job.current else _year(job.end)
    if not first and (job.current or not last):
        return range(0)
    first, last = first or last, last or first
    return range(max(first, last - MOST_YEARS), last + 1)


@lru_cache(maxsize=20_000)
def _name_columns(given: str, family: str, name: Name) -> tuple[str, str, tuple[str, ...]]:
    """First name, second name and the parts of the family name, in ASCII.

    A name in Han or Hangul without spaces begins with the family's: 王伟 is Wang Wei.
    """
    first = plain(name.given)
    middle = plain(name.middle[0])[:40] if name.middle else ""
    whole = given or family
    if not (given and family) and " " not in whole and _is_east_asian(whole):
        family, first, middle = whole[0], plain(whole[1:]).replace(" ", ""), ""
    elif _is_east_asian(given):
        first = plain(given).replace(" ", "")
    lasts = plain(family).split()
    if len(lasts) > 1 and lasts[-1] in GENERATIONS:
        lasts.pop()
    parts = tuple(word for word in lasts if word not in PARTICLES) or tuple(lasts)
    return first[:40], middle, _fitting(parts)


def _fitting(parts: tuple[str, ...]) -> tuple[str, ...]:
    return parts if len(parts) <= 4 else (*parts[:3], "".join(parts[3:]))


def _is_east_asian(text: str) -> bool:
    return 1 < len(text) <= 5 and bool(re.fullmatch("[\u3400-\u9fff\uac00-\ud7af]+", text))


@lru_cache(maxsize=20_000)
def _name_forms(given: str) -> tuple[int, ...]:
    return tuple(number(form) for form in (given, *longer_forms(given))) if len(given) > 1 else ()


@lru_cache(maxsize=20_000)
def mailbox_of(email: str) -> str:
    """The name before the @, where it may be somebody's own; written alike however points are set in it."""
    local = clean_email(email).partition("@")[0].partition("+")[0]
    local = plain(local.replace(".", "").replace("_", "").replace("-", "")).replace(" ", "")
    return "" if len(local) < SHORTEST_LOCAL or is_role(local) else local[:LONGEST_LOCAL]


def _full_date(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    return digits if len(digits) == 8 and digits[:4] > "1900" else ""


@lru_cache(maxsize=10_000)
def _year(text: str) -> int:
    return int(text[:4]) if re.match(r"(?:19|20)[0-9]{2}", text) and text[:4].isascii() else 0


def _this_year() -> int:
    return datetime.now(UTC).year


def _values(keys: Iterable[Key], kind: KeyKind) -> tuple[str, ...]:
    return tuple([key.value for key in keys if key.kind is kind][:MOST])


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    once = dict.fromkeys(texts)
    once.pop("", None)
    return tuple(once)[:MOST]


def _numbers(texts: Iterable[str]) -> tuple[int, ...]:
    once = dict.fromkeys(texts)
    once.pop("", None)
    return tuple(map(_number, once))[: MOST * 4]


_number = lru_cache(maxsize=20_000)(number)
