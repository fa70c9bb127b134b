"""The people of the demo as they truly are; analytics.demo.records then tells what each source knows of them.

Pure and seeded: the same seed and day give the same people, and the first n of many are the same n as of few. Nobody
shares an address or a telephone number by accident; those who do share one (a household's telephone) do so on purpose,
for the identity rules have to keep them apart.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from random import Random

from analytics.demo.careers import CAREERS, Career
from analytics.demo.names import Culture, cultures, latin, native
from analytics.demo.places import PLACES, Place
from talentpool.person import Education, Position

MAIL_DOMAINS = (
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "post.example.org",
    "inbox.example.net",
)
HOUSEHOLD_SHARE = 0.025  # share a telephone and a family name with somebody already there
NAMESAKE_SHARE = 0.01  # share only name and city with somebody already there
_CAREER_WEIGHTS = tuple(accumulate(career.weight for career in CAREERS))
_PLACE_WEIGHTS = tuple(accumulate(place.weight for place in PLACES))
_AREA_CODES = sorted({place.area_code for place in PLACES})


@dataclass(frozen=True, slots=True)
class DemoPerson:
    index: int
    given: str
    family: str
    native_name: str  # "" where the name is written in Latin letters only
    email: str
    work_email: str
    phone: str  # E.164
    place: Place
    links: tuple[str, ...]
    job_family: str
    positions: tuple[Position, ...]  # newest first
    education: tuple[Education, ...]
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    languages: tuple[str, ...]
    birth_date: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


def people(seed: int, today: date) -> Iterator[DemoPerson]:
    """Without end; take as many as wanted."""
    taken: set[str] = set()
    lines: Counter[int] = Counter()
    recent: list[DemoPerson] = []
    index = 0
    while True:
        random = Random(f"{seed}:{index}")
        person = _person(random, index, today, taken, lines)
        if recent:
            person = _entangled(random, person, recent)
        taken.update((person.email, person.work_email))
        recent = [*recent[-29:], person]
        yield person
        index += 1


def _person(random: Random, index: int, today: date, taken: set[str], lines: Counter[int]) -> DemoPerson:
    culture = random.choices(cultures(), [culture.weight for culture in cultures()])[0]
    given, family, native_name = _name(random, culture)
    career = random.choices(CAREERS, cum_weights=_CAREER_WEIGHTS)[0]
    place = random.choices(PLACES, cum_weights=_PLACE_WEIGHTS)[0]
    positions, top, started = _work(random, career, place, today)
    email = _free(_local_part(random, given, family), random.choice(MAIL_DOMAINS), taken)
    employer = positions[0].employer
    return DemoPerson(
        index=index,
        given=given,
        family=family,
        native_name=native_name,
        email=email,
        work_email=_free(_slug(given)[:1] + _slug(family), f"{_slug(employer)[:24]}.example", taken),
        phone=_phone(place.area_code, lines),
        place=place,
        links=_links(random, given, family, index),
        job_family=career.family,
        positions=positions,
        education=_education(random, career, started),
        skills=_skills(random, career, top),
        certificates=_certificates(random, career, top),
        languages=("English", *culture.languages[:1]) if random.random() < 0.7 else ("English",),
        birth_date=f"{started - random.randint(18, 24)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
    )


def _name(random: Random, culture: Culture) -> tuple[str, str, str]:
    given, family = random.choice(culture.given), random.choice(culture.family)
    native_name = ""
    if native(given) and native(family):
        parts = (native(family), native(given)) if culture.family_first else (native(given), native(family))
        native_name = culture.joins.join(parts)
    surname = latin(family)
    if culture.double_family and random.random() < 0.5:
        second = latin(random.choice(culture.family))
        surname = f"{surname} {second}" if random.random() < 0.7 else f"{surname}-{second}"
    return latin(given), surname, native_name


def _entangled(random: Random, person: DemoPerson, recent: list[DemoPerson]) -> DemoPerson:
    """Now and then a person of the household of another one, or another one's namesake."""
    chance = random.random()
    other = random.choice(recent)
    if chance < HOUSEHOLD_SHARE and other.given != person.given:
        return replace(person, family=other.family, phone=other.phone, place=other.place, native_name="")
    if chance < HOUSEHOLD_SHARE + NAMESAKE_SHARE:
        return replace(
            person, given=other.given, family=other.family, native_name=other.native_name, place=other.place, links=()
        )
    return person


def _work(random: Random, career: Career, place: Place, today: date) -> tuple[tuple[Position, ...], int, int]:
    """Positions newest first, the highest rung reached, and the year the first one began."""
    years = min(int(random.expovariate(1 / 9)) + 1, 36)
    started = today.year - years
    month = (started) * 12 + random.randint(0, 11)
    last = today.year * 12 + today.month - 1
    positions: list[Position] = []
    employer, rung = random.choice(career.employers), 0
    while month < last - 2 and len(positions) < 9:
        served = (month - started * 12) / 12
        reachable = max(level for level, step in enumerate(career.ladder) if step.after_years <= served)
        rung = max(rung, reachable - (random.random() < 0.35), 0)
        stays = max(8, int(random.gauss(34, 20)))
        end = month + stays
        current = end >= last - random.choice((0, 0, 0, 0, 6))
        positions.append(_position(random, career, rung, employer, place, month, None if current else end))
        if current:
            break
        month = end + random.choice((0, 1, 1, 1, 2, 7))
        employer = random.choice(career.employers) if random.random() < 0.8 else employer
    if not positions:
        positions.append(_position(random, career, 0, employer, place, last - random.randint(3, 9), None))
    return tuple(reversed(positions)), rung, started


def _position(
    random: Random, career: Career, rung: int, employer: str, place: Place, start: int, end: int | None
) -> Position:
    step = career.ladder[rung]
    duties = random.sample(step.duties, min(len(step.duties), random.choice((1, 2, 2, 3))))
    return Position(
        employer=employer,
        title=random.choice(step.titles),
        start=_year_month(start),
        end="" if end is None else _year_month(end),
        current=end is None,
        location=str(place),
        text="\n".join(
            duty.format(n=random.randint(2, 9), m=random.randint(11, 48), y=random.randint(2, 4)) for duty in duties
        ),
    )


def _education(random: Random, career: Career, started: int) -> tuple[Education, ...]:
    if random.random() > career.schooled:
        return ()
    schools = random.sample(career.schools, 2 if random.random() < 0.2 else 1)
    found = []
    for number, school in enumerate(schools):
        degree, area = random.choice(career.degrees)
        end = started - random.randint(0, 1) + number * random.randint(3, 6)
        length = 4 if degree.startswith("Bachelor") else 2 if degree.startswith(("Associate", "Master")) else 1
        found.append(Education(school=school, degree=degree, area=area, start=str(end - length), end=str(end)))
    return tuple(reversed(found))


def _skills(random: Random, career: Career, rung: int) -> tuple[str, ...]:
    known = [*career.skills]
    for step in career.ladder[: rung + 1]:
        known.extend(step.skills)
    wanted = min(len(known), random.randint(5, 13))
    return tuple(dict.fromkeys(random.sample(known, wanted)))


def _certificates(random: Random, career: Career, rung: int) -> tuple[str, ...]:
    """The lists begin with what a newcomer may have."""
    return tuple(random.sample(career.certificates[: 3 + 2 * rung], random.choice((0, 1, 1, 2, 3))))


def _links(random: Random, given: str, family: str, index: int) -> tuple[str, ...]:
    if random.random() > 0.3:
        return ()
    return (f"https://www.linkedin.com/in/{_slug(given)}-{_slug(family)}-{index:05x}",)


def _local_part(random: Random, given: str, family: str) -> str:
    first, last = _slug(given), _slug(family)
    pattern = random.random()
    if pattern < 0.45:
        return f"{first}.{last}"
    if pattern < 0.65:
        return f"{first[:1]}{last}"
    if pattern < 0.85:
        return f"{first}{last[:1]}{random.randint(61, 99)}"
    return f"{last}_{first}"


def _free(local_part: str, domain: str, taken: set[str]) -> str:
    address, number = f"{local_part[:50]}@{domain}", 1
    while address in taken:
        number += 1
        address = f"{local_part[:50]}{number}@{domain}"
    return address


def _phone(area_code: int, lines: Counter[int]) -> str:
    """A number never given before: of the area, or of the next one that has lines left."""
    codes = [area_code, *(code for code in _AREA_CODES if code > area_code), *_AREA_CODES]
    free = next(code for code in codes if lines[code] < 10_000)
    lines[free] += 1
    return f"+1{free}555{lines[free] * 7919 % 10_000:04}"  # 7919 is prime to 10,000: each line comes once


def _year_month(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Þ": "Th", "þ": "th"}
)


def ascii_letters(text: str) -> str:
    """The name as a form that knows only ASCII keeps it."""
    return unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", ascii_letters(text).lower()) or "person"
