"""A mapped ATS against the plain simulated one, over HTTP; profiles; signed messages in both directions."""

import copy
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from ats_sync.providers import _generic_records as records
from ats_sync.providers._generic_mapping import FIELDS, profile_keys, profile_text, read_mapping
from ats_sync.providers.base import Access, NewPerson
from ats_sync.providers.client import Client
from ats_sync.providers.errors import Down, Forbidden, PlaceLost, Refused, SignInRefused
from ats_sync.providers.generic import Generic
from ats_sync.vocabulary import UNLISTED, Change, FileRecord, Gone, How, Kind, kind_of
from talentpool.person import PersonFields
from tests.ats_sync.generic_mapping import mapping, mapping_text
from tests.simulators.ats.dialects.generic import signed
from tests.simulators.ats.server import Simulator

STATES = {"active": "open", "rejected": "rejected", "withdrawn": "withdrawn", "hired": "hired"}


@pytest.fixture(autouse=True)
def _this_machine_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OUTGOING_ALLOWED_NETWORKS", ["127.0.0.0/8"])


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.of("generic", people=30, seed=7) as simulator:
        yield simulator


@pytest.fixture(params=["page", "offset", "cursor", "link"])
def paging(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def simulator(shared: Simulator) -> Iterator[Simulator]:
    shared.requests.clear()
    shared.dialect.paging = "page"
    yield shared
    shared.faults.clear()
    shared.webhooks.hooks.clear()


@pytest.fixture
def generic(simulator: Simulator) -> Generic:
    return connected(simulator)


def connected(simulator: Simulator, paging: str = "page", *, wants_eeo: bool = False, **credentials: str) -> Generic:
    simulator.dialect.paging = paging
    known = {"url": simulator.url, "token": "generic-token", "mapping": mapping_text(paging)}
    return Generic(Access(credentials=known | credentials, client=Client(), wants_eeo=wants_eeo))


def listed(provider: Generic, kind: Kind, since: str = "") -> dict[str, Any]:
    found: dict[str, Change] = {}
    place = ""
    while True:
        page = provider.changed(kind, since=since, place=place)
        assert {kind_of(each) for each in page.changes} <= {kind}
        found |= {each.id: each for each in page.changes}
        if not page.place:
            return found
        place = page.place


def test_everything_comes_whatever_the_paging(simulator, paging):
    world, provider = simulator.world, connected(simulator, paging)
    people, applications, notes, files, offers = (
        listed(provider, kind) for kind in (Kind.PERSON, Kind.APPLICATION, Kind.NOTE, Kind.FILE, Kind.OFFER)
    )
    assert {
        key: (each.fields.name, each.fields.emails, each.fields.phones, each.fields.links, each.tags)
        for key, each in people.items()
    } == {
        str(row.id): (
            row.name,
            tuple(one["value"] for one in row.emails),
            tuple(one["value"] for one in row.phones),
            tuple(one["value"] for one in row.links),
            tuple(row.tags),
        )
        for row in world.candidates
    }
    assert {key: (each.person, each.job, each.stage, each.state) for key, each in applications.items()} == {
        str(row.id): (str(row.candidate_id), str(row.job_id or ""), str(row.stage_id or ""), STATES[row.status])
        for row in world.applications
    }
    assert {key: (each.text, each.author) for key, each in notes.items()} == {
        str(row.id): (row.body.strip(), world.users.get(row.author_id).name if row.author_id else "")
        for row in world.notes
    }
    assert {key: each.is_resume for key, each in files.items()} == {
        str(row.id): row.kind == "resume" for row in world.attachments
    }
    assert set(offers) == {str(row.id) for row in world.offers}
    assert {each.state.value for each in applications.values()} >= {"open", "rejected", "hired"}


def test_what_changed_long_after_applying_is_seen(simulator, generic):
    simulator.world.clock.advance(1)
    since = datetime.fromtimestamp(simulator.world.clock.now() / 1000, UTC).isoformat()
    row = next(each for each in simulator.world.applications if each.status == "active" and each.job_id)
    simulator.world.reject(row.id, simulator.world.reject_reasons.where(kind="us")[0].id)
    assert {key: each.state for key, each in listed(generic, Kind.APPLICATION, since).items()} == {
        str(row.id): "rejected"
    }
    assert listed(generic, Kind.PERSON, since) == {}
    assert listed(generic, Kind.SCORECARD) == {}


def test_reading_says_the_same_as_listing_and_what_is_gone(generic):
    for kind in generic.mapping.lists:
        everything = listed(generic, kind)
        ids = list(everything)[:2]
        assert generic.read(kind, [*ids, "999999"]) == [
            *(everything[each] for each in ids),
            Gone(what=kind, id="999999", how=How.DELETED),
        ]
    assert generic.read(Kind.SCORECARD, ["1"]) == []


def test_people_come_without_eeo_answers_unless_they_are_wanted(simulator, generic):
    person = next(iter(listed(generic, Kind.PERSON).values()))
    assert "gender" not in person.raw
    assert "updated" not in person.raw
    wanted = next(iter(listed(connected(simulator, wants_eeo=True), Kind.PERSON).values()))
    assert wanted.raw["gender"] == "not said"


def test_a_lost_cursor_is_a_lost_place(simulator):
    provider = connected(simulator, "cursor")
    place = provider.changed(Kind.PERSON, since="", place="").place
    simulator.faults.add("invalid_offset", times=1)
    with pytest.raises(PlaceLost):
        provider.changed(Kind.PERSON, since="", place=place)


def test_a_link_to_another_server_is_not_followed(simulator):
    with pytest.raises(Refused, match="another server"):
        connected(simulator, "link").changed(Kind.PERSON, since="", place="http://127.0.0.1:9/api/people")


def test_a_list_whose_rows_are_ids_only_is_read_one_by_one(simulator):
    said = mapping()
    said["lists"] = {"person": said["lists"]["person"] | {"whole": True}}
    provider = connected(simulator, mapping=json.dumps(said))
    assert set(listed(provider, Kind.PERSON)) == {str(row.id) for row in simulator.world.candidates}
    assert sum(logged.path.startswith("/api/people/") for logged in simulator.requests) == len(
        simulator.world.candidates
    )


def test_files_are_fetched_and_nothing_is_sent_elsewhere(simulator, generic):
    row = next(iter(simulator.world.attachments))
    file = listed(generic, Kind.FILE)[str(row.id)]
    assert generic.fetch(file, most_bytes=1 << 20) == row.content
    with Simulator.of("generic", people=3, seed=3) as elsewhere:
        far = FileRecord(id="1", person="1", name="x", url=f"{elsewhere.url}/content/{elsewhere.world.jobs.ids[0]}")
        with pytest.raises(SignInRefused):
            generic.fetch(far, most_bytes=100)


def test_check_says_which_rights_are_missing(simulator, generic):
    assert {right.kind for right in generic.check() if right.is_given} == set(generic.mapping.lists)
    simulator.faults.add("forbid", path="/api/notes")
    assert [right.kind for right in generic.check() if not right.is_given] == [Kind.NOTE]
    with pytest.raises(SignInRefused):
        connected(simulator, token="another").check()


@pytest.mark.parametrize(
    ("fault", "error"), [({"kind": "error"}, Down), ({"kind": "half"}, Down), ({"kind": "forbid"}, Forbidden)]
)
def test_faults_have_their_names(simulator, generic, fault, error):
    simulator.faults.add(**fault, path="/api/people", times=1)
    with pytest.raises(error):
        generic.changed(Kind.PERSON, since="", place="")


# Mappings


def wrong(change: Any) -> str:
    said = copy.deepcopy(mapping())
    change(said)
    return json.dumps(said)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "no JSON"),
        ("[]", "needs “lists”"),
        (" " * 70_000, "too long"),
        (wrong(lambda said: said.update(auth={"kind": "magic"})), "has to be one of: none, bearer"),
        (wrong(lambda said: said["lists"].update(cat=said["lists"]["job"])), "“cat” is no kind of record"),
        (wrong(lambda said: said["lists"].update(family=said["lists"]["job"])), "“family” is no kind of record"),
        (wrong(lambda said: said["lists"]["person"]["fields"].update(shoe="$.shoe")), "no field “shoe”"),
        (wrong(lambda said: said["lists"]["person"]["fields"].pop("id")), "“person” needs the field “id”"),
        (wrong(lambda said: said["lists"]["person"]["fields"].update(emails="$.[")), "is no JSONPath"),
        (wrong(lambda said: said["lists"]["person"]["fields"].update(emails="$..a..b")), "into the depth"),
        (wrong(lambda said: said["lists"]["person"]["fields"].update(emails="$[?match(@.a, '(a+)+b')]")), "JSONPath"),
        (wrong(lambda said: said["lists"]["person"].update(rows="people")), ""),
        (wrong(lambda said: said["lists"]["person"].update(paging={"kind": "cursor", "parameter": "c"})), "“next”"),
        (wrong(lambda said: said["lists"]["person"].update(paging={"kind": "spiral"})), "has to be one of"),
        (wrong(lambda said: said["lists"]["person"].update(since={"as": "moons"})), "needs a “parameter”"),
        (wrong(lambda said: said["lists"]["person"].update(whole=True, one="")), "needs “one”"),
    ],
)
def test_a_wrong_mapping_is_refused_with_where_it_is_wrong(text, sentence):
    if not sentence:
        assert read_mapping(text).lists[Kind.PERSON].rows == "people"
        return
    with pytest.raises(Refused, match=sentence):
        read_mapping(text)


def test_without_mapping_or_with_an_unknown_profile_it_says_so():
    for credentials, sentence in (({}, "Choose a profile"), ({"profile": "../secrets"}, "There is no profile")):
        with pytest.raises(Refused, match=sentence):
            Generic(Access(credentials=credentials, client=Client())).check()


def test_words_that_are_none_of_ours_leave_somebody_in_process():
    said = read_mapping(mapping_text()).lists[Kind.APPLICATION]
    row = {"id": 1, "who": {"id": 2}, "status": "on the moon"}
    assert records.record(Kind.APPLICATION, said, row).state == "open"
    assert records.record(Kind.APPLICATION, said, {"status": "hired"}) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-03-01T09:30:00Z", "2026-03-01T09:30:00+00:00"),
        ("2026-03-01T09:30:00", "2026-03-01T09:30:00+00:00"),
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        (1772357400, "2026-03-01T09:30:00+00:00"),
        ("1772357400000", "2026-03-01T09:30:00+00:00"),
    ],
)
def test_times_are_understood_in_their_usual_forms(said, expected):
    assert records.moment(said).isoformat() == expected
    assert records.moment("soon") is records.moment(10**30) is records.moment(0) is None


# Profiles

SAMPLES: dict[str, dict[Kind, Any]] = {
    "smartrecruiters": {
        Kind.PERSON: {"content": [{"id": "p", "firstName": "A", "lastName": "B", "email": "a@b.example"}]},
        Kind.APPLICATION: {
            "content": [
                {"id": "p", "primaryAssignment": {"job": {"id": "j"}, "status": "HIRED"}},
                {"id": "q", "primaryAssignment": None},
            ]
        },
        Kind.JOB: {"content": [{"id": "j", "title": "Nurse", "status": "FILLED"}]},
    },
    "workday": {
        Kind.PERSON: {"Report_Entry": [{"Candidate_ID": "p", "First_Name": "A", "Last_Name": "B"}]},
        Kind.APPLICATION: {
            "Report_Entry": [
                {"Job_Application_ID": "a", "Candidate_ID": "p", "Job_Requisition_ID": "j", "Disposition": "Hired"}
            ]
        },
        Kind.JOB: {"Report_Entry": [{"Job_Requisition_ID": "j", "Job_Posting_Title": "Nurse", "Status": "Closed"}]},
    },
    "taleo": {
        Kind.PERSON: {
            "response": {"searchResults": [{"candidate": {"candId": "p", "firstName": "A", "lastName": "B"}}]}
        },
        Kind.JOB: {
            "response": {"searchResults": [{"requisition": {"reqId": "j", "title": "Nurse", "status": "Closed"}}]}
        },
    },
}


@pytest.mark.parametrize("key", profile_keys())
def test_profiles_are_mappings_and_say_what_nobody_tried(key):
    profile = read_mapping(profile_text(key))
    assert profile.url.startswith("https://")
    assert {Kind.JOB, Kind.PERSON, Kind.APPLICATION} <= set(profile.lists)
    assert any("nobody has run it" in each for each in profile.unverified)


@pytest.mark.parametrize(("key", "kind"), [(key, kind) for key, kinds in SAMPLES.items() for kind in kinds])
def test_profiles_understand_answers_as_they_are_published(key, kind):
    from ats_sync.providers._generic_mapping import found

    listing = read_mapping(profile_text(key)).lists[kind]
    (made,) = (records.record(kind, listing, row) for row in found(listing.rows, SAMPLES[key][kind]))
    if kind == Kind.PERSON:
        assert (made.id, made.fields.name) == ("p", "A B")
    elif kind == Kind.JOB:
        assert (made.id, made.title, made.is_open) == ("j", "Nurse", False)
    else:
        assert (made.person, made.job, made.state) == ("p", "j", "hired")


def test_every_kind_has_fields():
    assert set(FIELDS) == set(Kind) - {*UNLISTED}


# Webhooks


def message(body: bytes, *, key: str = "msg_1", at: int | None = None, secret: str = "hush") -> dict[str, str]:
    sent = str(int(time.time()) if at is None else at)
    return {
        "webhook-id": key,
        "webhook-timestamp": sent,
        "webhook-signature": f"v1,nonsense {signed(secret, key, sent, body)}",
    }


def test_messages_of_the_simulated_ats_are_heard(simulator, generic):
    simulator.webhooks.subscribe("http://127.0.0.1:9/", "whsec_aHVzaA==")
    simulator.webhooks.sent.clear()
    row = next(each for each in simulator.world.applications if each.status == "active" and each.job_id)
    simulator.world.withdraw(row.id)
    simulator.world.delete_application(row.id)
    heard = [
        (each.what, each.id, type(each.change).__name__)
        for one in simulator.webhooks.sent
        for each in generic.hear(
            {name.lower(): value for name, value in one.headers.items()}, one.body, "whsec_aHVzaA=="
        ).heard
    ]
    assert heard == [(Kind.APPLICATION, str(row.id), "NoneType"), (Kind.APPLICATION, str(row.id), "Gone")]


def test_what_cannot_be_read_is_taken_as_it_was_sent(simulator):
    said = mapping()
    del said["lists"]["note"]["one"]
    provider = connected(simulator, mapping=json.dumps(said))
    body = json.dumps({"type": "note.created", "data": {"id": 5, "person": 6, "body": "Hi"}}).encode()
    (heard,) = provider.hear(message(body), body, "hush").heard
    assert (heard.change.person, heard.change.text) == ("6", "Hi")


@pytest.mark.parametrize("change", ["body", "secret", "old", "new", "id", "none"])
def test_wrong_old_and_changed_messages_are_refused(generic, change):
    body = b'{"type": "person.updated", "data": {"id": 1}}'
    at = int(time.time()) + {"old": -2 * 86_400, "new": 2 * 86_400}.get(change, 0)
    headers = message(body, at=at)
    if change == "id":
        headers["webhook-id"] = "msg_2"
    with pytest.raises(SignInRefused):
        generic.hear(
            {} if change == "none" else headers,
            body + b" " * (change == "body"),
            "other" if change == "secret" else "hush",
        )
    assert generic.hear(message(body), body, "hush").mark == "msg_1"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"type": "person.x"}', b'{"type": "person.x", "data": {}}'])
def test_a_message_without_sense_is_refused(generic, body):
    with pytest.raises(Refused):
        generic.hear(message(body), body, "hush")


def test_unknown_types_and_pings_are_taken(generic):
    ping = b'{"type": "ping", "data": {}}'
    assert generic.hear(message(ping), ping, "hush").is_ping
    other = b'{"type": "weather.changed", "data": {"id": 1}}'
    assert generic.hear(message(other), other, "hush").heard == ()


def test_what_goes_out_is_signed_and_makes_nothing_twice(simulator):
    provider = connected(simulator, send_to=f"{simulator.url}/inbox", send_secret="generic-token")
    person, before = str(simulator.world.candidates.ids[0]), len(simulator.world.notes)
    simulator.dialect.inbox.clear()
    simulator.faults.add("lost", path="/inbox", times=1)
    with pytest.raises(Down):
        provider.add_note(person, "Called")
    made = provider.add_note(person, "Called")
    fields = PersonFields(name="New One", emails=("n@mail.example",))
    provider.add_person(NewPerson(fields=fields, mark="rapport-1-1", job="7"))
    for _ in range(2):
        provider.move("8", "9")

    assert len(simulator.world.notes) == before + 1
    assert made in simulator.dialect.inbox
    assert [each["type"] for each in simulator.dialect.inbox.values()] == [
        "note.add",
        "person.add",
        "application.move",
        "application.move",
    ]
    added = list(simulator.dialect.inbox.values())[1]["data"]
    assert added == {"mark": "rapport-1-1", "fields": fields.to_json(), "job": "7", "source": ""}
    with pytest.raises(SignInRefused):
        connected(simulator, send_to=f"{simulator.url}/inbox", send_secret="x").tag(person, ["a"])
    with pytest.raises(Refused, match="no address"):
        connected(simulator).reject("1", "")


def test_a_session_that_ran_out_is_begun_anew_once(simulator, monkeypatch):
    remembered: list[Any] = []
    auth = {"kind": "login", "url": f"{simulator.url}/login", "form": {"password": "{token}"}, "token": "$.t"}
    text = mapping_text(auth=auth | {"name": "Authorization", "value": "Bearer {session}"})
    access = Access(
        credentials={"url": simulator.url, "token": "secret", "mapping": text},
        client=Client(),
        session={"session": "expired"},
        remember=remembered.append,
    )
    provider = Generic(access)
    asked: list[Any] = []
    ask = provider.client.ask

    def answered(method: str, url: str, **options: Any) -> Any:
        if url.endswith("/login"):
            asked.append(options["form"])
            return type("Answer", (), {"content": b'{"t": "generic-token"}'})()
        return ask(method, url, **options)

    monkeypatch.setattr(provider.client, "ask", answered)
    assert provider.changed(Kind.JOB, since="", place="").changes
    assert asked == [{"password": "secret"}]
    assert remembered == [{"session": "generic-token"}]
