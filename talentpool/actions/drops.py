"""What happens to watched places: set up, changed, approved, removed, and looked at when they are due."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from crm.outgoing import OutgoingError, check_address
from crm.tenancy.scope import tenant_scope
from talentpool.intake.drops.folder import folder_below
from talentpool.intake.drops.place import DropProblem
from talentpool.intake.drops.sftp import read_private_key
from talentpool.models import Drop, DropKind, Source

# What may be told to anybody who may see the audit log; the rest are secrets.
TOLD = ("kind", "path", "url", "host", "port", "username", "every_minutes", "is_on", "basis")


@transaction.atomic
def create_drop(source: Source, kind: DropKind, settings: Mapping[str, Any], *, by: Member) -> Drop:
    """Its first look is due at once. It imports for the member who set it up."""
    drop = Drop(source=source, kind=kind, by=by, state=WorkState.DONE, next_at=timezone.now())
    _set(drop, settings)
    drop.save()
    record("drop.created", drop, by=by, source=source.name, kind=drop.kind)
    return drop


@transaction.atomic
def update_drop(drop: Drop, settings: Mapping[str, Any], *, by: Member) -> Drop:
    """Secrets that are left empty stay as they are. A server's key is approved for that server only."""
    before = {name: getattr(drop, name) for name in TOLD}
    where = drop.host, drop.port
    _set(drop, settings)
    if (drop.host, drop.port) != where:
        drop.host_key = drop.offered_key = ""
    drop.etag = drop.last_modified = drop.error = ""
    drop.by, drop.next_at = by, timezone.now()
    drop.save()
    changed = {name: before[name] for name in TOLD if before[name] != getattr(drop, name)}
    record("drop.changed", drop, by=by, before=changed, after={name: getattr(drop, name) for name in changed})
    return drop


@transaction.atomic
def approve_host_key(drop: Drop, key: str, *, by: Member) -> None:
    """From now on only a server that has this key is talked to. `key` is what its person has seen."""
    locked: Drop = Drop.objects.select_for_update().get(pk=drop.pk)
    if not key or locked.offered_key != key:
        raise ValidationError("The server shows another key by now. Look at it again.")
    Drop.objects.filter(pk=drop.pk).update(host_key=key, offered_key="", error="", next_at=timezone.now())
    record("drop.key_approved", drop, by=by, key=key)


@transaction.atomic
def remove_drop(drop: Drop, *, by: Member) -> None:
    """What it brought in stays."""
    record("drop.removed", drop, by=by, source=drop.source.name, kind=drop.kind)
    drop.delete()


@transaction.atomic
def look_now(drop: Drop, *, by: Member) -> None:
    if not _queue(drop):
        raise ValidationError("Somebody is looking there just now.")
    record("drop.looked", drop, by=by)


def queue_due() -> None:
    """Places whose time has come, and looks whose worker died."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_due_drops()")
        tenant_ids = [tenant_id for (tenant_id,) in cursor.fetchall()]
    for tenant_id in tenant_ids:
        with tenant_scope(tenant_id):
            now = timezone.now()
            due = Drop.objects.due(now)
            for drop in [*due, *Drop.objects.claimable(now).exclude(pk__in=due)]:
                _queue(drop)


def next_look(drop: Drop) -> Any:
    return timezone.now() + timedelta(minutes=drop.every_minutes)


def _queue(drop: Drop) -> bool:
    from talentpool.tasks import look_at_drop  # queueing follow-up work is the exception to the layers

    now = timezone.now()
    free = Drop.objects.filter(pk=drop.pk).exclude(Q(state=WorkState.RUNNING, lease_until__gte=now))
    if not free.update(state=WorkState.QUEUED, attempts=0, next_at=now + timedelta(minutes=drop.every_minutes)):
        return False
    look_at_drop.delay(drop.pk)
    return True


def _set(drop: Drop, settings: Mapping[str, Any]) -> None:
    for name, value in settings.items():
        if value or name not in ("password", "private_key"):
            setattr(drop, name, value)
    try:
        if drop.kind == DropKind.FOLDER:
            folder_below(drop.source.tenant.slug, drop.path)
        elif drop.kind == DropKind.URL:
            check_address(drop.url)
        elif drop.private_key:
            read_private_key(drop.private_key)
    except (DropProblem, OutgoingError) as problem:
        raise ValidationError(str(problem)) from problem
