"""What is known of people beside their words: what they have, since when, where they stand. Each engine's own test
file makes a class of it, and the judge must say the same."""

import re
from datetime import UTC, datetime, timedelta

from talentpool.models import Application, Candidate, Consent, Job, Pipeline, PipelineEntry, Stage
from talentpool.search.find import SearchRequest, find
from talentpool.search.index.outbox import drain
from tests.talentpool.search.engine_contract import names
from tests.talentpool.search.judge_contract import judged, subjects
from tests.talentpool.search.people import person

TODAY = datetime(2026, 5, 1, 12, tzinfo=UTC)

KNOWN = {
    "has:resume": ["Ann"],
    "has:CV": ["Ann"],
    "has:résumé": ["Ann"],
    "missing:resume": ["Ben", "Cyd"],
    "has:(email OR phone)": ["Ann", "Ben"],
    "has:email missing:phone": ["Ann"],
    "missing:email": ["Ben", "Cyd"],
    "-missing:email": ["Ann"],
    "missing:(email phone)": ["Cyd"],
    'has:"e-mail"': ["Ann"],
    "has:skills": ["Ben"],
    "has:owner": ["Ben"],
    "has:silver": ["Ann"],
    "silver:yes": ["Ann"],
    "silver:no": ["Ben", "Cyd"],
    "has:application": ["Ben", "Cyd"],
    "has:pipeline": ["Ann", "Ben"],
    "has:consent": ["Ann"],
    "consent:valid": ["Ann"],
    "consent:may_write": ["Ann"],
    'consent:"May be written to"': ["Ann"],
    "consent:none": [],
    "consent:(no_address OR in_process)": ["Ben", "Cyd"],
    "written": [],
    "stage:interview": ["Ann", "Ben"],
    'stage:"first call"': ["Ben"],
    "stage:offer": [],
    'pipeline:"ICU nurses"': ["Ann", "Ben"],
    "pipeline:ICU stage:call": ["Ben"],
    "pipeline:old": [],
    "ICU": [],
    "contacted:never": ["Cyd"],
    "-contacted:never": ["Ann", "Ben"],
    "contacted:<90d": ["Ann"],
    "contacted:>90d": ["Ben"],
    "contacted:3m": ["Ann"],
    "contacted:>1y": [],
    "contacted:30d..1y": ["Ben"],
    "contacted:2026-01": ["Ben"],
    "contacted:2026..": ["Ann", "Ben"],
    "contacted:(never OR >3m)": ["Ben", "Cyd"],
    "updated:<1w": ["Ann", "Cyd"],
    "updated:>=2026-04-30": ["Ann", "Cyd"],
    "updated:..2026-01": ["Ben"],
    "added:<2d": ["Ann", "Ben", "Cyd"],
    "added:>2d": [],
}


def stands_in(candidate: Candidate, stage: Stage, member) -> None:
    whose = {"candidate": candidate, "origin": candidate, "added_by": member}
    PipelineEntry.objects.create(pipeline=stage.pipeline, stage=stage, added_at=TODAY, moved_at=TODAY, **whose)


def pipeline(name: str, stages: list[str], member, **fields) -> list[Stage]:
    made = Pipeline.objects.create(name=name, owner=member, **fields)
    return [Stage.objects.create(pipeline=made, name=stage, position=position) for position, stage in enumerate(stages)]


def three_with_facts(member) -> None:
    first, second = pipeline("ICU nurses", ["Interviewed", "First call"], member)
    (old,) = pipeline("Old folder", ["Offer"], member, archived_at=TODAY)
    recent = {"last_contact_at": TODAY - timedelta(days=20), "email": "ann@mail.example"}
    ann = person("Ann", resume="Nurse", tags=["Silver medalist"], consent=True, **recent)
    ben = person(
        "Ben", phone="+49 1", skills=["Python"], owner=member, last_contact_at=datetime(2026, 1, 3, tzinfo=UTC)
    )
    cyd = person("Cyd", email="")
    Candidate.objects.filter(pk=ben.pk).update(updated_at=datetime(2025, 12, 31, tzinfo=UTC))
    stands_in(ann, first, member)
    stands_in(ben, second, member)
    stands_in(cyd, old, member)
    nurse = Job.objects.create(title="Nurse")
    Application.objects.create(candidate=ben, origin=ben, job=nurse, stage="Talk", phase="interview")
    Application.objects.create(candidate=cyd, origin=cyd, job=nurse, phase="offer", state="rejected")


EXPERIENCE = {
    "experience:5": ["Both at once", "Since 2021"],
    "experience:5..9": ["Both at once", "Nine, over", "Since 2021"],
    "experience:<6": ["Both at once", "Months", "Since 2021"],
    "experience:<18m": ["Months"],
    "experience:<=1.5": ["Months"],
    "experience:>=9": ["Nine, over", "Since 2010 with a break"],
    "experience:10+": ["Since 2010 with a break"],
    "experience:(<1 OR >10)": ["Months", "Since 2010 with a break"],
    "-experience:>0m": ["Not yet", "Unknown"],
    "missing:experience": ["Unknown"],
}
CAREERS = {
    "Since 2021": [{"title": "Nurse", "start": "2021-04", "current": True}],
    "Nine, over": [
        {"title": "Nurse", "start": "2010-01", "end": "2014-12"},
        {"title": "Teacher", "start": "2016", "end": "2019"},
    ],
    "Both at once": [
        {"title": "Nurse", "start": "2010-01", "end": "2014-12"},
        {"title": "Waiter", "start": "2012", "end": "2015-03"},
    ],
    "Since 2010 with a break": [
        {"title": "Nurse", "start": "2010-01", "end": "2014-12"},
        {"title": "Head nurse", "start": "2018-01", "current": True},
        {"title": "Coach", "start": "2020-01", "end": "2021-01"},
    ],
    "Months": [{"title": "Intern", "start": "2025-11", "end": "2026-02"}],
    "Not yet": [{"title": "Nurse", "start": "2027-01", "current": True}, {"title": "Undated"}],
    "Unknown": [],
}


class FactsContract:
    def test_what_is_known_of_people_finds_them(self, tenant, member, time_machine):
        time_machine.move_to(TODAY, tick=False)
        three_with_facts(member)
        drain()
        assert {text: sorted(names(text)) for text in KNOWN} == KNOWN
        people, by_id = subjects(), dict(Candidate.objects.values_list("pk", "name"))
        assert {text: sorted(by_id[pk] for pk in judged(SearchRequest(text), people)) for text in KNOWN} == KNOWN

    def test_the_reasons_say_what_is_known(self, tenant, member, time_machine):
        time_machine.move_to(TODAY, tick=False)
        three_with_facts(member)
        drain()
        asked = "has:resume consent:valid stage:interview pipeline:icu"
        assert reasons_of(asked) == [
            [
                ("Has", "resume"),
                ("Contact", "May be written to"),
                ("ICU nurses", "Interviewed"),
                ("Pipeline", "ICU nurses"),
            ]
        ]
        assert reasons_of("contacted:>90d updated:>1m added:<1w stage:call") == [
            [
                ("Last contact", "3 January 2026"),
                ("Changed", "31 December 2025"),
                ("Added", "1 May 2026"),
                ("ICU nurses", "First call"),
            ]
        ]

    def test_what_passes_with_the_days_is_told_from_today(self, tenant, member, time_machine):
        time_machine.move_to(TODAY, tick=False)
        three_with_facts(member)
        drain()
        time_machine.move_to(TODAY + timedelta(days=71), tick=False)
        assert names("contacted:<90d") == []
        assert names("contacted:<=91d") == ["Ann"]
        assert sorted(names("updated:<1w")) == []

    def test_years_of_work_count_each_month_once_and_go_on(self, tenant, time_machine):
        time_machine.move_to(TODAY, tick=False)
        for name, positions in CAREERS.items():
            person(name, positions=positions)
        drain()
        assert {text: sorted(names(text)) for text in EXPERIENCE} == EXPERIENCE
        people, by_id = subjects(), dict(Candidate.objects.values_list("pk", "name"))
        assert {
            text: sorted(by_id[pk] for pk in judged(SearchRequest(text), people)) for text in EXPERIENCE
        } == EXPERIENCE
        assert reasons_of("experience:13") == [[("Experience", "13 years")]]
        time_machine.move_to(TODAY + timedelta(days=366), tick=False)
        assert sorted(names("experience:6")) == ["Since 2021"]
        assert reasons_of("experience:14") == [[("Experience", "14 years")]]

    def test_changes_of_pipelines_and_consents_are_followed(self, tenant, member, time_machine):
        time_machine.move_to(TODAY, tick=False)
        three_with_facts(member)
        drain()
        Pipeline.objects.filter(name="ICU nurses").update(name="Critical care")
        Stage.objects.filter(name="First call").update(name="Phoned")
        Consent.objects.update(withdrawn_at=TODAY)
        drain()
        assert sorted(names("pipeline:critical")) == ["Ann", "Ben"]
        assert (names("stage:phoned"), names("stage:call"), names("consent:valid")) == (["Ben"], [], [])
        Pipeline.objects.filter(name="Critical care").update(archived_at=TODAY)
        drain()
        assert (names("pipeline:critical"), names("stage:interview")) == ([], ["Ben"])


def reasons_of(text: str) -> list[list[tuple[str, str]]]:
    """Label and text of each hit's reasons."""
    page = find(SearchRequest(text))
    return [[(reason.label, re.sub("</?mark>", "", str(reason.html))) for reason in hit.reasons] for hit in page.hits]
