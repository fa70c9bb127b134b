"""Looking through the whole pool for people who are in it twice: a background run, and what the schedule keeps right.

The run has four steps, each in slices: records that were never prepared, blocking keys and names, all pairs of the pool
by ranges of blocking keys, and what is beyond doubt merged. Each slice is a transaction with the cursor: a worker that
takes the run over goes on with the next one.
"""

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.models import BulkRun, Member
from talentpool.actions.joining import join_found
from talentpool.actions.pool_ranges import compare_range, key_waiting, ranges_of, recount
from talentpool.actions.trait_rows import add_missing_traits
from talentpool.models import PersonTraits, Profile

RECORDS = 2_000  # prepared in one slice
JOINED = 20  # merges of one slice: each holds locks until the slice ends


def look_through_pool(*, by: Member) -> BulkRun:
    records = Profile.objects.count()
    back = reverse("talentpool:matching", args=[by.tenant.slug])
    title = "Looking through the whole pool"
    return start_bulk_run("look_through_pool", {}, by=by, title=title, total=records, back_url=back)


@bulk_kind("look_through_pool")
def look_through_slice(run: BulkRun) -> int:
    return STEPS[str(run.cursor.get("step", "prepare"))](run)


def keep_prepared() -> None:
    """Nightly, for the current tenant: prepares what was missed, counts the names, and merges what waits for it."""
    after, number = 0, 1
    while number:
        after, number = add_missing_traits(after, RECORDS)
    recount()
    join_found(now=timezone.now())


def _prepare(run: BulkRun) -> int:
    after = run.cursor.get("after", 0)
    if not after and PersonTraits.objects.filter(profile__isnull=False).count() == Profile.objects.count():
        run.cursor = {"step": "count"}
        return _count(run)
    after, number = add_missing_traits(after, RECORDS)
    run.cursor = {"step": "prepare", "after": after} if number else {"step": "count"}
    run.total += number
    return number or _count(run)


def _count(run: BulkRun) -> int:
    if key_waiting():
        return 1
    rules = recount()
    ranges = ranges_of(rules.records)
    run.total = max(run.total, run.done + rules.records)
    run.cursor = {"step": "find", "range": 0, "ranges": ranges, "records": rules.records}
    return _find(run)


def _find(run: BulkRun) -> int:
    number, ranges, records = (int(run.cursor[name]) for name in ("range", "ranges", "records"))
    if number >= ranges:
        run.cursor = {"step": "join"}
        return _join(run)
    asked = compare_range(number, ranges)
    run.cursor = {**run.cursor, "range": number + 1}
    _count_up(run, "pairs", asked)
    return max(1, records * (number + 1) // ranges - records * number // ranges)


def _join(run: BulkRun) -> int:
    settled = join_found(now=timezone.now(), most=JOINED)
    run.cursor = {"step": "join"}
    _count_up(run, "settled", settled)
    return settled


def _count_up(run: BulkRun, what: str, number: int) -> None:
    counts = {"pairs": 0, "settled": 0, **{each: run.result.get(each, 0) for each in ("pairs", "settled")}}
    counts[what] += number
    sentences = [f"{counts['pairs']:,} pairs of people were found who look alike, or were weighed anew."]
    if counts["settled"]:
        sentences.append(f"{counts['settled']:,} of them were beyond doubt and merged, or left to somebody to decide.")
    run.result |= {**counts, "sentences": sentences}


STEPS: dict[str, Callable[[BulkRun], int]] = {"prepare": _prepare, "count": _count, "find": _find, "join": _join}
