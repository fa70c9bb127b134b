"""What each source knows of a person: some of it, spelled its own way, as things stood on the day it was said.

The first record is how the person came into the pool. Records of one person share an address or a number, as a rule;
a few share neither, and remain two candidates until somebody looks at them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from analytics.demo.people import DemoPerson, ascii_letters, people
from analytics.demo.resume import resume_text
from analytics.demo.wishes import with_wishes
from talentpool.models.profile import ProfileKind
from talentpool.models.source import SourceKind
from talentpool.person import PersonFields, Position

OLD_SHARE = 0.36  # in the pool for more than a year
STRAY_SHARE = 0.03  # have a record that nothing but the name connects
NO_ADDRESS_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Origin:
    """A kind of source, how often people come by it, and the share who agreed there to be written to."""

    kind: SourceKind
    profile: ProfileKind
    weight: int
    agreed: float
    has_resume: float


ORIGINS = (
    Origin(SourceKind.PAST_APPLICANT, ProfileKind.RESUME, 40, 0.82, 1.0),
    Origin(SourceKind.TALENT_NETWORK, ProfileKind.FORM, 26, 1.0, 0.0),
    Origin(SourceKind.RESUME_BOARD, ProfileKind.RESUME, 17, 0.0, 1.0),
    Origin(SourceKind.REFERRAL, ProfileKind.HAND, 7, 0.1, 0.0),
    Origin(SourceKind.EVENT, ProfileKind.ROW, 6, 0.85, 0.0),
    Origin(SourceKind.AGENCY, ProfileKind.ROW, 4, 0.0, 0.2),
)


@dataclass(frozen=True, slots=True)
class Record:
    person: DemoPerson
    source: SourceKind
    kind: ProfileKind
    external_id: str
    fields: PersonFields
    observed_at: datetime
    resume: str  # "" where the source has none
    agreed: bool  # to be written to


def records(seed: int, today: date) -> Iterator[list[Record]]:
    """The records of one person after the other, each person's oldest first."""
    for person in people(seed, today):
        yield records_of(person, seed, today)


def records_of(person: DemoPerson, seed: int, today: date) -> list[Record]:
    random = Random(f"{seed}:{person.index}:records")
    first = random.choices(ORIGINS, [origin.weight for origin in ORIGINS])[0]
    others = [origin for origin in ORIGINS if origin is not first]
    origins = [first, *random.sample(others, random.choices((0, 1, 2, 3), (42, 34, 17, 7))[0])]
    days = _days_ago(random, len(origins))
    reachable = random.random() > NO_ADDRESS_SHARE
    found = [_record(random, person, origin, today, ago, reachable) for origin, ago in zip(origins, days, strict=True)]
    if random.random() < STRAY_SHARE:
        found.append(_stray(random, person, today, min(days)))
    return sorted(found, key=lambda record: record.observed_at)


def _days_ago(random: Random, count: int) -> list[int]:
    """When each record came, the first one first; the pool grew faster from month to month."""
    old = random.random() < OLD_SHARE
    first = random.randint(366, 1_500) if old else 1 + int(364 * (1 - random.random() ** 0.6))
    return [first, *(random.randint(1, first) for _ in range(count - 1))]


def _record(random: Random, person: DemoPerson, origin: Origin, today: date, ago: int, reachable: bool) -> Record:
    on = today - timedelta(days=ago)
    fields = _fields(random, person, origin, on, reachable)
    if origin.profile is ProfileKind.FORM:
        fields = with_wishes(fields, Random(f"{person.index}:wishes"), on)
    resume = resume_text(random, fields) if random.random() < origin.has_resume else ""
    return Record(
        person=person,
        source=origin.kind,
        kind=ProfileKind.RESUME if resume else origin.profile,
        external_id=f"{origin.kind[:2].upper()}-{100_000 + person.index}" if origin.kind in _WITH_IDS else "",
        fields=fields,
        observed_at=datetime.combine(on, time(random.randint(7, 18), random.randint(0, 59)), UTC),
        resume=resume,
        agreed=bool(fields.emails) and random.random() < origin.agreed,
    )


_WITH_IDS = (SourceKind.PAST_APPLICANT, SourceKind.RESUME_BOARD, SourceKind.AGENCY)


def _stray(random: Random, person: DemoPerson, today: date, ago: int) -> Record:
    """Seen again with an address of another time and no number: one person or two?"""
    on = today - timedelta(days=random.randint(1, ago))
    known = _known_positions(person, on)[:1]
    return Record(
        person=person,
        source=SourceKind.EVENT,
        kind=ProfileKind.ROW,
        external_id="",
        fields=PersonFields(
            name=person.name,
            emails=(person.email.replace("@", f".{person.index}@"),),
            location=str(person.place),
            country="US",
            positions=known,
        ),
        observed_at=datetime.combine(on, time(12, random.randint(0, 59)), UTC),
        resume="",
        agreed=random.random() < 0.5,
    )


def _fields(random: Random, person: DemoPerson, origin: Origin, on: date, reachable: bool) -> PersonFields:
    full = origin.profile in (ProfileKind.RESUME, ProfileKind.FORM)
    positions = _known_positions(person, on) if full else _known_positions(person, on)[:1]
    positions = tuple(_respelled(random, position) for position in positions)
    return PersonFields(
        name=_shown_name(random, person),
        given_name=person.given if random.random() < 0.6 else "",
        family_name=person.family if random.random() < 0.6 else "",
        headline=_headline(random, person, positions) if full else "",
        summary=_summary(random, person, positions, on) if origin.profile == ProfileKind.RESUME else "",
        emails=_emails(random, person, origin) if reachable else (),
        phones=(_shown_phone(random, person.phone),) if not reachable or random.random() < 0.75 else (),
        links=person.links,
        location=str(person.place) if random.random() < 0.8 else person.place.city,
        country="US",
        positions=positions,
        education=person.education if full else (),
        skills=person.skills if full else tuple(random.sample(person.skills, min(3, len(person.skills)))),
        languages=person.languages if full else (),
        certificates=person.certificates if full else (),
    )


def _known_positions(person: DemoPerson, on: date) -> tuple[Position, ...]:
    """The career as it stood that day."""
    month = f"{on:%Y-%m}"
    known = []
    for position in person.positions:
        if position.start > month:
            continue
        lasting = position.current or position.end > month
        known.append(replace(position, end="" if lasting else position.end, current=lasting))
    return tuple(known)


_SHORTER = (
    ("Registered Nurse", "RN"),
    ("Certified Nursing Assistant", "CNA"),
    ("Senior ", "Sr. "),
    ("Medical Center", "Med. Ctr."),
    ("Community Hospital", "Comm. Hospital"),
    ("Saint ", "St. "),
    (" and ", " & "),
    ("Manager", "Mgr."),
)


def _respelled(random: Random, position: Position) -> Position:
    """Now and then as people abbreviate it."""
    if random.random() > 0.12:
        return position
    employer, title = position.employer, position.title
    for long, short in _SHORTER:
        employer, title = employer.replace(long, short), title.replace(long, short)
    start = position.start[:4] if random.random() < 0.3 else position.start
    return replace(position, employer=employer, title=title, start=start)


def _shown_name(random: Random, person: DemoPerson) -> str:
    chance = random.random()
    if person.native_name and chance < 0.3:
        return person.native_name
    if chance < 0.80:
        return person.name
    if chance < 0.88:
        return ascii_letters(person.name)
    if chance < 0.92:
        return f"{person.given} {random.choice('ABCDEGHJKLMNPRST')}. {person.family}"
    if chance < 0.96:
        return f"{person.family.upper()}, {person.given}"
    return person.name.lower()


def _emails(random: Random, person: DemoPerson, origin: Origin) -> tuple[str, ...]:
    chance = random.random()
    if chance < 0.08:
        return (person.email.title(),)
    if chance < 0.2 and origin.kind in (SourceKind.EVENT, SourceKind.AGENCY, SourceKind.REFERRAL):
        return (person.work_email, person.email)
    if chance > 0.96:
        return (person.email.replace("@", "+jobs@"), person.email)
    return (person.email,)


def _shown_phone(random: Random, phone: str) -> str:
    area, exchange, line = phone[2:5], phone[5:8], phone[8:]
    pattern = random.choice(("({0}) {1}-{2}", "{0}-{1}-{2}", "+1 {0} {1} {2}", "{0}.{1}.{2}", "+1{0}{1}{2}"))
    return pattern.format(area, exchange, line)


def _headline(random: Random, person: DemoPerson, positions: tuple[Position, ...]) -> str:
    if not positions:
        return f"{person.job_family}, looking for a first position"
    newest = positions[0]
    if person.certificates and random.random() < 0.35:
        return f"{newest.title}, {person.certificates[0]}"
    return f"{newest.title} at {newest.employer}" if newest.current else f"{newest.title}, open to work"


_HOPES = (
    "Looks for a day shift close to home.",
    "Open to nights and weekends.",
    "Would move for the right team.",
    "Wants to teach as well as do.",
    "Prefers a small team with long patience.",
    "Hopes to grow into leading others.",
    "Available at two weeks' notice.",
    "Bilingual, and glad to interpret.",
)


def _summary(random: Random, person: DemoPerson, positions: tuple[Position, ...], on: date) -> str:
    if not positions:
        return f"Starting out in {person.job_family.lower()}. {random.choice(_HOPES)}"
    years = on.year - int(positions[-1].start[:4])
    trade = re.sub(r",.*", "", positions[0].title)
    strengths = " and ".join(skill for skill in person.skills[:2])
    length = f"{years} years" if years > 1 else "a year"
    return f"{trade} with {length} of experience, strongest in {strengths}. {random.choice(_HOPES)}"
