"""Keeping files as they came."""

import hashlib
import itertools
import mimetypes
from collections.abc import Iterator
from typing import Any

import psycopg
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
from talentpool.resumes.sniffing import kind_of

PIECE = 1 << 20
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
def add_file(candidate: Candidate, name: str, content: bytes, *, text: str = "", by: Member) -> File:
    """A file of a person, searchable by its text where it has one. The same file twice is refused."""
    if not content:
        raise ValidationError("The file is empty.")
    digest = hashlib.sha256(content).hexdigest()
    if there := File.objects.filter(candidate=candidate, sha256=digest).first():
        raise ValidationError(f"This file is here already, as “{there.name}”.")
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"  # never what the browser claims
    file = keep_file(name, content, media_type=media_type, text=text or readable_text(name, content), by=by)
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


def content_of(file: File) -> bytes:
    content = FileContent.objects.filter(file=file).values_list("content", flat=True).first()
    if content is None:
        raise ValidationError(GONE)
    return bytes(content)


def pieces_of(file: File) -> Iterator[bytes]:
    """The same a piece at a time, for files that no process should hold as a whole."""
    for start in itertools.count(1, PIECE):
        piece = Substr("content", start, PIECE, output_field=BinaryField())
        found = FileContent.objects.filter(file=file).annotate(piece=piece).values_list("piece", flat=True).first()
        if found is None:
            raise ValidationError(GONE)
        content = bytes(found)
        if content:
            yield content
        if len(content) < PIECE:
            return


def _keep_content(file: File, content: bytes) -> None:
    """As a binary parameter: quoted into the statement, a large file would be held five times over."""
    meta = FileContent._meta
    cursor: psycopg.Cursor[Any] = psycopg.Cursor(connection.connection)
    with cursor, connection.wrap_database_errors:
        cursor.execute(
            f"INSERT INTO {meta.db_table} (tenant_id, file_id, content) VALUES (%s, %s, %b)",
            [current_tenant_id(), file.pk, content],
        )
