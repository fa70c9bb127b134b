"""What webhooks bring: kept as it came and answered at once, worked on afterwards in batches."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ats_sync.actions.access import provider_of
from ats_sync.actions.applying import Key, apply_changes, parents_of, unknown_parents
from ats_sync.actions.calls import call
from ats_sync.actions.reading import Clock, Heartbeat, TakenAway, read_all, take_over
from ats_sync.budget import Share
from ats_sync.models import Connection, ConnectionState, Event
from ats_sync.providers.base import Delivery, Provider
from ats_sync.providers.errors import AtsError, Refused, Throttled
from ats_sync.vocabulary import Change, FileRecord, Heard, kind_of
from crm.models.leased import WorkState

AT_ONCE = 100
TURN = 1.0  # seconds, after which the worker's other tasks come first: search among them
MOST_ATTEMPTS = 8
LONGEST_WAIT = 600  # seconds between two attempts
KEPT_HEADERS = 40

log = structlog.get_logger()


@dataclass(frozen=True)
class Address:
    """Whose webhook an address is."""

    tenant_id: int
    connection_id: int


def address_of(secret: str) -> Address | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, connection_id FROM connection_at(%s)", [secret])
        found = cursor.fetchone()
    return Address(*found) if found else None


def keep_event(connection_id: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Raises SignInRefused for a wrong signature, and Refused for what makes no sense.

    False when nobody listens any more: a connection that was ended, or one that is only being set up.
    """
    from ats_sync.tasks import work_on_events  # an action queues its own follow-up task

    heard_by = Connection.objects.get(pk=connection_id)
    if heard_by.state == ConnectionState.ENDED:
        return False
    delivery = _understood(heard_by, headers, body)
    if delivery.is_ping:
        return True
    now = timezone.now()
    mark = hashlib.sha256(delivery.mark.encode()).hexdigest()
    kept = Event(
        connection=heard_by,
        mark=mark,
        headers=dict(list(headers.items())[:KEPT_HEADERS]),
        body=body,
        received_at=now,
        next_at=now,
        says=_says(delivery),
    )
    Event.objects.bulk_create([kept], ignore_conflicts=True)  # one that came before is kept once
    if heard_by.is_on:
        call(work_on_events, heard_by.pk)
    return True


def work_on_waiting(connection_id: int, *, worker: str) -> None:
    """Takes what waits in the order in which it came, until nothing can be done now or the turn is over."""
    from ats_sync.tasks import work_on_events  # an action queues its own follow-up task

    listening = Connection.objects.on().select_related("source").filter(pk=connection_id).first()
    if listening is None:
        return
    held: list[Event] = []
    turn = Clock(TURN)
    alive = Heartbeat(lambda: _stay(held, worker))
    provider = provider_of(listening, share=Share.NEWS, patience=0.0, alive=alive)
    with suppress(TakenAway):
        while events := _claim(listening, worker):
            held[:] = events
            if not _work(listening, provider, events, worker):
                return
            if turn.is_over:
                call(work_on_events, listening.pk)
                return


def waiting_connections() -> list[int]:
    now = timezone.now()
    waiting = Event.objects.claimable(now).filter(next_at__lte=now, connection__state=ConnectionState.ON)
    return list(waiting.order_by().values_list("connection_id", flat=True).distinct())


def _work(listening: Connection, provider: Provider, events: Sequence[Event], worker: str) -> bool:
    """All in one go; when one of them can't be done each is tried alone. False when it is no use to go on now."""
    left = list(events)
    try:
        left = _tell(listening, provider, events, worker)
        if left:
            _ask(listening, provider, left)
    except (Throttled, AtsError) as error:
        if error.permanent and len(left) > 1:
            return _one_by_one(listening, provider, left, worker)
        _put_back(left, worker, error)
        return error.permanent or isinstance(error, Throttled)
    except (DatabaseError, TakenAway):
        raise  # the lease runs out, and the work goes on elsewhere
    except Exception as fault:
        if len(left) > 1:
            return _one_by_one(listening, provider, left, worker)
        log.exception("ats_event_failed", connection_id=listening.pk, event_id=left[0].pk)
        _put_back(left, worker, Refused(f"A fault of Rapport’s: {type(fault).__name__}"))
        return True
    _done(left, worker)
    return True


def _one_by_one(listening: Connection, provider: Provider, events: Sequence[Event], worker: str) -> bool:
    """One that can't be done holds no other up."""
    answers = [_work(listening, provider, [each], worker) for each in events]
    return all(answers)


def _tell(listening: Connection, provider: Provider, events: Sequence[Event], worker: str) -> list[Event]:
    """Takes over what needs no question to the ATS, which may let nobody ask now. What needs one is left."""
    said = {event.pk: _changes_of(_heard(listening, provider, event)) for event in events}
    telling = [event for event in events if said[event.pk] is not None]
    while missing := set(unknown_parents(listening, [change for each in telling for change in said[each.pk] or ()])):
        telling = [each for each in telling if not any(missing & set(parents_of(one)) for one in said[each.pk] or ())]
    changes = [change for each in telling for change in said[each.pk] or ()]
    if changes:
        batch = apply_changes(listening, changes, now=timezone.now(), heard_at=telling[-1].received_at)
        telling = [
            each for each in telling if not any((kind_of(one), one.id) in batch.again for one in said[each.pk] or ())
        ]
    _done(telling, worker)
    told = {each.pk for each in telling}
    return [event for event in events if event.pk not in told]


def _ask(listening: Connection, provider: Provider, events: Sequence[Event]) -> None:
    changes: list[Change] = []
    to_read: dict[Key, None] = {}
    for event in events:
        for heard in _heard(listening, provider, event):
            if heard.change is None:
                to_read[heard.what, heard.id] = None
            else:
                changes.append(heard.change)
    if changes:
        take_over(listening, provider, changes, now=timezone.now(), heard_at=events[-1].received_at)
    if to_read:
        take_over(listening, provider, read_all(provider, to_read), now=timezone.now())


def _heard(listening: Connection, provider: Provider, event: Event) -> Sequence[Heard]:
    return provider.hear(event.headers, bytes(event.body), listening.webhook_secret).heard


def _changes_of(heard: Sequence[Heard]) -> list[Change] | None:
    """None when the ATS has to be asked for some of it."""
    changes: list[Change] = [each.change for each in heard if each.change is not None]
    if len(changes) < len(heard) or any(isinstance(each, FileRecord) for each in changes):
        return None
    return changes


def _claim(listening: Connection, worker: str) -> list[Event]:
    """The oldest that are due; none while another worker has some of the same connection. Batches of a connection go
    one after the other anyway: a second worker would wait for the first instead of doing something else."""
    now = timezone.now()
    with transaction.atomic():
        Connection.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=listening.pk
        )  # of two workers one claims
        if Event.objects.filter(connection=listening, state=WorkState.RUNNING, lease_until__gt=now).exists():
            return []
        due = Event.objects.claimable(now).filter(connection=listening, next_at__lte=now).order_by("pk")
        ids = list(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:AT_ONCE])
        Event.objects.filter(pk__in=ids).update(state=WorkState.RUNNING, worker=worker, lease_until=now + Event.LEASE)
    return list(Event.objects.filter(pk__in=ids).order_by("pk"))


def _stay(events: Sequence[Event], worker: str) -> bool:
    """Renews the lease of what is worked on; False when others have it now."""
    held = Event.objects.filter(pk__in=[each.pk for each in events], worker=worker, state=WorkState.RUNNING)
    return bool(held.update(lease_until=timezone.now() + Event.LEASE))


def _done(events: Sequence[Event], worker: str) -> None:
    """The body goes: what it said of a person stands with the person."""
    held = Event.objects.filter(pk__in=[each.pk for each in events], worker=worker, state=WorkState.RUNNING)
    held.update(state=WorkState.DONE, body=b"", headers={}, done_at=timezone.now(), lease_until=None, error="")


def _put_back(events: Sequence[Event], worker: str, error: AtsError) -> None:
    """For later; what was tried often enough stays visible, and the next sweep finds what it was about."""
    for event in events:
        attempts = event.attempts + (0 if isinstance(error, Throttled) else 1)
        wait = error.seconds if isinstance(error, Throttled) else min(2.0**attempts, LONGEST_WAIT)
        is_over = attempts >= MOST_ATTEMPTS or (error.permanent and attempts >= 2)
        Event.objects.filter(pk=event.pk, worker=worker, state=WorkState.RUNNING).update(
            state=WorkState.FAILED if is_over else WorkState.QUEUED,
            attempts=attempts,
            error=error.sentence[:500],
            next_at=timezone.now() + timedelta(seconds=wait),
            lease_until=None,
            **({"body": b"", "headers": {}} if is_over else {}),
        )


def _understood(listening: Connection, headers: Mapping[str, str], body: bytes) -> Delivery:
    """Without a request to the ATS: a signature is checked and JSON is read. Some sign with a credential."""
    return provider_of(listening).hear(headers, body, listening.webhook_secret)


def _says(delivery: Delivery) -> str:
    said = [f"{each.what.label} {each.id}" for each in delivery.heard]
    return ", ".join(said)[:300]
