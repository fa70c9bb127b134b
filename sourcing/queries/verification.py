"""Walking the chain of the search log: whether anything was changed, removed, put between or cut off since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from crm.models import AuditEntry
from crm.tenancy.scope import current_tenant_id
from sourcing.digests import entry_digest, is_sealed, link_hash, words_digest
from sourcing.models import EntryKind, SearchLogEntry, SearchLogHead, SearchLogLink, SearchLogWords
from sourcing.queries.chain import LONGEST_TRANSACTION

AT_ONCE = 1_000


@dataclass(frozen=True)
class Fault:
    """The first place where the log is not what it was. `entry_id` is 0 where no entry can be named."""

    number: int
    entry_id: int
    sentence: str


@dataclass(frozen=True)
class Verified:
    entries: int
    hash: str
    fault: Fault | None = None


@dataclass(frozen=True)
class _Excused:
    """What sealed entries vouch for: entries that were removed, and the words' digest of those that were masked."""

    removed: frozenset[int]
    masked: Mapping[int, str]


def verify_log(*, now: datetime) -> Verified:
    """Every link from the first, then the chain's end, then the ends that the audit log remembers."""
    excused = _excused()
    anchors = _anchors()
    number, previous = 0, ""
    for link, entry, words in _rows():
        fault = _fault_of(link, entry, words, number, previous, excused, anchors)
        if fault:
            return Verified(number, previous, fault)
        number, previous = link.number, link.hash
    return Verified(number, previous, _fault_at_end(number, previous, anchors) or _fault_beside(now, number))


def _rows() -> Iterator[tuple[SearchLogLink, SearchLogEntry | None, SearchLogWords | None]]:
    last = -1
    while links := list(SearchLogLink.objects.filter(number__gt=last).order_by("number")[:AT_ONCE]):
        ids = [link.entry_id for link in links]
        entries = SearchLogEntry.objects.in_bulk(ids)
        words = {each.entry_id: each for each in SearchLogWords.objects.filter(entry__in=ids)}
        yield from ((link, entries.get(link.entry_id), words.get(link.entry_id)) for link in links)
        last = links[-1].number


def _fault_of(
    link: SearchLogLink,
    entry: SearchLogEntry | None,
    words: SearchLogWords | None,
    number: int,
    previous: str,
    excused: _Excused,
    anchors: Mapping[int, str],
) -> Fault | None:
    where = (number + 1, link.entry_id)
    if link.number != number + 1:
        return Fault(*where, f"Link {number + 1} of the chain is missing; the next one is {link.number}.")
    if link.hash != link_hash(previous, link.number, link.digest):
        return Fault(*where, "The link does not follow from the one before it: it was changed, moved or put between.")
    if anchors.get(link.number, link.hash) != link.hash:
        return Fault(*where, "The audit log remembers another hash here: the chain was made anew.")
    if entry is None:
        gone = link.entry_id in excused.removed
        return None if gone else Fault(*where, "The entry is gone, and no removal in the log accounts for it.")
    if entry_digest(entry) != link.digest:
        return Fault(*where, "The entry is not what it was when it was chained.")
    digest = excused.masked.get(entry.pk, entry.words_digest)
    if digest != (words_digest(words.said, words.salt) if words else ""):
        return Fault(*where, "The entry’s words are not what they were.")
    return None


def _fault_at_end(number: int, last: str, anchors: Mapping[int, str]) -> Fault | None:
    head = SearchLogHead.objects.first()
    if head is None or not head.number:
        return Fault(number, 0, "Where the chain ends was written down nowhere.") if number or anchors else None
    if not is_sealed(head.seal, current_tenant_id(), head.number, head.hash):
        return Fault(number, 0, "The end of the chain carries no seal of this application.")
    if (head.number, head.hash) != (number, last):
        return Fault(number, 0, f"The chain ends at {number}, and it did reach {head.number}: it was cut short.")
    if anchors and max(anchors) > number:
        return Fault(number, 0, f"The chain ends at {number}; the audit log remembers {max(anchors)}.")
    return None


def _fault_beside(now: datetime, number: int) -> Fault | None:
    loose = SearchLogEntry.objects.filter(
        ~Exists(SearchLogLink.objects.filter(entry_id=OuterRef("pk"))), at__lt=now - LONGEST_TRANSACTION
    )
    first = loose.order_by("pk").first()
    return Fault(number, first.pk, "The entry is older than an hour and in no chain.") if first else None


def _excused() -> _Excused:
    removed: set[int] = set()
    masked: dict[int, str] = {}
    kinds = (EntryKind.MASKED, EntryKind.REMOVED)
    for entry in SearchLogEntry.objects.filter(kind__in=kinds).order_by("pk").iterator(chunk_size=AT_ONCE):
        detail, tenant_id = entry.detail, current_tenant_id()
        seal = str(detail.get("seal", ""))
        if entry.kind == EntryKind.REMOVED and is_sealed(seal, "removed", tenant_id, detail.get("entries")):
            removed.update(detail["entries"])
        if is_sealed(seal, "masked", tenant_id, detail.get("entry"), detail.get("words_digest")):
            masked[detail["entry"]] = detail["words_digest"]
    return _Excused(frozenset(removed), masked)


def _anchors() -> dict[int, str]:
    """Ends of the chain by number, as the audit log has them; only those sealed here."""
    details = AuditEntry.objects.filter(verb="search_log.anchored").values_list("detail", flat=True)
    return {
        detail["number"]: detail["hash"]
        for detail in details
        if is_sealed(detail["seal"], "anchor", current_tenant_id(), detail["number"], detail["hash"])
    }
