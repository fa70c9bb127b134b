"""Who is right where the ATS and somebody here have both changed a fact: a rule per group of fields, and the facts of
which somebody is asked."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection as database
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ats_sync.models import Conflict, ConflictState, Connection, ConnectionState
from ats_sync.queries.rights import disputes_of
from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import BulkRun, Member
from talentpool.actions.derivation import rederive, rules_lock
from talentpool.actions.edits import edit_candidate, withdraw_edit
from talentpool.identity.rules import Right, rights_from
from talentpool.identity.statements import CAREERS, LISTS, NAMES
from talentpool.models import Candidate, FieldEdit, Profile, Source

SLICE = 500


@transaction.atomic
def change_rights(connection: Connection, rights: Mapping[str, str], *, by: Member) -> BulkRun | None:
    """They hold from now on; the run derives everybody of this ATS anew. None when they were so before."""
    if connection.state == ConnectionState.ENDED:
        raise ValidationError("It was disconnected. Connect it anew.")
    after = {group: right.value for group, right in rights_from(rights).items()}
    hold_rules()
    source = Source.objects.get(pk=connection.source_id)
    if source.conflicts == after:
        return None
    record("connection.rights_changed", connection, by=by, before=source.conflicts, after=after)
    Source.objects.filter(pk=source.pk).update(conflicts=after)
    return derive_anew(connection, by=by)


def derive_anew(connection: Connection, *, by: Member) -> BulkRun:
    """Everybody of whom the ATS says something, after something was said of how it is understood."""
    return start_bulk_run(
        "ats_derive",
        {"connection": connection.pk},
        by=by,
        title=f"Working out the people of {connection} anew",
        total=Profile.objects.filter(source=connection.source_id).values("candidate").distinct().count(),
        back_url=reverse("ats_sync:connection", args=[by.tenant.slug, connection.pk]),
    )


def hold_rules() -> None:
    """Waits for whoever writes by the old ones, and makes others wait until the new ones are there."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [rules_lock()])


@bulk_kind("ats_derive")
def derive_slice(run: BulkRun) -> int:
    connection = Connection.objects.get(pk=run.params["connection"])
    theirs = Profile.objects.filter(source=connection.source_id, candidate__gt=run.cursor.get("after", 0))
    ids = list(theirs.order_by("candidate").values_list("candidate", flat=True).distinct()[:SLICE])
    if ids:
        now = timezone.now()
        rederive(ids, now=now)
        look_for_conflicts(connection, ids, now=now)
        run.cursor = {"after": ids[-1]}
    return len(ids)


def look_for_conflicts(connection: Connection, candidate_ids: Collection[int], *, now: datetime) -> None:
    """Writes down of these people what both sides have changed, and that what both say alike again is no question."""
    asks = Right.ASK in Source.objects.values_list("conflicts", flat=True).get(pk=connection.source_id).values()
    known = Conflict.objects.filter(connection=connection, candidate__in=candidate_ids)
    rows = {(each.candidate_id, each.field): each for each in known.order_by("pk")}
    found = disputes_of(connection, candidate_ids) if asks else {}
    for candidate_id, disputes in found.items():
        for each in disputes:
            row = rows.pop((candidate_id, each.field), None)
            if row is None:
                person = {"candidate_id": candidate_id, "origin_id": candidate_id}
                Conflict.objects.get_or_create(
                    connection=connection,
                    origin_id=candidate_id,
                    field=each.field,
                    defaults={**person, "found_at": now},
                )
            elif row.state != ConflictState.OPEN and not (row.settled_at and row.settled_at >= each.since):
                Conflict.objects.filter(pk=row.pk).update(
                    state=ConflictState.OPEN, found_at=now, settled_at=None, by=None
                )
    over = [row.pk for row in rows.values() if row.state == ConflictState.OPEN]
    Conflict.objects.filter(pk__in=over).update(state=ConflictState.OVER, settled_at=now)


@transaction.atomic
def settle_conflict(conflict: Conflict, side: ConflictState, *, by: Member, now: datetime | None = None) -> None:
    """Ours: what is shown stays. Theirs: what was edited here is taken back, or what they say is said here, too.

    Either holds until the ATS says something else again.
    """
    now = now or timezone.now()
    found = disputes_of(conflict.connection, [conflict.candidate_id]).get(conflict.candidate_id, ())
    dispute = next((each for each in found if each.field == conflict.field), None)
    state = side if dispute else ConflictState.OVER
    # Claimed last: whoever writes about people locks their keys first, and rows like this one after them.
    if dispute and side == ConflictState.THEIRS:
        _take(conflict.candidate, conflict.field, dispute.value, by=by, now=now)
    if not Conflict.objects.filter(pk=conflict.pk, state=ConflictState.OPEN).update(state=state, settled_at=now, by=by):
        raise ValidationError("Somebody has settled it already.")
    record("conflict.settled", conflict.candidate, by=by, field=conflict.field, side=state)


def _take(person: Candidate, field: str, value: object, *, by: Member, now: datetime) -> None:
    if field in LISTS:
        edit_candidate(person, {field: value}, by=by, now=now)
        return
    own = FieldEdit.objects.filter(candidate=person, withdrawn_at=None, field__in=NAMES if field == "name" else [field])
    for edit in own.order_by("-at"):
        withdraw_edit(edit, by=by, now=now)
    if field not in CAREERS:  # another source may be shown by now
        edit_candidate(Candidate.objects.get(pk=person.pk), {field: value}, by=by, now=now)
