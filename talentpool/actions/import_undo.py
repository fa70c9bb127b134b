"""Undoing an import: what it alone brought goes, and who has been touched by anything else stays and is listed.

Done in slices like the import itself, each one transaction under the run's lease. An emptied person remains as a row
without content, as after an erasure, for other tables point there; but nothing keeps the person from coming back.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from talentpool.actions.derivation import rederive
from talentpool.actions.forgetting import empty_people, forget_files, forget_profiles, left_empty
from talentpool.actions.imports import queue_import
from talentpool.actions.key_rows import hold_all_keys, rekey_edited
from talentpool.models import Candidate, Consent, ImportRemainder, ImportRun, ImportStep, Profile
from talentpool.queries.brought import ids, reasons_to_stay
from talentpool.queries.import_undoing import brought_by, consents_of_import, files_of_import

SLICE = 2000
STOPPED = (WorkState.FAILED, WorkState.CANCELLED)


def may_be_undone(run: ImportRun) -> bool:
    """It has brought somebody in, and nothing is at work on it."""
    stopped = run.state in STOPPED and run.step in (ImportStep.RUN, ImportStep.UNDO)
    return run.is_over and bool(run.cursor) and (run.step == ImportStep.OVER or stopped)


@transaction.atomic
def undo_import(run: ImportRun, *, by: Member) -> None:
    """In the background; or on from where undoing was stopped. What others changed since stays."""
    now: ImportRun = ImportRun.objects.select_for_update().get(pk=run.pk)
    if now.step == ImportStep.UNDONE:
        raise ValidationError("This import was undone already.")
    if not may_be_undone(now):
        raise ValidationError("This import can’t be undone while something is at work on it.")
    if now.step != ImportStep.UNDO:
        total = Profile.objects.filter(import_run=run).count()
        now.undone = {"after": 0, "total": total, "profiles": 0, "people": 0, "kept": 0}
    now.step, now.state, now.attempts, now.error = ImportStep.UNDO, WorkState.QUEUED, 0, ""
    now.undone_by, now.started_at, now.ended_at = by, timezone.now(), None
    now.save()
    record("import.undo_started", now, by=by, profiles=now.undone["total"])
    queue_import(now)


def undo(run: ImportRun, worker: str) -> None:
    """The background half, by the worker that holds the run."""
    while _undo_slice(run, worker):
        pass


@transaction.atomic
def _undo_slice(run: ImportRun, worker: str) -> bool:
    """False when nothing is left, or when the run was stopped or is another worker's by now, and nothing was done."""
    now = timezone.now()
    hold_all_keys()
    people, profile_ids = _next_profiles(run)
    if profile_ids:
        kept = reasons_to_stay(brought_by(run, ids(people)))
        _forget(run, people, profile_ids)
        gone = people - kept.keys()
        empty_people(gone | left_empty(people), now)
        _note_remainders(run, kept)
        rekey_edited(kept.keys())
        rederive(kept.keys(), now=now)
        run.undone["profiles"] += len(profile_ids)
        run.undone["people"] += len(gone)
        run.undone["kept"] += len(kept)
        if not run.renew(worker, undone=run.undone, attempts=0):
            transaction.set_rollback(True)
            return False
    elif run.close(worker, WorkState.DONE, step=ImportStep.UNDONE, ended_at=now):
        done = {name: run.undone[name] for name in ("profiles", "people", "kept")}
        record("import.undone", run, by=run.undone_by, **done)
    return bool(profile_ids)


def _next_profiles(run: ImportRun) -> tuple[set[int], list[int]]:
    """The next people, and all profiles that the run gave each, so that each is decided once."""
    theirs = Profile.objects.filter(import_run=run)
    following = theirs.filter(pk__gt=run.undone["after"]).order_by("pk").values_list("pk", "candidate_id")[:SLICE]
    found = list(following)
    if not found:
        return set(), []
    run.undone["after"] = found[-1][0]
    people = {candidate_id for _, candidate_id in found}
    list(Candidate.objects.filter(pk__in=ids(people)).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return people, list(theirs.filter(candidate__in=ids(people)).values_list("pk", flat=True))


def _forget(run: ImportRun, people: set[int], profile_ids: list[int]) -> None:
    """All rows that the run wrote about these people."""
    files = list(files_of_import(run, ids(people)).values_list("pk", flat=True)) if not run.is_table else []
    forget_profiles(people, profile_ids, import_id=run.pk)
    if run.options.get("basis"):
        Consent.objects.filter(consents_of_import(run), candidate__in=ids(people)).delete()
    forget_files(files)


def _note_remainders(run: ImportRun, kept: dict[int, list[str]]) -> None:
    ImportRemainder.objects.bulk_create(
        [ImportRemainder(run=run, candidate_id=pk, origin_id=pk, reasons=words) for pk, words in kept.items()],
        ignore_conflicts=True,
    )
