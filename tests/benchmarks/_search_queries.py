"""What recruiters ask: queries that were thought up one by one, those made after their patterns, and what costs a parser most."""

import random
from collections.abc import Iterator

from _search_people import CITIES, FAMILY, GIVEN, LEVELS, SKILLS, TITLES, uneven

from talentpool.search.find import SearchRequest

QUERIES = """
nurse
registered nurse
"registered nurse"
software engineer
"software engineer" python
python
python AND java
python OR java OR "c++"
senior
senior software engineer NOT manager
title:engineer
title:"machine learning engineer"
title:(nurse OR therapist) location:fresno
title:engineer skill:(python OR java) -title:director
skill:c++
skill:c#
skill:.net
skill:"machine learning"
skill:welding location:chicago
location:austin
location:"new york" title:teacher
maria
maria garcia
jose garcia nurse
kowalski
name:wang title:analyst
"machine learning"
"distributed systems"
"intensive care" nurse
"supply chain" -python
engin*
manag* sales
w17
w19999
w3 w5 w9
-nurse
-python -java -sql
(nurse OR teacher OR driver) AND (spanish OR triage) AND NOT (senior OR lead)
("software engineer" OR "devops engineer" OR developer) AND (aws OR docker OR kubernetes) NOT (junior OR intern)
tag:gold source:referral
""".strip().splitlines()
# What costs a parser most, over and over.
WORST = [
    *(
        "a ",
        "-",
        '"a" ',
        "title:a ",
        "(",
        "-(",
        "a|",
        "***a ",
        "ß",
        "//",
        "(a OR b) ",
        "AND ",
        "a and ",
        "[a OR ",
        "a,b;",
    ),
    *(
        "near:Rome ",
        'near:"Rme" ',
        "near:",
        "near:Q Q Q Q ",
        "near:San Francisco 5km ",
        "has:email ",
        "has:e",
        "~",
        '"a b"~9',
    ),
    *(
        '"a b c d"~3 ',
        "site:x ",
        "NEAR/3 ",
        "updated:<9d ",
        "experience:5..",
        "salary:(1 ",
        "custom.a:",
        "intitle:",
        "\u200b",
    ),
]
CHOICES: list[tuple[str, dict[str, tuple[str, ...]]]] = [
    ("", {}),
    ("", {"title": ("registered nurse",)}),
    ("engineer", {"skill": ("python", "java")}),
    ("nurse", {"location": ("fresno",), "consent": ("may_write",)}),
    ("senior", {"skill": ("sql",), "title": ("senior data analyst", "senior accountant")}),
]


def mixed(number: int = 200) -> list[SearchRequest]:
    """The same ones each time: those above, and the rest after patterns in turn."""
    fixed = [SearchRequest(text) for text in QUERIES] + [SearchRequest(*choice) for choice in CHOICES]
    made = made_after_patterns(random.Random(17))
    return [*fixed, *(next(made) for _ in range(number - len(fixed)))]


def made_after_patterns(dice: random.Random) -> Iterator[SearchRequest]:
    while True:
        title, other = (uneven(dice, TITLES) for _ in range(2))
        skill, another = (uneven(dice, SKILLS[:30]) for _ in range(2))
        city, level = uneven(dice, CITIES), dice.choice(LEVELS[3:]).split()[0]
        low = dice.randrange(12)
        yield SearchRequest(f'{title} near:"{city}" {dice.choice((10, 25, 50, 100))}mi')
        yield SearchRequest(f'title:("{title}" OR "{other}") skill:("{skill}" OR "{another}")')
        yield SearchRequest(f"{title} experience:{low}..{low + 6} has:resume")
        yield SearchRequest(f'("{title}" OR "{other}") AND ("{skill}" OR "{another}") NOT {level}')
        yield SearchRequest(f'"{title}" near:"{city}" 50mi experience:>{low} -title:{level}')
        yield SearchRequest(f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}")
        yield SearchRequest(f'{level} {title} consent:valid updated:<2y "{skill}"')
        yield SearchRequest(f'"{title.lower()}"~4 {skill}')
        yield SearchRequest(title, {"skill": (skill, another), "consent": ("may_write",)})
        yield SearchRequest(f'near:"{city}" 50mi', {"title": (title.lower(),)})
