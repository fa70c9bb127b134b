"""Moving a pool out and in through its doors: the pages, the runs, the API and the commands."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from crm.actions import bulk_runs
from crm.actions.invitations import accept_invitation, invite, join_as_new_user
from crm.actions.moving_out import remove_old_archives, start_moving_out
from crm.actions.organisations import create_organisation
from crm.models import ArchivePiece, AuditEntry, BulkRun, Member, PoolArchive, Role, User
from crm.models.api_token import Scope
from crm.models.leased import WorkState
from crm.moving import pieces
from crm.tasks import remove_old_archives as remove_old_archives_task
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, Note, SearchOutbox
from tests.api_client import program_of
from tests.conftest import PASSWORD, make_member, signed_in
from tests.factories.people import make_candidate


def work():
    run = BulkRun.objects.order_by("-pk")[0]
    bulk_runs.work_on(run.pk, worker="test")
    run.refresh_from_db()
    return run


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def person(member):
    colleague = make_member(member.tenant, Role.RECRUITER, "lucia@acme.example")
    person = make_candidate("Zoë")
    Note.objects.create(candidate=person, origin=person, text="Call", by=colleague, at=timezone.now())
    return person


@pytest.mark.django_db(transaction=True)
def test_a_pool_goes_out_by_the_page_and_in_by_the_page(tenant, member, person, monkeypatch):
    """Real transactions, for packing and unpacking use a connection of their own."""
    monkeypatch.setattr(pieces, "PIECE", 1000)
    client = signed_in(member)
    assert b"Nothing is packed" in client.get("/o/acme/settings/move-out/").content
    assert client.post("/o/acme/settings/move-out/").status_code == 302
    run = work()
    archive = PoolArchive.objects.get()
    assert (run.state, run.error, run.done) == (WorkState.DONE, "", run.total)
    response = client.get(f"/o/acme/settings/move-out/{archive.pk}/file/")
    content = body_of(response)
    assert (len(content), response["Content-Type"]) == (archive.size, "application/zip")
    assert ArchivePiece.objects.count() == -(-len(content) // 1000)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    verbs = AuditEntry.objects.filter(verb__startswith="pool.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["pool.packing_started", "pool.packed", "pool.downloaded"]
    _comes_in(content)


def _comes_in(content):
    there = create_organisation(
        "New", slug="new", country="US", time_zone="UTC", owner_email="o@new.example", owner_name="O", password=PASSWORD
    )
    with tenant_scope(there.pk):
        owner = Member.objects.get()
        client = signed_in(owner)
        handed = SimpleUploadedFile("pool.zip", content, content_type="application/zip")
        assert client.post("/o/new/settings/move-in/", {"file": handed}).status_code == 302
        run = work()
        assert (run.state, run.error, run.done, run.result["is_in"]) == (WorkState.DONE, "", run.total, True)
        person = Candidate.objects.get()
        assert (person.name, person.note_set.get().by.name) == ("Zoë", "Recruiter of Acme Health")
        there.refresh_from_db()
        assert (there.name, there.country, there.postal_address) == ("New", "US", "1 Main Street, Fresno, CA")
        assert SearchOutbox.objects.filter(candidate_ids__contains=[person.pk]).exists()
        assert PoolArchive.objects.count() == ArchivePiece.objects.count() == 0
        assert AuditEntry.objects.get(verb="pool.moved_in").subject_label == "Acme Health"
        _joins_again(owner, person)


def _joins_again(owner, person):
    """Lucia has an account already, so she signs in as ever; being invited makes the old name hers."""
    lucia = person.note_set.get().by
    assert lucia.removed_at is not None
    invitation = invite("lucia@acme.example", Role.SOURCER, by=owner)
    assert accept_invitation(invitation, User.objects.get(email="lucia@acme.example")) == lucia


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_worker_died_is_packed_anew(tenant, member, person):
    archive = start_moving_out(tenant, by=member)
    archive.run.claim("dead")
    ArchivePiece.objects.create(archive=archive, number=0, content=b"half of")
    BulkRun.objects.update(lease_until=timezone.now() - timedelta(minutes=5), done=1)
    run = work()
    archive.refresh_from_db()
    content = b"".join(pieces.bytes_of(archive))
    assert (run.state, run.attempts, run.done) == (WorkState.DONE, 2, run.total)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_a_placeholder_who_is_invited_chooses_a_password_and_signs_what_was_hers(tenant, member):
    user = User.objects.create_user("gone@example.org", name="Gone")
    User.objects.filter(pk=user.pk).update(is_active=False)
    name = Member.objects.create(user=user, role=Role.VIEWER, name="Gone", removed_at=timezone.now())
    invitation = invite("gone@example.org", Role.RECRUITER, by=member)
    joined = join_as_new_user(invitation, name="Gudrun", password=PASSWORD)
    assert (joined.pk, joined.removed_at, joined.role) == (name.pk, None, Role.RECRUITER)
    user.refresh_from_db()
    assert (user.is_active, user.check_password(PASSWORD), user.name) == (True, True, "Gudrun")


def test_archives_are_for_owners_and_admins_and_only_for_two_days(tenant, member):
    archive = PoolArchive.objects.create(
        is_outgoing=True, name="x.zip", by=member, completed_at=timezone.now(), expires_at=timezone.now()
    )
    ArchivePiece.objects.create(archive=archive, number=0, content=b"x")
    paths = [f"/o/acme/settings/move-out/{tail}" for tail in ("", f"{archive.pk}/file/")] + [
        "/o/acme/settings/move-in/"
    ]
    recruiter = signed_in(make_member(tenant, Role.RECRUITER))
    assert {recruiter.get(path).status_code for path in paths} == {403}
    admin = signed_in(make_member(tenant, Role.ADMIN))
    assert [admin.get(path).status_code for path in paths] == [200, 302, 200]
    remove_old_archives_task()
    assert (PoolArchive.objects.count(), ArchivePiece.objects.count()) == (0, 0)
    assert remove_old_archives(timezone.now()) == 0


def test_only_one_is_packed_at_a_time_and_what_is_packed_can_be_removed(tenant, member, client):
    archive = start_moving_out(tenant, by=member)
    assert client.post("/o/acme/settings/move-out/").headers["Location"] == "/o/acme/settings/move-out/"
    assert PoolArchive.objects.count() == 1
    client.post(f"/o/acme/settings/move-out/{archive.pk}/remove/")
    assert PoolArchive.objects.count() == 1
    BulkRun.objects.update(state=WorkState.CANCELLED)
    client.post(f"/o/acme/settings/move-out/{archive.pk}/remove/")
    assert PoolArchive.objects.count() == 0


def test_what_cannot_be_a_pool_is_refused_at_the_door(tenant, member, client):
    def answer(content):
        return client.post("/o/acme/settings/move-in/", {"file": SimpleUploadedFile("x.zip", content)})

    assert "This is no zip" in answer(b"hello").content.decode()
    make_candidate()
    assert "candidates here already" in answer(b"hello").content.decode()
    assert (PoolArchive.objects.count(), BulkRun.objects.count()) == (0, 0)


def test_programs_pack_with_a_scope_of_its_own(tenant, member):
    program = program_of(member, Scope.MOVE_OUT)
    made = program.post("/move-outs").json()
    assert (made["state"], made["is_there"]) == ("queued", False)
    assert program.get(f"/move-outs/{made['id']}/file").status_code == 422
    PoolArchive.objects.update(size=4, completed_at=timezone.now())
    ArchivePiece.objects.create(archive_id=made["id"], number=0, content=b"zip!")
    assert body_of(program.get(f"/move-outs/{made['id']}/file")) == b"zip!"
    assert [each["id"] for each in program.get("/move-outs").json()["items"]] == [made["id"]]
    recruiter = program_of(make_member(tenant, Role.RECRUITER), Scope.MOVE_OUT)
    assert recruiter.post("/move-outs").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_commands_write_and_read_a_file(tenant, member, person, other_member, tmp_path):
    path = tmp_path / "pool.zip"
    call_command("move_out", "acme", str(path), stdout=io.StringIO())
    out = io.StringIO()
    call_command("move_in", "rival", str(path), stdout=out)
    assert "are in Rival Care" in out.getvalue()
    with tenant_scope(other_member.tenant_id):
        assert Candidate.objects.get().name == "Zoë"
    with pytest.raises(CommandError, match="already"):
        call_command("move_in", "rival", str(path))
    with pytest.raises(CommandError, match="no organisation"):
        call_command("move_out", "nobody", str(path))
    assert connection.in_atomic_block is False
