"""Generated people as JSON Resumes: careers of one to six jobs with gaps, repeated employers and traps.

The traps are years and places inside bullets, bullets with and without a full stop, referees with addresses of their
own, projects and volunteering with dates.
"""

import random
import unicodedata
from dataclasses import dataclass
from typing import Any

from _resume_words import ASIDE, ASIDE_PEOPLE, TUNED, TUNED_PEOPLE, Pool, Trade

from analytics.demo.careers import CAREERS

Resume = dict[str, Any]


@dataclass(frozen=True)
class Generated:
    key: str
    language: str
    aside: bool
    resume: Resume


def people() -> list[Generated]:
    tuned = [_person(line, number, aside=False) for number, line in enumerate(TUNED_PEOPLE.split("\n")[1:-1])]
    aside = [_person(line, number, aside=True) for number, line in enumerate(ASIDE_PEOPLE.split("\n")[1:-1])]
    return tuned + aside


def ascii_letters(text: str) -> str:
    plain = text.replace("ß", "ss").replace("ø", "o").replace("đ", "d")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


def skills_of(resume: Resume) -> list[str]:
    return [skill for group in resume["skills"] for skill in (group.get("keywords") or [group["name"]])]


def _pool_for(language: str, number: int, *, aside: bool) -> Pool:
    if not aside:
        return TUNED[language]
    if language != "en":
        return ASIDE[language]
    career = CAREERS[number % len(CAREERS)]
    trades = tuple(
        Trade(tuple(title for rung in career.ladder for title in rung.titles), (*career.skills, *rung.skills))
        for rung in career.ladder[-1:]
    )
    duties = tuple(duty for rung in career.ladder for duty in rung.duties)
    return Pool(
        trades,
        career.employers,
        tuple((school, *career.degrees[0]) for school in career.schools),
        tuple(duty.rstrip(".") for duty in duties),
        ("{t} with {m} years behind me, calm under pressure and glad to teach.",),
        ("English (Native)", "Spanish (Conversational)", "French (Basic)"),
        career.certificates or ("First Aid",),
    )


def _person(line: str, number: int, *, aside: bool) -> Generated:
    name, language, city, country, phone = line.split("|")
    rng = random.Random(number + (5000 if aside else 1000))
    pool = _pool_for(language, number, aside=aside)
    trade = pool.trades[number % len(pool.trades)]
    work = _work(rng, pool, trade, number, city)
    given, family = _parts(name)
    resume: Resume = {
        "basics": {
            "name": name,
            "label": work[0]["position"] if rng.random() < 0.6 else trade.titles[-1],
            "email": _email(rng, number, given, family),
            "phone": phone,
            "summary": _filled(rng, rng.choice(pool.summaries), work[0]["position"]),
            "location": {"city": city, "countryCode": country, "region": "", "address": "", "postalCode": ""},
            "profiles": [
                {
                    "network": "LinkedIn",
                    "username": given + family,
                    "url": f"https://www.linkedin.com/in/{given}{family}",
                }
            ],
        },
        "work": work,
        "education": _education(rng, pool, int(work[-1]["startDate"][:4])),
        "skills": _skills(rng, trade),
        "languages": [_language(each) for each in pool.languages[: rng.randint(1, len(pool.languages))]],
    }
    if number % 3 == 1:
        resume["basics"]["url"] = f"https://{given}{family}.me"
    _add_traps(rng, resume, pool)
    return Generated(f"{'aside' if aside else 'tuned'}{number:02d}", language, aside, resume)


def _parts(name: str) -> tuple[str, str]:
    words = [word for word in ascii_letters(name).lower().replace("'", "").split() if not word.endswith(".")]
    return words[0], words[-1]


def _email(rng: random.Random, number: int, given: str, family: str) -> str:
    return (
        f"{given}.{family}@gmail.com",
        f"{given[0]}{family}{rng.randint(70, 99)}@outlook.com",
        f"hello@{given}{family}.me",
    )[number % 3]


def _filled(rng: random.Random, text: str, title: str = "") -> str:
    return text.format(n=rng.randint(5, 60), m=rng.randint(3, 15), y=rng.randint(2012, 2022), t=title)


def _work(rng: random.Random, pool: Pool, trade: Trade, number: int, city: str) -> list[Resume]:
    employers = list(pool.employers)
    rng.shuffle(employers)
    titles = list(trade.titles)
    rng.shuffle(titles)
    stop = "." if rng.random() < 0.5 else ""
    count = min((1, 2, 3, 4, 5, 6, 3, 4, 2, 5, 3, 4, 3, 2, 4)[number % 15], len(titles) + 1)
    month = 2025 * 12 + rng.randint(0, 9)
    current = rng.random() < 0.7
    jobs: list[Resume] = []
    for index in range(count):
        start = month - rng.choice([8, 14, 20, 26, 31, 40, 50])
        same = index > 0 and rng.random() < 0.22
        bullets = rng.sample(pool.bullets, min(len(pool.bullets), rng.randint(1, 4)))
        job: Resume = {
            "name": jobs[-1]["name"] if same else employers[index % len(employers)],
            "position": titles[index % len(titles)],
            "startDate": _iso(start, 1),
            "highlights": [_filled(rng, bullet) + stop for bullet in bullets],
        }
        if rng.random() < 0.4:
            job["summary"] = _filled(rng, rng.choice(pool.bullets)) + "."
        if rng.random() < 0.5:
            job["location"] = rng.choice([city, city, "Berlin"])
        if rng.random() < 0.35:
            job["url"] = f"https://www.{ascii_letters(job['name']).lower().split()[0].strip('.,')}.com"
        if index or not current:
            job["endDate"] = _iso(month, 28)
        jobs.append(job)
        month = start - 1 - rng.choice([0, 0, 0, 1, 2, 7])
    return jobs


def _iso(month: int, day: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}-{day:02d}"


def _education(rng: random.Random, pool: Pool, year: int) -> list[Resume]:
    schools = list(pool.schools)
    rng.shuffle(schools)
    return [
        {
            "institution": school,
            "studyType": degree,
            "area": area,
            "startDate": f"{year - 5 - 4 * index}-09-01",
            "endDate": f"{year - 1 - 4 * index}-06-30",
        }
        for index, (school, degree, area) in enumerate(schools[: 1 if rng.random() < 0.6 else 2])
    ]


def _skills(rng: random.Random, trade: Trade) -> list[Resume]:
    skills = list(dict.fromkeys(trade.skills))
    chosen = rng.sample(skills, min(len(skills), rng.randint(5, 9)))
    if rng.random() < 0.5:
        return [{"name": skill, "level": ""} for skill in chosen]
    half = len(chosen) // 2
    names = rng.choice([("Core", "Tools"), ("Professional", "Technical")])
    return [{"name": names[0], "keywords": chosen[:half]}, {"name": names[1], "keywords": chosen[half:]}]


def _language(text: str) -> Resume:
    language, _, fluency = text.partition(" (")
    return {"language": language, "fluency": fluency.rstrip(")")}


def _add_traps(rng: random.Random, resume: Resume, pool: Pool) -> None:
    if rng.random() < 0.3:
        resume["interests"] = [{"name": rng.choice(["Hiking", "Chess", "Photography"]), "keywords": ["Mountains"]}]
    if rng.random() < 0.3:
        address = f"referee@{rng.choice(['acme.org', 'norris.co.uk'])}"
        said = f"A pleasure to work with; contact me at {address} or +44 20 7946 0958."
        resume["references"] = [{"name": rng.choice(["Paula Norris", "Ben Adeyemi"]), "reference": said}]
    if rng.random() < 0.3:
        resume["projects"] = [
            {
                "name": "Open Ledger",
                "description": "Side project to track expenses.",
                "startDate": "2019-02-01",
                "endDate": "2019-11-30",
                "highlights": ["Built with friends"],
                "keywords": [],
                "roles": [],
            }
        ]
    if rng.random() < 0.3:
        resume["certificates"] = [{"name": pool.certificates[0], "issuer": "PMI", "date": "2019-05-01"}]
    if rng.random() < 0.25:
        resume["volunteer"] = [
            {
                "organization": "Red Cross",
                "position": "Volunteer",
                "startDate": "2015-01-01",
                "endDate": "2016-06-30",
                "summary": "Helped at weekend events.",
                "highlights": [],
            }
        ]
