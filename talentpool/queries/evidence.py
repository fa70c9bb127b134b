"""What speaks for and against two people being one, with the values that were found: “Both worked at Siemens AG, 2015 –
2019”. Worked out when it is shown, from what is known of both then, so that no value outlives an erasure or an edit.

Values are compared in the forms in which matching compares them, and shown as they were written.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from talentpool.identity.emails import clean_email
from talentpool.identity.folding import organisation, place, plain
from talentpool.identity.links import clean_link, same_page
from talentpool.identity.names import comparable_name, name_parts
from talentpool.identity.person_traits import mailbox_of, years_of
from talentpool.identity.phones import phone_key, shown_phone
from talentpool.identity.score import ALL
from talentpool.models import Candidate, MatchPair, Merge, Profile
from talentpool.person import Education, PersonFields, Position
from talentpool.queries.statements import home_region
from talentpool.wishes import in_words_of_date

KINDS = ("email", "phone", "link")
LONGEST = 80  # characters of one value
MOST_RECORDS = 200  # of both people; who has more is told by what is shown of her
MOST_VALUES = 3
MOST_MERGES = 50  # of one person, the latest first
# Not for who may not see what hiring managers don't: they are on no other page of the person.
RESTRICTED = frozenset({"born", "street"})

Written = tuple[str, str]  # as it is compared, and as it was written
Records = Sequence[PersonFields]
_NAMES = {each.label: each.name for each in ALL}


@dataclass(frozen=True)
class Evidence:
    """`bits` below zero speak against; `values` are what was found, and empty where that can't be said or shown."""

    words: str
    bits: float
    values: str
    comparison: str = ""
    level: str = ""


def records_of(people: Sequence[Candidate]) -> Mapping[int, Records]:
    """What is shown of each, and what their latest profiles say; two queries."""
    region = home_region()
    found = {person.pk: [_shown(person)] for person in people}
    profiles = Profile.objects.filter(candidate__in=found).order_by("-observed_at", "-pk")
    for pk, fields in profiles.values_list("candidate_id", "fields")[: MOST_RECORDS * max(1, len(people) // 2)]:
        found[pk].append(_read(fields, region))
    return found


def evidence_of_pairs(pairs: Sequence[MatchPair], *, restricted: bool) -> Mapping[int, list[Evidence]]:
    """By id of the pair; two queries for all of them."""
    people = {person.pk: person for pair in pairs if pair.evidence for person in (pair.low, pair.high)}
    records = records_of(list(people.values())) if people else {}
    return {
        pair.pk: evidence_between(
            pair.evidence, records.get(pair.low_id, ()), records.get(pair.high_id, ()), restricted=restricted
        )
        for pair in pairs
    }


def evidence_of_merges(
    merges: Sequence[Merge], *, among: Sequence[Merge], restricted: bool
) -> Mapping[int, list[Evidence]]:
    """By id of the merge, with the values by which the two were found: what came as theirs, or as that of whoever had
    been merged into them by then. `among` are the live merges around these. Beyond MOST_MERGES only the words are told.
    """
    into: dict[int, dict[int, Merge]] = {}
    for each in among:
        into.setdefault(each.survivor_id, {})[each.pk] = each
    sides = {
        merge.pk: (_group(merge.survivor_id, merge.pk, into), _group(merge.absorbed_id, merge.pk, into))
        for merge in [each for each in merges if each.evidence][:MOST_MERGES]
    }
    records = _records_by_origin({pk for both in sides.values() for side in both for pk in side})
    told = {}
    for merge in merges:
        left, right = ([one for pk in side for one in records.get(pk, ())] for side in sides.get(merge.pk, ((), ())))
        told[merge.pk] = evidence_between(merge.evidence, left, right, restricted=restricted)
    return told


def _group(person: int, before: int, into: Mapping[int, Mapping[int, Merge]]) -> list[int]:
    """The person and whoever was merged into them before that merge."""
    joined = [each.absorbed_id for pk, each in into.get(person, {}).items() if pk < before]
    return [person, *(pk for absorbed in joined for pk in _group(absorbed, before, into))]


def _records_by_origin(people: Collection[int]) -> Mapping[int, Records]:
    if not people:
        return {}
    found: dict[int, list[PersonFields]] = {}
    region = home_region()
    profiles = (
        Profile.objects.filter(origin__in=people).order_by("-observed_at", "-pk") if people else Profile.objects.none()
    )
    for pk, fields in profiles.values_list("origin_id", "fields")[:MOST_RECORDS]:
        found.setdefault(pk, []).append(_read(fields, region))
    return found


def _read(fields: Mapping[str, Any], region: str) -> PersonFields:
    """With the country in which numbers without a country code are read."""
    read = PersonFields.from_json(fields)
    return read if read.country else replace(read, country=region)


def evidence_between(
    found: Iterable[Mapping[str, Any]], left: Records, right: Records, *, restricted: bool
) -> list[Evidence]:
    """The evidence of a pair with its values; without `restricted` those that not everybody may see are left out."""
    told = []
    for each in found:
        comparison, level, bits = each.get("comparison", ""), each.get("level", ""), each.get("bits", 0.0)
        name = _NAMES.get(comparison, comparison)
        if name == "email" and "mailbox" in level:
            name = "mailbox"
        is_hidden = name in RESTRICTED and not restricted
        values = "" if is_hidden or name not in _READ else _values(name, left, right, is_for=bits >= 0)
        told.append(Evidence(each.get("words", ""), bits, values, comparison, level))
    return told


def _values(name: str, left: Records, right: Records, *, is_for: bool) -> str:
    """What both say; or, where nothing is said by both or that is what speaks against, what each of them says."""
    mine, yours = (_written(name, side) for side in (left, right))
    both = [key for key in mine if key in yours]
    if is_for and both:
        years = _years_at(left), _years_at(right)
        return _listed([_united(name, mine[key], yours[key]) + _shared_years(name, key, years) for key in both])
    apart = [_listed([texts[0] for key, texts in mine.items() if key not in yours])]
    apart += [_listed([texts[0] for key, texts in yours.items() if key not in mine])]
    return " and ".join(apart) if all(apart) else ""


def _written(name: str, records: Records) -> Mapping[str, list[str]]:
    """By the form in which it is compared, all ways in which it is written."""
    found: dict[str, list[str]] = {}
    for key, text in chain.from_iterable(map(_READ[name], records)):
        if key and text not in found.setdefault(key, []):
            found[key].append(text)
    return found


def _united(name: str, mine: Sequence[str], yours: Sequence[str]) -> str:
    if name == "mailbox":
        hosts = dict.fromkeys(text.partition("@")[2] for text in (*mine, *yours))
        return f"{mine[0].partition('@')[0]}@ at {_listed(list(hosts))}"
    return mine[0]


def _years_at(records: Records) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = {}
    for job in chain.from_iterable(each.positions for each in records):
        found.setdefault(organisation(job.employer), set()).update(years_of(job))
    return found


def _shared_years(name: str, employer: str, years: Sequence[Mapping[str, set[int]]]) -> str:
    """The years in which both were there, from the first to the last."""
    shared = years[0].get(employer, set()) & years[1].get(employer, set()) if name == "employers" else set()
    if not shared:
        return ""
    first, last = min(shared), max(shared)
    return f" {first}" if first == last else f" {first}–{last}"


def _listed(texts: Sequence[str]) -> str:
    shown = ", ".join(text[:LONGEST] for text in texts[:MOST_VALUES])
    return f"{shown} and {len(texts) - MOST_VALUES} more" if len(texts) > MOST_VALUES else shown


def _shown(person: Candidate) -> PersonFields:
    points = {kind: tuple(each["value"] for each in person.contact_points if each["kind"] == kind) for kind in KINDS}
    return PersonFields(
        name=person.name,
        given_name=person.given_name,
        family_name=person.family_name,
        headline=person.headline,
        emails=points["email"],
        phones=points["phone"],
        links=points["link"],
        location=person.location,
        positions=tuple(map(Position.from_json, person.positions)),
        education=tuple(map(Education.from_json, person.education)),
        skills=tuple(person.skills),
    )


def _given(of: PersonFields) -> Iterator[Written]:
    given = name_parts(of)[0]
    yield comparable_name(of).given, given


def _family(of: PersonFields) -> Iterator[Written]:
    family = name_parts(of)[1]
    yield plain(family), family


def _middle(of: PersonFields) -> Iterator[Written]:
    yield from ((each[:1], each.capitalize()) for each in comparable_name(of).middle[:1])


def _born(of: PersonFields) -> Iterator[Written]:
    is_a_date = re.fullmatch(r"\d{4}(-\d\d){0,2}", of.birth_date)
    yield of.birth_date, in_words_of_date(of.birth_date) if is_a_date else of.birth_date


def _place(of: PersonFields) -> Iterator[Written]:
    _, postcode, town = place(of.location)
    yield postcode, of.location
    yield town, of.location


def _street(of: PersonFields) -> Iterator[Written]:
    yield place(of.location)[0], of.location.partition(",")[0]


def _employers(of: PersonFields) -> Iterator[Written]:
    yield from ((organisation(job.employer), job.employer) for job in of.positions)


def _schools(of: PersonFields) -> Iterator[Written]:
    yield from ((organisation(each.school), each.school) for each in of.education)


def _emails(of: PersonFields) -> Iterator[Written]:
    yield from ((clean_email(each), each) for each in of.emails)


def _mailboxes(of: PersonFields) -> Iterator[Written]:
    yield from ((mailbox_of(each), each) for each in of.emails)


def _phones(of: PersonFields) -> Iterator[Written]:
    for each in of.phones:
        key = phone_key(each, of.country)
        yield key, shown_phone(key or each)


def _pages(of: PersonFields) -> Iterator[Written]:
    yield from ((same_page(each), clean_link(each).partition("://")[2]) for each in of.links)


def _title(of: PersonFields) -> Iterator[Written]:
    title = of.positions[0].title if of.positions else of.headline
    yield plain(title), title


def _skills(of: PersonFields) -> Iterator[Written]:
    yield from ((plain(each), each) for each in of.skills)


_READ: Mapping[str, Callable[[PersonFields], Iterator[Written]]] = {
    "given": _given,
    "family": _family,
    "middle": _middle,
    "born": _born,
    "place": _place,
    "street": _street,
    "employers": _employers,
    "workplace": _employers,
    "schools": _schools,
    "schooling": _schools,
    "email": _emails,
    "mailbox": _mailboxes,
    "phone": _phones,
    "pages": _pages,
    "title": _title,
    "skills": _skills,
}
