"""Imports that meet trouble: files with everything wrong in them, merges in the middle, workers that die or meet."""

from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions import import_undo, import_work
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.import_chunks import chunks_of
from talentpool.actions.import_undo import undo_import
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import bring_in, choose_columns, choose_encoding, start_import
from talentpool.actions.merges import merge_candidates, unmerge
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.intake.encodings import MIXED
from talentpool.models import (
    Activity,
    Basis,
    Candidate,
    Consent,
    IdentityKey,
    ImportOutcome,
    ImportRun,
    ImportStep,
    Merge,
    Profile,
    ProfileKind,
    Source,
)
from talentpool.person import PersonFields
from tests.workers import until


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Spring job fair", kind="event")


def work(run):
    work_on_import(run.pk, worker="test")
    run.refresh_from_db()
    return run


def tried_out(source, member, content, **options):
    run = start_import("fair.csv", content, source=source, by=member, **options)
    if run.step == ImportStep.ENCODING:
        choose_encoding(run, MIXED)
    choose_columns(run, run.options["columns"])
    return work(run)


def told(source, member, **fields):
    [answer] = receive_profiles([IncomingRecord(source, ProfileKind.API, PersonFields(**fields))], by=member)
    return Candidate.objects.get(pk=answer.candidate_id)


def row_of_trouble(number):
    """One row of each kind in turn, and what is to become of it; numbers in it make it somebody's own."""
    kinds = [
        (f"{number},José Núñez {number},jose{number}@example.org,x".encode("cp1252"), "new"),
        (f"{number},Zoë Ångström {number},zoe{number}@example.org,x".encode(), "new"),
        (f"{number},Ni\x00na Null {number},nina{number}@exa\x00mple.org,x".encode(), "new"),
        (f'{number},"Ada ""the"" Long\nLine {number}",ada{number}@example.org,x'.encode(), "new"),
        (b",".join([b"wide"] * 300), "invalid"),
        (f"{number},No Mail {number},not an address,x".encode(), "invalid"),
        (b"1,Gone Person,gone@example.org,x", "erased"),
        (f"{number - 7},José Núñez {number - 7},other{number}@example.org,y".encode(), "duplicate"),
    ]
    return kinds[number % len(kinds)]


def trouble(rows):
    plain = [(f"{number},Pat Plain {number},pat{number}@example.org,x".encode(), "new") for number in range(5000, 5016)]
    lines = plain + [row_of_trouble(number) for number in range(8, 8 + rows)]
    first = b"Candidate id,Name,E-mail,Notes\n"
    return first + b"\n".join(line for line, _ in lines) + b"\n", [outcome for _, outcome in lines]


def test_mixed_trouble_is_told_apart_row_by_row_and_undoing_goes_on_after_a_death(source, member, monkeypatch):
    erase_candidate(told(source, member, name="Gone Person", emails=("gone@example.org",)), reason="asked", by=member)
    content, expected = trouble(160)
    counts = {each: expected.count(each) for each in dict.fromkeys(expected)}
    with override_settings(IMPORT_CHUNK=23):
        run = tried_out(source, member, content, basis=Basis.CONSENT)
        assert (run.step, run.options["encoding"], run.counts) == (ImportStep.READY, MIXED, counts)
        bring_in(run, by=member)
        assert work(run).counts == counts
    letters = "".join(run.chunks.order_by("start").values_list("letters", flat=True))
    assert letters == "".join({"new": "n", "invalid": "i", "erased": "e", "duplicate": "d"}[each] for each in expected)
    reasons = set(run.rows.filter(outcome=ImportOutcome.INVALID).values_list("reason", flat=True))
    assert reasons == {"300 cells, but the heading has 4", "Not an e-mail address"}
    people = Candidate.objects.present()
    names = set(people.values_list("name", flat=True))
    assert {"José Núñez 8", "Zoë Ångström 9", "Nina Null 10", 'Ada "the" Long Line 11'} <= names
    assert (people.count(), Profile.objects.count()) == (counts["new"], counts["new"] + counts["duplicate"])

    monkeypatch.setattr(import_undo, "SLICE", 9)
    undo_import(run, by=member)
    run.claim("dead")
    assert import_undo._undo_slice(run, "dead")
    assert 0 < people.count() < counts["new"]
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())  # its worker is no more
    assert (work(run).step, run.undone["people"], run.undone["kept"]) == (ImportStep.UNDONE, counts["new"], 0)
    assert [people.count(), Profile.objects.count(), IdentityKey.objects.count(), Consent.objects.count()] == [0] * 4


def test_quotation_mark_that_never_closes_far_down_stops_the_trial_with_its_line(source, member):
    rows = "".join(f"Person {n},person{n}@example.org\n" for n in range(300))
    run = tried_out(source, member, f'Name,E-mail\n{rows}"Open Person,open@example.org\n{rows}'.encode())
    assert (run.state, run.step) == (WorkState.FAILED, ImportStep.CHECK)
    assert run.error == "In line 302 a quotation mark is opened and never closed."
    assert Profile.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_merge_waits_for_the_chunk_that_touches_both_people(tenant, source, member):
    one = told(source, member, name="Ada Lovelace", emails=("ada@example.org",))
    other = told(source, member, name="Ada King", emails=("king@example.org",))
    rows = "Name,E-mail,Company\nAda Lovelace,ada@example.org,Engines\nAda King,king@example.org,Court\n"
    run = tried_out(source, member, rows.encode())
    bring_in(run, by=member)
    run.refresh_from_db()
    run.claim("first")

    def merge():
        with tenant_scope(tenant.pk):
            merge_candidates(one, other, by=member)
        connection.close()

    thread = Thread(target=merge)
    with transaction.atomic():
        chunks = chunks_of(run, to_be_written=True)
        assert import_work._bring_in_chunk(run, next(chunks), "first")
        chunks.close()
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(30)
    assert not thread.is_alive()
    shown = Candidate.objects.present().get()
    assert (shown.pk, {each["employer"] for each in shown.positions}) == (one.pk, {"Engines", "Court"})
    assert Profile.objects.filter(candidate=one).count() == 4
    parted = unmerge(Merge.objects.get(), by=member)
    assert [person.current_employer for person in (parted.survivor, parted.absorbed)] == ["Engines", "Court"]


def test_two_workers_with_the_same_file_make_each_person_once(celery_worker, source, member):
    people = 1200
    rows = "".join(f"Person {n},person{n}@example.org\n" for n in range(people))
    content = f"Name,E-mail\n{rows}".encode()
    runs = [start_import(f"{name}.csv", content, source=source, by=member) for name in ("one", "other")]
    celery_worker(), celery_worker()
    for run in runs:
        choose_columns(run, run.options["columns"])
    now = lambda: list(ImportRun.objects.order_by("pk"))  # noqa: E731
    until(lambda: all(run.step == ImportStep.READY for run in now()), seconds=120)
    for run in now():
        bring_in(run, by=member)
    until(lambda: all(run.step == ImportStep.OVER for run in now()), seconds=240)
    assert {run.worker for run in now()} != {""}
    found = [run.counts for run in now()]
    assert sum(each.get("new", 0) for each in found) == sum(each.get("unchanged", 0) for each in found) == people
    emails = sorted(Candidate.objects.values_list("email", flat=True))
    assert emails == sorted(f"person{n}@example.org" for n in range(people))
    received = Activity.objects.filter(kind="received").count()
    assert [Profile.objects.count(), IdentityKey.objects.count(), received] == [people] * 3
