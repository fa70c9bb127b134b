"""The provider of Lever against the simulated one, over HTTP."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from ats_sync.providers import _lever_records as records
from ats_sync.providers import lever as module
from ats_sync.providers.base import Access, NewPerson
from ats_sync.providers.client import Client
from ats_sync.providers.errors import Down, Forbidden, PlaceLost, Refused, SignInRefused, Throttled
from ats_sync.providers.lever import Lever
from ats_sync.vocabulary import Change, Gone, How, Kind, kind_of
from talentpool.person import PersonFields
from tests.simulators.ats.dialects._lever_rows import uid
from tests.simulators.ats.server import Simulator

STATES = {"active": "open", "rejected": "rejected", "withdrawn": "withdrawn", "hired": "hired"}


@pytest.fixture(autouse=True)
def _this_machine_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OUTGOING_ALLOWED_NETWORKS", ["127.0.0.0/8"])


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.of("lever", people=45, seed=7, rate=1_000_000, burst=1_000_000) as simulator:
        yield simulator


@pytest.fixture
def simulator(shared: Simulator) -> Iterator[Simulator]:
    """Each test leaves its people there, and none of its faults."""
    shared.requests.clear()
    yield shared
    shared.faults.clear()


@pytest.fixture
def lever(simulator: Simulator) -> Lever:
    return connected(simulator)


def connected(simulator: Simulator, *, wants_eeo: bool = False, **credentials: str) -> Lever:
    known = {name: value for name, value in simulator.credentials().items() if name != "dialect"}
    return Lever(Access(credentials=known | credentials, client=Client(), wants_eeo=wants_eeo))


def listed(provider: Lever, kind: Kind, since: str = "") -> tuple[dict[str, Any], str]:
    """All pages, by id, and what the provider says where the next round begins."""
    found: dict[str, Change] = {}
    place = ""
    while True:
        page = provider.changed(kind, since=since, place=place)
        assert {kind_of(each) for each in page.changes} <= {kind}
        found |= {each.id: each for each in page.changes}
        if not page.place:
            return found, page.since
        place = page.place


def asked(simulator: Simulator) -> list[str]:
    return [logged.path for logged in simulator.requests]


def visible(world: Any) -> list[Any]:
    """People whom Lever shows: a contact without any opportunity is in no list."""
    return [row for row in world.candidates if world.applications.where(candidate_id=row.id)]


def first(simulator: Simulator, status: str = "active") -> Any:
    return next(row for row in simulator.world.applications if row.status == status and row.stage_id)


def shift(simulator: Simulator, since: str) -> str:
    """A `since` of which all moments are now, so that nothing older comes by the overlap."""
    return json.dumps(dict.fromkeys(json.loads(since), simulator.world.clock.now() + 1))


def now(simulator: Simulator) -> str:
    simulator.world.clock.advance(1)
    return str(simulator.world.clock.now())


# Everything


def test_people_are_those_of_the_world_once_each(simulator, lever):
    world = simulator.world
    people, _ = listed(lever, Kind.PERSON)
    assert {
        each.id: (each.fields.name, each.fields.emails, each.fields.phones, set(each.fields.links), set(each.tags))
        for each in people.values()
        if not isinstance(each, Gone)
    } == {
        uid("contact", row.id): (
            row.name,
            tuple(one["value"] for one in row.emails),
            tuple(one["value"] for one in row.phones),
            {one["value"] for one in row.links},
            {tag for tag in row.tags if not tag.startswith("rapport-")},
        )
        for row in visible(world)
        if not row.anonymised
    }
    assert len(people) < len(world.applications) + 1
    one = next(each for each in people.values() if not isinstance(each, Gone))
    assert set(one.raw) == {"id", "name", "headline", "location", "emails", "phones"}


def test_applications_say_where_everybody_stands_and_since_when(simulator, lever):
    world = simulator.world
    found, _ = listed(lever, Kind.APPLICATION)

    def moved_at(row: Any) -> int:
        entry = world.current_entry(row.id)
        return row.hired_at or row.rejected_at or (entry.entered_at if entry else row.created_at)

    reasons = {row.id: row.name for row in world.reject_reasons}
    assert {
        each.id: (each.person, each.job, each.stage, each.state, each.reason, round(each.moved_at.timestamp() * 1000))
        for each in found.values()
    } == {
        uid("opportunity", row.id): (
            uid("contact", row.candidate_id),
            uid("posting", row.job_id) or "",
            uid("stage", row.stage_id) or "",
            STATES[row.status],
            reasons.get(row.reject_reason_id, ""),
            moved_at(row),
        )
        for row in world.applications
    }
    assert {each.state.value for each in found.values()} >= {"open", "rejected", "hired"}
    assert any(not each.job for each in found.values())


def test_what_hangs_on_opportunities_is_that_of_the_world(simulator, lever):
    world = simulator.world
    notes, files, offers, interviews, cards, steps = (
        listed(lever, kind)[0] for kind in (Kind.NOTE, Kind.FILE, Kind.OFFER, Kind.INTERVIEW, Kind.SCORECARD, Kind.STEP)
    )

    def is_shown(row: Any) -> bool:
        """What belongs to an opportunity goes with it; the rest is shown with the person's first one."""
        owner = world.applications.where(candidate_id=row.candidate_id)
        return bool(owner) and row.application_id in {None, *(one.id for one in owner)}

    def own(found: dict[str, Any]) -> set[str]:
        return {each.partition(":")[2] for each in found}

    def key(kind: str, row: Any) -> str:
        return f"{uid('opportunity', row.application_id)}:{uid(kind, row.id)}"

    assert {(each.id.partition(":")[2], each.person, each.text, each.author) for each in notes.values()} == {
        (uid("note", row.id), uid("contact", row.candidate_id), row.body, world.users.get(row.author_id).name)
        for row in world.notes
        if is_shown(row)
    }
    assert {(each.id.partition(":")[2], each.person, each.name, each.is_resume) for each in files.values()} == {
        (uid("file", row.id), uid("contact", row.candidate_id), row.filename, row.kind == "resume")
        for row in world.attachments
        if is_shown(row)
    }
    assert set(offers) == {key("offer", row) for row in world.offers}
    assert set(interviews) == {key("interview", row) for row in world.interviews}
    assert set(cards) == {key("feedback", row) for row in world.scorecards}
    assert own(cards) == {uid("feedback", row.id) for row in world.scorecards}
    assert {(each.application, each.words) for each in steps.values()} == {
        (uid("opportunity", row.application_id), world.stages.get(row.stage_id).name) for row in world.stage_entries
    }
    assert min(map(len, (notes, files, offers, interviews, cards))) > 0
    file = next(iter(files.values()))
    content = next(row.content for row in world.attachments if file.id.endswith(uid("file", row.id)))
    assert lever.fetch(file, most_bytes=1 << 20) == content


def test_jobs_and_words_are_those_of_the_world(simulator, lever):
    world = simulator.world
    jobs, _ = listed(lever, Kind.JOB)
    row = world.jobs.get(world.jobs.ids[0])
    job = jobs[uid("posting", row.id)]
    assert set(jobs) == {uid("posting", each.id) for each in world.jobs}
    assert (job.title, job.is_open, job.text) == (row.title, row.status == "open", row.text)
    assert (job.location, job.apply_url) == (row.location, row.apply_url)
    assert (job.department, job.family) == (world.departments.get(row.department_id).name,) * 2
    team = [world.users.get(one).name for one in [*row.recruiter_ids, *row.hiring_manager_ids]]
    assert job.team == tuple(dict.fromkeys(team))
    stages, _ = listed(lever, Kind.STAGE)
    assert {each.id: each.name for each in stages.values()} == {
        uid("stage", one.id): one.name for one in world.stages_of(None)
    }
    reasons = {each.name for each in listed(lever, Kind.REASON)[0].values()}
    assert reasons == {one.name for one in world.reject_reasons} | {"Hired"}
    assert set(listed(lever, Kind.SOURCE)[0]) == {one.name for one in world.sources}
    users = listed(lever, Kind.USER)[0].values()
    assert {each.email for each in users} == {one.email for one in world.users if not one.service}


def test_files_elsewhere_are_fetched_without_the_key(simulator, lever):
    with Simulator.of("lever", people=3, seed=3, rate=1_000_000, burst=1_000_000) as elsewhere:
        row = elsewhere.world.attach(elsewhere.world.candidates.ids[0], "a.txt", b"A")
        file = next(
            each
            for each in listed(connected(elsewhere), Kind.FILE)[0].values()
            if each.id.endswith(uid("file", row.id))
        )
        with pytest.raises(SignInRefused):
            lever.fetch(file, most_bytes=100)


# What has changed


def test_a_rejection_long_after_applying_is_seen(simulator, lever):
    since = now(simulator)
    row, reason = first(simulator), simulator.world.reject_reasons.where(kind="us")[0]
    simulator.world.reject(row.id, reason.id)

    changed, _ = listed(lever, Kind.APPLICATION, since)

    assert [(each.id, each.state, each.reason) for each in changed.values()] == [
        (uid("opportunity", row.id), "rejected", reason.name)
    ]
    assert listed(lever, Kind.APPLICATION, now(simulator))[0] == {}


def test_a_round_begins_before_the_last_one_began(lever):
    assert lever.since(datetime(2026, 1, 1, 0, 2, tzinfo=UTC)) == "1767225600000"


def test_words_are_not_listed_in_every_round(simulator, lever):
    for kind in module.WORDS:
        _, since = listed(lever, kind)
        simulator.requests.clear()
        assert listed(lever, kind, since) == ({}, since)
        assert asked(simulator) == []


def test_a_person_has_the_tags_of_all_her_opportunities_whichever_changed(simulator, lever):
    world = simulator.world
    person = world.add_candidate(first_name="Twice", last_name="Here", emails=[], tags=["pool"])
    opportunities = [world.apply(person.id, job) for job in world.jobs.ids[:2]]
    since = now(simulator)
    world.move(opportunities[0].id, world.stages_of(None)[2].id)

    changed, _ = listed(lever, Kind.PERSON, since)

    assert list(changed.values()) == lever.read(Kind.PERSON, [uid("contact", person.id)])
    assert changed[uid("contact", person.id)].tags == ("pool",)


def test_a_note_that_moves_no_clock_is_found_by_the_look_at_interactions(simulator, lever):
    row = first(simulator)
    seen = shift(simulator, listed(lever, Kind.NOTE)[1])
    simulator.world.clock.advance(1)
    note = simulator.world.add_note(
        row.candidate_id, "Called back", by=simulator.world.users.ids[0], application_id=row.id
    )
    key = f"{uid('opportunity', row.id)}:{uid('note', note.id)}"

    assert key not in listed(lever, Kind.NOTE, seen)[0]
    ten_minutes_later = json.loads(seen) | {"open": int(time.time() * 1000) - 13 * 60_000}
    found, since = listed(lever, Kind.NOTE, json.dumps(ten_minutes_later))
    assert found[key].text == "Called back"
    assert json.loads(since)["open"] > ten_minutes_later["open"]
    assert json.loads(since)["all"] == ten_minutes_later["all"]


def test_a_note_about_somebody_archived_is_found_within_six_hours(simulator, lever):
    row = first(simulator, "rejected")
    seen = json.loads(shift(simulator, listed(lever, Kind.NOTE)[1]))
    note = simulator.world.add_note(
        row.candidate_id, "Keep in touch", by=simulator.world.users.ids[0], application_id=row.id
    )
    key = f"{uid('opportunity', row.id)}:{uid('note', note.id)}"
    ago = int(time.time() * 1000)

    found, since = listed(lever, Kind.NOTE, json.dumps(seen | {"all": ago - 7 * 3_600_000}))

    assert key in found
    assert json.loads(since)["open"] == json.loads(since)["all"] == json.loads(since)["changed"]


def test_the_look_at_interactions_is_made_once_for_all_kinds(simulator, lever):
    ago = int(time.time() * 1000) - 13 * 60_000
    since = json.dumps({"changed": simulator.world.clock.now() + 60_000, "open": ago, "all": int(time.time() * 1000)})
    simulator.requests.clear()
    for kind in module.LISTS:
        listed(lever, kind, since)
    looks = [
        logged for logged in simulator.requests if logged.path == "/v1/opportunities" and "archived" in logged.query
    ]
    assert len(looks) == 1


def test_deleted_ones_are_told_with_their_people(simulator, lever):
    world = simulator.world
    since = now(simulator)
    whole, part = (world.add_candidate(first_name=name, last_name="Gone", emails=[]) for name in ("Whole", "Part"))
    lost = world.apply(whole.id, world.jobs.ids[0])
    one, kept = (world.apply(part.id, job) for job in world.jobs.ids[:2])
    world.delete_candidate(whole.id)
    world.delete_application(one.id)

    applications, _ = listed(lever, Kind.APPLICATION, since)
    people, _ = listed(lever, Kind.PERSON, since)

    assert {each.id for each in applications.values() if isinstance(each, Gone)} == {
        uid("opportunity", each.id) for each in (lost, one)
    }
    assert uid("opportunity", kept.id) in applications
    assert people[uid("contact", whole.id)] == Gone(what=Kind.PERSON, id=uid("contact", whole.id), how=How.DELETED)
    assert people[uid("contact", part.id)].fields.name == "Part Gone"


def test_anonymised_and_merged_people(simulator, lever):
    world = simulator.world
    since = now(simulator)
    loser, winner, forgotten = (world.add_candidate(first_name=name, last_name="M", emails=[]) for name in "LWF")
    moved = world.apply(loser.id, world.jobs.ids[0])
    world.apply(winner.id, world.jobs.ids[1])
    world.apply(forgotten.id, world.jobs.ids[1])
    world.merge(loser.id, winner.id)
    world.anonymise(forgotten.id)

    people, _ = listed(lever, Kind.PERSON, since)
    applications, _ = listed(lever, Kind.APPLICATION, since)

    assert people[uid("contact", forgotten.id)].how == How.ANONYMISED
    assert applications[uid("opportunity", moved.id)].person == uid("contact", winner.id)
    assert lever.read(Kind.PERSON, [uid("contact", loser.id)])[0].how == How.DELETED


def test_pages_hold_everybody_although_somebody_changes_or_goes_meanwhile(simulator, lever, monkeypatch):
    world = simulator.world
    monkeypatch.setattr("ats_sync.providers._lever_talk.MOST", 7)
    page = lever.changed(Kind.APPLICATION, since="", place="")
    assert len(page.changes) == 7
    seen, unseen = page.changes[0], world.applications.get(world.applications.ids[0])
    world.delete_application(unseen.id)
    new = world.apply(world.candidates.ids[0], world.jobs.ids[0])
    found, place = {each.id for each in page.changes}, page.place
    while place:
        page = lever.changed(Kind.APPLICATION, since="", place=place)
        place, found = page.place, found | {each.id for each in page.changes}

    assert {uid("opportunity", row.id) for row in world.applications} - found == {
        uid("opportunity", new.id)
    }  # it comes with the next round
    assert seen.id in found


def test_a_lost_offset_is_a_lost_place(simulator, lever, monkeypatch):
    monkeypatch.setattr("ats_sync.providers._lever_talk.MOST", 7)
    place = lever.changed(Kind.PERSON, since="", place="").place
    simulator.faults.add("invalid_offset", path="/v1/opportunities", times=1)
    with pytest.raises(PlaceLost):
        lever.changed(Kind.PERSON, since="", place=place)
    notes = lever.changed(Kind.NOTE, since="", place="").place
    with pytest.raises(PlaceLost):
        lever.changed(Kind.NOTE, since="", place=json.dumps([*json.loads(notes)[:2], "bm9uc2Vuc2U="]))


# Reading single ones


def test_reading_says_the_same_as_listing(lever):
    for kind in lever.kinds:
        everything, _ = listed(lever, kind)
        ids = list(everything)[:3]
        assert sorted(lever.read(kind, ids), key=lambda each: each.id) == sorted(
            (everything[each] for each in ids), key=lambda each: each.id
        )


@pytest.mark.parametrize("kind", Lever.kinds)
def test_what_is_not_there_is_gone(lever, kind):
    nobody = "00000000-0000-4000-8000-000000000001"
    assert lever.read(kind, [nobody]) == [Gone(what=kind, id=nobody, how=How.DELETED)]


# Troubles


def test_check_says_which_rights_are_missing(simulator, lever):
    assert all(right.is_given for right in lever.check())
    simulator.faults.add("forbid", path="/v1/opportunities/*/notes")
    missing = [right for right in lever.check() if not right.is_given]
    assert [right.kind for right in missing] == [Kind.NOTE]
    assert missing[0].without
    with pytest.raises(SignInRefused):
        connected(simulator, key="another").check()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "error", "status": 503}, Down),
        ({"kind": "forbid"}, Forbidden),
        ({"kind": "half"}, Down),
        ({"kind": "too_many"}, Throttled),
    ],
)
def test_faults_have_their_names(simulator, lever, fault, error):
    simulator.faults.add(**fault, path="/v1/opportunities", times=1)
    with pytest.raises(error):
        lever.changed(Kind.PERSON, since="", place="")


def test_the_limit_is_told_by_a_429_without_a_time():
    with Simulator.of("lever", people=2, rate=0.1, burst=3) as simulator:
        provider = connected(simulator)
        with pytest.raises(Throttled) as caught:
            for _ in range(8):
                provider.changed(Kind.JOB, since="", place="")
        assert caught.value.seconds == 1


def test_answers_on_equal_opportunity_are_not_asked_for_unless_they_are_wanted(simulator, lever):
    world = simulator.world
    application = next(row for row in world.applications if row.job_id)
    answers = {"gender": "Female-answer", "race": "Race-answer", "veteran_status": "Veteran-answer"}
    world.answer_eeoc(application.id, **answers).created_at -= 30 * 86_400_000  # Lever alone would tell a week's
    for kind in lever.kinds:
        said = repr(listed(lever, kind))
        assert not [answer for answer in answers.values() if answer in said]
    assert not [path for path in asked(simulator) if "eeo" in path]
    wanted = connected(simulator, wants_eeo=True)
    people = {
        json.dumps(each.raw) for each in listed(wanted, Kind.PERSON)[0].values() if "eeo" in getattr(each, "raw", ())
    }
    assert len([each for each in people if all(answer in each for answer in answers.values())]) == 1


def test_question_on_equal_opportunity_is_no_field_even_if_somebody_chose_it(simulator, lever):
    """As one that an organisation put on a form of its own, which Lever calls like any other question."""
    opportunity = {
        "id": "o",
        "applications": [
            {
                "customQuestions": [
                    {"text": "About you", "fields": [{"text": "Are you Hispanic or Latino?", "value": "Yes-answer"}]},
                    {"text": "Diversity survey", "fields": [{"text": "Which box?", "value": "Box-answer"}]},
                    {"text": "Work", "fields": [{"text": "Which shift?", "value": "Nights"}]},
                ]
            }
        ],
    }
    chosen = ("Are you Hispanic or Latino?", "Which box?", "Which shift?")
    unasked = records.person({"id": "c", "name": "Ada"}, [opportunity], wanted=chosen)
    assert (dict(unasked.fields.custom), dict(unasked.called)) == (
        {"Which shift?": "Nights"},
        {"Which shift?": "Which shift?"},
    )
    assert "answer" not in repr(unasked)
    wanted = records.person({"id": "c", "name": "Ada"}, [opportunity], wants_eeo=True, wanted=chosen)
    assert set(wanted.fields.custom) == set(chosen)


# Webhooks


@pytest.fixture
def told(simulator):
    """What is sent while a test runs, to where nobody answers."""
    simulator.webhooks.subscribe("http://127.0.0.1:9/", "hush")
    simulator.webhooks.sent.clear()
    yield lambda: [one.body for one in simulator.webhooks.sent]
    simulator.webhooks.hooks.clear()


def test_messages_say_what_to_read_and_nothing_is_believed(simulator, lever, told):
    world, row = simulator.world, first(simulator)
    stage = next(one for one in world.stages_of(None) if one.id != row.stage_id)
    world.move(row.id, stage.id)
    interview = world.plan_interview(row.id, name="Panel", starts_at=world.now())
    world.edit_candidate(row.candidate_id, company="Elsewhere")
    world.hire(row.id)
    world.delete_application(row.id)

    heard = [[(each.what, each.id, each.change) for each in lever.hear({}, body, "hush").heard] for body in told()]

    opportunity, contact = uid("opportunity", row.id), uid("contact", row.candidate_id)
    assert [one for one in heard if one] == [
        [(Kind.APPLICATION, opportunity, None)],
        [(Kind.INTERVIEW, f"{opportunity}:{uid('interview', interview.id)}", None)],
        [(Kind.PERSON, contact, None)],
        [(Kind.APPLICATION, opportunity, None)],
        [(Kind.APPLICATION, opportunity, None)],
        [(Kind.PERSON, contact, None), (Kind.APPLICATION, opportunity, None)],
    ]
    assert isinstance(lever.read(Kind.APPLICATION, [opportunity])[0], Gone)


def signed(token: str = "t", at: Any = None, secret: str = "hush", **more: Any) -> bytes:
    at = int(time.time() * 1000) if at is None else at
    signature = hmac.new(secret.encode(), f"{token}{at}".encode(), hashlib.sha256).hexdigest()
    about = {"event": "contactUpdated", "data": {"contactId": "c"}, "token": token, "triggeredAt": at}
    return json.dumps(about | {"signature": signature} | more).encode()


def test_a_message_is_known_by_its_token_whatever_else_it_says(lever):
    at = int(time.time() * 1000)
    once = lever.hear({}, signed("one", at), "hush")
    replayed = lever.hear({}, signed("one", at, data={"contactId": "another"}), "hush")
    assert once.mark == replayed.mark != lever.hear({}, signed("two", at), "hush").mark
    assert once.at is not None
    assert lever.hear({}, signed("x", at, secret="second"), "first second\nthird").mark == "x"


@pytest.mark.parametrize(
    "body",
    [
        signed(secret="other"),
        signed(signature="ünïcode"),
        signed(signature=""),
        signed(token="other", signature=json.loads(signed())["signature"]),
        signed(at=int((time.time() - 4 * 86_400) * 1000)),
        signed(at=int((time.time() + 4 * 86_400) * 1000)),
    ],
)
def test_forged_and_old_messages_are_refused(lever, body):
    with pytest.raises(SignInRefused):
        lever.hear({}, body, "hush")
    with pytest.raises(SignInRefused):
        lever.hear({}, signed(), "")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"{}", b'"x"', signed(data=None), signed(at="soon")])
def test_a_message_without_sense_is_refused(lever, body):
    with pytest.raises(Refused):
        lever.hear({}, body, "hush")


def test_unknown_events_are_taken(lever):
    assert lever.hear({}, signed(event="somethingNew"), "hush").heard == ()


# Writing


def somebody(**values: Any) -> PersonFields:
    return PersonFields(**{"name": "Wilhelmina Weir", "emails": ("wil@mail.example",), **values})


def test_somebody_is_added_once_even_when_the_answer_is_lost(simulator, lever):
    world, people, opportunities = simulator.world, len(simulator.world.candidates), len(simulator.world.applications)
    job, source = str(uid("posting", world.jobs.ids[0])), world.sources.get(world.sources.ids[0]).name
    fields = somebody(emails=("lost@mail.example",), phones=("+1 559 555 0000",), links=("https://wil.example",))
    assert lever.find_person(fields, "rapport-1-1") == ""
    simulator.faults.add("lost", path="/v1/opportunities", method="POST", times=1)
    with pytest.raises(Down):
        lever.add_person(NewPerson(fields=fields, mark="rapport-1-1", job=job, source=source))

    there = lever.find_person(somebody(emails=("new@mail.example",)), "rapport-1-1")
    changes = lever.apply(there, job, source)

    assert [each.id for each in changes] == [each.id for each in lever.apply(there, job, source)]
    assert len(world.candidates) == people + 1
    assert len(world.applications) == opportunities + 1
    (person,) = lever.read(Kind.PERSON, [there])
    assert (person.fields.name, person.fields.emails, person.tags) == (fields.name, fields.emails, ())
    assert (person.fields.phones, person.fields.links) == (fields.phones, fields.links)


def test_a_prospect_and_a_second_job(simulator, lever):
    first_job, second_job = (str(uid("posting", one)) for one in simulator.world.jobs.ids[:2])
    made = lever.add_person(NewPerson(fields=somebody(emails=("p@mail.example",)), mark="rapport-1-2"))
    assert [kind_of(each) for each in made] == [Kind.PERSON, Kind.APPLICATION]
    assert (made[1].person, made[1].job) == (made[0].id, "")
    (applied,) = lever.apply(made[0].id, first_job, "")
    (again,) = lever.apply(made[0].id, second_job, "")
    assert (applied.job, again.job, applied.person, again.person) == (first_job, second_job, made[0].id, made[0].id)
    assert lever.find_person(somebody(emails=("P@mail.example",)), "rapport-9-9") == made[0].id


def test_a_note_is_written_once(simulator, lever):
    text = "Spoke about <Thursday> & “later”"
    person = str(uid("contact", first(simulator).candidate_id))
    simulator.faults.add("lost", path="/v1/opportunities/*/notes", method="POST", times=1)
    with pytest.raises(Down):
        lever.add_note(person, text)

    made = lever.find_note(person, text)

    assert [uid("note", row.id) for row in simulator.world.notes if row.body == text] == [made.partition(":")[2]]
    assert lever.find_note(person, "Spoke") == ""
    assert lever.read(Kind.NOTE, [made])[0].text == text
    assert lever.add_note(person, "Another") == lever.find_note(person, "Another")


def test_moving_and_rejecting_happen_once(simulator, lever):
    world, row = simulator.world, first(simulator)
    opportunity = str(uid("opportunity", row.id))
    stage = next(one for one in world.stages_of(None) if one.id != row.stage_id)
    reason = world.reject_reasons.where(kind="us")[0]
    for _ in range(2):
        lever.move(opportunity, str(uid("stage", stage.id)))
    assert row.stage_id == stage.id
    with pytest.raises(Refused, match="archive reason"):
        lever.reject(opportunity, "")
    for _ in range(2):
        lever.reject(opportunity, str(uid("reason", reason.id)))
    assert (row.status, row.reject_reason_id) == ("rejected", reason.id)
    written = [logged for logged in simulator.requests if logged.method == "PUT"]
    assert len(written) == 2


def test_tags_are_given_once(simulator, lever):
    row = first(simulator)
    before = list(simulator.world.candidates.get(row.candidate_id).tags)
    for _ in range(2):
        lever.tag(str(uid("contact", row.candidate_id)), ["night shift", "from Rapport"])
    assert set(simulator.world.candidates.get(row.candidate_id).tags) == {*before, "night shift", "from Rapport"}
    assert sum("addTags" in path for path in asked(simulator)) == 1


def test_a_file_is_sent_once_and_another_of_its_name_too(simulator, lever):
    row = first(simulator)
    person, content, name = (
        str(uid("contact", row.candidate_id)),
        b"%PDF-1.4\r\n--boundary\r\n\x00\xff end",
        "Résumé 2.pdf",
    )
    made = {lever.add_file(person, name, content, is_resume=True) for _ in range(2)}
    other = lever.add_file(person, name, content + b"!", is_resume=False)
    assert len(made) == 1
    files = {uid("file", one.id): one for one in simulator.world.attachments.where(candidate_id=row.candidate_id)}
    sent = files[made.pop().partition(":")[2]]
    assert (sent.content, sent.filename) == (content, name)
    assert files[other.partition(":")[2]].content == content + b"!"


def test_nothing_is_written_in_nobodys_name(simulator):
    person = str(uid("contact", first(simulator).candidate_id))
    for user in ("", "nobody@example.com"):
        with pytest.raises(Refused, match="in whose name"):
            connected(simulator, user=user).add_note(person, "Hello")
