"""What came only from one person's record there goes when that record goes: files, notes, tags and applications.

What a colleague wrote or added, what another source brought, and what another record of the same person in an ATS still
holds stays. The lines of the person's story that told of what goes, go too: they name jobs, reasons and files.
"""

from typing import Any

from django.db.models import QuerySet

from ats_sync.actions.applying.batch import Batch
from ats_sync.models import AtsRecord
from ats_sync.vocabulary import OF_APPLICATION, How, Kind
from talentpool.models import Activity, ActivityKind, Application, ApplicationState, CandidateTag, File, Note, Profile
from talentpool.models.tag import SILVER_MEDALIST
from talentpool.signals import application_gone


def take_away(batch: Batch, record: AtsRecord) -> None:
    """`record` is of a person; her profile is not touched here."""
    if record.candidate_id is None:
        return
    theirs = AtsRecord.objects.filter(connection=batch.connection, parent=record.external_id)
    _notes(theirs.filter(kind=Kind.NOTE))
    _files(theirs.filter(kind=Kind.FILE))
    _applications(batch, theirs.filter(kind=Kind.APPLICATION))
    _tags(record)
    live = theirs.filter(kind__in=[Kind.NOTE, Kind.FILE, Kind.APPLICATION], gone_at=None)
    live.update(gone_at=batch.now, gone=How.DELETED, checked_at=batch.now)
    record.content = record.content | {"tags": []}
    record.save(update_fields=["content"])


def _notes(records: QuerySet[AtsRecord]) -> None:
    ids = [pk for pk in records.values_list("note", flat=True) if pk]
    held = _held_elsewhere("note_id", ids, records)
    going = Note.objects.filter(pk__in=set(ids) - held, by=None)
    _untell(ActivityKind.NOTED, "note_id", going)
    going.delete()


def _files(records: QuerySet[AtsRecord]) -> None:
    """The same file is kept once: it stays while a colleague, a profile of another source or another record has it."""
    ids = [pk for pk in records.values_list("file", flat=True) if pk]
    held = _held_elsewhere("file_id", ids, records)
    held |= set(Profile.objects.filter(file__in=ids).values_list("file_id", flat=True))
    going = File.objects.filter(pk__in=set(ids) - held, by=None)
    _untell(ActivityKind.FILE_ADDED, "file_id", going)
    going.delete()


def _applications(batch: Batch, records: QuerySet[AtsRecord]) -> None:
    keys = list(records.values_list("external_id", flat=True))
    ids = [pk for pk in records.values_list("application", flat=True) if pk]
    for pk in ids:
        application_gone.send(sender=Application, application_id=pk)
    going = Application.objects.filter(pk__in=ids)
    _untell(ActivityKind.APPLICATION, "application_id", going)
    steps = AtsRecord.objects.filter(
        connection=batch.connection, kind__in=OF_APPLICATION, parent__in=keys, gone_at=None
    )
    steps.update(gone_at=batch.now, gone=How.DELETED, checked_at=batch.now)
    going.delete()


def _tags(record: AtsRecord) -> None:
    """Those of her record, and what a rejection gave, where no other reason is left for them."""
    others = AtsRecord.objects.filter(kind=Kind.PERSON, candidate=record.candidate_id, gone_at=None)
    kept = {str(name).casefold() for other in others.exclude(pk=record.pk) for name in other.content.get("tags", [])}
    going = {str(name).strip()[:60] for name in record.content.get("tags", [])}
    rejected = Application.objects.filter(candidate=record.candidate_id, state=ApplicationState.REJECTED)
    if not rejected.exists():
        going.add(SILVER_MEDALIST)
    given = CandidateTag.objects.filter(candidate=record.candidate_id, origin=record.origin_id, by=None)
    names = {name.casefold() for name in going} - kept
    found = [each.pk for each in given.select_related("tag") if each.tag.name.casefold() in names]
    CandidateTag.objects.filter(pk__in=found).delete()


def _held_elsewhere(column: str, ids: list[int], records: QuerySet[AtsRecord]) -> set[int]:
    """Those of the rows that another living record of an ATS stands for, too."""
    holding = AtsRecord.objects.filter(gone_at=None, **{f"{column}__in": ids}).exclude(pk__in=records.values("pk"))
    return set(holding.values_list(column, flat=True))


def _untell(kind: ActivityKind, name: str, going: QuerySet[Any]) -> None:
    """The lines about these rows; each stands in the story of the person who has the row."""
    whose = dict(going.values_list("pk", "candidate"))
    if whose:
        lines = Activity.objects.filter(candidate__in=set(whose.values()), kind=kind)
        lines.filter(**{f"data__{name}__in": list(whose)}).delete()
