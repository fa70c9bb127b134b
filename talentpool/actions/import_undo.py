"""Undoing an import: what it alone brought goes, and who has been touched by anything else stays and is listed.

Done in slices like the import itself, each one transaction under the run's lease. An emptied person remains as a row
without content, as after an erasure, for other tables point there; but nothing keeps the person from coming back.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.derivation import columns_of, rederive
from talentpool.actions.imports import queue_import
from talentpool.actions.key_rows import hold_all_keys, rekey_edited
from talentpool.identity.consolidation import Consolidated
from talentpool.models import (
    Activity,
    Candidate,
    Consent,
    Employment,
    File,
    FileContent,
    ImportRemainder,
    ImportRun,
    ImportStep,
    Profile,
)
from talentpool.queries.import_undoing import (
    SINCE,
    TOLD_ELSEWHERE,
    array_of,
    consents_of_import,
    files_of_import,
    ids,
    keepers,
    models_of_people,
    models_of_profiles,
)

SLICE = 2000
STOPPED = (WorkState.FAILED, WorkState.CANCELLED)

FORGET_STORIES = """
    DELETE FROM talentpool_activity WHERE tenant_id = %s AND candidate_id = ANY(%s::bigint[]) AND (
        (kind = 'received' AND (data ->> 'profile')::bigint = ANY(%s::bigint[]))
        OR (kind = 'consent_given' AND (data ->> 'import')::bigint = %s)
    )
"""
FORGET_PROFILES = "DELETE FROM talentpool_profile WHERE tenant_id = %s AND id = ANY(%s::bigint[])"


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
        kept = _reasons(run, people)
        _forget(run, people, profile_ids)
        gone = people - kept.keys()
        _empty(gone | _left_empty(run, people), now)
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


def _reasons(run: ImportRun, people: Collection[int]) -> dict[int, list[str]]:
    reasons: dict[int, list[str]] = defaultdict(list)
    for word, rows in keepers(run, ids(people)):
        for candidate_id in rows.order_by().values_list("candidate_id", flat=True).distinct():
            if word not in reasons[candidate_id] and not (word == SINCE and reasons[candidate_id]):
                reasons[candidate_id].append(word)
    return dict(reasons)


def _forget(run: ImportRun, people: set[int], profile_ids: list[int]) -> None:
    """All rows that the run wrote about these people."""
    files = list(files_of_import(run, ids(people)).values_list("pk", flat=True)) if not run.is_table else []
    for model, name, outlives in models_of_profiles():
        rows = model._default_manager.filter(**{f"{name}__in": ids(profile_ids)})
        if outlives:
            rows.update(**{name: None})
        else:
            rows.delete()
    with connection.cursor() as cursor:
        cursor.execute(FORGET_STORIES, [current_tenant_id(), array_of(people), array_of(profile_ids), run.pk])
        cursor.execute(FORGET_PROFILES, [current_tenant_id(), array_of(profile_ids)])
    if run.options.get("basis"):
        Consent.objects.filter(consents_of_import(run), candidate__in=ids(people)).delete()
    if files:
        FileContent.objects.filter(file__in=files).delete()
        File.objects.filter(pk__in=files).delete()


def _left_empty(run: ImportRun, survivors: set[int]) -> set[int]:
    """People whom the run brought, who were merged into somebody since and have nothing of their own any more."""
    absorbed = Candidate.objects.filter(merged_into__in=ids(survivors), erased_at=None)
    empty = set(absorbed.values_list("pk", flat=True))
    for model in models_of_people() if empty else ():
        if not model.derived and empty:
            rows = model._default_manager.filter(candidate__in=ids(survivors), origin__in=ids(empty))
            if model is Activity:
                rows = rows.exclude(
                    pk__in=Activity.objects.filter(candidate__in=ids(survivors), kind__in=TOLD_ELSEWHERE)
                )
            empty -= set(rows.values_list("origin_id", flat=True))
    return empty


def _empty(people: set[int], now: datetime) -> None:
    """They and who was merged into them stay as rows that say nothing, as after an erasure."""
    everyone = set(people)
    while more := set(Candidate.objects.filter(merged_into__in=ids(everyone)).values_list("pk", flat=True)) - everyone:
        everyone |= more
    for model in models_of_people():
        if model.derived or model is Activity:
            model._default_manager.filter(candidate__in=ids(everyone)).delete()
    Employment.objects.filter(candidate__in=ids(everyone)).delete()
    blank: dict[str, Any] = columns_of(Consolidated(), [])
    Candidate.objects.filter(pk__in=ids(everyone)).update(
        **blank, warmth=0, last_contact_at=None, erased_at=now, updated_at=now, is_undone=True
    )


def _note_remainders(run: ImportRun, kept: dict[int, list[str]]) -> None:
    ImportRemainder.objects.bulk_create(
        [ImportRemainder(run=run, candidate_id=pk, origin_id=pk, reasons=words) for pk, words in kept.items()],
        ignore_conflicts=True,
    )
