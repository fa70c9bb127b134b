"""Taking away what came by a connection that was ended: whom nobody else knows goes, and who was touched by anything
else stays without what the ATS said, and is listed.

Done in slices of people, each one transaction. What is done is gone, so that whoever goes on after a killed worker, or
after somebody stopped it, simply takes who is left.
"""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ats_sync.models import (
    AtsRecord,
    Conflict,
    Connection,
    ConnectionState,
    Drift,
    Event,
    Push,
    Remainder,
    Round,
    Sweep,
)
from ats_sync.queries.removal import brought_by, jobs_alone, profiles_by
from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import AuditEntry, BulkRun, Member
from talentpool.actions.derivation import rederive
from talentpool.actions.forgetting import empty_people, forget_files, forget_profiles, left_empty
from talentpool.actions.key_rows import hold_all_keys, rekey_edited
from talentpool.actions.trait_rows import retrait
from talentpool.models import (
    Activity,
    ActivityKind,
    Application,
    ApplicationStep,
    Candidate,
    CandidateTag,
    File,
    Note,
    Pipeline,
    Tag,
)
from talentpool.queries.brought import Brought, ids, reasons_to_stay
from talentpool.signals import application_gone

SLICE = 500
ROWS = 2000  # of what hangs on nobody, in one transaction
COUNTED = ("people", "kept", "applications", "notes", "files", "tags", "jobs")


@transaction.atomic
def start_removal(connection: Connection, *, by: Member) -> BulkRun:
    """Of a connection that was ended; or on from where it was stopped."""
    now: Connection = Connection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
    if now.state != ConnectionState.ENDED:
        raise ValidationError("It is still connected.")
    if now.removal and not now.removal.is_over:
        raise ValidationError("It is being removed already.")
    if not may_be_removed(now):
        raise ValidationError("What came by it was kept when it was disconnected.")
    run = start_bulk_run(
        "ats_removal",
        {"connection": now.pk},
        by=by,
        title=f"Removing what came from {now}",
        total=profiles_by(now).count(),
        back_url=reverse("ats_sync:connection", args=[by.tenant.slug, now.pk]),
    )
    Connection.objects.filter(pk=now.pk).update(removal=run)
    record("connection.removal_started", now, by=by, records=run.total)
    return run


def may_be_removed(connection: Connection) -> bool:
    """What came from where is known as long as the records are; keeping forgets them."""
    return AtsRecord.objects.filter(connection=connection).exists()


@bulk_kind("ats_removal")
def remove_slice(run: BulkRun) -> int:
    """The next people, then what hangs on nobody; 0 when nothing is left."""
    connection = Connection.objects.select_related("source").get(pk=run.params["connection"])
    hold_all_keys()
    following = profiles_by(connection).order_by("pk").values_list("candidate_id", flat=True)
    people = set(following[:SLICE])
    if people:
        return _remove_people(run, connection, people)
    if rows := _remove_rows(connection):
        return rows
    _finish(run, connection)
    return 0


def _remove_people(run: BulkRun, connection: Connection, people: set[int]) -> int:
    now = timezone.now()
    locked = Candidate.objects.filter(pk__in=ids(people)).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk"))
    profile_ids = list(profiles_by(connection).filter(candidate__in=ids(people)).values_list("pk", flat=True))
    brought = brought_by(connection, ids(people))
    kept = reasons_to_stay(brought)
    _count(run, _forget(run, connection, brought))
    forget_profiles(people, profile_ids)
    gone = people - kept.keys()
    AtsRecord.objects.filter(connection=connection, candidate__in=ids(people)).delete()
    empty_people(gone | left_empty(people), now)
    Remainder.objects.bulk_create(
        [Remainder(connection=connection, candidate_id=pk, origin_id=pk, reasons=words) for pk, words in kept.items()],
        ignore_conflicts=True,
    )
    rekey_edited(kept.keys())
    retrait(kept.keys())
    rederive(kept.keys(), now=now)
    _count(run, {"people": len(gone), "kept": len(kept)})
    return len(profile_ids)


def _forget(run: BulkRun, connection: Connection, brought: Brought) -> dict[str, int]:
    """All rows of these people that came by it, and the lines of their stories that tell of these."""
    rows = {
        model: list(brought.of(model).values_list("pk", flat=True)) for model in (Application, Note, File, CandidateTag)
    }
    for told, name in ((Application, "application_id"), (Note, "note_id"), (File, "file_id")):
        of = {f"data__{name}__in": rows[told]}
        kinds = [ActivityKind.NOTED, ActivityKind.FILE_ADDED, ActivityKind.APPLICATION]
        Activity.objects.filter(candidate__in=brought.people, kind__in=kinds, **of).delete()
    _remember_tags(run, rows[CandidateTag])
    Push.objects.filter(connection=connection, candidate__in=brought.people).delete()
    Conflict.objects.filter(connection=connection, candidate__in=brought.people).delete()
    for pk in rows[Application]:
        application_gone.send(sender=Application, application_id=pk)
    ApplicationStep.objects.filter(application__in=rows[Application]).delete()
    for model in (Application, Note, CandidateTag):
        model._default_manager.filter(pk__in=rows[model]).delete()
    forget_files(rows[File])
    names = {Application: "applications", Note: "notes", File: "files", CandidateTag: "tags"}
    return {names[model]: len(found) for model, found in rows.items()}


def _remember_tags(run: BulkRun, given: Collection[int]) -> None:
    tags = set(CandidateTag.objects.filter(pk__in=given).values_list("tag", flat=True))
    run.cursor["tags"] = sorted(tags.union(run.cursor.get("tags", ())))


def _remove_rows(connection: Connection) -> int:
    """Of the tables that hang on nobody, the next rows."""
    for model in (AtsRecord, Event, Push, Drift, Sweep, Round):
        rows = model._default_manager.filter(connection=connection).order_by("pk").values_list("pk", flat=True)
        if found := list(rows[:ROWS]):
            model._default_manager.filter(pk__in=found).delete()
            return len(found)
    return 0


def _finish(run: BulkRun, connection: Connection) -> None:
    """Applications without a person’s record, jobs, and tags that it made and nobody has any more."""
    lost = Application.objects.filter(source=connection.source_id)
    _count(run, {"applications": lost.count()})
    ApplicationStep.objects.filter(application__in=lost.values("pk")).delete()
    lost.delete()
    jobs = jobs_alone(connection)
    _count(run, {"jobs": jobs.count()})
    Pipeline.objects.filter(job__in=jobs.values("pk")).delete()  # nobody has used them
    jobs.delete()
    _forget_tags(run, connection)
    done = {name: run.result.get(name, 0) for name in COUNTED}
    run.result["sentences"] = [
        f"{_number(done['people'], 'person is', 'people are')} gone with what the ATS said of them.",
        f"{_number(done['kept'], 'person stays', 'people stay')}, without what the ATS said, because of something else "
        "that is known of them.",
        f"Gone, too: {done['applications']:,} applications, {done['notes']:,} notes, {done['files']:,} files, "
        f"{done['tags']:,} tags and {done['jobs']:,} jobs.",
    ]
    BulkRun.objects.filter(pk=run.pk).update(result=run.result)
    record("connection.removed", connection, by=run.by, **done)


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _forget_tags(run: BulkRun, connection: Connection) -> None:
    """A tag that somebody here made, changed or gave is theirs, also when nobody has it."""
    tags = Tag.objects.filter(pk__in=run.cursor.get("tags", ()), created_at__gte=connection.created_at)
    tags = tags.exclude(pk__in=CandidateTag.objects.values("tag"))
    touched = AuditEntry.objects.filter(subject_type=Tag._meta.label_lower, subject_id__in=tags.values("pk"))
    tags.exclude(pk__in=touched.values("subject_id")).delete()


def _count(run: BulkRun, done: dict[str, Any]) -> None:
    for name, number in done.items():
        run.result[name] = run.result.get(name, 0) + number
