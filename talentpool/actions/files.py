"""Keeping files as they came."""

import hashlib
import io
import itertools
import mimetypes
from collections.abc import Iterator
from typing import Any, BinaryIO

import psycopg
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import BinaryField
from django.db.models.functions import Substr

from crm.audit import record
from crm.models import Member
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.activities import record_activity
from talentpool.actions.scanning import ask_for_scan, first_state
from talentpool.intake.resume_files import MEDIA_TYPES
from talentpool.models import ActivityKind, Candidate, File, FileContent
from talentpool.resumes import ResumeError, parse_resume
from talentpool.resumes.sniffing import Kind, kind_of

PIECE = 1 << 20
INSERT = f"INSERT INTO {FileContent._meta.db_table} (tenant_id, file_id, content) SELECT %s, %s,"
GONE = "The stored file is gone, for somebody in it asked to be erased. Upload it again without them."


def keep_file(name: str, content: bytes, *, media_type: str, by: Member | None, text: str = "") -> File:
    """A file of the organisation; whoever finds out whose it is gives it to that candidate."""
    file = File.objects.create(
        name=name[-255:],
        media_type=media_type[:120],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        text=text,
        by=by,
        scan=first_state(),
    )
    _keep_content(file, content)
    ask_for_scan()
    return file


@transaction.atomic
def keep_stream(name: str, stream: BinaryIO, *, media_type: str, by: Member | None, text: str = "") -> File:
    """The same of a file that no process should hold as a whole: a piece at a time it is hashed and written down.

    The database puts the pieces together, in a large object that is gone again when the transaction ends.
    """
    stream.seek(0)
    with _binary_cursor() as cursor, connection.wrap_database_errors:
        large = cursor.execute("SELECT lo_create(0)").fetchone()[0]  # type: ignore[index]
        size, digest = 0, hashlib.sha256()
        for piece in pieces_read(stream):
            cursor.execute("SELECT lo_put(%s, %s, %b)", [large, size, piece])
            size += len(piece)
            digest.update(piece)
        file = File.objects.create(
            name=name[-255:],
            media_type=media_type[:120],
            size=size,
            sha256=digest.hexdigest(),
            text=text,
            by=by,
            scan=first_state(),
        )
        cursor.execute(f"{INSERT} lo_get(%s)", [current_tenant_id(), file.pk, large])
        cursor.execute("SELECT lo_unlink(%s)", [large])
    ask_for_scan()
    return file


def pieces_read(stream: BinaryIO) -> Iterator[bytes]:
    """From where the stream stands to its end."""
    return iter(lambda: stream.read(PIECE), b"")


@transaction.atomic
def add_file(candidate: Candidate, name: str, content: bytes | BinaryIO, *, text: str = "", by: Member) -> File:
    """A file of a person, searchable by its text where it has one. The same file twice is refused.

    Only a document is ever held as a whole, to be read.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    stream.seek(0)
    digest = hashlib.sha256()
    for piece in pieces_read(stream):
        digest.update(piece)
    if stream.tell() == 0:
        raise ValidationError("The file is empty.")
    if there := File.objects.filter(candidate=candidate, sha256=digest.hexdigest()).first():
        raise ValidationError(f"This file is here already, as “{there.name}”.")
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"  # never what the browser claims
    file = keep_stream(name, stream, media_type=media_type, text=text or _text_of(name, stream), by=by)
    file.candidate = file.origin = candidate
    file.save(update_fields=["candidate", "origin"])
    record_activity(candidate.pk, ActivityKind.FILE_ADDED, by=by, file_id=file.pk, name=name)
    record("file.added", file, by=by, candidate_id=candidate.pk)
    return file


def readable_text(name: str, content: bytes) -> str:
    """Of documents; pictures, scans and what can't be opened have none."""
    if kind_of(content, name) not in MEDIA_TYPES:
        return ""
    try:
        return parse_resume(content, name).text.replace("\x00", "")
    except ResumeError:
        return ""


def _text_of(name: str, stream: BinaryIO) -> str:
    """Pictures, films and the like are told by their start and never read on."""
    stream.seek(0)
    if kind_of(stream.read(PIECE), name) is Kind.UNKNOWN:
        return ""
    stream.seek(0)
    return readable_text(name, stream.read(settings.CANDIDATE_FILE_MAX_BYTES))


def content_of(file: File) -> bytes:
    content = FileContent.objects.filter(file=file).values_list("content", flat=True).first()
    if content is None:
        raise ValidationError(GONE)
    return bytes(content)


def start_of(file: File, length: int) -> bytes:
    """So many bytes at most."""
    return _part_of(file, 1, length)


def pieces_of(file: File) -> Iterator[bytes]:
    """The same a piece at a time, for files that no process should hold as a whole."""
    for start in itertools.count(1, PIECE):
        content = _part_of(file, start, PIECE)
        if content:
            yield content
        if len(content) < PIECE:
            return


def _part_of(file: File, start: int, length: int) -> bytes:
    part = Substr("content", start, length, output_field=BinaryField())
    found = FileContent.objects.filter(file=file).annotate(part=part).values_list("part", flat=True).first()
    if found is None:
        raise ValidationError(GONE)
    return bytes(found)


def _keep_content(file: File, content: bytes) -> None:
    """As a binary parameter: quoted into the statement, a large file would be held five times over."""
    with _binary_cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(f"{INSERT} %b", [current_tenant_id(), file.pk, content])


def _binary_cursor() -> psycopg.Cursor[Any]:
    """Django's own would quote a piece into the text of its statement."""
    return psycopg.Cursor(connection.connection)
