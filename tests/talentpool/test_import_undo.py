import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from crm.models import AuditEntry, Role
from crm.models.leased import WorkState
from talentpool.actions import import_undo, import_work
from talentpool.actions.edits import edit_candidate
from talentpool.actions.import_chunks import chunks_of
from talentpool.actions.import_undo import undo_import
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import bring_in, cancel_import, choose_columns, start_import
from talentpool.actions.merges import merge_candidates
from talentpool.actions.notes import add_note
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.models import (
    Activity,
    Basis,
    Candidate,
    Consent,
    ErasedKey,
    File,
    IdentityKey,
    ImportRemainder,
    ImportRun,
    ImportStep,
    Profile,
    ProfileKind,
    SearchDocument,
    Source,
)
from talentpool.person import PersonFields
from talentpool.queries.import_undoing import undoing_of
from talentpool.search.index import outbox
from tests.conftest import make_member, signed_in

CSV = (
    "Name,E-mail,Company\n"
    "Ada Lovelace,ada@example.org,Engines\n"
    "Ruth O’Connell,ruth@example.org,Mercy\n"
    "Jürgen Groß,j.gross@example.org,Siemens\n"
    "Femi Adebayo,femi@example.org,Kuda\n"
    "Ada Lovelace,ADA@example.org,Analytical Engines\n"
).encode()


@pytest.fixture
def fair(tenant):
    return Source.objects.create(name="Spring job fair", kind="event")


@pytest.fixture
def board(tenant):
    return Source.objects.create(name="Résumé board")


def work(run):
    work_on_import(run.pk, worker="test")
    run.refresh_from_db()
    return run


def brought_in(source, member, content=CSV, name="fair.csv"):
    run = start_import(name, content, source=source, by=member, basis=Basis.CONSENT)
    choose_columns(run, run.options["columns"])
    bring_in(work(run), by=member)
    return work(run)


def told(source, member, **fields):
    [answer] = receive_profiles([IncomingRecord(source, ProfileKind.API, PersonFields(**fields))], by=member)
    return answer.candidate_id


def person(email):
    return Candidate.objects.present().get(email=email)


def state_of_pool():
    """All that is known of people, without ids and times, which a second bringing in makes anew."""
    people = Candidate.objects.present().order_by("email", "name")
    shown = people.values_list("name", "email", "current_employer", "contact_points", "skills")
    keys = IdentityKey.objects.order_by("kind", "value").values_list("kind", "value")
    stories = Activity.objects.filter(candidate__erased_at=None).order_by("kind").values_list("kind", flat=True)
    return list(shown), list(keys), list(stories), Consent.objects.count(), Profile.objects.count()


def test_undoing_takes_away_what_the_import_alone_brought(fair, board, member):
    told(board, member, name="Ruth O’Connell", emails=("ruth@example.org",), headline="Nurse")
    before = state_of_pool()
    run = brought_in(fair, member)
    after = state_of_pool()
    counted = undoing_of(run)
    assert (counted.profiles, counted.people, counted.kept, counted.gone) == (5, 4, 1, 3)
    assert counted.reasons == [("another source", 1)]
    undo_import(run, by=member)
    work(run)
    assert (run.step, run.state) == (ImportStep.UNDONE, WorkState.DONE)
    assert run.undone == {"after": run.undone["after"], "total": 5, "profiles": 5, "people": 3, "kept": 1}
    assert state_of_pool() == before
    assert list(ImportRemainder.objects.values_list("candidate__email", "reasons")) == [
        ("ruth@example.org", ["another source"])
    ]
    outbox.drain()
    assert set(SearchDocument.objects.values_list("pk", flat=True)) == {person("ruth@example.org").pk}
    entry = AuditEntry.objects.get(verb="import.undone")
    assert (entry.member, entry.detail) == (member, {"profiles": 5, "people": 3, "kept": 1})
    assert ErasedKey.objects.count() == 0
    again = brought_in(fair, member)
    assert again.counts == {"new": 3, "updated": 1, "duplicate": 1}
    assert state_of_pool() == after


def test_who_was_touched_stays_and_is_listed_with_what_keeps_them(fair, board, member):
    run = brought_in(fair, member)
    add_note(person("ada@example.org"), "Called her", by=member)
    edit_candidate(person("j.gross@example.org"), {"headline": "Engineer"}, by=member)
    told(board, member, name="Femi Adebayo", emails=("femi@example.org",), phones=("+4915112345678",))
    counted = undoing_of(run)
    assert (counted.people, counted.kept, counted.gone) == (4, 3, 1)
    undo_import(run, by=member)
    work(run)
    stayed = ImportRemainder.objects.order_by("candidate")
    assert [(each.candidate.email, each.candidate.name, each.reasons) for each in stayed] == [
        ("", "", ["a note"]),
        ("", "", ["an edit"]),
        ("femi@example.org", "Femi Adebayo", ["another source"]),
    ]
    assert stayed[1].candidate.headline == "Engineer"
    assert sorted(IdentityKey.objects.values_list("kind", "value")) == [
        ("email", "femi@example.org"),
        ("phone", "+4915112345678"),
    ]
    assert Candidate.objects.present().count() == 3
    assert Consent.objects.count() == 0


def test_undoing_twice_or_at_the_wrong_time_is_refused(fair, member):
    run = start_import("fair.csv", CSV, source=fair, by=member)
    with pytest.raises(ValidationError, match="can’t be undone"):
        undo_import(run, by=member)
    run = brought_in(fair, member)
    undo_import(run, by=member)
    with pytest.raises(ValidationError, match="something is at work"):
        undo_import(run, by=member)
    work(run)
    with pytest.raises(ValidationError, match="undone already"):
        undo_import(run, by=member)
    with pytest.raises(ValidationError, match="not ready"):
        bring_in(run, by=member)


def test_undoing_goes_on_where_it_was_stopped_or_its_worker_died(fair, member, monkeypatch):
    monkeypatch.setattr(import_undo, "SLICE", 1)
    run = brought_in(fair, member)
    undo_import(run, by=member)
    run.claim("dead")
    assert import_undo._undo_slice(run, "dead")
    assert not import_undo._undo_slice(ImportRun.objects.get(pk=run.pk), "thief")
    assert (Candidate.objects.present().count(), Profile.objects.count()) == (3, 3)  # Ada's two rows go together
    cancel_import(run, by=member)
    assert not import_undo._undo_slice(run, "dead")
    stopped = ImportRun.objects.get(pk=run.pk)
    assert (stopped.state, stopped.undone["profiles"]) == (WorkState.CANCELLED, 2)
    undo_import(stopped, by=member)
    work(run)
    assert (run.step, run.undone["profiles"], run.undone["people"]) == (ImportStep.UNDONE, 5, 4)
    assert Candidate.objects.present().count() == Profile.objects.count() == IdentityKey.objects.count() == 0


def test_half_an_import_can_be_undone_and_its_file_brought_in_again(fair, member):
    with override_settings(IMPORT_CHUNK=2):
        run = start_import("fair.csv", CSV, source=fair, by=member)
        choose_columns(run, run.options["columns"])
        bring_in(work(run), by=member)
        ImportRun.objects.filter(pk=run.pk).update(cursor=3)  # from the fourth row on, as after a stop
        work(run)
    ImportRun.objects.filter(pk=run.pk).update(step=ImportStep.RUN, state=WorkState.CANCELLED)
    undo_import(run, by=member)
    assert work(run).undone["people"] == 2
    assert brought_in(fair, member).counts == {"new": 4, "duplicate": 1}


def test_undoing_resumes_takes_their_files_and_leaves_those_of_others(fair, member):
    resume = b'{"basics": {"name": "Ada Lovelace", "email": "ada@example.org"}}'
    run = start_import("ada.json", resume, source=fair, by=member)
    bring_in(work(run), by=member)
    assert work(run).counts == {"new": 1}
    assert File.objects.exclude(candidate=None).count() == 1
    undo_import(run, by=member)
    work(run)
    assert list(File.objects.values_list("pk", flat=True)) == [run.file_id]


def test_person_merged_into_another_leaves_with_the_import_that_brought_them(fair, board, member):
    known = told(board, member, name="Augusta King", emails=("king@example.org",))
    run = brought_in(fair, member)
    ada = person("ada@example.org").pk
    merge_candidates(Candidate.objects.get(pk=known), Candidate.objects.get(pk=ada), by=member)
    undo_import(run, by=member)
    work(run)
    survivor = Candidate.objects.present().get()
    assert (survivor.pk, survivor.name) == (known, "Augusta King")
    assert Candidate.objects.get(pk=ada).is_undone
    assert list(IdentityKey.objects.values_list("value", flat=True)) == ["king@example.org"]


def test_merge_while_an_import_touches_both_people_loses_no_row(fair, board, member):
    """Between two chunks of the run they become one; what comes after goes to the survivor, and to whom it was about."""
    one = told(board, member, name="Ada Lovelace", emails=("ada@example.org",))
    other = told(board, member, name="Ada King", emails=("king@example.org",))
    rows = "Name,E-mail\nAda Lovelace,ada@example.org\nAda King,king@example.org\nAda K. Lovelace,ada@example.org\n"
    with override_settings(IMPORT_CHUNK=1):
        run = start_import("both.csv", rows.encode(), source=fair, by=member)
        choose_columns(run, run.options["columns"])
        bring_in(work(run), by=member)
        run.refresh_from_db()
        run.claim("first")
        chunks = chunks_of(run, to_be_written=True)
        assert import_work._bring_in_chunk(run, next(chunks), "first")
        merge_candidates(Candidate.objects.get(pk=one), Candidate.objects.get(pk=other), by=member)
        assert import_work._bring_in_chunk(run, next(chunks), "first")
        chunks.close()
        ImportRun.objects.filter(pk=run.pk).update(lease_until="2020-01-01T00:00Z")
        work(run)
    whose = Profile.objects.filter(import_run=run).order_by("row_number").values_list("candidate", "origin")
    assert list(whose) == [(one, one), (one, other), (one, one)]
    undo_import(run, by=member)
    assert work(run).undone["kept"] == 1
    assert Profile.objects.count() == 2


def test_undoing_page_counts_first_and_the_import_page_lists_who_stayed(tenant, fair, member):
    run = brought_in(fair, member)
    add_note(person("ada@example.org"), "Called her", by=member)
    page, client = f"/o/acme/imports/{run.pk}/", signed_in(member)
    assert f"{page}undo/" in client.get(page).content.decode()
    question = client.get(f"{page}undo/").content.decode()
    assert "<b>3 people</b>" in question
    assert "What keeps 1 person" in question
    assert f'<a href="{page}undo/people/?reason=a+note">1</a>' in question
    assert "happened since" not in question
    assert client.post(f"{page}undo/").status_code == 302
    work(run)
    shown = client.get(page).content.decode()
    assert "This import was undone: 3 people went, 1 stayed." in shown
    assert "A note" in shown
    assert f"{page}undo/" not in shown
    said = client.get(f"{page}undo/", follow=True).content.decode()
    assert "This import was undone already." in said
    assert signed_in(make_member(tenant, role=Role.VIEWER)).post(f"{page}undo/").status_code == 403


def test_who_would_stay_is_seen_by_reason_before_anything_is_done(fair, board, member, client):
    run = brought_in(fair, member)
    told(board, member, name="Ruth O’Connell", emails=("ruth@example.org",))
    add_note(person("j.gross@example.org"), "Called him", by=member)
    base = f"/o/acme/imports/{run.pk}/undo/"
    question = client.get(base).content.decode()
    assert "What keeps 2 people" in question
    assert f'<a href="{base}people/?reason=another+source">1</a>' in question

    def named(query=""):
        page = client.get(f"{base}people/{query}").content.decode()
        return [name for name in ("Ruth O’Connell", "Jürgen Groß", "Ada Lovelace") if name in page]

    assert named() == ["Ruth O’Connell", "Jürgen Groß"]
    assert named("?reason=a+note") == ["Jürgen Groß"]
    assert named(f"?after={person('ruth@example.org').pk}") == ["Jürgen Groß"]
    assert named("?reason=nonsense") == []
    assert undoing_of(run).kept == 2
