"""What the ATS tells of moves becomes news for candidates only where it is news, and where the ATS is silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ats_sync.actions.applying import apply_changes
from ats_sync.models import Connection
from ats_sync.vocabulary import ApplicationRecord, Gone, How, JobRecord, Kind, Lookup, PersonRecord
from campaigns.models import StatusMessage
from talentpool.models import ApplicationState
from talentpool.person import PersonFields
from tests.campaigns.test_status import told, turn_on

NOW = timezone.now()
JOB = JobRecord(id="j", title="Staff Nurse")
STAGES = [
    Lookup(what=Kind.STAGE, id="new", name="New", phase="applied"),
    Lookup(what=Kind.STAGE, id="talk", name="Interview", phase="interview"),
    Lookup(what=Kind.STAGE, id="mails", name="Offer", phase="offer", mails=True),
    Lookup(what=Kind.REASON, id="r", name="Not this time", mails=True),
]


@pytest.fixture
def connection(greenhouse, connect, member):
    """That was loaded; with every phase on."""
    turn_on(member, "applied", "interview", "offer", "rejected", delay_minutes=60)
    found = connect(greenhouse)
    Connection.objects.filter(pk=found.pk).update(loaded_at=NOW, provider="lever")
    found.refresh_from_db()
    apply_changes(found, [*STAGES, JOB, person("p")], now=NOW)
    return found


def person(key):
    return PersonRecord(id=key, fields=PersonFields(name="Anna Berg", emails=(f"{key}@people.example",)))


def application(stage, *, moved=timedelta(minutes=1), **fields):
    moved_at = NOW - moved if moved is not None else None
    return ApplicationRecord(id="a", person="p", job="j", stage=stage, moved_at=moved_at, **fields)


def test_moves_are_told_as_they_come(connection):
    apply_changes(connection, [application("new")], now=NOW)
    apply_changes(connection, [application("talk")], now=NOW)
    assert told() == [("applied", "Cancelled"), ("interview", "Planned")]


def test_the_same_move_told_by_webhook_round_and_sweep_is_told_once(connection):
    for _ in range(3):
        apply_changes(connection, [application("talk")], now=NOW, heard_at=NOW)
        apply_changes(connection, [application("talk")], now=NOW)
    assert told() == [("interview", "Planned")]


def test_the_first_load_tells_nobody(connection):
    Connection.objects.filter(pk=connection.pk).update(loaded_at=None)
    connection.refresh_from_db()
    apply_changes(connection, [application("talk")], now=NOW)
    assert told() == []


def test_history_that_a_sweep_finds_is_told_to_nobody(connection):
    apply_changes(connection, [application("new", moved=timedelta(days=40))], now=NOW)
    apply_changes(connection, [application("talk", moved=timedelta(days=30))], now=NOW)
    assert told() == []


def test_a_move_of_unknown_time_is_told_when_she_was_seen_elsewhere_lately(connection):
    apply_changes(connection, [application("new", moved=timedelta(days=40))], now=NOW - timedelta(days=2))
    apply_changes(connection, [application("talk", moved=None)], now=NOW)
    assert told() == []
    apply_changes(connection, [application("new", moved=None)], now=NOW)
    apply_changes(connection, [application("talk", moved=None)], now=NOW)
    assert told() == [("applied", "Cancelled"), ("interview", "Planned")]


def test_what_the_ats_writes_about_itself_is_not_told_twice(connection):
    apply_changes(connection, [application("talk")], now=NOW)
    apply_changes(connection, [application("mails")], now=NOW)
    rejected = application("mails", state=ApplicationState.REJECTED, reason="Not this time")
    apply_changes(connection, [rejected], now=NOW)
    assert told() == [("interview", "Cancelled")]


def test_an_ats_that_confirms_applications_itself_is_left_to_it(connection):
    Connection.objects.filter(pk=connection.pk).update(provider="greenhouse")
    connection.refresh_from_db()
    apply_changes(connection, [application("new")], now=NOW)
    assert told() == []


def test_deleted_there_it_is_taken_back(connection):
    apply_changes(connection, [application("talk")], now=NOW)
    apply_changes(connection, [Gone(what=Kind.PERSON, id="p", how=How.DELETED)], now=NOW)
    assert not StatusMessage.objects.exclude(message__state=7).exists()
