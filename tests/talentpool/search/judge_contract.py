"""The judge of one person says of everybody what the engine says. Each engine's own test file makes a class of it."""

import random

from talentpool.models import Candidate
from talentpool.search.analysis import stems
from talentpool.search.find import SearchRequest, has, question_of, tree_of
from talentpool.search.index.document import Document
from talentpool.search.index.documents import documents_for
from talentpool.search.index.outbox import drain
from talentpool.search.judge import Subject, finds
from talentpool.search.language.printer import to_text
from talentpool.search.language.tree import (
    TEXTS,
    Phrase,
    Prefix,
    Range,
    Term,
    Tree,
    all_of,
    any_of,
    none_of,
    within,
)
from talentpool.search.why_not import verdict_of
from tests.talentpool.search.engine_contract import ANN, BEN, FOUND, WANTED, found_by, own_fields
from tests.talentpool.search.people import person

WORDS = [
    "the",
    "nurse",
    "nursing",
    "nurses",
    "engineer",
    "engineering",
    "manager",
    "managed",
    "c++",
    "c#",
    ".net",
    "node.js",
    "José",
    "müller",
    "田中",
    "care",
    "fresno",
]
PREFIXES = ["nur", "engineeri", "manag", "fre", "josé", "car"]
RANGES = [("<60000", None, 5_999_999), ("5..9", 500, 900), (">=2", 200, None), ("=10", 1000, 1000), ("9..5", 900, 500)]
DAYS = [("<2027-01", None, 739_981), (">=2026", 739_617, None), ("2999-03", 1_095_275, 1_095_305)]
ORDERED = {"salary": RANGES, "warmth": RANGES, "custom.years": RANGES, "available": DAYS, "custom.since": DAYS}
OWN = ["custom.shirt_size", "custom.secret"]


def subjects() -> dict[int, Subject]:
    ids = list(Candidate.objects.values_list("pk", flat=True))
    return {document.candidate_id: Subject(document) for document in documents_for(ids)}


def judged(request: SearchRequest, people: dict[int, Subject]) -> list[int]:
    question = question_of(request)
    return [pk for pk, subject in sorted(people.items()) if finds(question.clause, question.chosen, subject)]


def in_words(request: SearchRequest, subject: Subject) -> bool:
    """What the verdict in words says of the person; what was chosen beside the words is left to the judge."""
    verdict = verdict_of(tree_of(request), [], subject, sees_restricted=True)
    chosen = finds(None, question_of(request).chosen, subject)
    return (verdict is None or verdict.holds) and chosen


def random_tree(chance: random.Random, depth: int, field: str | None = None) -> Tree:
    kind = chance.randrange(10) if depth else chance.randrange(4)
    if kind < 2:
        return Term(chance.choice(WORDS))
    if kind == 2:
        return Prefix(chance.choice(PREFIXES))
    if kind == 3:
        text = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 4)))
        return Phrase(text, chance.choice([0, 0, 1, 3]) if len(stems(text)) <= 4 else 0)
    if kind == 4 and field is None:
        name = chance.choice(list(ORDERED))
        return within(name, Range(*chance.choice(ORDERED[name])))
    if kind in (5, 6) and field is None:
        name = chance.choice([*TEXTS, "stage", "pipeline", *OWN])
        return within(name, random_tree(chance, depth - 1, name))
    if kind == 7:
        return none_of(random_tree(chance, depth - 1, field))
    joined = all_of if kind == 8 else any_of
    return joined([random_tree(chance, depth - 1, field) for _ in range(chance.randrange(2, 4))])


def random_person(number: int, chance: random.Random) -> None:
    def text(most: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randrange(most)))

    wants = chance.choice([ANN, BEN, {}, {"availability": chance.choice(["3 months", "2026-05", "30 days"])}])
    person(
        f"Person {text(3)}",
        title=text(4),
        skills=[text(3) for _ in range(chance.randrange(4))],
        location=text(3),
        resume=text(30),
        tags=[f"Tag {text(2)}"[:60]] if chance.random() < 0.5 else [],
        source=chance.choice(["", "Job fair", "Nurse fair"]),
        email=chance.choice(["", f"nurse{number}@mail.example"]),
        current_employer=text(3),
        wants=wants,
        warmth=chance.randrange(5),
        custom={"shirt_size": chance.choice(["Small", "Extra large"]), "years": str(chance.randrange(12))},
        minutes=number,
    )


class JudgeContract:
    def test_the_judge_finds_whom_the_engine_finds(self, three, member):
        people = subjects()
        assert {text: judged(SearchRequest(text), people) for text in FOUND} == {
            text: found_by(SearchRequest(text)) for text in FOUND
        }

    def test_the_judge_reads_wishes_and_own_fields_as_the_engine_does(self, tenant, member):
        own_fields(member)
        person("Ann", wants=ANN, warmth=4, custom={"shirt_size": "Extra large", "years": "-2.5", "secret": "Gold"})
        person("Ben", wants=BEN, warmth=2, custom={"shirt_size": "Small", "years": "10", "since": "2026-03-31"})
        person("Cyd", custom={"years": "10.01", "gone": "Yes"})
        drain()
        names, people = dict(Candidate.objects.values_list("pk", "name")), subjects()
        asked = {text: [names[pk] for pk in judged(SearchRequest(text), people)] for text in WANTED}
        assert asked == {text: sorted(found) for text, found in WANTED.items()}
        for facets in ({"field1": ("small",)}, {"warmth": ("4", "2"), "remote": ("hybrid",)}, {"field1": ("XXL",)}):
            request = SearchRequest("", facets=facets)
            assert judged(request, people) == found_by(request)

    def test_the_judge_and_the_engine_agree_on_anything(self, tenant, member):
        chance = random.Random(11)
        own_fields(member)
        for number in range(40):
            random_person(number, chance)
        drain()
        people, found = subjects(), []
        for _ in range(250):
            text = to_text(random_tree(chance, 3))
            facets = {"warmth": ("1", "3")} if chance.random() < 0.2 else {}
            request = SearchRequest(text, facets=facets)
            assert (text, facets, judged(request, people)) == (text, facets, found_by(request))
            found.append(len(judged(request, people)))
            one = chance.choice(list(people.values()))
            said = [one.document.candidate_id in judged(request, people), has(request, one.document.candidate_id)[0]]
            assert (text, [in_words(request, one)] * 2) == (text, said)
        assert sum(1 for number in found if 0 < number < 40) > 100

    def test_a_person_of_no_words_is_judged_like_any(self, tenant):
        nobody = Subject(Document(1, None, (), ()))
        judgements = {text: finds(question_of(SearchRequest(text)).clause, {}, nobody) for text in ("", "x", "-x")}
        assert judgements == {"": True, "x": False, "-x": True}
