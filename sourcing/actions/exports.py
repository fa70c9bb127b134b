"""The search log of one position as a zip to hand over: searches, people, résumés as they were, and what verifies them.

`log.jsonl` holds every entry with its words, its salt and its place in the chain, so that anybody can compute the
hashes again by the words of sourcing.digests.
"""

import csv
import io
import json
from collections.abc import Generator, Iterable, Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import ArchivePiece, BulkRun, Member, PoolArchive
from crm.moving.pieces import PieceWriter, bytes_of
from crm.moving.zip_stream import ZipStream
from sourcing.models import SearchLogEntry, SearchLogLink, SearchLogWords
from sourcing.queries.log import LoggedSearch, searches, with_words
from sourcing.queries.looked_at import LookedAt, looked_at_in, resumes_of
from talentpool.actions.exports import guarded
from talentpool.models import FileContent

KIND = "search_log"
KEPT = timedelta(days=1)
AT_ONCE = 200
SEARCHES = (
    "Search", "When", "Who", "Position", "As typed", "As run", "Other names", "Filters", "Order", "Found",
    "Estimated", "Engine",
)  # fmt: skip
PEOPLE = ("Search", "Person", "Name", "What", "How", "When", "Résumés (SHA-256)")
README = """\
The search log of {position}, written {at} by Rapport.

searches.csv  every search: who, when, by which criteria, and how many it found
people.csv    whom each search showed, and who of them was opened, considered and contacted; with their résumés
resumes/      the files of everybody opened, considered or contacted, each named by its SHA-256, as they came
log.jsonl     every entry with its words, their salt, its digest, its number in the chain and its hash

words_digest = SHA-256 of salt, newline and the canonical JSON of "said" (keys sorted, no spaces, UTF-8).
hash         = SHA-256 of the previous hash, newline, number, newline and digest.
"""


@transaction.atomic
def start_log_export(position: str, title: str, *, by: Member, back_url: str) -> BulkRun:
    """`position` as sourcing.queries.log.searches has it; empty for all searches."""
    archive: PoolArchive = PoolArchive.objects.create(
        is_outgoing=False, name=f"search-log-{timezone.localdate()}.zip", by=by, expires_at=timezone.now() + KEPT
    )
    params = {"archive": archive.pk, "position": position, "title": title}
    run = start_bulk_run(KIND, params, by=by, title="Exporting the search log", back_url=back_url)
    PoolArchive.objects.filter(pk=archive.pk).update(run=run)
    record("search_log.export_started", run, by=by, position=position)
    return run


@bulk_kind(KIND)
def export_log(run: BulkRun) -> Generator[int, None, None]:
    archive: PoolArchive | None = PoolArchive.objects.filter(pk=run.params["archive"]).first()
    if archive is None:
        raise ValidationError("This export was removed while it waited.")
    ArchivePiece.objects.filter(archive=archive).delete()
    archive.size = 0
    writer, out = PieceWriter(archive), ZipStream()
    for content, number in _parts(out, run):
        writer.write(content)
        if number:
            yield number
    writer.close()
    PoolArchive.objects.filter(pk=archive.pk).update(completed_at=timezone.now())
    run.result |= {
        "sentences": ["It can be downloaded for a day, by you alone. It is personal data: keep it where it is safe."],
        "url": _url(run),
        "action": "Download the file",
    }
    record("search_log.exported", run, by=run.by, bytes=archive.size)
    yield 1


def _parts(out: ZipStream, run: BulkRun) -> Iterator[tuple[bytes, int]]:
    """Bytes, and after each stretch how many searches or files it was."""
    title = run.params["title"] or "all searches"
    pks = list(searches(position=run.params["position"]).order_by("pk").values_list("pk", flat=True))
    run.total = len(pks)
    words = README.format(position=title, at=timezone.now().isoformat(timespec="seconds"))
    yield from _silent(out.file("README.txt", words.encode()))
    yield from _silent(out.part("searches.csv", _table(SEARCHES, _search_rows(pks))))
    looked_at = looked_at_in(pks)
    yield from _silent(out.part("people.csv", _table(PEOPLE, _people_rows(looked_at))))
    yield from _silent(out.part("log.jsonl", _lines(pks)))
    yield b"", max(len(pks), 1)
    hashes: set[str] = set()
    for file in resumes_of(looked_at):
        if file.sha256 in hashes or (content := FileContent.objects.filter(file=file).first()) is None:
            continue
        hashes.add(file.sha256)
        suffix = file.name.rpartition(".")[2].lower() if "." in file.name else "bin"
        suffix = suffix if suffix.isalnum() and suffix.isascii() and len(suffix) <= 5 else "bin"
        yield from _silent(out.file(f"resumes/{file.sha256}.{suffix}", bytes(content.content)))
        yield b"", 1
    yield from _silent(out.end())


def _silent(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    yield from ((piece, 0) for piece in pieces)


def _table(heading: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[bytes]:
    yield "\ufeff".encode()  # without it Excel reads UTF-8 as something else
    for row in chain([heading], rows):
        text = io.StringIO()
        csv.writer(text).writerow([guarded(str(cell)) for cell in row])
        yield text.getvalue().encode()


def _search_rows(pks: list[int]) -> Iterator[tuple[object, ...]]:
    for start in range(0, len(pks), AT_ONCE):
        entries = SearchLogEntry.objects.filter(pk__in=pks[start : start + AT_ONCE]).select_related("member")
        for search in with_words(list(entries.order_by("pk"))):
            yield _search_row(search)


def _search_row(search: LoggedSearch) -> tuple[object, ...]:
    entry, said = search.entry, search.said
    return (
        entry.pk, entry.at.isoformat(), entry.member.name if entry.member else "Rapport", search.position or "",
        said.get("text", ""), said.get("as_run", ""), "; ".join(said.get("other_names", ())),
        search.filters, entry.detail.get("sort", ""), entry.total,
        "yes" if entry.total_is_estimate else "no", entry.detail.get("engine", ""),
    )  # fmt: skip


def _people_rows(looked_at: Iterable[LookedAt]) -> Iterator[tuple[object, ...]]:
    for each in looked_at:
        hashes = " ".join(each.hashes)
        yield each.search_id, each.candidate_id, each.name, each.kind, each.act, each.at.isoformat(), hashes


def _lines(pks: list[int]) -> Iterator[bytes]:
    for start in range(0, len(pks), AT_ONCE):
        wanted = SearchLogEntry.objects.filter(pk__in=pks[start : start + AT_ONCE])
        sessions = list(wanted.values_list("session", flat=True).distinct())
        followed = SearchLogEntry.objects.filter(search_id__in=pks[start : start + AT_ONCE])
        positions = SearchLogEntry.objects.filter(session__in=sessions, kind="position")
        entries = sorted({entry.pk: entry for entry in (*wanted, *followed, *positions)}.items())
        ids = [pk for pk, _ in entries]
        words = {each.entry_id: each for each in SearchLogWords.objects.filter(entry__in=ids)}
        links = {link.entry_id: link for link in SearchLogLink.objects.filter(entry_id__in=ids)}
        for pk, entry in entries:
            yield _line(entry, words.get(pk), links.get(pk)).encode()


def _line(entry: SearchLogEntry, words: SearchLogWords | None, link: SearchLogLink | None) -> str:
    columns: dict[str, Any] = {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields}
    columns |= {"said": words.said, "salt": words.salt} if words else {}
    columns |= {"number": link.number, "digest": link.digest, "hash": link.hash} if link else {}
    return json.dumps(columns, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False) + "\n"


def download_export(run: BulkRun, *, by: Member) -> tuple[PoolArchive, Iterator[bytes]] | None:
    """The finished file, or None when it isn't there (any more). Each download is recorded."""
    archive = PoolArchive.objects.filter(pk=run.params.get("archive"), run=run, by=by).first()
    if run.kind != KIND or archive is None or not archive.is_there:
        return None
    record("search_log.export_downloaded", run, by=by, bytes=archive.size)
    return archive, bytes_of(archive)


def _url(run: BulkRun) -> str:
    return reverse("sourcing:export_file", args=[run.tenant.slug, run.pk])
