"""The safety net under the webhooks, and the first load: reading, kind by kind, what has changed since last time.

A page and the place of the next one are written down one after the other, so a round goes on where it was broken off;
a page that is read twice changes nothing.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ats_sync.actions.access import provider_of
from ats_sync.actions.reading import Clock, Heartbeat, TakenAway, read_all, take_over
from ats_sync.actions.troubles import note_trouble
from ats_sync.models import AtsRecord, Connection, Round
from ats_sync.providers.base import Provider
from ats_sync.providers.errors import AtsError, Forbidden, PlaceLost, Throttled
from ats_sync.vocabulary import Kind
from talentpool.models import Source

TURN = 5.0  # seconds that one task works before others get their turn
MOST_CONFIRMED = 500
LONGEST_WAIT = 900  # seconds; an ATS that asks for more is asked again all the same


def poll(connection_id: int, *, worker: str) -> None:
    """Goes on with the rounds of a connection until all are through or the task's turn is over; then another task
    goes on at once."""
    from ats_sync.tasks import poll_connection  # an action queues its own follow-up task

    connection = Connection.objects.on().select_related("source").filter(pk=connection_id).first()
    if connection is None or not connection.claim(worker, timezone.now()):
        return
    after = float(connection.poll_seconds)
    provider = provider_of(connection, alive=Heartbeat(partial(_stay, connection, worker)))
    try:
        if _read_everything(connection, provider, worker):
            _finish(connection, provider, worker)
        else:
            after = 0
    except TakenAway:
        after = 0
    except Throttled as error:
        after = min(error.seconds, LONGEST_WAIT)
    except AtsError as error:
        note_trouble(connection, error)
    finally:
        following = timezone.now() + timedelta(seconds=after)
        is_held = connection.held(worker).update(lease_until=None, next_poll_at=following)
    if is_held and not after:
        poll_connection.delay(connection.pk)


def due_connections(now: datetime) -> list[int]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return list(Connection.objects.on().filter(free, next_poll_at__lte=now).values_list("pk", flat=True))


def _stay(connection: Connection, worker: str) -> bool:
    """Renews the lease; False when the connection was stopped, or another worker reads for it."""
    return bool(connection.held(worker).update(lease_until=timezone.now() + Connection.LEASE))


def _read_everything(connection: Connection, provider: Provider, worker: str) -> bool:
    """False when the time was over before all was read, or the connection was stopped."""
    clock = Clock(TURN)
    for kind in provider.kinds:
        round_, _ = Round.objects.get_or_create(connection=connection, kind=kind)
        if _is_done(connection, round_):
            continue
        try:
            while _read_page(connection, provider, round_):
                if clock.is_over or not _stay(connection, worker):
                    return False
        except Forbidden as error:
            _end(round_, since=round_.since)
            _note_missing(connection, kind, error.sentence)
    _confirm(connection, provider)
    return True


def _confirm(connection: Connection, provider: Provider) -> None:
    """Reads what only a webhook said, without saying when; it may have come late. Most of it was in the lists."""
    hearsay = AtsRecord.objects.filter(connection=connection, is_hearsay=True, gone_at=None)
    since = connection.turn_began_at or timezone.now()
    keys = hearsay.filter(checked_at__lt=since).order_by("checked_at").values_list("kind", "external_id")
    if waiting := [(Kind(kind), external_id) for kind, external_id in keys[:MOST_CONFIRMED]]:
        take_over(connection, provider, read_all(provider, waiting), now=timezone.now())


def _is_done(connection: Connection, round_: Round) -> bool:
    """In this turn of all kinds, by an earlier task."""
    turn = connection.turn_began_at
    return round_.began_at is None and bool(turn and round_.ended_at and round_.ended_at >= turn)


def _read_page(connection: Connection, provider: Provider, round_: Round) -> bool:
    """False when it was the last one."""
    if round_.began_at is None:
        round_.began_at, round_.read = timezone.now(), 0
        round_.save(update_fields=["began_at", "read"])
    try:
        page = provider.changed(Kind(round_.kind), since=round_.since, place=round_.place)
    except PlaceLost:
        round_.place, round_.read = "", 0
        round_.save(update_fields=["place", "read"])
        return True
    take_over(connection, provider, page.changes, now=timezone.now())
    round_.read += len(page.changes)
    if not page.place:
        _end(round_, since=page.since or provider.since(round_.began_at))
        return False
    round_.place = page.place
    round_.total = page.total if page.total is not None else round_.total
    round_.save(update_fields=["place", "read", "total"])
    return True


def _end(round_: Round, *, since: str) -> None:
    round_.since, round_.place, round_.began_at, round_.ended_at = since, "", None, timezone.now()
    round_.save(update_fields=["since", "place", "began_at", "ended_at", "read"])


@transaction.atomic
def _finish(connection: Connection, provider: Provider, worker: str) -> None:
    """Every kind has been read: what happened before this turn began is known, unless it comes in files only."""
    began = connection.turn_began_at
    columns = {"as_of": began, "loaded_at": connection.loaded_at or timezone.now()} if provider.kinds else {}
    if connection.held(worker).update(**columns, turn_began_at=None, error="", error_at=None) and provider.kinds:
        Source.objects.filter(pk=connection.source_id).update(synced_at=began, stale_after=connection.stale_minutes)


def _note_missing(connection: Connection, kind: Kind, why: str) -> None:
    missing = [each for each in connection.missing if each[0] != kind.value]
    connection.missing = [*missing, [kind.value, why[:300]]]
    Connection.objects.filter(pk=connection.pk).update(missing=connection.missing)
