"""Whom searches showed and who of those was looked at, with the résumés that were there then."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sourcing.models import EntryKind, SearchLogEntry
from talentpool.models import Candidate, File, ScanState

AT_ONCE = 500
_WORDS = {EntryKind.SEARCHED: "shown", EntryKind.PAGED: "shown"}


@dataclass(frozen=True)
class LookedAt:
    """`hashes` are of the files there were by then; none of who was only shown."""

    search_id: int
    candidate_id: int
    name: str
    kind: str
    act: str
    at: datetime
    hashes: tuple[str, ...] = ()


def looked_at_in(search_ids: Collection[int]) -> list[LookedAt]:
    """By search, in the order in which it happened. Whoever was erased since has no name and no file."""
    followed = SearchLogEntry.objects.filter(Q(pk__in=search_ids) | Q(search_id__in=search_ids)).order_by("pk")
    entries = sorted(followed, key=lambda entry: (entry.search_id or entry.pk, entry.pk))
    everyone = {pk for entry in entries for pk in entry.candidate_ids}
    names = dict(Candidate.objects.filter(pk__in=everyone, erased_at=None).values_list("pk", "name"))
    files = _files(pk for entry in entries if entry.kind not in _WORDS for pk in entry.candidate_ids)
    return [
        LookedAt(
            search_id=entry.search_id or entry.pk,
            candidate_id=pk,
            name=names.get(pk, ""),
            kind=_WORDS.get(EntryKind(entry.kind), entry.kind),
            act=entry.act,
            at=entry.at,
            hashes=() if entry.kind in _WORDS else tuple(h for h, at in files.get(pk, ()) if at <= entry.at),
        )
        for entry in entries
        for pk in entry.candidate_ids
    ]


def resumes_of(looked_at: Iterable[LookedAt]) -> Iterator[File]:
    """Each file once, however many searches led to it."""
    hashes = sorted({each for one in looked_at for each in one.hashes})
    for start in range(0, len(hashes), AT_ONCE):
        files = File.objects.filter(sha256__in=hashes[start : start + AT_ONCE], candidate__isnull=False)
        yield from files.exclude(scan=ScanState.INFECTED).order_by("sha256", "pk").distinct("sha256")


def _files(candidate_ids: Iterable[int]) -> dict[int, list[tuple[str, datetime]]]:
    """Hashes and arrivals by person: also of who was merged since, whose files carry her as their origin."""
    files: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    ids = list(set(candidate_ids))
    rows = File.objects.filter(Q(candidate__in=ids) | Q(origin__in=ids)).order_by("at", "pk")
    for candidate_id, origin_id, sha256, at in rows.values_list("candidate_id", "origin_id", "sha256", "at"):
        for pk in {candidate_id, origin_id} & set(ids):
            files[pk].append((sha256, at))
    return files
