"""How the connections stand: what is known as of when, what waits, what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from ats_sync.budget import ConnectionBudget, Share
from ats_sync.models import (
    AtsRecord,
    Conflict,
    ConflictState,
    Connection,
    ConnectionState,
    Drift,
    DriftState,
    Event,
    Push,
    Round,
    Sweep,
)
from ats_sync.providers import provider_class
from ats_sync.providers.base import Provider
from ats_sync.vocabulary import UNLISTED, Kind
from crm.models.leased import WorkState

WAITING = (WorkState.QUEUED, WorkState.RUNNING)
LAST = 200  # events and pushes that the lag is measured by
PLURAL = {Kind.PERSON: "People", Kind.FAMILY: "Job families"}


@dataclass(frozen=True)
class Chip:
    """A state in a word, and its colour."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class Lag:
    """Seconds from hearing of a change to having made it, of the last ones; None when there were none."""

    half: float | None
    most: float | None  # 95 of 100 are quicker


@dataclass(frozen=True)
class Requests:
    """What the ATS takes: at once, and how much of it is left; `blocked` for so many seconds."""

    left: int
    burst: int
    per_minute: int
    blocked: float


@dataclass(frozen=True)
class Reading:
    """How far one kind of record has been read; `left` in seconds, where the ATS says how many there are."""

    label: str
    read: int
    total: int | None
    is_going: bool
    is_done: bool
    left: float | None

    @property
    def left_in_words(self) -> str:
        if self.left is None:
            return ""
        return f"about {self.left:.0f} s left" if self.left < 90 else f"about {self.left / 60:.0f} min left"


def many(kind: Kind) -> str:
    return PLURAL.get(kind, f"{kind.label}s")


def provider_known(connection: Connection) -> type[Provider] | None:
    """None for one that this version of Rapport does not have any more."""
    try:
        return provider_class(connection.provider)
    except KeyError:
        return None


def webhook_url(connection: Connection) -> str:
    """Where the ATS sends its news of this connection."""
    return f"{settings.BASE_URL}{reverse('ats_news:ats_webhook', args=[connection.address])}"


def with_queues(connections: QuerySet[Connection]) -> QuerySet[Connection]:
    """Each with `events_waiting`, `events_failed`, `pushes_waiting`, `pushes_failed`, `drift` and `conflicts_open`."""
    return connections.annotate(
        events_waiting=_number(Event.objects.filter(state__in=WAITING)),
        events_failed=_number(Event.objects.filter(state=WorkState.FAILED)),
        pushes_waiting=_number(Push.objects.filter(state__in=WAITING)),
        pushes_failed=_number(Push.objects.filter(state=WorkState.FAILED)),
        drift=_number(Drift.objects.filter(state=DriftState.FOUND)),
        conflicts_open=_number(Conflict.objects.filter(state=ConflictState.OPEN)),
    )


def _number(rows: Any) -> Coalesce:
    counted = rows.filter(connection=OuterRef("pk")).order_by().values("connection").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def chip_of(connection: Connection, now: datetime) -> Chip:
    if connection.state == ConnectionState.REFUSED:
        return Chip("Signed out by the ATS", "bad")
    if connection.state != ConnectionState.ON:
        return Chip(str(connection.get_state_display()))
    if connection.error:
        return Chip("In trouble", "bad")
    if connection.loaded_at is None:
        return Chip("First load", "accent")
    return Chip("Behind", "warn") if is_stale(connection, now) else Chip("In step", "good")


def is_stale(connection: Connection, now: datetime) -> bool:
    """Older than people of this ATS are written to without asking again."""
    return connection.as_of is not None and connection.as_of < now - timedelta(minutes=connection.stale_minutes)


def lag_of_events(connection: Connection) -> Lag:
    return _lag(Event.objects.filter(connection=connection, state=WorkState.DONE), "received_at")


def lag_of_pushes(connection: Connection) -> Lag:
    return _lag(Push.objects.filter(connection=connection, state=WorkState.DONE), "created_at")


def _lag(done: QuerySet[Any], began: str) -> Lag:
    times = done.exclude(done_at=None).order_by("-pk").values_list(began, "done_at")[:LAST]
    seconds = sorted((ended - at).total_seconds() for at, ended in times)
    if not seconds:
        return Lag(None, None)
    return Lag(seconds[len(seconds) // 2], seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))])


def requests_of(connection: Connection) -> Requests | None:
    found = provider_known(connection)
    if found is None:
        return None
    budget = ConnectionBudget(connection.pk, found.rate, share=Share.PEOPLE)
    per_minute = int(60 * found.rate.requests / found.rate.seconds)
    return Requests(budget.room(), budget.burst, per_minute, budget.blocked_for())


def readings_of(connection: Connection, now: datetime) -> Sequence[Reading]:
    """Every kind of the provider's, in the order in which they are read; empty before the first start."""
    found, rounds = provider_known(connection), {each.kind: each for each in connection.rounds.all()}
    if found is None or not rounds:
        return []
    return [_reading(kind, rounds.get(kind.value), now) for kind in found.kinds]


def _reading(kind: Kind, round_: Round | None, now: datetime) -> Reading:
    if round_ is None:
        return Reading(many(kind), 0, None, False, False, None)
    is_going, left = round_.began_at is not None, None
    if round_.began_at and round_.total and round_.read:
        pace = (now - round_.began_at).total_seconds() / round_.read
        left = max(0.0, (round_.total - round_.read) * pace)
    return Reading(many(kind), round_.read, round_.total, is_going, round_.ended_at is not None, left)


@dataclass(frozen=True)
class BothSides:
    """How many of a kind the ATS had at the last sweep, and how many were known here."""

    label: str
    there: int | None
    here: int

    @property
    def is_even(self) -> bool:
        return self.there is None or self.there == self.here


def numbers_here(connection: Connection) -> tuple[int, int]:
    """People and applications that the ATS has, as far as it is known here."""
    held = AtsRecord.objects.filter(connection=connection, gone_at=None, kind__in=[Kind.PERSON, Kind.APPLICATION])
    counted = dict(held.order_by().values_list("kind").annotate(number=Count("pk")))
    return counted.get(Kind.PERSON.value, 0), counted.get(Kind.APPLICATION.value, 0)


def last_sweep(connection: Connection) -> Sweep | None:
    return Sweep.objects.filter(connection=connection).first()


def is_sweeping(sweep: Sweep | None) -> bool:
    return sweep is not None and not sweep.is_over


def both_sides(sweep: Sweep) -> list[BothSides]:
    kinds = [kind for kind in Kind if kind not in UNLISTED and (kind.value in sweep.there or kind.value in sweep.here)]
    return [BothSides(many(kind), sweep.there.get(kind.value), sweep.here.get(kind.value, 0)) for kind in kinds]


def differences_of(connection: Connection, limit: int) -> list[Drift]:
    found = Drift.objects.filter(connection=connection, state=DriftState.FOUND)
    return list(found.order_by("kind", "pk")[:limit])


def sweep_in_words(sweep: Sweep | None) -> str:
    """What the last sweep came to, in a sentence."""
    if sweep is None:
        return "Nobody has compared both sides yet; every night it is done by itself."
    if sweep.error:
        return f"It stopped: {sweep.error}"
    if not sweep.missed and not sweep.gone:
        return "0 differences."
    return f"New or changed there: {sweep.missed:,}. Gone there: {sweep.gone:,}."
