"""Large uploads go through every door a piece at a time, so that what the web holds does not grow with them."""

import hashlib
import io
import itertools
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from crm.models import ArchivePiece, Tenant
from crm.models.api_token import Scope
from crm.moving.packing import pack
from crm.tenancy.scope import tenant_scope
from talentpool.actions.files import content_of, keep_stream, pieces_of
from talentpool.models import File, ImportRun, Source
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.uploads import MOST_AT_ONCE

ROWS = "".join(f"Ada Lovelace {n},ada{n}@example.org,{'x' * 4000}\n" for n in range(2000))
TABLE = f"Name,E-mail,Firma\n{ROWS}".encode()
assert len(TABLE) > MOST_AT_ONCE


@pytest.fixture(autouse=True)
def watched_uploads(settings):
    settings.FILE_UPLOAD_HANDLERS = ["tests.uploads.WatchedUploads"]


def upload(name, content):
    return {"file": SimpleUploadedFile(name, content)}


def assert_kept(file, content):
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert content_of(file) == content == b"".join(pieces_of(file))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_largeobject_metadata")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "content", [TABLE, TABLE + "Zoë Müller,zoe@example.org,\n".encode("cp1252")], ids=["sure", "asks"]
)
def test_table_is_taken_in_by_pieces(client, tenant, settings, content):
    settings.IMPORT_MAX_BYTES = MOST_AT_ONCE  # of files that are held as a whole, which a table is not
    source = Source.objects.create(name="Fair")
    posted = upload("fair.csv", content) | {"source": source.pk, "basis": ""}
    assert client.post("/o/acme/imports/", posted).status_code == 302
    run = ImportRun.objects.get()
    assert run.step == ("columns" if content == TABLE else "encoding")
    assert_kept(run.file, content)
    assert client.get(f"/o/acme/imports/{run.pk}/").status_code == 200


def test_table_is_taken_in_by_pieces_over_the_api(member):
    program = program_of(member, Scope.IMPORTS)
    response = program.upload("/imports", upload("fair.csv", TABLE), source="Fair", key="once")
    assert (response.status_code, response.json()["step"]) == (201, "columns")
    assert_kept(File.objects.get(), TABLE)


def test_other_files_are_held_as_a_whole_only_as_far_as_they_may_be(client, tenant, settings):
    settings.IMPORT_MAX_BYTES = 1 << 20
    posted = upload("cv.pdf", b"%PDF-1.7" + TABLE) | {"new_source": "Fair", "basis": ""}
    page = client.post("/o/acme/imports/", posted)
    assert (page.status_code, "an import may have 1 MB" in page.content.decode()) == (422, True)
    assert not File.objects.exists()


def test_file_of_a_person_is_kept_by_pieces(client, tenant):
    person, film = make_candidate(), b"\x00\x00\x00\x18ftypmp42" + TABLE
    assert client.post(f"/o/acme/people/{person.pk}/files/", upload("film.mp4", film)).status_code == 302
    assert_kept(File.objects.get(candidate=person), film)


def test_pool_is_handed_in_by_pieces(tenant, member):
    """An archive with a large file is kept a few megabytes a row."""
    packed = io.BytesIO(b"".join(content for content, _ in pack(connection, tenant, now=timezone.now())))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(f"files/{hashlib.sha256(TABLE).hexdigest()}", TABLE)
    empty = make_member(Tenant.objects.create(name="Empty Care", slug="empty"))
    page = signed_in(empty).post("/o/empty/settings/move-in/", upload("pool.zip", packed.getvalue()))
    assert page.status_code == 302, page.content.decode()
    with tenant_scope(empty.tenant_id):
        pieces = [bytes(piece.content) for piece in ArchivePiece.objects.order_by("number")]
    assert [len(piece) for piece in pieces] == [MOST_AT_ONCE, len(packed.getvalue()) - MOST_AT_ONCE]
    assert b"".join(pieces) == packed.getvalue()


def test_pieces_of_odd_lengths_make_the_same_file(member):
    """A stream may give less than it is asked for."""

    class Trickle:
        def __init__(self):
            self.at, self.steps = 0, itertools.cycle([1, 70_001, 999])

        def seek(self, at):
            self.at = at

        def read(self, size):
            step = min(size, next(self.steps))
            self.at += step
            return TABLE[:300_000][self.at - step : self.at]

    assert_kept(keep_stream("x.csv", Trickle(), media_type="text/csv", by=member), TABLE[:300_000])
