"""Who is right where the ATS and somebody here have both changed a fact, kept in step with a simulated ATS."""

import pytest
from django.core.exceptions import ValidationError

from ats_sync.actions.pushes import push, send_waiting
from ats_sync.actions.rights import change_rights, look_for_conflicts, settle_conflict
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Conflict, ConflictState, Connection, Push, PushKind
from ats_sync.vocabulary import Kind
from crm.actions.bulk_runs import work_on
from crm.models import AuditEntry, Role
from talentpool.actions.edits import edit_candidate
from talentpool.models import Candidate, FieldEdit
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.simulators.ats.server import Simulator

BASE = "/o/acme/settings/ats/"


@pytest.fixture
def greenhouse():
    with Simulator.of("greenhouse", people=3, seed=7, limit=100_000) as simulator:
        moves(simulator, next(iter(simulator.world.candidates)), "At first")
        yield simulator


@pytest.fixture
def loaded(greenhouse, connect):
    connection = connect(greenhouse)
    read(connection)
    return connection


@pytest.fixture
def row(greenhouse):
    return next(iter(greenhouse.world.candidates))


@pytest.fixture
def person(loaded, row):
    record = AtsRecord.objects.get(connection=loaded, kind=Kind.PERSON, external_id=str(row.id))
    return Candidate.objects.get(pk=record.candidate_id)


def read(connection):
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def ruled(connection, member, **rights):
    run = change_rights(connection, rights, by=member)
    work_on(run.pk, worker="test")


def moves(greenhouse, row, place):
    greenhouse.world.edit_candidate(row.id, addresses=[{"value": place, "type": "home"}])


def location(person):
    return Candidate.objects.values_list("location", flat=True).get(pk=person.pk)


@pytest.mark.parametrize(
    ("right", "after_theirs", "after_ours"),
    [
        ("", "Here", "Here again"),
        ("theirs", "There", "There"),
        ("ours", "Here", "Here again"),
        ("newest", "There", "Here again"),
        ("ask", "Here", "Here again"),
    ],
)
def test_each_rule_whichever_side_changed_last(
    loaded, greenhouse, row, person, member, right, after_theirs, after_ours
):
    edit_candidate(person, {"location": "Here"}, by=member)
    if right:
        ruled(loaded, member, place=right)
    moves(greenhouse, row, "There")
    read(loaded)
    assert location(person) == after_theirs
    assert Conflict.objects.filter(state=ConflictState.OPEN).count() == (right == "ask")
    if right == "theirs":
        with pytest.raises(ValidationError, match="“Greenhouse” is right about this field"):
            edit_candidate(person, {"location": "Here again"}, by=member)
    else:
        edit_candidate(person, {"location": "Here again"}, by=member)
    look_for_conflicts(loaded, [person.pk], now=loaded.as_of)  # as when the edit's transaction has ended
    assert location(person) == after_ours
    assert not Conflict.objects.filter(state=ConflictState.OPEN).exists()
    assert FieldEdit.objects.filter(candidate=person, field="location", withdrawn_at=None).exists()  # nothing is lost


@pytest.mark.parametrize("right", ["newest", "ask"])
def test_echo_of_our_own_push_is_no_change_of_theirs(loaded, greenhouse, row, person, member, right):
    ruled(loaded, member, place=right)
    edit_candidate(person, {"location": "Here"}, by=member)
    push(loaded, person, PushKind.TAG, {"tags": ["Ours"]}, by=member)
    send_waiting(loaded.pk, worker="test")
    assert Push.objects.get().state == "done"
    before = AtsRecord.objects.get(connection=loaded, kind=Kind.PERSON, external_id=str(row.id)).fingerprint
    read(loaded)
    after = AtsRecord.objects.get(connection=loaded, kind=Kind.PERSON, external_id=str(row.id)).fingerprint
    assert before != after  # it did come back
    assert location(person) == "Here"
    assert Conflict.objects.count() == 0


def test_change_of_a_rule_derives_everybody_and_is_recorded(loaded, greenhouse, row, person, member):
    edit_candidate(person, {"location": "Here"}, by=member)
    ruled(loaded, member, place="theirs")
    assert location(person) == "At first"
    assert change_rights(loaded, {"place": "theirs", "banquet": "ours", "about": "perhaps"}, by=member) is None
    ruled(loaded, member)
    assert location(person) == "Here"
    entries = AuditEntry.objects.filter(verb="connection.rights_changed").order_by("pk")
    assert [each.detail for each in entries] == [
        {"before": {}, "after": {"place": "theirs"}},
        {"before": {"place": "theirs"}, "after": {}},
    ]


def test_both_sides_stand_on_a_page_with_a_button_for_each(loaded, greenhouse, row, person, member, client):
    ruled(loaded, member, place="ask")
    edit_candidate(person, {"location": "Here & there"}, by=member)
    moves(greenhouse, row, "<b>There</b>")
    read(loaded)
    conflict = Conflict.objects.get()
    page = client.get(f"{BASE}{loaded.pk}/conflicts/").content.decode()
    assert "Here &amp; there" in page
    assert "&lt;b&gt;There" in page
    assert "1 fact was changed both in Greenhouse and here" in client.get("/o/acme/").content.decode()
    assert "1 fact was changed both there and here" in client.get(f"{BASE}{loaded.pk}/").content.decode()
    client.post(f"{BASE}{loaded.pk}/conflicts/{conflict.pk}/", {"side": "theirs"})
    conflict.refresh_from_db()
    assert (conflict.state, location(person)) == (ConflictState.THEIRS, "<b>There</b>")
    assert not FieldEdit.objects.filter(candidate=person, withdrawn_at=None).exists()
    with pytest.raises(ValidationError, match="settled it already"):
        settle_conflict(conflict, ConflictState.OURS, by=member)
    assert AuditEntry.objects.get(verb="conflict.settled").detail == {"field": "location", "side": "theirs"}


def test_ours_holds_until_they_say_something_else_again(loaded, greenhouse, row, person, member):
    ruled(loaded, member, place="ask")
    edit_candidate(person, {"location": "Here"}, by=member)
    moves(greenhouse, row, "There")
    read(loaded)
    settle_conflict(Conflict.objects.get(), ConflictState.OURS, by=member)
    greenhouse.world.edit_candidate(row.id, tags=["Other"])
    read(loaded)
    assert (Conflict.objects.get().state, location(person)) == (ConflictState.OURS, "Here")
    moves(greenhouse, row, "Elsewhere")
    read(loaded)
    assert Conflict.objects.get().state == ConflictState.OPEN
    moves(greenhouse, row, "Here")
    read(loaded)
    assert Conflict.objects.get().state == ConflictState.OVER


def test_who_may_only_look_settles_nothing(loaded, tenant, member, person):
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    assert manager.get(f"{BASE}{loaded.pk}/conflicts/").status_code == 403
    recruiter = signed_in(make_member(tenant, Role.RECRUITER))
    assert recruiter.get(f"{BASE}{loaded.pk}/rights/").status_code == 200
    recruiter.post(f"{BASE}{loaded.pk}/rights/", {"place": "theirs"})
    loaded.source.refresh_from_db()
    assert loaded.source.conflicts == {}


def test_rules_and_questions_by_api(loaded, greenhouse, row, person, member):
    program = program_of(member)
    url, wish = f"/ats/connections/{loaded.pk}/rights", {"groups": {"place": "ask", "names": "theirs"}}
    assert program.send("PUT", url, wish).json() == wish
    assert program.get(url).json() == wish
    assert program.send("PUT", url, {"groups": {"place": "maybe"}}).status_code == 422
    edit_candidate(person, {"location": "Here"}, by=member)
    moves(greenhouse, row, "There")
    read(loaded)
    (line,) = program.get("/ats/conflicts").json()["items"]
    assert (line["candidate_id"], line["field"], line["state"]) == (person.pk, "location", "open")
    assert program.get(f"/ats/connections/{loaded.pk}").json()["conflicts_open"] == 1
    answer = program.post(f"/ats/conflicts/{line['id']}/settle", {"side": "theirs"})
    assert answer.json()["state"] == "theirs"
    assert location(person) == "There"
    assert program.post(f"/ats/conflicts/{line['id']}/settle", {"side": "ours"}).status_code == 422
