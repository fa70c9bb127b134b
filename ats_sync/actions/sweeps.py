"""Looking at everything that the ATS has: finds what was deleted or changed there without a word.

Either all of it is settled at once (every night), or what differs is only written down, so that somebody sees it first.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db.models import Count
from django.utils import timezone

from ats_sync.actions.access import provider_of
from ats_sync.actions.applying import Batch, Key, apply_changes, known_records
from ats_sync.actions.applying.batch import is_news
from ats_sync.actions.reading import AT_ONCE, read_all, take_over
from ats_sync.models import AtsRecord, Connection, Drift, DriftState, Sweep
from ats_sync.providers.base import Provider
from ats_sync.providers.errors import AtsError, Forbidden, PlaceLost
from ats_sync.vocabulary import Change, Gone, How, Kind, kind_of

MOST_TOLD = 500  # differences that one sweep writes down
KEPT = timedelta(days=30)

log = structlog.get_logger()


def sweep(connection_id: int, *, settle: bool) -> Sweep | None:
    connection = Connection.objects.on().select_related("source").filter(pk=connection_id).first()
    if connection is None:
        return None
    provider = provider_of(connection)
    look = Sweep.objects.create(connection=connection, began_at=timezone.now())
    try:
        for kind in provider.kinds:
            _sweep_kind(connection, provider, look, kind, settle=settle)
    except AtsError as error:
        look.error = error.sentence[:500]
    else:
        _supersede(look, settle=settle)
    look.ended_at = timezone.now()
    look.here = _held(connection)
    look.save()
    Connection.objects.filter(pk=connection.pk).update(swept_at=look.ended_at)
    Sweep.objects.filter(connection=connection, began_at__lt=look.began_at - KEPT).delete()
    return look


def _supersede(look: Sweep, *, settle: bool) -> None:
    """What an earlier look found is settled by one that settles, and told anew by one that does not."""
    earlier = Drift.objects.filter(connection=look.connection_id, state=DriftState.FOUND).exclude(sweep=look)
    earlier.update(state=DriftState.SETTLED) if settle else earlier.delete()


def settle(connection_id: int) -> int:
    """Takes over what an earlier look only wrote down; returns how many differences are gone by that."""
    connection = Connection.objects.on().select_related("source").get(pk=connection_id)
    provider = provider_of(connection, is_for_people=True)
    found = Drift.objects.filter(connection=connection, state=DriftState.FOUND)
    keys: list[Key] = list(dict.fromkeys((Kind(each.kind), each.external_id) for each in found))
    for start in range(0, len(keys), AT_ONCE):
        changes = read_all(provider, keys[start : start + AT_ONCE])
        take_over(connection, provider, changes, now=timezone.now())
    return int(found.update(state=DriftState.SETTLED))


def _sweep_kind(connection: Connection, provider: Provider, look: Sweep, kind: Kind, *, settle: bool) -> None:
    began = timezone.now()
    try:
        seen = _look_through(connection, provider, look, kind, settle=settle)
    except Forbidden:
        return
    except PlaceLost:
        seen = _look_through(connection, provider, look, kind, settle=settle)
    look.there = {**look.there, kind.value: len(seen)}
    held = AtsRecord.objects.filter(connection=connection, kind=kind, gone_at=None, checked_at__lt=began)
    missing = [external_id for external_id in held.values_list("external_id", flat=True) if external_id not in seen]
    for start in range(0, len(missing), AT_ONCE):
        _look_for(connection, provider, look, kind, missing[start : start + AT_ONCE], settle=settle)
    look.save(update_fields=["there", "gone", "missed"])


def _look_through(connection: Connection, provider: Provider, look: Sweep, kind: Kind, *, settle: bool) -> set[str]:
    """The ids of all there are of a kind."""
    seen: set[str] = set()
    place = ""
    while True:
        page = provider.changed(kind, since="", place=place)
        seen |= {each.id for each in page.changes}
        if settle:
            batch = take_over(connection, provider, page.changes, now=timezone.now())
            look.missed += len(batch.told)
            _tell(look, batch.told, DriftState.SETTLED)
        else:
            _tell(look, _differences(connection, page.changes), DriftState.FOUND)
        if not page.place:
            return seen
        place = page.place


def _look_for(
    connection: Connection, provider: Provider, look: Sweep, kind: Kind, ids: Sequence[str], *, settle: bool
) -> None:
    """What the list did not have: gone, or hidden from lists, which only asking for it can tell."""
    changes = read_all(provider, [(kind, each) for each in ids])
    answered = {each.id for each in changes}
    changes += [Gone(what=kind, id=each, how=How.DELETED) for each in ids if each not in answered]
    gone = [each for each in changes if isinstance(each, Gone)]
    if settle:
        batch = apply_changes(connection, changes, now=timezone.now())
        _tell(look, batch.told, DriftState.SETTLED)
    else:
        _tell(look, [(kind, each.id, "deleted there") for each in gone], DriftState.FOUND)
    look.gone += len(gone)


def _differences(connection: Connection, changes: Sequence[Change]) -> list[tuple[Kind, str, str]]:
    batch = Batch(connection, timezone.now())
    batch.records = known_records(connection, [(kind_of(change), change.id) for change in changes])
    return [
        (kind_of(change), change.id, "differs" if (kind_of(change), change.id) in batch.records else "not known here")
        for change in changes
        if is_news(batch, change)
    ]


def _tell(look: Sweep, told: Sequence[tuple[Kind, str, str]], state: DriftState) -> None:
    room = MOST_TOLD - Drift.objects.filter(sweep=look).count()
    Drift.objects.bulk_create(
        Drift(
            sweep=look,
            connection_id=look.connection_id,
            kind=kind,
            external_id=external_id,
            says=says[:300],
            state=state,
            found_at=timezone.now(),
        )
        for kind, external_id, says in told[: max(0, room)]
    )
    if state is DriftState.FOUND:
        look.missed += len(told)


def _held(connection: Connection) -> dict[str, int]:
    rows = AtsRecord.objects.filter(connection=connection, gone_at=None).order_by().values("kind")
    return dict(rows.annotate(number=Count("pk")).values_list("kind", "number"))
