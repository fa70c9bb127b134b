"""Facets against brute force: a facet's numbers ignore what is chosen in itself, and nothing else. Each engine's own
test file makes a class of it."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from talentpool.models import Activity, Application, Candidate, Job
from talentpool.search.find import SearchRequest, find, question_of
from talentpool.search.index.documents import documents_for
from talentpool.search.index.outbox import drain
from talentpool.search.judge import Subject, finds
from tests.talentpool.search.engine_contract import facet, names
from tests.talentpool.search.facts_contract import TODAY, pipeline, stands_in
from tests.talentpool.search.people import person

ASKED = ["", "nurse", "title:nurse OR skill:icu", "-driver", "has:owner OR experience:>3"]


def random_people(number: int, chance: random.Random, member) -> None:
    stages = [*pipeline("Nurses", ["New", "Interview"], member), *pipeline("Drivers", ["New", "Hired"], member)]
    job = Job.objects.create(title="Nurse")
    for place in range(number):
        start = chance.randrange(2000, 2026)
        who = person(
            f"Person {place}",
            title=chance.choice(["Nurse", "Driver", "nurse", ""]),
            skills=chance.sample(["ICU", "CDL", "Surgery"], chance.randrange(3)),
            location=chance.choice(["Fresno", "Austin", ""]),
            current_employer=chance.choice(["Acme", "St. Agnes", ""]),
            tags=chance.sample(["Gold", "Silver medalist"], chance.randrange(2)),
            source=chance.choice(["", "Fair", "Board"]),
            email=chance.choice(["", f"p{place}@mail.example"]),
            owner=chance.choice([None, member]),
            warmth=chance.randrange(5),
            positions=[{"title": "Job", "start": str(start), "end": str(start + chance.randrange(9))}],
            last_contact_at=chance.choice([None, TODAY - timedelta(days=chance.randrange(500))]),
        )
        whose = {"candidate": who, "origin": who}
        for kind in chance.sample(["message_opened", "message_clicked", "mail_received", "noted"], chance.randrange(3)):
            Activity.objects.create(kind=kind, at=TODAY - timedelta(days=chance.randrange(150)), **whose)
        if chance.random() < 0.6:
            stands_in(who, chance.choice(stages), member)
        if chance.random() < 0.3:
            Application.objects.create(job=job, phase=chance.choice(["interview", "offer"]), **whose)


def counted(text: str, chosen: dict[str, tuple[str, ...]], people: list[Subject]) -> dict[str, dict[str, int]]:
    """Of each facet the people per value, in the slowest and plainest way."""
    found: dict[str, Counter[str]] = {}
    for name in {key.facet for each in people for key in each.document.facets}:
        others = question_of(SearchRequest(text, facets={n: values for n, values in chosen.items() if n != name}))
        for each in people:
            if finds(others.clause, others.chosen, each):
                values = {key.value for key in each.document.facets if key.facet == name}
                found.setdefault(name, Counter()).update(values)
    return {name: dict(values) for name, values in found.items() if values}


class FacetsContract:
    def test_counts_are_right_whatever_is_chosen(self, tenant, member, time_machine):
        time_machine.move_to(TODAY, tick=False)
        chance = random.Random(3)
        random_people(60, chance, member)
        drain()
        people = [Subject(each) for each in documents_for(list(Candidate.objects.values_list("pk", flat=True)))]
        values = sorted({(key.facet, key.value) for each in people for key in each.document.facets})
        assert len({name for name, _ in values}) >= 14
        for _ in range(25):
            text, chosen = chance.choice(ASKED), {}
            for name, value in chance.sample(values, chance.randrange(5)):
                chosen[name] = (*chosen.get(name, ()), value)
            page = find(SearchRequest(text, facets=chosen))
            shown = {
                each.name: {value.value: value.count for value in each.values if value.count} for each in page.facets
            }
            shown = {name: counts for name, counts in shown.items() if counts}
            assert (text, chosen, shown) == (text, chosen, counted(text, chosen, people))
            everything = question_of(SearchRequest(text, facets=chosen))
            assert page.total == sum(finds(everything.clause, everything.chosen, each) for each in people)

    def test_work_contacts_and_pipelines_are_facets(self, tenant, member, time_machine):
        time_machine.move_to(TODAY, tick=False)
        new, talk = pipeline("Nurses", ["New", "Interview"], member)
        long_ago = datetime(2015, 1, 1, tzinfo=UTC)
        careers = [("2010", "2014-06"), ("2024", "2025"), ("2000", "2025-12")]
        people = [
            person(f"Person {n}", current_employer="Acme", positions=[{"start": start, "end": end}], minutes=n)
            for n, (start, end) in enumerate(careers)
        ]
        stands_in(people[0], new, member)
        stands_in(people[1], talk, member)
        job = Job.objects.create(title="Nurse")
        Application.objects.create(candidate=people[2], origin=people[2], job=job, phase="interview")
        Candidate.objects.filter(pk=people[0].pk).update(last_contact_at=TODAY - timedelta(days=40))
        Candidate.objects.filter(pk=people[1].pk).update(last_contact_at=long_ago, current_employer="ACME")
        for days, kind in ((5, "message_opened"), (5, "message_clicked"), (120, "mail_received")):
            at = TODAY - timedelta(days=days)
            Activity.objects.create(candidate=people[0], origin=people[0], kind=kind, at=at)
        drain()
        page = find(SearchRequest(""))
        asked = ("employer", "experience", "stage", "pipeline", "contacted", "engagement")
        assert {name: facet(page, name) for name in asked} == {
            "employer": [("Acme", 3, False)],
            "experience": [("2 to 4", 2, False), ("20 and more", 1, False)],
            "stage": [("Interview", 2, False), ("New", 1, False)],
            "pipeline": [("Nurses", 2, False)],
            "contacted": [("In the last three months", 1, False), ("Over a year ago", 1, False), ("Never", 1, False)],
            "engagement": [("Followed a link lately", 1, False), ("Opened a message lately", 1, False)],
        }
        assert names(facets={"stage": ("interview",), "pipeline": (str(talk.pipeline_id),)}) == ["Person 1"]
        assert names(facets={"contacted": ("3", "4")}) == ["Person 2", "Person 1"]
        talk.pipeline.name = "Midwives"
        talk.pipeline.save()
        drain()
        assert facet(find(SearchRequest("")), "pipeline") == [("Midwives", 2, False)]
