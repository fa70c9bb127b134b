"""Changes that go to the ATS: asked for here, sent in the background, each once.

Few ATSs have a key against doubling, so before something is made there it is looked for; and of one person one thing
goes at a time, the older first.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ats_sync.actions.access import provider_of
from ats_sync.actions.calls import call
from ats_sync.actions.pushing import SEND
from ats_sync.actions.reading import Clock, take_over
from ats_sync.actions.troubles import note_trouble
from ats_sync.budget import ConnectionBudget, Share
from ats_sync.models import Connection, ConnectionState, Push, PushKind
from ats_sync.providers import provider_class
from ats_sync.providers.errors import AtsError, Refused, SignInRefused, Throttled
from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from talentpool.models import Candidate

MOST_ATTEMPTS = 10
LONGEST_WAIT = 900  # seconds between two attempts
AT_ONCE = 20
REQUESTS = 4  # that one takes: looked for, made, read
TURN = 5.0  # seconds, after which the worker's other tasks come first

log = structlog.get_logger()


@transaction.atomic
def push(
    connection: Connection,
    candidate: Candidate,
    kind: PushKind,
    content: Mapping[str, Any],
    *,
    by: Member | None,
    now: datetime | None = None,
) -> Push:
    """Asks for a change in the ATS. The same change that waits already, or was done, is not asked for twice."""
    from ats_sync.tasks import send_pushes  # an action queues its own follow-up task

    if not connection.is_on:
        raise ValidationError(f"“{connection}” is not running, so nothing can be sent there.")
    now = now or timezone.now()
    wanted, is_new = Push.objects.get_or_create(
        connection=connection,
        mark=_mark(candidate, kind, content),
        defaults={
            "candidate": candidate,
            "origin": candidate,
            "kind": kind,
            "content": dict(content),
            "by": by,
            "created_at": now,
            "next_at": now,
        },
    )
    if is_new:
        record("push.asked", candidate, by=by, connection=connection.name, kind=kind.value)
    elif wanted.state in (WorkState.FAILED, WorkState.CANCELLED):
        _again(wanted, now)
    call(send_pushes, connection.pk)
    return wanted


@transaction.atomic
def cancel_push(wanted: Push, *, by: Member) -> None:
    going = Push.objects.filter(pk=wanted.pk, state=WorkState.QUEUED)
    if not going.update(state=WorkState.CANCELLED):
        raise ValidationError("It is being sent or was sent already.")
    record("push.cancelled", wanted, by=by)


@transaction.atomic
def retry_push(wanted: Push, *, by: Member, now: datetime | None = None) -> None:
    from ats_sync.tasks import send_pushes  # an action queues its own follow-up task

    if wanted.state != WorkState.FAILED:
        raise ValidationError("Only what failed can be tried again.")
    _again(wanted, now or timezone.now())
    record("push.retried", wanted, by=by)
    call(send_pushes, wanted.connection_id)


def send_waiting(connection_id: int, *, worker: str) -> None:
    """Until nothing is left that can be done now, the ATS's limit leaves no room, or the turn is over."""
    from ats_sync.tasks import send_pushes  # an action queues its own follow-up task

    connection = Connection.objects.on().select_related("source").filter(pk=connection_id).first()
    if connection is None:
        return
    turn = Clock(TURN)
    while pushes := _claim(connection, worker, _room(connection)):
        for each in pushes:
            _send(connection, each, worker)
        if turn.is_over:
            call(send_pushes, connection.pk)
            return


def waiting_connections() -> list[int]:
    now = timezone.now()
    waiting = Push.objects.claimable(now).filter(next_at__lte=now, connection__state=ConnectionState.ON)
    return list(waiting.order_by().values_list("connection_id", flat=True).distinct())


def _room(connection: Connection) -> int:
    """For how many the ATS's limit has room. A first load that asks for hours leaves no more than what is kept for
    people, so that much is enough for one, which then waits between its requests."""
    budget = ConnectionBudget(connection.pk, provider_class(connection.provider).rate, share=Share.PEOPLE)
    return min(budget.room() // min(REQUESTS, budget.kept_for_people), AT_ONCE)


def _claim(connection: Connection, worker: str, most: int) -> list[Push]:
    """The oldest of each person, unless it waits for a later time: what comes after it waits with it."""
    now = timezone.now()
    before = Push.objects.waiting().filter(
        connection=connection, candidate=OuterRef("candidate"), pk__lt=OuterRef("pk")
    )
    due = Push.objects.claimable(now).filter(~Exists(before), connection=connection, next_at__lte=now)
    with transaction.atomic():
        ids = list(
            due.order_by("pk").select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:most]
        )
        Push.objects.filter(pk__in=ids).update(state=WorkState.RUNNING, worker=worker, lease_until=now + Push.LEASE)
    return list(Push.objects.filter(pk__in=ids).select_related("candidate", "by").order_by("pk"))


def _send(connection: Connection, each: Push, worker: str) -> None:
    provider = provider_of(connection, share=Share.PEOPLE)
    try:
        made, changes = SEND[PushKind(each.kind)](connection, provider, each)
        if changes:
            take_over(connection, provider, changes, now=timezone.now())
    except AtsError as error:
        if isinstance(error, SignInRefused):
            note_trouble(connection, error)
        _put_back(each, worker, error)
    except DatabaseError:
        raise  # the lease runs out, and it is looked for before it is made again
    except Exception as fault:
        log.exception("ats_push_failed", connection_id=connection.pk, push_id=each.pk)
        _put_back(each, worker, Refused(f"A fault of Rapport’s: {type(fault).__name__}"))
    else:
        each.close(worker, WorkState.DONE, done_at=timezone.now(), external_id=made[:100], error="")


def _put_back(each: Push, worker: str, error: AtsError) -> None:
    attempts = each.attempts + (0 if isinstance(error, Throttled) else 1)
    wait = error.seconds if isinstance(error, Throttled) else min(2.0**attempts, LONGEST_WAIT)
    refused = error.permanent and not isinstance(error, SignInRefused)
    state = WorkState.FAILED if refused or attempts >= MOST_ATTEMPTS else WorkState.QUEUED
    following = timezone.now() + timedelta(seconds=wait)
    each.close(worker, state, attempts=attempts, error=error.sentence[:500], next_at=following)


def _again(wanted: Push, now: datetime) -> None:
    Push.objects.filter(pk=wanted.pk).update(state=WorkState.QUEUED, attempts=0, error="", next_at=now)


def _mark(candidate: Candidate, kind: PushKind, content: Mapping[str, Any]) -> str:
    text = json.dumps([candidate.pk, kind.value, dict(content)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def people_without(connection: Connection, candidates: Sequence[int]) -> list[int]:
    """Of these people those whom the ATS doesn't know yet."""
    from ats_sync.queries.people import known_in

    known = known_in(connection, candidates)
    return [pk for pk in candidates if pk not in known]
