"""Saved searches: kept, changed, shared, removed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool import tasks
from talentpool.models import Segment, SegmentShare, Sharing


@transaction.atomic
def save_search(
    name: str,
    *,
    text: str,
    facets: Mapping[str, Sequence[str]],
    exactly: bool = True,
    less: Sequence[str] = (),
    by: Member,
    sharing: str = Sharing.TEAM,
    shared_with: Collection[Member] = (),
) -> Segment:
    search = _search(text, facets, exactly, less)
    segment = Segment.objects.create(name=name, by=by, sharing=sharing, **search)
    _share(segment, shared_with)
    record("segment.saved", segment, by=by, **search, sharing=sharing)
    tasks.count_segment.delay(segment.pk)
    return segment


@transaction.atomic
def change_segment(
    segment: Segment, *, name: str, sharing: str, shared_with: Collection[Member] = (), by: Member
) -> None:
    """Its name, and who sees it; a ready-made one is the team's, and called after what it stands for."""
    if segment.ready_made:
        raise ValidationError("A ready-made segment keeps its name. Hide it, or save its search as one of your own.")
    before = {"name": segment.name, "sharing": segment.sharing}
    segment.name, segment.sharing = name, sharing
    segment.save(update_fields=["name", "sharing", "changed_at"])
    segment.shares.all().delete()
    _share(segment, shared_with)
    record("segment.changed", segment, by=by, before=before, name=name, sharing=segment.sharing)


@transaction.atomic
def change_query(
    segment: Segment,
    *,
    text: str,
    facets: Mapping[str, Sequence[str]],
    exactly: bool = True,
    less: Sequence[str] = (),
    by: Member,
) -> None:
    """Who is in it is counted anew; its history goes on, and says on which day it began to ask something else."""
    if segment.ready_made:
        raise ValidationError("A ready-made segment asks what it is named after. Save your search as one of your own.")
    before, search = segment.search, _search(text, facets, exactly, less)
    if search == before:
        return
    _ask_instead(segment, search)
    record("segment.query_changed", segment, by=by, before=before, **search)


@transaction.atomic
def delete_segment(segment: Segment, *, by: Member) -> None:
    """Refused while a campaign is written to it: what was approved must stay what it was.

    A ready-made one would only be made again, and is hidden.
    """
    record("segment.removed", segment, by=by, **segment.search)
    if segment.ready_made:
        Segment.objects.filter(pk=segment.pk).update(hidden_at=timezone.now(), counted_at=None)
        return
    try:
        Segment.objects.filter(pk=segment.pk).delete()
    except ProtectedError:
        raise ValidationError(f"A campaign is written to “{segment.name}”, so it stays.") from None


@transaction.atomic
def show_segment(segment: Segment, *, by: Member) -> None:
    """A ready-made one that was hidden."""
    if Segment.objects.filter(pk=segment.pk, hidden_at__isnull=False).update(hidden_at=None, counted_at=None):
        record("segment.shown", segment, by=by)
        tasks.count_segment.delay(segment.pk)


def search_instead(facet: str, value: str, other: str = "") -> None:
    """Saved searches that were narrowed to a value which is gone; without another one they search without it.

    A ready-made one would then mean everybody: it goes on to ask for what nobody has, and is hidden.
    """
    for segment in Segment.objects.filter(**{f"facets__{facet}__contains": [value]}).select_for_update():
        kept = [each for each in segment.facets[facet] if each != value]
        if other and other not in kept:
            kept.append(other)
        if segment.ready_made and not kept:
            Segment.objects.filter(pk=segment.pk).update(hidden_at=timezone.now())
            continue
        others = {name: values for name, values in segment.facets.items() if name != facet}
        _ask_instead(segment, segment.search | {"facets": {**others, facet: kept} if kept else others})


def _search(text: str, facets: Mapping[str, Sequence[str]], exactly: bool, less: Sequence[str]) -> dict[str, Any]:
    chosen = {name: list(values) for name, values in facets.items()}
    return {"text": text, "facets": chosen, "exactly": exactly, "less": list(less)}


def _ask_instead(segment: Segment, search: Mapping[str, Any]) -> None:
    for name, value in search.items():
        setattr(segment, name, value)
    segment.counted_at = None
    segment.save(update_fields=[*search, "counted_at", "changed_at"])
    tasks.count_segment.delay(segment.pk)


def _share(segment: Segment, members: Collection[Member]) -> None:
    if segment.sharing == Sharing.CHOSEN:
        SegmentShare.objects.bulk_create(SegmentShare(segment=segment, member=member) for member in members)
