"""People as a table to take away: written in the background, kept for a day, every one of them in the audit log."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import BulkRun, Member
from crm.models.leased import WorkState
from talentpool.actions.selections import next_ids
from talentpool.custom_values import CustomTypes
from talentpool.field_words import FIELD_WORDS
from talentpool.models import (
    Candidate,
    CandidateTag,
    ContactState,
    CustomField,
    File,
    FileContent,
    Profile,
    ScanState,
    Selection,
)
from talentpool.queries.custom_fields import custom_fields, custom_types
from talentpool.wishes import WISHES

KEPT = timedelta(days=1)
SLICE = 5000  # each slice appends to the file anew, so fewer and larger ones cost less
HEADING = (
    "Rapport id", "Name", "Headline", "Title", "Employer", "Location", "Country", "E-mail", "Phone", "Links",
    "Skills", "Tags", "State", "Owner", "Sources", "Added", "Last contact",
)  # fmt: skip


def start_export(selection: Selection, *, by: Member, total: int, back_url: str) -> BulkRun:
    remove_old_exports(timezone.now())
    return start_bulk_run(
        "export", {"selection": selection.pk}, by=by, title="Exporting people", total=total, back_url=back_url
    )


def remove_old_exports(now: datetime) -> int:
    """Copies of personal data are not left lying about; returns how many files went."""
    over = BulkRun.objects.filter(kind="export", created_at__lt=now - KEPT, result__has_key="file_id")
    ids = [run.result["file_id"] for run in over]
    File.objects.filter(pk__in=ids).delete()
    return len(ids)


def guarded(value: str) -> str:
    """A cell that a spreadsheet would run as a formula becomes text (OWASP: CSV injection)."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else value


def heading(fields: Sequence[CustomField]) -> tuple[str, ...]:
    """The columns that everybody has, what people want, and the organisation's own fields."""
    return (*HEADING, *(FIELD_WORDS[name] for name in WISHES), *(guarded(each.label) for each in fields))


def rows_of(candidate_ids: Sequence[int], fields: Sequence[CustomField] = ()) -> Iterator[tuple[str, ...]]:
    """A row for each of these people who is still in the pool, in the order asked for."""
    types = custom_types(fields)
    people = Candidate.objects.present().with_contact_state().select_related("owner").in_bulk(list(candidate_ids))
    tags = _words_by_candidate(CandidateTag, people, "tag__name")
    sources = _words_by_candidate(Profile, people, "source__name")
    for pk in candidate_ids:
        if person := people.get(pk):
            yield (*_row(person, tags.get(pk, ()), sources.get(pk, ())), *_facts(person, fields, types))


def _facts(person: Candidate, fields: Sequence[CustomField], types: CustomTypes) -> Iterator[str]:
    """As they are kept, so that a table that went out can come in again; members by name."""
    for name in WISHES:
        kept = person.wants.get(name, "")
        yield guarded("; ".join(kept) if isinstance(kept, list) else kept)
    for field in fields:
        kept = person.custom.get(field.key, "")
        yield guarded(types[field.key].names.get(kept, kept))


def _row(person: Candidate, tags: Iterable[str], sources: Iterable[str]) -> tuple[str, ...]:
    links = [point["value"] for point in person.contact_points if point.get("kind") == "link"]
    values = (
        str(person.pk), person.name, person.headline, person.current_title, person.current_employer, person.location,
        person.country, person.email, person.phone, "; ".join(links), "; ".join(person.skills), "; ".join(tags),
        str(ContactState(person.contact_state).label),  # type: ignore[attr-defined] # annotated
        person.owner.name if person.owner else "", "; ".join(sources),
        _day(person.created_at), _day(person.last_contact_at),
    )  # fmt: skip
    return tuple(guarded(value) for value in values)


def _words_by_candidate(model: Any, people: Iterable[int], field: str) -> dict[int, list[str]]:
    words: dict[int, list[str]] = {}
    pairs = model.objects.filter(candidate_id__in=list(people)).order_by(field).values_list("candidate_id", field)
    for pk, word in pairs.distinct():
        words.setdefault(pk, []).append(word)
    return words


def _day(at: datetime | None) -> str:
    return timezone.localtime(at).date().isoformat() if at else ""


@bulk_kind("export")
def _export_slice(run: BulkRun) -> int:
    beginning = "file_id" not in run.result
    ids = next_ids(run, SLICE)
    text = io.StringIO()
    table = csv.writer(text)
    fields = custom_fields()
    if beginning:
        run.result["file_id"] = _new_file(run).pk
        text.write("\ufeff")  # without it Excel reads UTF-8 as something else
        table.writerow(heading(fields))
    rows = list(rows_of(ids, fields))
    table.writerows(rows)
    _append(run.result["file_id"], text.getvalue().encode())
    run.result["exported"] = run.result.get("exported", 0) + len(rows)
    if not ids:
        run.result["sentences"] = [f"{run.result['exported']:,} people. The file is kept for a day."]
        run.result["url"] = reverse("talentpool:export_file", args=[run.tenant.slug, run.pk])
        run.result["action"] = "Download the file"
        record("people.exported", run, by=run.by, number=run.result["exported"])
    return len(ids)


def _new_file(run: BulkRun) -> File:
    name = f"people-{timezone.localdate():%Y-%m-%d}.csv"
    # Written here, it needs no scanner.
    file = File.objects.create(
        name=name, media_type="text/csv", size=0, sha256="", by=run.by, scan=ScanState.CLEAN, scanned_at=timezone.now()
    )
    FileContent.objects.create(file=file, content=b"")
    return file


def _append(file_id: int, content: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE talentpool_filecontent SET content = content || %s WHERE file_id = %s", [content, file_id]
        )
        cursor.execute("UPDATE talentpool_file SET size = size + %s WHERE id = %s", [len(content), file_id])


def download_export(run: BulkRun, *, by: Member) -> File | None:
    """The finished file, or None when it isn't there (any more). Each download is recorded."""
    if run.kind != "export" or run.state != WorkState.DONE:
        return None
    file: File | None = File.objects.filter(pk=run.result.get("file_id")).first()
    if file is not None:
        record("export.downloaded", run, by=by, number=run.result.get("exported", 0))
    return file
