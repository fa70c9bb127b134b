"""Invented people as several sources tell of them, with who is who; and households and namesakes that are traps.

Each person has a career, addresses and a home; each record of hers shows a part of it, some of it wrong: nicknames,
initials, misspellings, names swapped or changed by marriage, transliterations, years off by one, old addresses. One in
five has a second record from earlier, one in twenty a third. `traps` is the share of people beside whom somebody lives
or works who must not become one with them.

All of it is chance with a seed: equal seeds make equal people.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from nicknames import NickNamer

from talentpool.identity.frequencies import TABLE
from talentpool.identity.names import folded
from talentpool.person import Education, PersonFields, Position

TRAPS = (
    "twins",
    "father and son",
    "spouses",
    "siblings",
    "namesake at work",
    "namesake in town",
    "switchboard",
    "recycled phone",
)
SYLLABLES = [
    "ba",
    "ker",
    "man",
    "son",
    "len",
    "ti",
    "ro",
    "ska",
    "vic",
    "ner",
    "hol",
    "gre",
    "mar",
    "del",
    "ku",
    "pa",
    "wen",
    "fi",
    "lor",
    "sta",
    "mi",
    "zu",
    "har",
    "den",
    "ric",
    "bo",
    "cha",
    "sel",
    "to",
    "na",
]
HISPANIC = (
    [
        "maria",
        "jose",
        "juan",
        "luis",
        "carlos",
        "ana",
        "jesus",
        "antonio",
        "miguel",
        "carmen",
        "rosa",
        "francisco",
        "manuel",
        "pedro",
        "laura",
        "sofia",
        "diego",
        "jorge",
        "pablo",
        "elena",
    ],
    [
        "garcia",
        "martinez",
        "rodriguez",
        "lopez",
        "hernandez",
        "gonzalez",
        "perez",
        "sanchez",
        "ramirez",
        "torres",
        "flores",
        "rivera",
        "gomez",
        "diaz",
        "cruz",
        "reyes",
        "morales",
        "ortiz",
        "gutierrez",
        "chavez",
    ],
)
CHINESE = (
    [
        "wei",
        "fang",
        "min",
        "jing",
        "li",
        "yan",
        "lei",
        "jun",
        "yang",
        "hui",
        "na",
        "tao",
        "xin",
        "yu",
        "jie",
        "chao",
        "ping",
        "hong",
        "bin",
        "qiang",
    ],
    [
        "wang",
        "li",
        "zhang",
        "liu",
        "chen",
        "yang",
        "huang",
        "zhao",
        "wu",
        "zhou",
        "xu",
        "sun",
        "ma",
        "zhu",
        "hu",
        "guo",
        "he",
        "lin",
        "gao",
        "luo",
    ],
)
SPELLED = [
    ("müller", "mueller", "muller"), ("ivanov", "ivanoff"), ("tchaikovsky", "chaykovskiy", "chaikovsky"),
    ("björk", "bjoerk", "bjork"), ("gonçalves", "goncalves"), ("øster", "oester", "oster"),
]  # fmt: skip
SPELLED_GIVEN = [
    ("josé", "jose"), ("yuri", "yury", "iouri"), ("mohammed", "muhammad", "mohamed"), ("jürgen", "juergen", "jurgen"),
    ("aleksandr", "alexander", "aleksander"), ("sergey", "sergei", "serguei"), ("dmitry", "dmitri", "dmitriy"), ("natalya", "natalia"),
]  # fmt: skip
TITLES = [
    "software engineer",
    "sales manager",
    "accountant",
    "nurse",
    "project manager",
    "data analyst",
    "recruiter",
    "driver",
    "teacher",
    "consultant",
    "product owner",
    "electrician",
]
SKILLS_OF_TITLE, SKILLS = 30, 12
EMPLOYERS, SCHOOLS, TOWNS = 60_000, 3_000, 400
NOW = 2026
_namer = NickNamer()


@dataclass
class Somebody:
    pid: int
    given: str
    family: str
    spellings: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    middle: str = ""
    family2: str = ""
    suffix: str = ""
    town: int = 0
    school: int = 0
    born: tuple[int, int, int] = (1980, 1, 1)
    jobs: list[tuple[str, int, int]] = field(default_factory=list)
    title: str = ""
    skills: list[str] = field(default_factory=list)
    mailbox: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Told:
    """A record, whose it is, and the trap it belongs to."""

    pid: int
    fields: PersonFields
    trap: str = ""


class _Draw:
    """Draws ranks by Zipf's law, as names and employers are distributed."""

    def __init__(self, dice: random.Random, number: int, shift: float, power: float) -> None:
        self.dice, self.sums = dice, list(accumulate(1 / (n + shift) ** power for n in range(number)))

    def __call__(self) -> int:
        return bisect(self.sums, self.dice.random() * self.sums[-1])


class World:
    def __init__(self, seed: int) -> None:
        self.dice = dice = random.Random(seed)
        rows = [line.split() for line in TABLE.read_text().splitlines() if line[:1] != "#"]
        self.givens = [name for part, name, _ in rows if part == "given" and len(name) > 2]
        families = [name for part, name, _ in rows if part == "family" and len(name) > 2]
        letters = random.Random(7)  # the same rare names in every world
        while len(families) < 60_000:
            families.append("".join(letters.choice(SYLLABLES) for _ in range(letters.choice((2, 3, 3, 4)))))
        self.families = list(dict.fromkeys(families))
        self.given = _Draw(dice, len(self.givens), 10, 1.1)
        self.family = _Draw(dice, len(self.families), 25, 1.0)
        self.employer = _Draw(dice, EMPLOYERS, 20, 0.9)
        self.school, self.town = _Draw(dice, SCHOOLS, 10, 0.8), _Draw(dice, TOWNS, 3, 0.9)
        self.frequent = _Draw(dice, 20, 2, 1.0)
        self.taken: dict[str, int] = {}

    def people(self, number: int, traps: float = 0) -> Iterator[Told]:
        dice, other = self.dice, 10**9
        for pid in range(number):
            person = self.somebody(pid)
            yield Told(pid, self.record(person))
            again = dice.random()
            if again < 0.20:
                yield Told(pid, self.record(person, late=False))
            if again < 0.05:
                yield Told(pid, self.record(person, late=dice.random() < 0.5))
            if dice.random() < traps:
                other += 1
                trap = dice.choice(TRAPS)
                beside = self.beside(person, trap, other)
                yield Told(pid, self.record(person), trap)
                yield Told(other, self.record(beside), trap)
                yield Told(other, self.record(beside, late=False), trap)

    def somebody(self, pid: int) -> Somebody:
        dice, kind = self.dice, self.dice.random()
        if kind < 0.15:
            givens, families = HISPANIC if kind < 0.10 else CHINESE
            given, family = givens[self.frequent()], families[self.frequent()]
        else:
            given, family = self.givens[self.given()], self.families[self.family()]
        spellings: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        if dice.random() < 0.02:
            spellings = (dice.choice(SPELLED_GIVEN), ())
            given = spellings[0][0]
        if dice.random() < 0.02:
            spellings = (spellings[0], dice.choice(SPELLED))
            family = spellings[1][0]
        title = dice.randrange(len(TITLES))
        person = Somebody(
            pid, given, family, spellings,
            middle=dice.choice("abcdefghijlmnrst") if dice.random() < 0.4 else "",
            family2=self.families[self.family()] if dice.random() < 0.12 else "",
            town=self.town(), school=self.school(), title=TITLES[title],
            born=(dice.randint(1958, 2004), dice.randint(1, 12), dice.randint(1, 28)),
            skills=[f"skill {title} {n}" for n in dice.sample(range(SKILLS_OF_TITLE), SKILLS)],
            phone=self._phone(),
        )  # fmt: skip
        person.jobs = self._career()
        person.mailbox = self._mailbox(folded(given).replace(" ", ""), folded(family).replace(" ", ""))
        person.email = self._own(f"{person.mailbox}@m{dice.randrange(6)}.example", pid)
        person.mailbox = person.email.partition("@")[0]
        return person

    def beside(self, person: Somebody, trap: str, pid: int) -> Somebody:
        """Somebody who shares with a person what the trap says, and is somebody else."""
        dice, other = self.dice, self.somebody(pid)
        home = {
            "family": person.family,
            "spellings": ((), person.spellings[1]),
            "family2": person.family2,
            "town": person.town,
            "phone": person.phone,
        }
        mail = {"email": person.email, "mailbox": person.mailbox}
        name = {"given": person.given, "family": person.family, "spellings": person.spellings}
        first_letter = [each for each in self.givens if each[0] == person.given[0] and each != person.given]
        if trap == "twins":
            other = replace(
                other, **home, born=person.born, school=person.school, **(mail if dice.random() < 0.3 else {})
            )
            if dice.random() < 0.5:
                other.given = dice.choice(first_letter or [other.given])
        elif trap == "father and son":
            person.suffix = "Jr."
            other = replace(
                other,
                **home | name,
                born=(person.born[0] - 27, *other.born[1:]),
                suffix="Sr.",
                **(mail if dice.random() < 0.3 else {}),
            )
            if dice.random() < 0.2:
                other.jobs = person.jobs[-1:]
        elif trap == "spouses":
            other = replace(other, **home, **mail, given=dice.choice(first_letter or [other.given]))
        elif trap == "siblings":
            other = replace(other, **home, **mail, school=person.school)
        elif trap == "namesake at work":  # the same employer in the same years, the same town and trade
            other = replace(other, **name, jobs=person.jobs[-1:], town=person.town, title=person.title)
        elif trap == "namesake in town":
            other = replace(other, **name, town=person.town)
        elif trap == "switchboard":
            other = replace(other, phone=person.phone, jobs=person.jobs[-1:], town=person.town)
        else:
            other = replace(other, phone=person.phone)
        if dice.random() < 0.5:
            other.middle = ""
        return other

    def record(self, person: Somebody, *, late: bool = True) -> PersonFields:
        dice = self.dice
        given, middle, family = self._names(person)
        name = " ".join(filter(None, (given, middle, family, person.suffix if dice.random() < 0.5 else "")))
        town = None if dice.random() < 0.15 else person.town if dice.random() < 0.9 else dice.randrange(TOWNS)
        year, month, day = person.born
        if dice.random() < 0.02 and day <= 12:
            month, day = day, month
        return PersonFields(
            name=name.title(),
            given_name=f"{given} {middle}".strip().title(),
            family_name=" ".join(filter(None, (family, person.suffix if person.suffix in name else ""))).title(),
            emails=self._emails(person),
            phones=() if dice.random() < 0.42 else (person.phone if dice.random() < 0.85 else self._phone(),),
            location="" if town is None else f"Town{town}, Somewhere",
            birth_date=f"{year}-{month:02d}-{day:02d}" if dice.random() < 0.15 else "",
            positions=self._positions(person, late),
            education=(Education(f"School {person.school}"),) if dice.random() < 0.6 else (),
            skills=tuple(dice.sample(person.skills, dice.randint(4, 9))) if dice.random() < 0.6 else (),
        )

    def _names(self, person: Somebody) -> tuple[str, str, str]:
        dice = self.dice
        given = dice.choice(person.spellings[0]) if person.spellings[0] else person.given
        family = dice.choice(person.spellings[1]) if person.spellings[1] else person.family
        kind = dice.random()
        if kind < 0.10:
            short = sorted(_namer.nicknames_of(given))
            given = dice.choice(short) if short else given
        elif kind < 0.13:
            given = given[0]
        elif kind < 0.16:
            given = self._typo(given)
        kind = dice.random()
        if kind < 0.03:
            family = self._typo(family)
        elif person.family2 and kind < 0.5:
            family = dice.choice((person.family2, f"{family}-{person.family2}", f"{person.family2} {family}"))
        if dice.random() < 0.02:
            given, family = family, given
        return given, person.middle if dice.random() < 0.5 else "", family

    def _positions(self, person: Somebody, late: bool) -> tuple[Position, ...]:
        dice, jobs = self.dice, person.jobs
        if not late:
            jobs = jobs[: max(1, len(jobs) - dice.choice((0, 1, 1, 2)))]
        if dice.random() < 0.6:
            jobs = jobs[-dice.choice((1, 2, 3, 4)) :]
        if dice.random() < 0.12:
            return ()
        title = person.title.title() if dice.random() < 0.7 else ""
        told = []
        for employer, first, last in jobs[::-1]:
            shown = employer if dice.random() < 0.96 else f"Firm {dice.randrange(EMPLOYERS)}"
            start, end = (
                (str(first + dice.choice((0, 0, 0, 0, 1, -1))), str(last)) if dice.random() < 0.85 else ("", "")
            )
            told.append(Position(shown, title, start, end))
        return tuple(told)

    def _emails(self, person: Somebody) -> tuple[str, ...]:
        dice, kind = self.dice, self.dice.random()
        if kind < 0.45:
            return (person.email,)
        if kind < 0.58 and person.jobs:
            local = folded(f"{person.given[0]}{person.family}").replace(" ", "")
            return (self._own(f"{local}@{person.jobs[-1][0].replace(' ', '').lower()}.example", person.pid),)
        if kind < 0.68:
            return (self._own(f"{person.mailbox}@w{dice.randrange(6)}.example", person.pid),)
        if kind < 0.74:
            return (f"{dice.choice(SYLLABLES)}{dice.choice(SYLLABLES)}{dice.randint(1, 99999)}@z.example",)
        return ()

    def _career(self) -> list[tuple[str, int, int]]:
        dice, year, jobs = self.dice, self.dice.randint(2000, 2018), []
        for _ in range(dice.choice((1, 2, 2, 3, 3, 4))):
            years = dice.randint(1, 6)
            jobs.append((f"Firm {self.employer()}", year, min(year + years, NOW)))
            year += years + (dice.random() < 0.2)
            if year > NOW:
                break
        return jobs

    def _mailbox(self, given: str, family: str) -> str:
        dice, kind = self.dice, self.dice.random()
        if kind < 0.3:
            return f"{given}.{family}"
        if kind < 0.5:
            return f"{given[0]}{family}"
        if kind < 0.8:
            return f"{given}{family}{dice.randint(1, 999)}"
        return "".join(dice.choice(SYLLABLES) for _ in range(3)) + str(dice.randint(10, 9999))

    def _own(self, email: str, pid: int) -> str:
        """The address, or with a number where somebody else has it."""
        local, _, domain = email.partition("@")
        number = 0
        while self.taken.setdefault(email, pid) != pid:
            number += 1
            email = f"{local}{number}@{domain}"
        return email

    def _phone(self) -> str:
        return f"+1{self.dice.randint(2010000000, 9899999999)}"

    def _typo(self, word: str) -> str:
        dice = self.dice
        if len(word) < 3:
            return word
        at, kind = dice.randrange(1, len(word)), dice.random()
        if kind < 0.3:
            return word[:at] + word[at + 1 :]
        if kind < 0.6 and at < len(word) - 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + dice.choice("aeiounrst") + word[at + (kind < 0.8) :]
