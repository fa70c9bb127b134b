"""One look at a watched place: what is new there and no longer growing becomes an import, once."""

import hashlib
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.models.leased import WorkState
from crm.permissions import Permission, may
from talentpool.actions.drop_readers import Reader, reader_for
from talentpool.actions.imports import start_import
from talentpool.intake.drops.address import AddressPlace, open_address
from talentpool.intake.drops.folder import open_folder
from talentpool.intake.drops.place import DropProblem, Found, Place, UnknownHost
from talentpool.intake.drops.sftp import open_sftp
from talentpool.models import Basis, Drop, DropFile, DropKind, ImportRun

MOST_ATTEMPTS = 3
SOON = timedelta(minutes=1)  # when something was still being written

log = structlog.get_logger()


def look_at_drop(drop_id: int, *, worker: str) -> None:
    """Claims the drop, takes what is there and writes down when and how it ended."""
    drop = Drop.objects.select_related("source__tenant", "by").filter(pk=drop_id).first()
    if drop is None or not drop.claim(worker):
        return
    error = "It was tried three times and never came to an end." if drop.attempts > MOST_ATTEMPTS else ""
    growing = False
    if not error:
        try:
            growing = _look(drop, worker)
        except UnknownHost as problem:
            error = str(problem)
            Drop.objects.filter(pk=drop.pk).update(offered_key=problem.key)
        except DropProblem as problem:
            error = str(problem)
        except Exception:
            log.exception("drop_failed", drop_id=drop.pk)
            error = "It stopped at a fault of Rapport’s, which is in the log."
    now = timezone.now()
    following = now + (SOON if growing else timedelta(minutes=drop.every_minutes))
    drop.close(worker, WorkState.DONE, last_at=now, next_at=following, error=error, seen=drop.seen, attempts=0)


def _look(drop: Drop, worker: str) -> bool:
    """True when there is something that may still be growing."""
    if drop.by.removed_at or not may(drop.by, Permission.IMPORT_CANDIDATES):
        raise DropProblem(f"{drop.by.name}, for whom it imports, may not bring people in any more. Save it anew.")
    growing, reader = False, reader_for(drop)
    with _open(drop) as place:
        found = place.look()
        if reader:
            found.sort(key=lambda each: reader.rank(each.name))
        before, drop.seen = drop.seen, {each.name: [each.size, each.modified] for each in found}
        marks = DropFile.objects.filter(drop=drop, mark__in=[each.mark for each in found])
        known = set(marks.values_list("mark", flat=True))
        for each in found:
            if each.mark in known:
                continue
            if drop.kind != DropKind.URL and before.get(each.name) != [each.size, each.modified]:
                growing = True  # it is taken once two looks have seen the same
                continue
            growing |= not _take(drop, place, each, reader, worker)
            if not drop.renew(worker, seen=drop.seen):
                return False
        if isinstance(place, AddressPlace):
            Drop.objects.filter(pk=drop.pk).update(etag=place.etag, last_modified=place.last_modified)
    return growing


def _open(drop: Drop) -> AbstractContextManager[Place]:
    if drop.kind == DropKind.FOLDER:
        return open_folder(drop.source.tenant.slug, drop.path)
    if drop.kind == DropKind.URL:
        return open_address(drop.url, drop.etag, drop.last_modified)
    return open_sftp(
        drop.host,
        drop.port,
        drop.username,
        password=drop.password,
        private_key=drop.private_key,
        host_key=drop.host_key,
        path=drop.path,
    )


def _take(drop: Drop, place: Place, found: Found, reader: Reader | None, worker: str) -> bool:
    """An import of the file, what its reader says, or why it is neither; each is written down and not tried again.

    False when the file has grown since it was listed.
    """
    try:
        content = place.content(found, most_bytes=settings.IMPORT_MAX_CSV_BYTES)
    except DropProblem as problem:
        _write_down(drop, found, said=str(problem))
        return True
    if len(content) != found.size:
        return False
    if reader:
        _read(drop, reader, found, content, worker)
    else:
        _import(drop, found, content)
    place.set_aside(found)
    return True


def _read(drop: Drop, reader: Reader, found: Found, content: bytes, worker: str) -> None:
    """The same content under the same name as last time says nothing new; one that came earlier may again."""
    digest = hashlib.sha256(content).hexdigest()
    last = DropFile.objects.filter(drop=drop, name=found.name[-255:]).first()
    if last and last.sha256 == digest:
        said = "The same content came before."
    else:
        said = reader.read(found, content, partial(drop.renew, worker, seen=drop.seen))
    if drop.kind == DropKind.URL and last and last.sha256 == digest:
        return
    mark = (
        found.mark if drop.kind != DropKind.URL else hashlib.sha256(f"{last and last.pk}{digest}".encode()).hexdigest()
    )
    written = {"name": found.name[-255:], "sha256": digest, "at": timezone.now(), "said": said}
    DropFile.objects.get_or_create(drop=drop, mark=mark, defaults=written)


def _import(drop: Drop, found: Found, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if DropFile.objects.filter(drop=drop, sha256=digest).exclude(run=None).exists():
        _write_down(drop, found, digest, said="The same content came before.")
        return
    try:
        with transaction.atomic():
            run = start_import(
                found.name,
                content,
                source=drop.source,
                by=drop.by,
                basis=Basis(drop.basis) if drop.basis else None,
                basis_text=drop.basis_text,
                by_itself=True,
            )
            _write_down(drop, found, digest, run=run)
    except ValidationError as problem:
        _write_down(drop, found, digest, said=problem.messages[0])


def _write_down(drop: Drop, found: Found, digest: str = "", *, run: ImportRun | None = None, said: str = "") -> None:
    """What is at an address has no time of its own: there the content is the mark."""
    mark = found.mark if drop.kind != DropKind.URL else digest
    written = {"name": found.name[-255:], "sha256": digest, "at": timezone.now(), "run": run, "said": said}
    DropFile.objects.get_or_create(drop=drop, mark=mark, defaults=written)
