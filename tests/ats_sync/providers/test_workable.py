"""The provider of Workable against the simulated one, over HTTP."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from ats_sync.providers import workable as module
from ats_sync.providers.base import Access, NewPerson
from ats_sync.providers.client import Client
from ats_sync.providers.errors import Down, Forbidden, PlaceLost, Refused, SignInRefused, Throttled
from ats_sync.providers.workable import Workable
from ats_sync.vocabulary import Change, Gone, How, Kind, kind_of
from talentpool.person import PersonFields
from tests.simulators.ats.dialects._workable_rows import id_of, resume_of, shortcode, slug, stage_of
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.world import World

STATES = {"active": "open", "rejected": "rejected", "withdrawn": "withdrawn", "hired": "hired"}
TOKEN = "workable-token"


@pytest.fixture(autouse=True)
def _this_machine_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OUTGOING_ALLOWED_NETWORKS", ["127.0.0.0/8"])


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.of("workable", people=50, seed=7, limit=1_000_000) as simulator:
        yield simulator


@pytest.fixture
def simulator(shared: Simulator) -> Iterator[Simulator]:
    """Each test leaves its people there, and none of its faults."""
    shared.requests.clear()
    yield shared
    shared.faults.clear()


@pytest.fixture
def workable(simulator: Simulator) -> Workable:
    return connected(simulator)


def connected(simulator: Simulator, *, wants_eeo: bool = False, **credentials: str) -> Workable:
    known = {name: value for name, value in simulator.credentials().items() if name != "dialect"}
    return Workable(Access(credentials=known | credentials, client=Client(), wants_eeo=wants_eeo))


def listed(provider: Workable, kind: Kind, since: str = "") -> dict[str, Any]:
    """All pages, by id."""
    found: dict[str, Change] = {}
    place = ""
    while True:
        page = provider.changed(kind, since=since, place=place)
        assert {kind_of(each) for each in page.changes} <= {kind}
        found |= {each.id: each for each in page.changes}
        if not page.place:
            return found
        place = page.place


def later(simulator: Simulator) -> str:
    """A moment after all that has happened, as the next round would give it."""
    simulator.world.clock.advance(300)
    return datetime.fromtimestamp(simulator.world.now() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def asked(simulator: Simulator, verb: str = "") -> list[str]:
    return [logged.path.removeprefix("/spi/v3/") for logged in simulator.requests if verb in ("", logged.method)]


def first(world: World, status: str) -> Any:
    return next(row for row in world.applications if row.status == status and row.job_id and not row.prospect)


def shrink(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(module, "FEW", limit)
    monkeypatch.setattr(module, "SOME", limit)
    monkeypatch.setattr(module, "MANY", limit)


# Everything


def test_a_person_on_two_jobs_is_two_people_each_with_an_application(simulator, workable):
    world = simulator.world
    person = world.add_candidate(first_name="Two", last_name="Jobs", emails=[{"value": "two@mail.example"}])
    both = {id_of(world.apply(person.id, job).id) for job in world.jobs.ids[:2]}

    people, applications = listed(workable, Kind.PERSON), listed(workable, Kind.APPLICATION)

    assert {each.id for each in people.values() if each.fields.emails == ("two@mail.example",)} == both
    assert {(applications[each].person, applications[each].job) for each in both} == {
        (each, shortcode(job)) for each, job in zip(sorted(both), world.jobs.ids[:2], strict=True)
    }


def test_people_are_those_of_the_world(simulator, workable):
    world = simulator.world
    people = listed(workable, Kind.PERSON)

    assert {
        each.id: (each.fields.name, each.fields.emails, each.fields.phones, set(each.fields.links), set(each.tags))
        for each in people.values()
    } == {
        id_of(row.id): (
            about.name,
            tuple(one["value"] for one in about.emails[:1]),
            tuple(one["value"] for one in about.phones[:1]),
            {one["value"] for one in about.links},
            set(about.tags),
        )
        for row in world.applications
        for about in [world.candidates.get(row.candidate_id)]
    }
    row = world.applications.get(world.applications.ids[0])
    about, fields = world.candidates.get(row.candidate_id), people[id_of(row.id)].fields
    assert (fields.given_name, fields.family_name, fields.location) == (
        about.first_name,
        about.last_name,
        about.location,
    )
    assert [(one.employer, one.title, one.current) for one in fields.positions] == [
        (one["company"], one["title"], True) for one in about.employments
    ]
    assert [(one.school, one.degree) for one in fields.education] == [
        (one["school"], one["degree"]) for one in about.educations
    ]


def test_applications_say_where_everybody_stands_and_why(simulator, workable):
    world = simulator.world
    reasons = {row.id: row.name for row in world.reject_reasons}

    assert {
        each.id: (each.person, each.job, each.stage, each.state, each.reason)
        for each in listed(workable, Kind.APPLICATION).values()
    } == {
        id_of(row.id): (
            id_of(row.id),
            shortcode(row.job_id) if row.job_id and not row.prospect else "",
            stage_of(world, row)["slug"],
            STATES[row.status],
            reasons.get(row.reject_reason_id, ""),
        )
        for row in world.applications
    }


def test_stages_mean_what_their_kind_says(simulator, workable):
    assert [(each.id, each.name, each.phase) for each in listed(workable, Kind.STAGE).values()] == [
        ("application-review", "Application Review", "applied"),
        ("phone-screen", "Phone Screen", "screening"),
        ("interview", "Interview", "interview"),
        ("final-interview", "Final Interview", "interview"),
        ("offer", "Offer", "offer"),
        ("hired", "Hired", "hired"),
    ]


def test_jobs_and_words_are_those_of_the_world(simulator, workable):
    world = simulator.world
    jobs = listed(workable, Kind.JOB)
    row = world.jobs.get(world.jobs.ids[0])
    job = jobs[shortcode(row.id)]

    assert set(jobs) == {shortcode(each.id) for each in world.jobs}
    assert (job.title, job.is_open, job.location) == (row.title, row.status == "open", row.location)
    assert (job.text, job.apply_url) == (row.text, row.apply_url)
    assert job.department == world.departments.get(row.department_id).name
    assert set(job.team) == {world.users.get(one).name for one in [*row.recruiter_ids, *row.hiring_manager_ids]}
    names = {kind: {each.name for each in listed(workable, kind).values()} for kind in (Kind.REASON, Kind.DEPARTMENT)}
    assert names == {
        Kind.REASON: {one.name for one in world.reject_reasons},
        Kind.DEPARTMENT: {one.name for one in world.departments},
    }
    emails = {each.email for each in listed(workable, Kind.USER).values()}
    assert emails == {one.email for one in world.users if not one.service}


def test_what_was_done_is_read_by_job_and_for_the_pool_by_candidate(simulator, workable):
    world = simulator.world
    notes, steps, cards = (listed(workable, kind) for kind in (Kind.NOTE, Kind.STEP, Kind.SCORECARD))
    of_candidate: dict[int, list[int]] = defaultdict(list)
    for row in world.applications:
        of_candidate[row.candidate_id].append(row.id)
    assert {(each.person, each.text, each.author) for each in notes.values()} == {
        (
            id_of(row.application_id or min(of_candidate[row.candidate_id])),
            row.body,
            world.users.get(row.author_id).name,
        )
        for row in world.notes
    }
    moves = [row for row in world.stage_entries if world.stages.get(row.stage_id).position or row.by_id]
    assert {(each.application, each.words) for each in steps.values()} == {
        (id_of(row.application_id), world.stages.get(row.stage_id).name) for row in moves
    }
    assert {each.application for each in cards.values()} == {id_of(row.application_id) for row in world.scorecards}
    assert notes and steps and cards
    pool = {f"candidates/{id_of(row.id)}/activities" for row in world.applications if row.prospect}
    assert pool
    assert {path for path in asked(simulator) if "candidates/" in path} == pool


def test_resumes_interviews_and_offers_are_those_of_the_world(simulator, workable):
    world = simulator.world
    files, interviews, offers = (listed(workable, kind) for kind in (Kind.FILE, Kind.INTERVIEW, Kind.OFFER))
    resumes = {row.id: resume for row in world.applications if (resume := resume_of(world, row))}

    assert {each.id: (each.name, each.is_resume) for each in files.values()} == {
        f"{id_of(row)}:resume": (resume.filename, True) for row, resume in resumes.items()
    }
    assert set(interviews) == {id_of(row.id) for row in world.interviews}
    with_offer = {row.application_id for row in world.offers}
    assert set(offers) == {
        f"{id_of(row)}:offer"
        for row in with_offer
        if stage_of(world, world.applications.get(row))["slug"] in ("offer", "hired")
    }
    assert files and interviews and offers
    file = next(iter(files.values()))
    number = next(row for row in resumes if f"{id_of(row)}:resume" == file.id)
    assert workable.fetch(file, most_bytes=1 << 20) == resumes[number].content


# What has changed


def test_a_status_change_long_after_applying_is_seen(simulator, workable):
    since = later(simulator)
    row = first(simulator.world, "active")
    reason = simulator.world.reject_reasons.where(kind="us")[0]
    assert simulator.world.now() - row.applied_at > 300_000
    simulator.world.reject(row.id, reason.id)

    changed = listed(workable, Kind.APPLICATION, since)

    assert changed[id_of(row.id)].state == "rejected"
    assert changed[id_of(row.id)].reason == reason.name
    assert set(changed) == {id_of(one.id) for one in simulator.world.applications.where(candidate_id=row.candidate_id)}
    assert listed(workable, Kind.APPLICATION, later(simulator)) == {}


def test_every_kind_of_change_comes_with_the_next_round(simulator, workable):
    world, since = simulator.world, later(simulator)
    row = first(world, "active")
    offer_stage = next(one for one in world.stages_of(row.job_id) if one.kind == "offer")
    other = next(one for one in world.stages_of(row.job_id) if one.id not in (offer_stage.id, row.stage_id))
    world.move(row.id, other.id, by=world.users.ids[0])
    world.move(row.id, offer_stage.id, by=world.users.ids[0])
    note = world.add_note(row.candidate_id, "Called back", by=world.users.ids[0], application_id=row.id)
    world.attach(row.candidate_id, "newer resume.pdf", b"Newer", kind="resume")
    interview = world.plan_interview(row.id, name="Panel", starts_at=world.now())
    card = world.score(row.id, by=world.users.ids[0], interview_id=interview.id, rating="strong_yes")
    world.make_offer(row.id)
    job = world.edit_job(row.job_id, location="Anchorage, AK")

    found = {kind: listed(workable, kind, since) for kind in workable.kinds}

    me = id_of(row.id)
    assert me in found[Kind.PERSON]
    assert found[Kind.APPLICATION][me].stage == "offer"
    assert found[Kind.NOTE][f"{me}:{id_of(note.id)}"].text == "Called back"
    assert [each.words for each in found[Kind.STEP].values()] == [other.name, offer_stage.name]
    assert set(found[Kind.SCORECARD]) == {f"{me}:{id_of(card.id)}"}
    assert found[Kind.FILE][f"{me}:resume"].name == "newer resume.pdf"
    assert found[Kind.OFFER][f"{me}:offer"].words == "Sent"
    assert id_of(interview.id) in found[Kind.INTERVIEW]
    assert set(found[Kind.JOB]) == {shortcode(job.id)}


def test_what_happens_in_one_second_is_not_lost_between_two_rounds(simulator, workable):
    """Its clock is coarse: a round begins before the last one began."""
    world = simulator.world
    began = datetime.fromtimestamp(world.now() / 1000, UTC)
    row = first(world, "active")
    world.edit_candidate(row.candidate_id, first_name="Quick")

    assert id_of(row.id) in listed(workable, Kind.APPLICATION, workable.since(began))


def test_pages_hold_while_people_come_and_go(simulator, workable, monkeypatch):
    shrink(monkeypatch, 7)
    world = simulator.world
    going = world.apply(world.add_candidate(first_name="Short", last_name="Stay").id, world.jobs.ids[0])
    page = workable.changed(Kind.PERSON, since="", place="")
    assert len(page.changes) == 7
    world.delete_application(going.id)
    coming = world.apply(world.add_candidate(first_name="Brand", last_name="New").id, world.jobs.ids[0])
    found, place = {each.id for each in page.changes}, page.place
    while place:
        page = workable.changed(Kind.PERSON, since="", place=place)
        found, place = found | {each.id for each in page.changes}, page.place

    assert found - {id_of(going.id)} == {id_of(row.id) for row in world.applications}
    assert id_of(coming.id) in found
    assert workable.read(Kind.PERSON, [id_of(going.id)]) == [
        Gone(what=Kind.PERSON, id=id_of(going.id), how=How.DELETED)
    ]


@pytest.mark.parametrize("kind", [Kind.APPLICATION, Kind.STEP, Kind.JOB, Kind.INTERVIEW, Kind.FILE])
def test_small_pages_say_the_same_as_large_ones(simulator, workable, monkeypatch, kind):
    large = listed(workable, kind)
    shrink(monkeypatch, 3)
    assert listed(connected(simulator), kind) == large


def test_a_place_that_is_lost_is_said_to_be(simulator, workable, monkeypatch):
    shrink(monkeypatch, 7)
    place = workable.changed(Kind.APPLICATION, since="", place="").place
    simulator.faults.add("invalid_offset", times=1)

    with pytest.raises(PlaceLost):
        workable.changed(Kind.APPLICATION, since="", place=place)


def test_the_next_page_is_asked_for_where_the_first_was(simulator, workable, monkeypatch):
    """An address in an answer leads nowhere else."""
    said = {"candidates": [], "paging": {"next": "http://169.254.169.254/spi/v3/candidates?since_id=ff&limit=7"}}
    monkeypatch.setattr(workable, "_get", lambda path, query=None: said)

    assert workable.changed(Kind.FILE, since="", place="").place == "since_id=ff&limit=7"


# Reading single ones


def test_reading_says_the_same_as_listing(workable):
    for kind in workable.kinds:
        everything = listed(workable, kind)
        ids = list(everything)[:3]
        assert ids
        expected = sorted((everything[each] for each in ids), key=lambda each: each.id)
        assert sorted(workable.read(kind, ids), key=lambda each: each.id) == expected


@pytest.mark.parametrize(
    "kind", [Kind.PERSON, Kind.APPLICATION, Kind.JOB, Kind.OFFER, Kind.NOTE, Kind.FILE, Kind.INTERVIEW, Kind.REASON]
)
def test_what_is_not_there_is_gone(workable, kind):
    assert workable.read(kind, ["fffff:1"]) == [Gone(what=kind, id="fffff:1", how=How.DELETED)]


def test_somebody_anonymised_is_told_as_such(simulator, workable):
    world = simulator.world
    about = world.add_candidate(first_name="Ann", last_name="Onym", emails=[{"value": "ann@mail.example"}])
    row = world.apply(about.id, world.jobs.ids[0])
    world.anonymise(about.id)

    (gone,) = workable.read(Kind.PERSON, [id_of(row.id)])
    world.delete_candidate(about.id)

    assert (type(gone), gone.id, gone.how) == (Gone, id_of(row.id), How.ANONYMISED)


def test_equal_opportunity_answers_stay_there_unless_they_are_wanted(simulator, workable):
    world = simulator.world
    people = listed(workable, Kind.PERSON)
    answers = {value for row in world.eeoc for value in (row.gender, row.race) if len(value) > 6}
    assert answers
    assert not any(word in json.dumps(dict(each.raw)) for each in people.values() for word in answers)

    wanted = listed(connected(simulator, wants_eeo=True), Kind.PERSON)
    answered = {id_of(row.application_id) for row in world.eeoc}
    told = {
        each.id
        for each in wanted.values()
        if any(one["question"]["body"] == "Gender" for one in each.raw.get("answers") or ())
    }
    assert told == answered


def test_answer_comes_only_to_a_question_that_somebody_chose_and_never_on_equal_opportunity(simulator):
    asked_for = ("Shift", "Gender", "Race", "Veteran status")
    access = connected(simulator).access
    chosen = Workable(replace(access, own_fields=lambda: asked_for))
    people, unchosen = listed(chosen, Kind.PERSON), listed(connected(simulator), Kind.PERSON)
    assert {name for each in people.values() for name in each.fields.custom} == {"Shift"}
    assert {name for each in unchosen.values() for name in each.fields.custom} == set()
    assert {name for each in unchosen.values() for name in each.called} == {"Shift"}


def test_raw_stays_the_same_when_only_something_around_her_moves(simulator, workable):
    world = simulator.world
    row = first(world, "active")
    (before,) = workable.read(Kind.PERSON, [id_of(row.id)])
    world.clock.advance(5)
    stage = next(one for one in world.stages_of(row.job_id) if one.id != row.stage_id)
    world.move(row.id, stage.id)
    world.add_note(row.candidate_id, "Still there", by=world.users.ids[0])
    (after,) = workable.read(Kind.PERSON, [id_of(row.id)])

    assert after.raw == before.raw
    assert after.updated_at > before.updated_at


# Errors and limits


def test_an_unknown_token_and_a_missing_scope_are_different_things(simulator, workable):
    with pytest.raises(SignInRefused):
        connected(simulator, token="wrong").check()
    with Simulator.of("workable", people=2, scopes={"r_jobs"}, limit=1000) as narrow:
        provider = connected(narrow)
        rights = {right.kind: right.is_given for right in provider.check()}
        with pytest.raises(Forbidden):
            provider.changed(Kind.PERSON, since="", place="")
    given = {Kind.DEPARTMENT, Kind.USER, Kind.STAGE, Kind.JOB, Kind.INTERVIEW}
    assert rights == {kind: kind in given for kind in provider.kinds}
    assert all(right.is_given for right in workable.check())


def test_a_token_that_is_revoked_is_refused():
    with Simulator.of("workable", people=2, limit=1000) as simulator:
        provider = connected(simulator)
        simulator.faults.add("expire_token", times=1)
        with pytest.raises(SignInRefused):
            provider.changed(Kind.APPLICATION, since="", place="")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "error", "status": 502}, Down),
        ({"kind": "half"}, Down),
        ({"kind": "cut"}, Down),
        ({"kind": "too_many", "retry_after": 7}, Throttled),
        ({"kind": "forbid"}, Forbidden),
    ],
)
def test_faults_of_workables_are_told_apart(simulator, workable, fault, error):
    simulator.faults.add(**fault, path="/spi/v3/candidates", times=1)
    with pytest.raises(error):
        workable.changed(Kind.APPLICATION, since="", place="")


def test_ten_in_ten_seconds_and_the_header_says_until_when():
    with Simulator.of("workable", people=2) as simulator:
        provider = connected(simulator)
        with pytest.raises(Throttled) as caught:
            for _ in range(21):
                provider.changed(Kind.STAGE, since="", place="")
        assert 0 < caught.value.seconds <= 11
        statuses = [logged.status for logged in simulator.requests]
        assert statuses.count(200) in (10, 20)
        simulator.world.clock.advance(10)
        assert provider.changed(Kind.STAGE, since="", place="").changes


# Webhooks


@pytest.fixture
def told(simulator):
    """What is sent while a test runs, to where nobody answers."""
    hook = simulator.webhooks.subscribe("http://127.0.0.1:9/", TOKEN)
    hook.enabled = True
    simulator.webhooks.sent.clear()
    yield lambda: [
        ({name.lower(): value for name, value in one.headers.items()}, one.body) for one in simulator.webhooks.sent
    ]
    simulator.webhooks.hooks.clear()


def test_what_happens_to_candidates_is_told_and_then_read(simulator, workable, told):
    world = simulator.world
    row = first(world, "active")
    new = world.apply(row.candidate_id, world.jobs.ids[2])
    world.withdraw(row.id)
    deliveries = [workable.hear(headers, body, "not used") for headers, body in told()]

    assert [[(each.what, each.id) for each in delivery.heard] for delivery in deliveries] == [
        [(Kind.PERSON, id_of(new.id)), (Kind.APPLICATION, id_of(new.id))],
        [(Kind.APPLICATION, id_of(row.id))],
    ]
    assert len({delivery.mark for delivery in deliveries}) == 2
    assert deliveries[0].at is not None
    assert workable.read(Kind.APPLICATION, [id_of(row.id)])[0].state == "withdrawn"


def test_a_deleted_person_takes_all_her_candidates_along(simulator, workable, told):
    world = simulator.world
    person = world.add_candidate(first_name="Two", last_name="Gone")
    both = [id_of(world.apply(person.id, job).id) for job in world.jobs.ids[:2]]
    world.delete_candidate(person.id)

    heard = [each.change for headers, body in told() for each in workable.hear(headers, body, "").heard]

    assert [each for each in heard if each] == [
        Gone(what=what, id=one, how=How.DELETED) for one in both for what in (Kind.APPLICATION, Kind.PERSON)
    ]


def signed(body: bytes, key: str = TOKEN) -> dict[str, str]:
    return {"x-workable-signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}


def test_signatures_are_those_of_the_token_over_the_raw_body(simulator, workable):
    body = b'{"event_type": "candidate_moved", "id": "1", "data": {"id": "4f"}}'

    assert workable.hear(signed(body), body, "x").mark == workable.hear(signed(body), body, "x").mark
    for headers, said in (
        (signed(body), body + b" "),
        (signed(body, "other"), body),
        (signed(body, ""), body),
        ({}, body),
        ({"x-workable-signature": "ünïcode"}, body),
    ):
        with pytest.raises(SignInRefused):
            workable.hear(headers, said, "x")
    with pytest.raises(SignInRefused):
        connected(simulator, token="").hear(signed(body, ""), body, "")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"{}", b'{"event_type": "candidate_moved"}', b'"x"'])
def test_a_message_without_sense_is_refused(workable, body):
    with pytest.raises(Refused):
        workable.hear(signed(body), body, "x")


def test_unknown_events_are_taken(workable):
    body = b'{"event_type": "employee_created", "id": "1", "data": {"id": "4f"}}'
    assert workable.hear(signed(body), body, "x").heard == ()


# Writing


def somebody(**values: Any) -> PersonFields:
    return PersonFields(**{"name": "Wilhelmina Weir", "emails": ("wil@mail.example",), **values})


def test_somebody_is_added_once_even_when_the_answer_is_lost_and_gets_no_mail(simulator, workable):
    world, before = simulator.world, len(simulator.world.candidates)
    job = shortcode(world.jobs.ids[0])
    links = ("https://www.linkedin.com/in/wil", "https://wil.example")
    fields = somebody(emails=("lost@mail.example",), phones=("+1 559 555 0000",), links=links, headline="Nurse")
    assert workable.find_person(fields, "mark") == ""
    simulator.faults.add("lost", path=f"/spi/v3/jobs/{job}/candidates", times=1)
    with pytest.raises(Down):
        workable.add_person(NewPerson(fields=fields, mark="mark", job=job, source="Rapport"))

    there = workable.find_person(fields, "mark")
    changes = workable.apply(there, job, "")

    assert len(world.candidates) == before + 1
    assert [(kind_of(each), each.id) for each in changes] == [(Kind.PERSON, there), (Kind.APPLICATION, there)]
    assert (changes[0].fields.name, changes[0].fields.emails) == (fields.name, fields.emails)
    assert (changes[0].fields.phones, changes[0].fields.links) == (fields.phones, links)
    assert simulator.dialect.mails == []


def test_for_another_job_she_is_copied_once(simulator, workable):
    one, other = (shortcode(job) for job in simulator.world.jobs.ids[3:5])
    fields = somebody(emails=("copied@mail.example",))
    person = workable.add_person(NewPerson(fields=fields, mark="m", job=one))[0].id

    made = [workable.apply(person, other, "") for _ in range(2)]

    assert made[0] == made[1]
    assert (made[0][1].job, made[0][1].state) == (other, "open")
    assert made[0][0].id != person
    assert made[0][0].fields == workable.read(Kind.PERSON, [person])[0].fields


def test_without_a_job_she_goes_into_the_talent_pool(simulator, workable):
    made = workable.add_person(NewPerson(fields=somebody(emails=("pool@mail.example",)), mark="m"))
    assert (made[1].job, made[1].state) == ("", "open")
    with pytest.raises(Refused, match="e-mail address"):
        workable.add_person(NewPerson(fields=somebody(emails=()), mark="m"))


def test_a_note_is_written_once_and_comes_back_by_its_id(simulator, workable):
    text = "Spoke about <Thursday> & “later”"
    row = first(simulator.world, "active")
    simulator.faults.add("lost", path="*/comments", times=1)
    with pytest.raises(Down):
        workable.add_note(id_of(row.id), text)

    made = workable.find_note(id_of(row.id), text)

    assert [f"{id_of(row.id)}:{id_of(one.id)}" for one in simulator.world.notes if one.body == text] == [made]
    assert workable.read(Kind.NOTE, [made])[0].text == text
    assert workable.find_note(id_of(row.id), "Spoke") == ""
    assert workable.add_note(id_of(row.id), "Another") == workable.find_note(id_of(row.id), "Another")


def test_moving_and_rejecting_are_done_once_and_in_a_members_name(simulator, workable):
    world = simulator.world
    row, reason = first(world, "active"), world.reject_reasons.where(kind="us")[0]
    wanted = next(one for one in world.stages_of(row.job_id) if one.id != row.stage_id)
    for _ in range(2):
        workable.move(id_of(row.id), slug(wanted.name))
    assert world.applications.get(row.id).stage_id == wanted.id
    for _ in range(2):
        workable.reject(id_of(row.id), id_of(reason.id))

    assert (world.applications.get(row.id).status, world.applications.get(row.id).reject_reason_id) == (
        "rejected",
        reason.id,
    )
    assert [path.rpartition("/")[2] for path in asked(simulator, "POST")] == ["move", "disqualify"]
    admin = next(one for one in world.users if one.admin)
    assert world.rejections.where(application_id=row.id)[0].by_id == admin.id
    with pytest.raises(Refused, match="no such stage"):
        workable.move(id_of(row.id), "nowhere")


def test_one_writes_as_the_member_who_was_named(simulator):
    row, member = first(simulator.world, "active"), list(simulator.world.users)[2]
    provider = connected(simulator, member=member.email.upper())
    note = provider.add_note(id_of(row.id), "As somebody")

    assert provider.read(Kind.NOTE, [note])[0].author == member.name
    with pytest.raises(Refused, match=r"no member nobody@mail\.example"):
        connected(simulator, member="nobody@mail.example").add_note(id_of(row.id), "As nobody")


def test_tags_are_added_to_those_there_are(simulator, workable):
    row = first(simulator.world, "active")
    before = list(simulator.world.candidates.get(row.candidate_id).tags)
    for _ in range(2):
        workable.tag(id_of(row.id), ["night shift", "from Rapport"])

    assert simulator.world.candidates.get(row.candidate_id).tags == list(
        dict.fromkeys([*before, "night shift", "from Rapport"])
    )
    assert len(asked(simulator, "PUT")) == 1


def test_a_file_is_sent_once(simulator, workable):
    row = first(simulator.world, "active")
    made = {workable.add_file(id_of(row.id), "Résumé 2.pdf", b"\x00\xff content", is_resume=False) for _ in range(2)}

    assert len(made) == 1
    files = simulator.world.attachments.where(candidate_id=row.candidate_id)
    assert [one.content for one in files if one.filename == "Résumé 2.pdf"] == [b"\x00\xff content"]
