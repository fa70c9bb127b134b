"""Looking at everything that the ATS has: finds what was deleted or changed there without a word.

Either all of it is settled at once (every night), or what differs is only written down, so that somebody sees it first.
A sweep goes by turns, and on from where it stood: at an ATS's limit it takes hours, and no worker is kept that long.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from ats_sync.actions.access import provider_of
from ats_sync.actions.applying import Batch, Key, apply_changes, known_records, parents_of
from ats_sync.actions.applying.batch import is_news
from ats_sync.actions.reading import AT_ONCE, Clock, Heartbeat, TakenAway, read_all, take_over
from ats_sync.actions.troubles import note_trouble
from ats_sync.budget import Share
from ats_sync.models import AtsRecord, Connection, ConnectionState, Drift, DriftState, Sweep
from ats_sync.providers.base import Provider
from ats_sync.providers.errors import AtsError, Forbidden, PlaceLost, SignInRefused, Throttled
from ats_sync.vocabulary import Change, Gone, How, Kind, kind_of
from crm.models.leased import LeasedQuerySet, WorkState

TURN = 5.0  # seconds that one task works before others get their turn
LONGEST_WAIT = 900  # seconds; an ATS that asks for more is asked again all the same
MOST_FAILURES = 6  # one after the other
MOST_TOLD = 500  # differences that one sweep writes down
KEPT = timedelta(days=30)
PROGRESS = ("kind", "kind_began_at", "place", "is_listed", "after", "there", "gone", "missed", "failures")

log = structlog.get_logger()


def start_sweep(connection: Connection, *, settles: bool) -> Sweep:
    """The one that is under way already, if there is one."""
    from ats_sync.tasks import work_on_sweep as task  # an action queues its own follow-up task

    now = timezone.now()
    try:
        with transaction.atomic():
            look: Sweep = Sweep.objects.create(connection=connection, settles=settles, began_at=now, next_at=now)
    except IntegrityError:
        return _under_way().get(connection=connection)
    task.delay(look.pk)
    return look


def stop_sweeps(connection: Connection) -> None:
    """Whoever works on one sees it at the next renewal of its lease."""
    going = _under_way().filter(connection=connection)
    going.update(state=WorkState.CANCELLED, error="It was stopped.", ended_at=timezone.now(), lease_until=None)


def due_sweeps(now: datetime) -> list[int]:
    due = Sweep.objects.claimable(now).filter(next_at__lte=now, connection__state=ConnectionState.ON)
    return list(due.values_list("pk", flat=True))


def work_on_sweep(sweep_id: int, *, worker: str) -> None:
    """Goes on with a sweep until it is through or the task's turn is over; then another task goes on at once."""
    from ats_sync.tasks import work_on_sweep as task  # an action queues its own follow-up task

    going = Sweep.objects.select_related("connection__source").filter(connection__state=ConnectionState.ON)
    look = going.filter(pk=sweep_id).first()
    if look is None or not look.claim(worker):
        return
    provider = provider_of(look.connection, alive=Heartbeat(partial(look.renew, worker)))
    try:
        if _Look(look, provider, worker).go_on():
            _end(look, worker)
        elif look.close(worker, WorkState.QUEUED, next_at=timezone.now()):
            task.delay(look.pk)
    except TakenAway:
        return
    except Throttled as error:
        _wait(look, worker, min(error.seconds, LONGEST_WAIT))
    except AtsError as error:
        _note_failure(look, worker, error)


def settle(connection_id: int) -> None:
    """Takes over what an earlier look only wrote down. Raises Throttled; then what is left waits to be settled."""
    connection = Connection.objects.on().select_related("source").get(pk=connection_id)
    provider = provider_of(connection, share=Share.PEOPLE)
    found = Drift.objects.filter(connection=connection, state=DriftState.FOUND).order_by("pk")
    while some := list(found[:AT_ONCE]):
        keys: list[Key] = list(dict.fromkeys((Kind(each.kind), each.external_id) for each in some))
        take_over(connection, provider, read_all(provider, keys), now=timezone.now())
        Drift.objects.filter(pk__in=[each.pk for each in some]).update(state=DriftState.SETTLED)


class _Look:
    """One turn of a sweep."""

    def __init__(self, sweep: Sweep, provider: Provider, worker: str) -> None:
        self.sweep, self.connection, self.provider, self.worker = sweep, sweep.connection, provider, worker
        self.clock = Clock(TURN)

    def go_on(self) -> bool:
        """False when the time was over before all kinds were looked through."""
        kinds = list(self.provider.kinds)
        start = kinds.index(Kind(self.sweep.kind)) if self.sweep.kind in kinds else 0
        for kind in kinds[start:]:
            if self.sweep.kind != kind:
                self._begin(kind)
            while self._step(kind):
                self.sweep.failures = 0
                self._write_down()
                if self.clock.is_over:
                    return False
        return True

    def _begin(self, kind: Kind) -> None:
        self.sweep.kind, self.sweep.kind_began_at = kind, timezone.now()
        self.sweep.place, self.sweep.is_listed, self.sweep.after = "", False, 0
        self.sweep.there = {each: number for each, number in self.sweep.there.items() if each != kind}
        self._write_down()

    def _step(self, kind: Kind) -> bool:
        """A page of the list, or some of those that it did not have. False when the kind is through."""
        if self.sweep.is_listed:
            return self._look_for_some(kind)
        try:
            page = self.provider.changed(kind, since="", place=self.sweep.place)
        except Forbidden:
            return False
        except PlaceLost:
            if not self.sweep.place:
                raise
            self._begin(kind)
            return True
        self._compare(page.changes)
        counted = Counter(kind_of(each) for each in page.changes if not isinstance(each, Gone))
        self.sweep.there = {**self.sweep.there, kind.value: self.sweep.there.get(kind.value, 0) + counted[kind]}
        self.sweep.place, self.sweep.is_listed = page.place, not page.place
        return True

    def _compare(self, changes: Sequence[Change]) -> None:
        if self.sweep.settles:
            batch = take_over(self.connection, self.provider, changes, now=timezone.now())
            self._tell(batch.told, DriftState.SETTLED)
            return
        batch = Batch(self.connection, timezone.now())
        batch.records = known_records(self.connection, [(kind_of(change), change.id) for change in changes])
        gone = self._gone_people(changes)
        differing = [each for each in changes if is_news(batch, each) and getattr(each, "person", "") not in gone]
        self._tell([_told(batch, change) for change in differing], DriftState.FOUND)
        differ = {(kind_of(change), change.id) for change in differing}
        same = [record.pk for key, record in batch.records.items() if key not in differ]
        AtsRecord.objects.filter(pk__in=same).update(checked_at=batch.now)

    def _gone_people(self, changes: Sequence[Change]) -> set[str]:
        """What lists still name of them is not taken over, so it is no difference."""
        people = {key for change in changes for key in parents_of(change) if key[0] == Kind.PERSON}
        known = known_records(self.connection, sorted(people))
        return {record.external_id for record in known.values() if record.gone_at}

    def _look_for_some(self, kind: Kind) -> bool:
        """What the list did not have: gone, or hidden from lists, which only asking for it can tell."""
        unmet = AtsRecord.objects.filter(connection=self.connection, kind=kind, gone_at=None)
        unmet = unmet.filter(checked_at__lt=self.sweep.kind_began_at, pk__gt=self.sweep.after).order_by("pk")
        some = list(unmet.values_list("pk", "external_id")[:AT_ONCE])
        if not some:
            return False
        changes = read_all(self.provider, [(kind, external_id) for _, external_id in some])
        answered = {each.id for each in changes}
        changes += [Gone(what=kind, id=each, how=How.DELETED) for _, each in some if each not in answered]
        gone = [each for each in changes if isinstance(each, Gone)]
        if self.sweep.settles:
            batch = apply_changes(self.connection, changes, now=timezone.now())
            self._tell(batch.told, DriftState.SETTLED, are_missed=False)
        else:
            self._tell([(kind, each.id, "deleted there") for each in gone], DriftState.FOUND, are_missed=False)
        self.sweep.gone += len(gone)
        self.sweep.after = some[-1][0]
        return True

    def _tell(self, told: Iterable[tuple[Kind, str, str]], state: DriftState, *, are_missed: bool = True) -> None:
        """Each record once, however often lists name it."""
        known = set(Drift.objects.filter(sweep=self.sweep).values_list("kind", "external_id"))
        news = [each for each in told if (each[0].value, each[1]) not in known]
        Drift.objects.bulk_create(
            Drift(
                sweep=self.sweep,
                connection_id=self.sweep.connection_id,
                kind=kind,
                external_id=external_id,
                says=says[:300],
                state=state,
                found_at=timezone.now(),
            )
            for kind, external_id, says in news[: max(0, MOST_TOLD - len(known))]
        )
        self.sweep.missed += len(news) if are_missed else 0

    def _write_down(self) -> None:
        if not self.sweep.renew(self.worker, **{name: getattr(self.sweep, name) for name in PROGRESS}):
            raise TakenAway


def _told(batch: Batch, change: Change) -> tuple[Kind, str, str]:
    kind = kind_of(change)
    return kind, change.id, "differs" if (kind, change.id) in batch.records else "not known here"


@transaction.atomic
def _end(look: Sweep, worker: str) -> None:
    """What an earlier look found is settled by one that settles, and told anew by one that does not."""
    now = timezone.now()
    held = _held(look.connection)
    if not look.close(worker, WorkState.DONE, ended_at=now, here=held):
        return
    earlier = Drift.objects.filter(connection=look.connection_id, state=DriftState.FOUND).exclude(sweep=look)
    earlier.update(state=DriftState.SETTLED) if look.settles else earlier.delete()
    Connection.objects.filter(pk=look.connection_id).update(swept_at=now)
    Sweep.objects.filter(connection=look.connection_id, began_at__lt=look.began_at - KEPT).delete()


def _wait(look: Sweep, worker: str, seconds: float) -> None:
    look.close(worker, WorkState.QUEUED, next_at=timezone.now() + timedelta(seconds=seconds), failures=look.failures)


def _note_failure(look: Sweep, worker: str, error: AtsError) -> None:
    """An ATS that is down comes back; credentials that don't hold stop the connection."""
    look.failures += 1
    if isinstance(error, SignInRefused):
        note_trouble(look.connection, error)
    if error.permanent or look.failures >= MOST_FAILURES:
        ended = {"ended_at": timezone.now(), "here": _held(look.connection), "error": error.sentence[:500]}
        look.close(worker, WorkState.FAILED, **ended)
    else:
        _wait(look, worker, min(10.0 * 2**look.failures, LONGEST_WAIT))


def _under_way() -> LeasedQuerySet[Sweep]:
    under_way: LeasedQuerySet[Sweep] = Sweep.objects.filter(state__in=[WorkState.QUEUED, WorkState.RUNNING])
    return under_way


def _held(connection: Connection) -> dict[str, int]:
    rows = AtsRecord.objects.filter(connection=connection, gone_at=None).order_by().values("kind")
    return dict(rows.annotate(number=Count("pk")).values_list("kind", "number"))
