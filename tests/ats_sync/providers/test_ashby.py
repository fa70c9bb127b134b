"""The provider of Ashby against the simulated one, over HTTP."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from ats_sync.providers import ashby as module
from ats_sync.providers.ashby import Ashby
from ats_sync.providers.base import Access, NewPerson
from ats_sync.providers.client import Client
from ats_sync.providers.errors import Down, Forbidden, NotThere, PlaceLost, Refused, SignInRefused, Throttled
from ats_sync.vocabulary import Change, Gone, How, Kind, kind_of
from talentpool.person import PersonFields
from tests.simulators.ats.dialects._ashby_rows import ARCHIVED, HIRED, PLAN, uuid_of
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.world import World

STATES = {"active": "open", "rejected": "rejected", "withdrawn": "withdrawn", "hired": "hired"}


@pytest.fixture(autouse=True)
def _this_machine_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OUTGOING_ALLOWED_NETWORKS", ["127.0.0.0/8"])


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.of("ashby", people=50, seed=7, limit=1_000_000) as simulator:
        yield simulator


@pytest.fixture
def simulator(shared: Simulator) -> Iterator[Simulator]:
    """Each test leaves its people there, and none of its faults."""
    shared.requests.clear()
    yield shared
    shared.faults.clear()


@pytest.fixture
def ashby(simulator: Simulator) -> Ashby:
    return connected(simulator)


def connected(simulator: Simulator, *, wants_eeo: bool = False, **credentials: str) -> Ashby:
    known = {name: value for name, value in simulator.credentials().items() if name != "dialect"}
    return Ashby(Access(credentials=known | credentials, client=Client(), wants_eeo=wants_eeo))


def listed(provider: Ashby, kind: Kind, since: str = "") -> tuple[dict[str, Any], str]:
    """All pages, by id, and where the next round begins."""
    found: dict[str, Change] = {}
    place = ""
    while True:
        page = provider.changed(kind, since=since, place=place)
        assert {kind_of(each) for each in page.changes} <= {kind}
        found |= {each.id: each for each in page.changes}
        if not page.place:
            assert page.since
            return found, page.since
        place = page.place


def asked(simulator: Simulator) -> list[str]:
    return [logged.path.strip("/") for logged in simulator.requests]


def shown_applications(world: World) -> list[Any]:
    return [row for row in world.applications if row.job_id and not row.prospect]


def first(world: World, status: str) -> Any:
    return next(row for row in shown_applications(world) if row.status == status)


def stage_of(row: Any) -> str | None:
    ends = {"hired": HIRED, "rejected": ARCHIVED, "withdrawn": ARCHIVED}
    return uuid_of(row.job_id, ends[row.status]) if row.status in ends else uuid_of(row.stage_id)


def shrink(monkeypatch: pytest.MonkeyPatch, kind: Kind, limit: int) -> None:
    listing = module.LISTS[kind]
    monkeypatch.setitem(module.LISTS, kind, module.Listing(listing.name, listing.body, limit))


# Everything


def test_people_are_those_of_the_world(simulator, ashby):
    world = simulator.world
    people, _ = listed(ashby, Kind.PERSON)

    assert {
        each.id: (each.fields.name, set(each.fields.emails), set(each.fields.phones), set(each.fields.links), each.tags)
        for each in people.values()
    } == {
        uuid_of(row.id): (
            row.name,
            {one["value"] for one in row.emails},
            {one["value"] for one in row.phones},
            {one["value"] for one in row.links},
            tuple(one.name for one in world.tags if one.name in row.tags),
        )
        for row in world.candidates
    }
    row = world.candidates.get(world.candidates.ids[0])
    fields = people[uuid_of(row.id)].fields
    assert (fields.headline, fields.positions[0].employer) == (row.title, row.company)
    assert fields.location == f"{row.location}, United States"
    shift = uuid_of(next(one.id for one in world.custom_fields if one.key == "shift"))
    assert fields.custom == {shift: row.custom["shift"]}
    assert people[uuid_of(row.id)].called == {shift: "Shift"}


def test_applications_say_where_everybody_stands_and_since_when(simulator, ashby):
    world = simulator.world
    found, _ = listed(ashby, Kind.APPLICATION)

    def moved_at(row: Any) -> int:
        return row.rejected_at or row.hired_at or world.current_entry(row.id).entered_at

    reasons = {row.id: row.name for row in world.reject_reasons}
    assert {
        each.id: (each.person, each.job, each.stage, each.state, each.reason, round(each.moved_at.timestamp() * 1000))
        for each in found.values()
    } == {
        uuid_of(row.id): (
            uuid_of(row.candidate_id),
            uuid_of(row.job_id),
            stage_of(row),
            STATES[row.status],
            reasons.get(row.reject_reason_id, ""),
            moved_at(row),
        )
        for row in shown_applications(world)
    }
    assert {each.state.value for each in found.values()} >= {"open", "rejected", "hired"}


def test_notes_files_and_steps_are_those_of_the_world(simulator, ashby):
    world = simulator.world
    notes, files, offers, interviews, cards = (
        listed(ashby, kind)[0] for kind in (Kind.NOTE, Kind.FILE, Kind.OFFER, Kind.INTERVIEW, Kind.SCORECARD)
    )

    def step_id(row: Any) -> str:
        return f"{uuid_of(row.application_id)}:{uuid_of(row.id)}"

    assert {each.id: (each.person, each.text, each.author) for each in notes.values()} == {
        uuid_of(row.id): (uuid_of(row.candidate_id), row.body, world.users.get(row.author_id).name)
        for row in world.notes
    }
    assert {each.id: (each.person, each.name) for each in files.values()} == {
        uuid_of(row.id): (uuid_of(row.candidate_id), row.filename) for row in world.attachments
    }
    assert {each.id: each.application for each in offers.values()} == {
        uuid_of(row.id): uuid_of(row.application_id) for row in world.offers
    }
    moves = listed(ashby, Kind.STEP)[0].values()
    assert {(each.application, each.words, round(each.at.timestamp() * 1000)) for each in moves} == {
        (uuid_of(stay.application_id), world.stages.get(stay.stage_id).name, stay.entered_at)
        for row in shown_applications(world)
        for stay in sorted(world.stage_entries.where(application_id=row.id), key=lambda one: (one.entered_at, one.id))[
            1:
        ]
    }
    assert set(interviews) == {step_id(row) for row in world.interviews}
    assert set(cards) == {step_id(row) for row in world.scorecards}
    assert min(map(len, (notes, files, offers, interviews, cards))) > 0
    file = next(iter(files.values()))
    content = next(row.content for row in world.attachments if uuid_of(row.id) == file.id)
    assert ashby.fetch(file, most_bytes=1 << 20) == content


def test_jobs_come_with_their_posting_and_words_with_their_kind(simulator, ashby):
    world = simulator.world
    jobs, _ = listed(ashby, Kind.JOB)
    row = world.jobs.get(world.jobs.ids[0])
    job = jobs[uuid_of(row.id)]

    assert set(jobs) == {uuid_of(each.id) for each in world.jobs}
    assert (job.title, job.is_open, job.text) == (row.title, row.status == "open", row.text)
    assert (job.location, job.apply_url) == (row.location, row.apply_url)
    assert job.department == world.departments.get(row.department_id).name
    team = [world.users.get(one).name for one in [*row.recruiter_ids, *row.hiring_manager_ids]]
    assert job.team == tuple(dict.fromkeys(team))
    tables = {Kind.DEPARTMENT: world.departments, Kind.SOURCE: world.sources, Kind.REASON: world.reject_reasons}
    for kind, table in tables.items():
        names = {each.id: each.name for each in listed(ashby, kind)[0].values()}
        assert names == {uuid_of(one.id): one.name for one in table}
    users = listed(ashby, Kind.USER)[0].values()
    assert {each.email for each in users} == {one.email for one in world.users if not one.service}


def test_two_plans_have_stages_of_one_title_and_other_ids(simulator, ashby):
    stages, _ = listed(ashby, Kind.STAGE)
    by_title: dict[str, set[str]] = defaultdict(set)
    for each in stages.values():
        by_title[each.name].add(each.parent)

    plans = {uuid_of(row.id, PLAN) for row in simulator.world.jobs}
    assert by_title["Phone Screen"] == by_title["Archived"] == plans
    assert len(stages) == len(plans) * 7
    assert {(each.name, each.phase) for each in stages.values()} == {
        ("Application Review", "screening"),
        ("Phone Screen", "screening"),
        ("Interview", "interview"),
        ("Final Interview", "interview"),
        ("Offer", "offer"),
        ("Hired", "hired"),
        ("Archived", "rejected"),
    }


# What has changed


def test_a_status_change_long_after_applying_is_seen(simulator, ashby):
    _, since = listed(ashby, Kind.APPLICATION)
    row = first(simulator.world, "active")
    reason = simulator.world.reject_reasons.where(kind="us")[0]
    assert simulator.world.now() - row.applied_at > 1000
    simulator.world.reject(row.id, reason.id)

    changed, again = listed(ashby, Kind.APPLICATION, since)

    assert [(each.id, each.state, each.reason) for each in changed.values()] == [
        (uuid_of(row.id), "rejected", reason.name)
    ]
    simulator.world.clock.advance(1)
    _, again = listed(ashby, Kind.APPLICATION, again)
    assert listed(ashby, Kind.APPLICATION, again)[0] == {}


def test_every_kind_of_change_comes_with_the_next_round(simulator, ashby):
    world = simulator.world
    simulator.world.clock.advance(1)
    since = {kind: listed(ashby, kind)[1] for kind in ashby.kinds}
    row = first(world, "active")
    stage = next(one for one in world.stages_of(row.job_id) if one.id != row.stage_id)
    world.move(row.id, stage.id)
    note = world.add_note(row.candidate_id, "Called back", by=world.users.ids[0])
    file = world.attach(row.candidate_id, "letter.txt", b"Dear team", kind="cover_letter")
    interview = world.plan_interview(row.id, name="Panel", starts_at=world.now())
    card = world.score(row.id, by=world.users.ids[0], interview_id=interview.id, rating="strong_yes")
    offer = world.make_offer(row.id)
    job = world.edit_job(row.job_id, location="Anchorage, AK")

    found = {kind: set(listed(ashby, kind, token)[0]) for kind, token in since.items()}

    application = uuid_of(row.id)
    assert found[Kind.APPLICATION] == {application}
    assert found[Kind.PERSON] == {uuid_of(row.candidate_id)}
    assert f"{application}:{uuid_of(world.current_entry(row.id).id)}" in found[Kind.STEP]
    assert uuid_of(note.id) in found[Kind.NOTE]
    assert uuid_of(file.id) in found[Kind.FILE]
    assert f"{application}:{uuid_of(interview.id)}" in found[Kind.INTERVIEW]
    assert f"{application}:{uuid_of(card.id)}" in found[Kind.SCORECARD]
    assert uuid_of(offer.id) in found[Kind.OFFER]
    assert found[Kind.JOB] == {uuid_of(job.id)}
    assert found[Kind.STAGE] == found[Kind.USER] == found[Kind.REASON] == set()


def test_what_changes_while_pages_are_read_comes_with_the_next_token(simulator, ashby, monkeypatch):
    shrink(monkeypatch, Kind.PERSON, 7)
    simulator.world.clock.advance(1)
    page = ashby.changed(Kind.PERSON, since="", place="")
    assert len(page.changes) == 7
    seen = page.changes[0]
    row = next(one for one in simulator.world.candidates if uuid_of(one.id) == seen.id)
    simulator.world.edit_candidate(row.id, first_name="Meanwhile")
    new = simulator.world.add_candidate(first_name="Brand", last_name="New", emails=[])
    place, found = page.place, {each.id for each in page.changes}
    while place:
        page = ashby.changed(Kind.PERSON, since="", place=place)
        place, found = page.place, found | {each.id for each in page.changes}

    changed, _ = listed(ashby, Kind.PERSON, page.since)

    assert found | set(changed) == {uuid_of(one.id) for one in simulator.world.candidates}
    assert set(changed) == {seen.id, uuid_of(new.id)}
    assert changed[seen.id].fields.name == f"Meanwhile {row.last_name}"


def test_an_empty_page_is_not_the_last_one(simulator, ashby, monkeypatch):
    shrink(monkeypatch, Kind.PERSON, 10)
    simulator.faults.add("empty_page", path="/candidate.list", times=2, after=1)

    people, _ = listed(ashby, Kind.PERSON)

    assert set(people) == {uuid_of(row.id) for row in simulator.world.candidates}


def test_somebody_is_deleted_between_two_pages(simulator, ashby, monkeypatch):
    shrink(monkeypatch, Kind.PERSON, 10)
    gone = simulator.world.add_candidate(first_name="Short", last_name="Stay")
    page = ashby.changed(Kind.PERSON, since="", place="")
    simulator.world.delete_candidate(gone.id)
    found, place = {each.id for each in page.changes}, page.place
    while place:
        page = ashby.changed(Kind.PERSON, since="", place=place)
        found, place = found | {each.id for each in page.changes}, page.place

    assert found - {uuid_of(gone.id)} == {uuid_of(row.id) for row in simulator.world.candidates}
    assert ashby.read(Kind.PERSON, [uuid_of(gone.id)]) == [Gone(what=Kind.PERSON, id=uuid_of(gone.id), how=How.DELETED)]


@pytest.mark.parametrize("token", ["2026-11-27T12:00:00+00:00", "WyJqb2IubGlzdCIsICJ0b2tlbiIsIDFd"])
def test_a_token_that_is_none_ends_in_a_full_list(simulator, ashby, token):
    assert set(listed(ashby, Kind.PERSON, token)[0]) == {uuid_of(row.id) for row in simulator.world.candidates}


def test_an_expired_token_and_one_for_too_many_changes_end_in_a_full_list(monkeypatch):
    with Simulator.of("ashby", people=8, limit=1_000_000, most_pages=2) as simulator:
        provider = connected(simulator)
        shrink(monkeypatch, Kind.PERSON, 2)
        _, since = listed(provider, Kind.PERSON)
        everybody = {uuid_of(row.id) for row in simulator.world.candidates}
        for row in simulator.world.candidates:
            simulator.world.edit_candidate(row.id, company="Elsewhere")
        assert set(listed(provider, Kind.PERSON, since)[0]) == everybody
        simulator.world.clock.advance(31 * 86_400)
        assert set(listed(provider, Kind.PERSON, since)[0]) == everybody


def test_a_lost_cursor_is_a_lost_place(simulator, ashby, monkeypatch):
    shrink(monkeypatch, Kind.PERSON, 10)
    place = ashby.changed(Kind.PERSON, since="", place="").place
    simulator.faults.add("invalid_offset", times=1)

    with pytest.raises(PlaceLost):
        ashby.changed(Kind.PERSON, since="", place=place)
    with pytest.raises(PlaceLost):
        ashby.changed(Kind.PERSON, since="", place=json.dumps(["nonsense", False]))


def test_stages_are_not_listed_in_every_round(simulator, ashby):
    _, since = listed(ashby, Kind.STAGE)
    simulator.requests.clear()

    assert listed(ashby, Kind.STAGE, since) == ({}, since)
    assert asked(simulator) == []


# Reading single ones


def test_reading_says_the_same_as_listing(ashby):
    for kind in ashby.kinds:
        everything, _ = listed(ashby, kind)
        ids = list(everything)[:3]
        expected = [] if kind in (Kind.NOTE, Kind.FILE) else [everything[each] for each in ids]
        assert sorted(ashby.read(kind, ids), key=lambda each: each.id) == sorted(expected, key=lambda each: each.id)


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.APPLICATION, Kind.JOB, Kind.OFFER, Kind.STAGE, Kind.REASON])
def test_what_is_not_there_is_gone(ashby, kind):
    nobody = str(uuid_of(999_999))
    assert ashby.read(kind, [nobody]) == [Gone(what=kind, id=nobody, how=How.DELETED)]


@pytest.mark.parametrize("kind", [Kind.INTERVIEW, Kind.SCORECARD])
def test_a_step_that_is_not_there_is_gone(ashby, kind):
    known = next(iter(listed(ashby, kind)[0]))
    wanted = f"{known.partition(':')[0]}:{uuid_of(999_999)}"

    assert ashby.read(kind, [wanted]) == [Gone(what=kind, id=wanted, how=How.DELETED)]


def test_somebody_anonymised_is_told_as_such(simulator, ashby):
    simulator.world.clock.advance(1)
    _, since = listed(ashby, Kind.PERSON)
    row = simulator.world.add_candidate(first_name="Ann", last_name="Onym", emails=[{"value": "ann@mail.example"}])
    simulator.world.anonymise(row.id)

    (gone,) = listed(ashby, Kind.PERSON, since)[0].values()

    assert (type(gone), gone.id, gone.how) == (Gone, uuid_of(row.id), How.ANONYMISED)
    kept = simulator.world.add_candidate(first_name="Anonymized", last_name="Really", emails=[{"value": "a@b.example"}])
    assert [kind_of(each) for each in ashby.read(Kind.PERSON, [uuid_of(kept.id)])] == [Kind.PERSON]
    assert not isinstance(ashby.read(Kind.PERSON, [uuid_of(kept.id)])[0], Gone)
    simulator.world.delete_candidate(row.id)


# What must not be taken along


def test_equal_opportunity_answers_stay_there_unless_they_are_wanted(simulator, ashby):
    world = simulator.world
    people, _ = listed(ashby, Kind.PERSON)
    answers = {value for row in world.eeoc for value in (row.gender, row.race) if len(value) > 6}
    assert answers
    assert "surveySubmission.list" not in asked(simulator)
    assert not any(word in json.dumps(dict(each.raw)) for each in people.values() for word in answers)

    wanted, _ = listed(connected(simulator, wants_eeo=True), Kind.PERSON)
    answered = {uuid_of(world.applications.get(row.application_id).candidate_id) for row in world.eeoc}
    assert {each.id for each in wanted.values() if "eeo" in each.raw} == answered


def test_raw_stays_the_same_when_only_something_around_her_moves(simulator, ashby):
    row = first(simulator.world, "active")
    person = uuid_of(row.candidate_id)
    (before,) = ashby.read(Kind.PERSON, [person])
    simulator.world.clock.advance(5)
    simulator.world.apply(row.candidate_id, simulator.world.jobs.ids[0])
    simulator.world.add_note(row.candidate_id, "Still there", by=simulator.world.users.ids[0])
    (after,) = ashby.read(Kind.PERSON, [person])

    assert after.raw == before.raw
    assert after.updated_at > before.updated_at


# Errors


def test_an_unknown_key_and_a_missing_right_are_different_things(simulator, ashby):
    with pytest.raises(SignInRefused):
        connected(simulator, api_key="wrong").check()
    with Simulator.of("ashby", people=2, modules={"candidates", "organization"}) as narrow:
        provider = connected(narrow)
        rights = {right.kind: right.is_given for right in provider.check()}
        with pytest.raises(Forbidden, match=r"lacks the right to job\.list"):
            provider.changed(Kind.JOB, since="", place="")
    given = {Kind.PERSON, Kind.APPLICATION, Kind.STEP, Kind.NOTE, Kind.FILE, Kind.DEPARTMENT, Kind.USER}
    assert rights == {kind: kind in given for kind in provider.kinds}
    assert all(right.is_given for right in ashby.check())


def test_a_key_that_is_deactivated_is_refused():
    with Simulator.of("ashby", people=2) as simulator:
        provider = connected(simulator)
        simulator.faults.add("expire_token", times=1)
        with pytest.raises(SignInRefused):
            provider.changed(Kind.PERSON, since="", place="")


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
def test_faults_of_ashbys_are_told_apart(simulator, ashby, fault, error):
    simulator.faults.add(**fault, path="/candidate.list", times=1)
    with pytest.raises(error) as caught:
        ashby.changed(Kind.PERSON, since="", place="")
    assert getattr(caught.value, "seconds", 7) == 7


def test_the_limit_is_told_by_a_429():
    with Simulator.of("ashby", people=2, limit=3) as simulator:
        provider = connected(simulator)
        with pytest.raises(Throttled) as caught:
            for _ in range(8):
                provider.changed(Kind.PERSON, since="", place="")
        assert 0 < caught.value.seconds <= 60


def test_a_200_that_says_no_is_no_answer(ashby):
    with pytest.raises(Refused, match="candidateId is required"):
        ashby.talk.ask("candidate.listNotes", {})
    with pytest.raises(NotThere):
        ashby.talk.ask("candidate.info", {"id": "nobody"})


# Webhooks


@pytest.fixture
def told(simulator):
    """What is sent while a test runs, to where nobody answers."""
    hook = simulator.webhooks.subscribe("http://127.0.0.1:9/", "hush")
    hook.enabled = True
    simulator.webhooks.sent.clear()
    yield lambda: [
        ({name.lower(): value for name, value in one.headers.items()}, one.body) for one in simulator.webhooks.sent
    ]
    simulator.webhooks.hooks.clear()


def test_one_act_is_told_in_several_messages_of_one_act_id(simulator, ashby, told):
    row = first(simulator.world, "active")
    simulator.world.hire(row.id)

    bodies = [json.loads(body) for _, body in told()]
    deliveries = [ashby.hear(headers, body, "hush") for headers, body in told()]

    about_hire = [body for body in bodies if not body["action"].startswith("offer")]
    assert [body["action"] for body in about_hire] == ["candidateHire", "candidateStageChange", "applicationUpdate"]
    assert len({body["webhookActionId"] for body in about_hire}) == 1
    assert len({delivery.mark for delivery in deliveries}) == len(bodies)
    assert (Kind.APPLICATION, uuid_of(row.id)) in {(each.what, each.id) for one in deliveries for each in one.heard}
    (now,) = ashby.read(Kind.APPLICATION, [uuid_of(row.id)])
    assert (now.state, now.stage_name) == ("hired", "Hired")


def test_an_archived_application_comes_whole_and_equals_what_is_read(simulator, ashby, told):
    row = first(simulator.world, "active")
    simulator.world.withdraw(row.id)

    heard = [each for headers, body in told() for each in ashby.hear(headers, body, "hush").heard]

    assert [each.change.state for each in heard] == ["withdrawn", "withdrawn"]
    assert ashby.read(Kind.APPLICATION, [uuid_of(row.id)]) == [heard[0].change]


def test_deletions_and_merges_are_told_with_the_winner(simulator, ashby, told):
    loser, winner, gone = list(simulator.world.candidates)[:3]
    simulator.world.merge(loser.id, winner.id)
    simulator.world.delete_candidate(gone.id)

    heard = [each for headers, body in told() for each in ashby.hear(headers, body, "hush").heard]

    assert [(each.id, each.change) for each in heard] == [
        (uuid_of(winner.id), None),
        (uuid_of(loser.id), Gone(what=Kind.PERSON, id=uuid_of(loser.id), how=How.MERGED, into=uuid_of(winner.id))),
        (uuid_of(gone.id), Gone(what=Kind.PERSON, id=uuid_of(gone.id), how=How.DELETED)),
    ]


def test_jobs_offers_and_interviews_are_told(simulator, ashby, told):
    world = simulator.world
    row = first(world, "active")
    offer = world.make_offer(row.id)
    interview = world.plan_interview(row.id, name="Panel", starts_at=world.now())
    world.edit_job(row.job_id, status="closed")
    world.edit_job(row.job_id, status="open")

    heard = {(each.what, each.id) for headers, body in told() for each in ashby.hear(headers, body, "hush").heard}

    assert heard == {
        *((Kind.OFFER, uuid_of(one.id)) for one in world.offers.where(application_id=row.id)),
        (Kind.INTERVIEW, f"{uuid_of(row.id)}:{uuid_of(interview.id)}"),
        (Kind.JOB, uuid_of(row.job_id)),
    }
    assert (Kind.OFFER, uuid_of(offer.id)) in heard


def test_signatures_are_checked_over_the_raw_body(simulator, ashby, told):
    simulator.world.withdraw(first(simulator.world, "active").id)
    headers, body = told()[0]

    assert ashby.hear(headers, body, "hush").mark == ashby.hear(headers, body, "hush").mark
    for wrong in (
        (headers, body + b" ", "hush"),
        (headers, body, "other"),
        ({}, body, "hush"),
        (headers | {"ashby-signature": "sha256=ünïcode"}, body, "hush"),
        (headers | {"ashby-signature": headers["ashby-signature"].removeprefix("sha256=")}, body, "hush"),
    ):
        with pytest.raises(SignInRefused):
            ashby.hear(*wrong)


def signed(body: bytes) -> dict[str, str]:
    return {"ashby-signature": "sha256=" + hmac.new(b"hush", body, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"[]", b"{}", b'{"action": "candidateDelete", "data": {}}', b'{"action": "x"}', b'"x"']
)
def test_a_message_without_sense_is_refused(ashby, body):
    with pytest.raises(Refused):
        ashby.hear(signed(body), body, "hush")


def test_pings_and_unknown_events_are_taken(ashby):
    ping = b'{"action": "ping", "data": {"webhookActionType": "ping"}}'
    unknown = b'{"webhookActionId": "1", "action": "surveySubmit", "data": {"surveySubmission": {"id": "1"}}}'

    assert ashby.hear(signed(ping), ping, "hush").is_ping
    assert ashby.hear(signed(unknown), unknown, "hush").heard == ()


# Writing


def somebody(**values: Any) -> PersonFields:
    return PersonFields(**{"name": "Wilhelmina Weir", "emails": ("wil@mail.example",), **values})


def test_somebody_is_added_to_a_job_once_even_when_the_answer_is_lost(simulator, ashby):
    world, before = simulator.world, len(simulator.world.candidates)
    job, source = str(uuid_of(world.jobs.ids[0])), str(uuid_of(world.sources.ids[0]))
    links = ("https://www.linkedin.com/in/wil", "https://wil.example")
    emails = ("lost@mail.example", "lost2@mail.example")
    fields = somebody(emails=emails, phones=("+1 559 555 0000",), links=links)
    assert ashby.find_person(fields, "mark") == ""
    simulator.faults.add("lost", path="/candidate.create", times=1)
    with pytest.raises(Down):
        ashby.add_person(NewPerson(fields=fields, mark="mark", job=job, source=source))

    there = ashby.find_person(fields, "mark")
    changes = ashby.apply(there, job, source)
    again = ashby.apply(there, job, source)

    assert len(world.candidates) == before + 1
    assert [each.id for each in changes] == [each.id for each in again]
    (person,) = ashby.read(Kind.PERSON, [there])
    assert (person.fields.name, person.fields.emails) == (fields.name, emails)
    assert (person.fields.phones, set(person.fields.links)) == (fields.phones, set(links))


def test_somebody_new_comes_back_with_her_application(simulator, ashby):
    job = str(uuid_of(simulator.world.jobs.ids[1]))
    made = ashby.add_person(NewPerson(fields=somebody(emails=("new@mail.example",)), mark="m", job=job))

    assert [kind_of(each) for each in made] == [Kind.PERSON, Kind.APPLICATION]
    assert (made[1].person, made[1].job, made[1].state) == (made[0].id, job, "open")


def test_without_an_address_she_is_found_by_name_and_number(ashby):
    fields = somebody(name="Nomail Noone", emails=(), phones=("+1 (559) 555-7777",))
    made = ashby.add_person(NewPerson(fields=fields, mark="m"))[0]

    assert ashby.find_person(somebody(name="Nomail Noone", emails=(), phones=("+1 559 555 7777",)), "m") == made.id
    assert ashby.find_person(somebody(name="Nomail Noone", emails=(), phones=("+1 559 555 8888",)), "m") == ""
    with pytest.raises(Refused, match="could not tell her"):
        ashby.add_person(NewPerson(fields=somebody(emails=()), mark="m"))


def test_a_note_is_written_once(simulator, ashby):
    text = "Spoke about <Thursday> & “later”"
    person = str(uuid_of(simulator.world.candidates.ids[5]))
    simulator.faults.add("lost", path="/candidate.createNote", times=1)
    with pytest.raises(Down):
        ashby.add_note(person, text)

    made = ashby.find_note(person, text)

    assert [uuid_of(row.id) for row in simulator.world.notes if row.body == text] == [made]
    assert ashby.find_note(person, "Spoke") == ""
    assert ashby.add_note(person, "Another") == ashby.find_note(person, "Another")


def test_moving_keeps_to_the_applications_own_plan(simulator, ashby):
    world = simulator.world
    row = first(world, "active")
    wanted = next(one for one in world.stages_of(row.job_id) if one.id != row.stage_id)
    other = next(one for one in world.stages if one.name == wanted.name and one.job_id != row.job_id)

    with pytest.raises(Refused, match="another interview plan"):
        ashby.move(uuid_of(row.id), uuid_of(other.id))
    for _ in range(2):
        ashby.move(uuid_of(row.id), uuid_of(wanted.id))
    assert world.applications.get(row.id).stage_id == wanted.id
    assert asked(simulator).count("application.changeStage") == 1


def test_rejecting_archives_with_a_reason_and_once(simulator, ashby):
    world = simulator.world
    row, reason = first(world, "active"), world.reject_reasons.where(kind="us")[0]

    with pytest.raises(Refused, match="archive reason"):
        ashby.reject(uuid_of(row.id), "")
    for _ in range(2):
        ashby.reject(uuid_of(row.id), uuid_of(reason.id))
    rejected = world.applications.get(row.id)
    assert (rejected.status, rejected.reject_reason_id) == ("rejected", reason.id)
    assert len(world.rejections.where(application_id=row.id)) == 1


def test_tags_are_made_where_there_are_none_and_given_once(simulator, ashby):
    row = simulator.world.candidates.get(simulator.world.candidates.ids[7])
    before = list(row.tags)
    for _ in range(2):
        ashby.tag(uuid_of(row.id), ["night shift", "from Rapport"])

    assert set(simulator.world.candidates.get(row.id).tags) == {*before, "night shift", "from Rapport"}
    assert len(simulator.world.tags.where(name="from Rapport")) == 1


def test_a_file_is_sent_once_and_another_of_its_name_too(simulator, ashby):
    person = simulator.world.candidates.ids[8]
    content, name = b"%PDF-1.4\r\n--boundary\r\n\x00\xff end", "Résumé 2.pdf"
    made = {ashby.add_file(uuid_of(person), name, content, is_resume=True) for _ in range(2)}
    other = ashby.add_file(uuid_of(person), name, content + b"!", is_resume=False)

    assert len(made) == 1
    assert other not in made | {""}
    files = {uuid_of(one.id): one for one in simulator.world.attachments.where(candidate_id=person)}
    assert (files[made.pop()].content, files[other].content) == (content, content + b"!")
    assert (files[other].kind, files[other].filename) == ("other", name)


def test_a_file_larger_than_allowed_is_refused(simulator, ashby):
    row = simulator.world.attach(simulator.world.candidates.ids[9], "big.bin", b"x" * 5000)
    file = listed(ashby, Kind.FILE)[0][uuid_of(row.id)]

    with pytest.raises(Refused):
        ashby.fetch(file, most_bytes=4000)
