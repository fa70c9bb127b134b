"""Killing the worker in the middle of removing what came by a connection: real processes, real signals."""

import json

from django.utils import timezone

from ats_sync.actions.connections import create_connection, end_connection
from ats_sync.models import AtsRecord, Connection, Remainder
from ats_sync.vocabulary import Kind
from crm.actions.bulk_runs import queue_stuck
from crm.models import AuditEntry, BulkRun
from crm.models.leased import WorkState
from talentpool.actions.notes import add_note
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.models import Candidate, IdentityKey, Profile, ProfileKind, Source
from talentpool.person import PersonFields
from tests.workers import until

PEOPLE, NOTED = 3000, 7


def test_killed_worker_leaves_nothing_and_takes_nothing_of_others(celery_worker, member):
    connection = create_connection("greenhouse", "", {"client_id": "c"}, by=member)
    board = Source.objects.create(name="Résumé board")
    records = [_record(connection.source, n) for n in range(PEOPLE)]
    ours = receive_profiles(records, by=None)
    theirs = receive_profiles([_record(board, n) for n in range(PEOPLE, PEOPLE + 100)], by=None)
    now = timezone.now()
    AtsRecord.objects.bulk_create(
        AtsRecord(
            connection=connection,
            kind=Kind.PERSON,
            external_id=str(number),
            candidate_id=each.candidate_id,
            origin_id=each.candidate_id,
            profile_id=each.profile_id,
            checked_at=now,
        )
        for number, each in enumerate(ours)
    )
    noted = Candidate.objects.filter(pk__in=[each.candidate_id for each in ours]).order_by("pk")[::450][:NOTED]
    for person in noted:
        add_note(person, "Called her", by=member)
    worker = celery_worker()
    end_connection(connection, by=member, removes=True)
    run_id = Connection.objects.get(pk=connection.pk).removal_id
    until(lambda: BulkRun.objects.get(pk=run_id).done > 0, seconds=120)
    worker.kill()
    run = BulkRun.objects.get(pk=run_id)
    assert 0 < run.done < PEOPLE
    assert Profile.objects.filter(source=connection.source).count() == PEOPLE - run.done
    BulkRun.objects.filter(pk=run_id).update(lease_until=timezone.now())  # instead of waiting for two minutes
    worker.start()
    queue_stuck()  # what beat does every twenty seconds
    until(lambda: BulkRun.objects.get(pk=run_id).state == WorkState.DONE, seconds=240)
    assert Candidate.objects.present().count() == NOTED + 100
    assert set(Profile.objects.values_list("pk", flat=True)) == {each.profile_id for each in theirs}
    assert IdentityKey.objects.count() == 200  # an address and an id each
    assert AtsRecord.objects.count() == 0
    assert set(Remainder.objects.values_list("candidate", flat=True)) == {each.pk for each in noted}
    done = AuditEntry.objects.get(verb="connection.removed").detail
    assert (done["people"], done["kept"]) == (PEOPLE - NOTED, NOTED)
    assert json.loads(Connection.objects.get(pk=connection.pk).credentials) == {}


def _record(source, number):
    fields = PersonFields(name=f"Person {number}", emails=(f"person{number}@example.org",))
    return IncomingRecord(source, ProfileKind.ATS, fields, external_id=str(number))
