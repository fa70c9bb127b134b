import os
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from crm.models import AuditEntry, Role
from crm.models.leased import WorkState
from talentpool.actions.drop_work import look_at_drop
from talentpool.actions.drops import approve_host_key, create_drop, look_now, queue_due, update_drop
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import choose_columns, start_import
from talentpool.models import Candidate, Drop, DropFile, DropKind, ImportRun, ImportStep, SavedColumns, Source
from tests.conftest import make_member, signed_in
from tests.simulators.sftp import SftpServer
from tests.simulators.web import ENDLESS, Page, WebServer

HERE = override_settings(OUTGOING_ALLOWED_NETWORKS=["127.0.0.0/8"])
CSV = b"Who,Mail,Motto\nAda Lovelace,ada@example.org,Onward\n"
MORE = b"Motto,Mail,who\nRise,ruth@example.org,Ruth O'Connell\n"
COLUMNS = ["name", "email", "headline"]


@pytest.fixture
def board(tenant):
    return Source.objects.create(name="Résumé board")


@pytest.fixture
def known_columns(board, member):
    """Somebody has said once what this source's columns are."""
    run = start_import("first.csv", CSV.replace(b"ada", b"first").replace(b"Ada", b"First"), source=board, by=member)
    choose_columns(run, COLUMNS)
    run.delete()


@pytest.fixture
def folder(tmp_path, settings):
    settings.DROP_ROOT = str(tmp_path)
    inbox = tmp_path / "acme" / "inbox"
    inbox.mkdir(parents=True)
    return inbox


@pytest.fixture
def watched(board, member, folder):
    return create_drop(board, DropKind.FOLDER, {"path": "inbox", "every_minutes": 60}, by=member)


def look(drop, times=1):
    for _ in range(times):
        Drop.objects.filter(pk=drop.pk).update(state=WorkState.QUEUED)
        look_at_drop(drop.pk, worker="test")
    drop.refresh_from_db()
    return drop


def work_all():
    for _ in range(2):  # the trial, and then the run
        for run in ImportRun.objects.claimable():
            work_on_import(run.pk, worker="test")


def found(drop):
    return sorted(DropFile.objects.filter(drop=drop).values_list("name", "said"))


def people():
    return sorted(Candidate.objects.present().values_list("name", "email", "headline"))


def test_columns_are_remembered_by_source_and_headings(board, member):
    run = start_import("a.csv", CSV, source=board, by=member)
    assert (run.options["columns"], "saved_columns" in run.options) == (["custom", "email", "custom"], False)
    choose_columns(run, COLUMNS)
    again = start_import("b.csv", MORE, source=board, by=member)
    assert again.options["columns"] == ["headline", "email", "name"]
    assert again.options["saved_columns"] == SavedColumns.objects.get().pk
    other = start_import("c.csv", MORE, source=Source.objects.create(name="Fair"), by=member)
    assert "saved_columns" not in other.options


def test_file_in_a_watched_folder_comes_in_by_itself_once_it_no_longer_grows(watched, folder, known_columns):
    (folder / "people.csv").write_bytes(CSV[:20])
    look(watched)
    assert (DropFile.objects.count(), watched.error) == (0, "")
    (folder / "people.csv").write_bytes(CSV)
    look(watched)
    assert DropFile.objects.count() == 0
    look(watched)
    assert found(watched) == [("people.csv", "")]
    work_all()
    assert people() == [("Ada Lovelace", "ada@example.org", "Onward")]
    assert ImportRun.objects.get().step == ImportStep.OVER
    assert [path.name[-10:] for path in (folder / "imported").iterdir()] == ["people.csv"]
    (folder / "same.csv").write_bytes(CSV)
    look(watched, times=3)
    assert found(watched) == [("people.csv", ""), ("same.csv", "The same content came before.")]
    assert ImportRun.objects.count() == 1


def test_file_with_other_columns_waits_for_its_person(watched, folder, member):
    (folder / "people.csv").write_bytes(CSV)
    look(watched, times=2)
    work_all()
    run = ImportRun.objects.get()
    assert (run.step, run.by, people()) == (ImportStep.COLUMNS, member, [])
    assert "waits for you to go on" in signed_in(member).get("/o/acme/").content.decode()


def test_hostile_names_and_things_that_are_no_files_are_left_alone(watched, folder, known_columns, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(CSV)
    (folder / "link.csv").symlink_to(secret)
    (folder / "..").joinpath("beside.csv").write_bytes(CSV)
    (folder / ".hidden.csv").write_bytes(CSV)
    (folder / "growing.csv.part").write_bytes(CSV)
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / os.fsdecode(b"\xff.csv")).write_bytes(CSV)
    (folder / "<script>alert(1)<script>\n.csv").write_bytes(MORE)
    (folder / "program.exe").write_bytes(b"MZ\x90\x00" * 100)
    look(watched, times=2)
    assert [name for name, _ in found(watched)] == ["<script>alert(1)<script>\n.csv", "program.exe"]
    page = signed_in(watched.by).get(f"/o/acme/settings/drops/{watched.pk}/").content.decode()
    assert "&lt;script&gt;" in page
    assert "This is none of the files that can be read" in page


@pytest.mark.parametrize("path", ["..", "../rival", "/etc", "inbox/../../rival", "out", "nowhere", "in\x00box"])
def test_folder_must_lie_below_the_organisations_own(board, member, folder, tmp_path, path):
    (tmp_path / "rival").mkdir()
    (tmp_path / "acme" / "out").symlink_to(tmp_path / "rival")
    with pytest.raises(ValidationError, match="folder"):
        create_drop(board, DropKind.FOLDER, {"path": path}, by=member)
    with override_settings(DROP_ROOT=""), pytest.raises(ValidationError, match="watches no folders"):
        create_drop(board, DropKind.FOLDER, {"path": "inbox"}, by=member)


@HERE
def test_sftp_server_is_talked_to_once_its_key_was_approved(board, member, known_columns, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "people.csv").write_bytes(CSV)
    with SftpServer(tmp_path) as server:
        where = {"host": "127.0.0.1", "port": server.port, "username": server.USER, "password": server.PASSWORD}
        drop = create_drop(board, DropKind.SFTP, {**where, "path": "/out"}, by=member)
        with connection.cursor() as cursor:
            cursor.execute("SELECT password FROM talentpool_drop WHERE id = %s", [drop.pk])
            assert server.PASSWORD not in cursor.fetchone()[0]
        look(drop)
        assert "Nobody has approved" in drop.error
        assert (drop.offered_key, server.sign_ins) == (server.public_key, [])
        with pytest.raises(ValidationError, match="another key"):
            approve_host_key(drop, "ssh-rsa AAAA", by=member)
        approve_host_key(drop, drop.offered_key, by=member)
        look(drop, times=2)
        assert (drop.error, found(drop)) == ("", [("people.csv", "")])
        assert [path.name[-10:] for path in (tmp_path / "out" / "imported").iterdir()] == ["people.csv"]
        work_all()
        assert people() == [("Ada Lovelace", "ada@example.org", "Onward")]
        server.key, sign_ins = type(server.key).generate(), len(server.sign_ins)
        look(drop)
        assert "another key than the one that was approved" in drop.error
        assert len(server.sign_ins) == sign_ins
        Drop.objects.filter(pk=drop.pk).update(host_key=server.public_key)
        drop.refresh_from_db()
        update_drop(drop, {"password": "wrong"}, by=member)
        assert "does not take this name" in look(drop).error
    assert "does not answer" in look(drop).error
    told = str(list(AuditEntry.objects.filter(verb__startswith="drop.").values_list("detail", flat=True)))
    assert server.PASSWORD not in told


@HERE
def test_csv_at_an_address_is_fetched_when_it_changed(board, member, known_columns):
    with WebServer({"/people.csv": Page(CSV, headers={"ETag": '"1"'})}) as web:
        drop = create_drop(board, DropKind.URL, {"url": web.url("/people.csv")}, by=member)
        look(drop, times=2)
        assert (drop.error, drop.etag, found(drop)) == ("", '"1"', [("people.csv", "")])
        assert web.asked[1][1]["If-None-Match"] == '"1"'
        web.pages["/people.csv"] = Page(MORE, headers={"ETag": '"2"'})
        look(drop)
        work_all()
        assert [email for _, email, _ in people()] == ["ada@example.org", "ruth@example.org"]
        web.pages["/people.csv"] = Page(status=302, headers={"Location": "http://169.254.169.254/"})
        assert "private network" in look(drop).error
        web.pages["/people.csv"] = Page(status=500)
        assert look(drop).error == "The server answers with 500."
        with override_settings(IMPORT_MAX_CSV_BYTES=2**20):
            web.pages["/people.csv"] = Page(ENDLESS)
            assert look(drop).error == "It is larger than 1 MB."
    with override_settings(OUTGOING_ALLOWED_NETWORKS=[]), pytest.raises(ValidationError, match="private network"):
        create_drop(board, DropKind.URL, {"url": "http://127.0.0.1/x.csv"}, by=member)


def test_places_are_looked_at_when_they_are_due_and_by_one_worker(watched, member):
    Drop.objects.filter(pk=watched.pk).update(next_at=timezone.now() - timedelta(hours=1))
    queue_due()
    watched.refresh_from_db()
    assert watched.state == WorkState.QUEUED
    assert watched.next_at > timezone.now()
    assert watched.claim("another")
    look_at_drop(watched.pk, worker="test")
    watched.refresh_from_db()
    assert (watched.worker, watched.last_at) == ("another", None)
    with pytest.raises(ValidationError, match="just now"):
        look_now(watched, by=member)


def test_member_who_may_no_longer_import_stops_the_drop(tenant, watched, folder):
    watched.by = make_member(tenant, role=Role.VIEWER)
    watched.save()
    (folder / "people.csv").write_bytes(CSV)
    assert "may not bring people in any more" in look(watched, times=2).error
    assert ImportRun.objects.count() == 0


def test_pages_of_a_source_show_its_columns_and_places(board, member, folder, known_columns, tenant):
    client, page = signed_in(member), f"/o/acme/settings/sources/{board.pk}/"
    shown = client.get(page).content.decode()
    assert "3 columns" in shown
    assert "No place is watched" in shown
    saved = SavedColumns.objects.get()
    client.post(f"/o/acme/settings/columns/{saved.pk}/rename/", {"name": "The board's weekly list"})
    new = client.post(f"{page}drops/new/?kind=folder", {"path": "inbox", "every_minutes": "60", "is_on": "on"})
    drop = Drop.objects.get()
    assert new.headers["Location"] == f"/o/acme/settings/drops/{drop.pk}/"
    shown = client.get(page).content.decode()
    assert "The board&#x27;s weekly list" in shown
    assert "Watched" in shown
    wrong = client.post(f"{page}drops/new/?kind=folder", {"path": "../rival", "every_minutes": "60"})
    assert wrong.status_code == 422
    assert client.get(f"{page}drops/new/?kind=sftp").status_code == 200
    assert client.get(f"{page}drops/new/?kind=carrier-pigeon").headers["Location"] == page
    client.post(f"/o/acme/settings/columns/{saved.pk}/forget/")
    client.post(f"/o/acme/settings/drops/{drop.pk}/remove/")
    assert (SavedColumns.objects.count(), Drop.objects.count()) == (0, 0)
    assert signed_in(make_member(tenant, role=Role.RECRUITER)).get(page).status_code == 403
