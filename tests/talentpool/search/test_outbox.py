from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.tenancy.scope import tenant_scope
from talentpool.models import (
    Activity,
    Application,
    Candidate,
    CandidateTag,
    Consent,
    File,
    Job,
    JobFamily,
    Pipeline,
    PipelineEntry,
    Profile,
    SearchDocument,
    SearchOutbox,
    Source,
    Stage,
    Suppression,
    Tag,
)
from talentpool.search.engines import engine_for
from talentpool.search.find import SearchRequest, find
from talentpool.search.index import outbox
from talentpool.search.index.documents import documents_for
from talentpool.tasks import drain_search_outbox, keep_search_current
from tests.talentpool.search.people import NOON, person
from tests.workers import Worker, until


def waiting():
    return sorted(pk for row in SearchOutbox.objects.all() for pk in row.candidate_ids)


def put_by(change):
    """Whom a change puts into the outbox."""
    SearchOutbox.objects.all().delete()
    change()
    return sorted(set(waiting()))


@pytest.fixture
def ana(tenant):
    return person("Ana", source="Fair", tags=["Gold"], resume="text", consent=True, email="ana@mail.example")


def assert_puts(changes):
    """Changes by name, one after the other, each with whom it puts into the outbox."""
    assert {name: put_by(change) for name, (change, _) in changes.items()} == {
        name: [each.pk for each in whom] for name, (_, whom) in changes.items()
    }


def test_every_table_of_a_document_puts_its_person_into_the_outbox(ana):
    bob = person("Bob", email="bob@mail.example")
    file = File.objects.get()
    assert_puts(
        {
            "name": (lambda: Candidate.objects.filter(pk=ana.pk).update(name="Anna"), [ana]),
            "warmth": (lambda: Candidate.objects.filter(pk=ana.pk).update(warmth=2), [ana]),
            "both": (lambda: Candidate.objects.update(skills=["Python"]), [ana, bob]),
            "same": (lambda: Candidate.objects.update(skills=["Python"]), []),
            "tag": (lambda: Tag.objects.update(name="Platinum"), [ana]),
            "tagging": (lambda: CandidateTag.objects.update(candidate=bob), [ana, bob]),
            "untagging": (lambda: CandidateTag.objects.all().delete(), [bob]),
            "source": (lambda: Source.objects.update(name="Job fair"), [ana]),
            "trust": (lambda: Source.objects.update(trust=9), []),
            "profile moved": (lambda: Profile.objects.update(candidate=bob), [ana, bob]),
            "profile gone": (lambda: Profile.objects.all().delete(), [bob]),
            "file": (lambda: File.objects.filter(pk=file.pk).update(text="other"), [ana]),
            "file of nobody": (lambda: File.objects.create(name="x", media_type="x", size=1, sha256="x", text="x"), []),
            "consent": (lambda: Consent.objects.update(withdrawn_at=NOON), [ana]),
            "suppression": (
                lambda: Suppression.objects.create(address="ana@mail.example", reason="bounced", at=NOON),
                [ana],
            ),
            "no suppression": (lambda: Suppression.objects.all().delete(), [ana]),
        }
    )


def test_applications_put_whom_search_tells_differently_into_the_outbox(ana):
    bob = person("Bob", email="bob@mail.example")
    whose = {"candidate": bob, "origin": bob}
    assert_puts(
        {
            "application": (lambda: Application.objects.create(job=Job.objects.create(title="Nurse"), **whose), [bob]),
            "hired": (lambda: Application.objects.update(state="hired"), [bob]),
            "a stage": (lambda: Application.objects.update(stage="Talk", phase="interview"), [bob]),
            "another stage of the same phase": (lambda: Application.objects.update(stage="Second talk"), []),
            "a stage that is an end": (lambda: Application.objects.update(stage="Done", phase="rejected"), [bob]),
            "another end": (lambda: Application.objects.update(stage="Started", phase="hired"), [bob]),
            "applied": (lambda: Application.objects.update(applied_at=timezone.now()), [bob]),
            "job": (lambda: Job.objects.update(title="Head nurse"), []),
            "family": (lambda: Job.objects.update(family=JobFamily.objects.create(name="Nursing")), [bob]),
            "another family": (lambda: JobFamily.objects.create(name="Care"), []),
            "family renamed": (lambda: JobFamily.objects.filter(name="Nursing").update(name="Nurses"), [bob]),
            "family gone": (lambda: JobFamily.objects.filter(name="Nurses").first().delete(), [bob]),
            "another job": (lambda: Application.objects.update(job=Job.objects.create(title="Midwife")), [bob]),
            "gone": (lambda: Candidate.objects.filter(pk=bob.pk).delete(), [bob]),
        }
    )


def test_pipelines_and_contacts_put_whom_they_are_about_into_the_outbox(ana, member):
    bob = person("Bob")
    folder = Pipeline.objects.create(name="Nurses", owner=member)
    first, second = (Stage.objects.create(pipeline=folder, name=f"Stage {n}", position=n) for n in range(2))
    whose = {"candidate": bob, "origin": bob, "added_by": member, "added_at": NOON, "moved_at": NOON}
    of_ana = {"candidate": ana, "origin": ana}
    assert_puts(
        {
            "entry": (lambda: PipelineEntry.objects.create(pipeline=folder, stage=first, **whose), [bob]),
            "moved": (lambda: PipelineEntry.objects.update(stage=second), [bob]),
            "moved at": (lambda: PipelineEntry.objects.update(moved_at=timezone.now()), []),
            "stage renamed": (lambda: Stage.objects.update(name="Talk"), [bob]),
            "stage moved": (lambda: Stage.objects.filter(pk=first.pk).update(position=7), []),
            "renamed": (lambda: Pipeline.objects.update(name="Midwives"), [bob]),
            "need": (lambda: Pipeline.objects.update(need="Two of them"), []),
            "archived": (lambda: Pipeline.objects.update(archived_at=NOON), [bob]),
            "gone": (lambda: PipelineEntry.objects.all().delete(), [bob]),
            "written to": (lambda: Candidate.objects.filter(pk=ana.pk).update(last_contact_at=NOON), [ana]),
            "again that day": (
                lambda: Candidate.objects.filter(pk=ana.pk).update(last_contact_at=NOON + timedelta(hours=1)),
                [],
            ),
            "an owner": (lambda: Candidate.objects.filter(pk=ana.pk).update(owner=member), [ana]),
            "opened": (lambda: Activity.objects.create(kind="message_opened", at=NOON, **of_ana), [ana]),
            "noted": (lambda: Activity.objects.create(kind="noted", at=NOON, **of_ana), []),
            "forgotten": (lambda: Activity.objects.all().delete(), [ana]),
            "a number": (lambda: Candidate.objects.filter(pk=ana.pk).update(phone="+49"), [ana]),
        }
    )


def test_draining_twice_changes_nothing_and_leaves_nothing(ana):
    assert outbox.drain() > 0
    before = SearchDocument.objects.values().get()
    assert waiting() == []
    outbox.put([ana.pk], outbox.SearchIndex.POSTGRES)
    assert outbox.drain() == 1
    after = SearchDocument.objects.values().get()
    assert after.pop("version") > before.pop("version")
    assert after == before


def test_whom_somebody_changed_goes_before_whom_an_import_left(tenant, monkeypatch):
    people = [person(f"Person {number}") for number in range(25)]
    SearchOutbox.objects.all().delete()
    Candidate.objects.update(headline="Imported")
    Candidate.objects.filter(pk=people[7].pk).update(headline="Midwife")
    assert sorted(SearchOutbox.objects.values_list("many", flat=True)) == [False, True]
    assert outbox._drain_batch(outbox.SearchIndex.POSTGRES) == 1
    assert find(SearchRequest("midwife")).hits[0].candidate_id == people[7].pk
    assert [len(row.candidate_ids) for row in SearchOutbox.objects.all()] == [25]
    assert outbox.drain() == 1
    assert find(SearchRequest("imported")).total == 24


def test_a_statement_upon_very_many_leaves_rows_of_a_thousand(tenant, monkeypatch):
    outbox.put(range(1, 2_502), outbox.SearchIndex.POSTGRES)
    assert [len(row.candidate_ids) for row in SearchOutbox.objects.order_by("pk")] == [1000, 1000, 501]
    Candidate.objects.bulk_create(Candidate() for _ in range(1_200))
    assert sorted(len(row.candidate_ids) for row in SearchOutbox.objects.order_by("pk")[3:]) == [200, 1000]


def test_an_older_making_never_replaces_a_younger_one(ana):
    engine = engine_for(outbox.SearchIndex.POSTGRES)
    old = documents_for([ana.pk])
    Candidate.objects.filter(pk=ana.pk).update(name="Anna")
    engine.write(documents_for([ana.pk]), [], 10**12)
    engine.write(old, [], 10**12 - 1)
    engine.write([], [ana.pk], 10**12 - 1)
    assert find(SearchRequest("anna")).total == 1


def test_many_waiting_people_are_made_documents_with_few_queries(tenant, django_assert_num_queries):
    for number in range(3):
        person(f"Person {number}", tags=["Gold"], source="Fair", resume="text")
    ids = list(Candidate.objects.values_list("pk", flat=True))
    for some in (ids[:1], ids):
        with django_assert_num_queries(8):
            assert len(documents_for(some)) == len(some)


@pytest.mark.django_db(transaction=True)
def test_a_drain_that_is_stopped_leaves_the_rows_in_the_outbox(ana, monkeypatch):
    rows = SearchOutbox.objects.count()
    monkeypatch.setattr(outbox, "write", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        outbox.drain()
    assert SearchOutbox.objects.count() == rows
    monkeypatch.undo()
    assert outbox.drain() == rows
    assert find(SearchRequest("ana")).total == 1


@pytest.mark.django_db(transaction=True)
def test_a_claimed_row_is_skipped_by_everybody_else(ana):
    other = connection.copy()
    try:
        with other.cursor() as cursor, transaction.atomic():
            cursor.execute("SELECT set_config('crm.tenant_id', %s, false)", [str(ana.tenant_id)])
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM talentpool_searchoutbox FOR UPDATE")
            claimed = len(cursor.fetchall())
            assert (claimed > 0, outbox.drain()) == (True, 0)
            cursor.execute("ROLLBACK")
        assert outbox.drain() == claimed
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_one_drain_at_a_time_works_for_a_tenant(ana):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [outbox._LOCKS, ana.tenant_id])
            assert outbox.drain() == 0
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [outbox._LOCKS, ana.tenant_id])
        assert outbox.drain() > 0
    finally:
        other.close()


def test_the_tenants_with_waiting_rows_are_told_and_drained(ana, other_tenant, settings, monkeypatch):
    with tenant_scope(other_tenant.pk):
        person("Eve")
    assert outbox.tenants_waiting() == sorted([ana.tenant_id, other_tenant.pk])
    monkeypatch.setitem(drain_search_outbox.app.conf, "task_always_eager", True)
    keep_search_current.apply()
    assert outbox.tenants_waiting() == []
    assert find(SearchRequest("ana")).total == 1


def test_a_change_reaches_search_by_itself_also_after_the_worker_was_killed(transactional_db, ana):
    worker = Worker(beat=True).start()
    try:
        until(lambda: find(SearchRequest("ana")).total == 1)
        worker.kill()
        ana.headline = "Midwife"
        ana.save()
        worker.start()
        until(lambda: find(SearchRequest("midwife")).total == 1)
        until(lambda: waiting() == [])
    finally:
        worker.stop()
    assert find(SearchRequest("midwife")).hits[0].candidate_id == ana.pk
