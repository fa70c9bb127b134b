"""Answers to the question whether two people are one: given once, taken back at once if need be, or many together."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import BulkRun, Member
from talentpool.actions.apart import keep_apart, withdraw_apart
from talentpool.actions.merges import hold_people, merge_candidates, unmerge
from talentpool.models import Apart, Candidate, MatchPair, Merge, PairState
from talentpool.queries.match_pairs import better_survivor

LATER = timedelta(days=14)
SLICE = 25
OPEN = (PairState.WAITING, PairState.LATER)


@transaction.atomic
def answer_pair(
    pair: MatchPair,
    answer: PairState,
    *,
    by: Member,
    survivor: Candidate | None = None,
    now: datetime | None = None,
) -> Merge | None:
    """Merges the two, remembers that they are not the same, or asks again in two weeks.

    `survivor` is one of them; else the one with more to them, or the older one. What was answered is refused.
    """
    now = now or timezone.now()
    pair = MatchPair.objects.select_related("low", "high").get(pk=pair.pk)
    if pair.state not in OPEN:
        raise ValidationError(f"Somebody answered this already: {pair.get_state_display().lower()}.")
    if answer == PairState.MERGED:
        survivor = survivor or better_survivor(pair.low, pair.high)
        absorbed = pair.high if survivor.pk == pair.low_id else pair.low
        return merge_candidates(survivor, absorbed, by=by, now=now, bits=pair.bits, evidence=pair.evidence)
    if answer == PairState.APART:
        keep_apart(pair.low, pair.high, by=by, now=now)
        return None
    MatchPair.objects.filter(pk=pair.pk, state__in=OPEN).update(
        state=PairState.LATER, later_until=now + LATER, decided_by=by, decided_at=now
    )
    record("match_pair.put_off", pair, by=by)
    return None


@transaction.atomic
def reopen_pair(pair: MatchPair, *, by: Member, now: datetime | None = None) -> None:
    """Takes the answer back, whatever it was; the pair waits again."""
    now = now or timezone.now()
    pair = MatchPair.objects.get(pk=pair.pk)
    if pair.state == PairState.MERGED:
        both = (pair.low_id, pair.high_id)
        merge = Merge.objects.live().filter(survivor__in=both, absorbed__in=both).first()
        if merge is None:
            raise ValidationError("They are one person by other merges; undo those on the person’s page.")
        unmerge(merge, by=by, now=now, apart=False)
    elif pair.state == PairState.APART:
        for apart in Apart.objects.holding().filter(low=pair.low_id, high=pair.high_id).select_related("low"):
            withdraw_apart(apart, by=by, now=now)
    MatchPair.objects.filter(pk=pair.pk).update(
        state=PairState.WAITING, later_until=None, decided_by=None, decided_at=None
    )
    record("match_pair.reopened", pair, by=by)


def merge_strong_pairs(*, by: Member) -> BulkRun:
    """All strong pairs that wait now, in the background; those that come in meanwhile stay in the queue."""
    ids = list(MatchPair.objects.waiting().filter(strong=True).values_list("pk", flat=True))
    return start_bulk_run(
        "merge_pairs",
        {"pairs": ids},
        by=by,
        title="Merging the pairs with strong evidence",
        total=len(ids),
        back_url=reverse("talentpool:duplicates", args=[by.tenant.slug]),
    )


@bulk_kind("merge_pairs")
def _merge_slice(run: BulkRun) -> int:
    """Each pair in a savepoint of its own: what somebody has decided otherwise meanwhile is left as it is."""
    done = run.cursor.get("done", 0)
    ids = run.params["pairs"][done : done + SLICE]
    pairs = list(MatchPair.objects.waiting().filter(pk__in=ids).select_related("low", "high"))
    hold_people([pk for pair in pairs for pk in (pair.low_id, pair.high_id)])
    merged = 0
    for pair in pairs:
        try:
            answer_pair(pair, PairState.MERGED, by=run.by)
            merged += 1
        except ValidationError:
            continue
    run.cursor = {"done": done + len(ids)}
    _count(run, merged, len(ids) - merged)
    return len(ids)


def _count(run: BulkRun, merged: int, left: int) -> None:
    merged, left = run.result.get("merged", 0) + merged, run.result.get("left", 0) + left
    sentences = [f"{merged:,} {'pair was' if merged == 1 else 'pairs were'} merged. Each can be undone."]
    if left:
        sentences.append(f"{left:,} had changed meanwhile and {'was' if left == 1 else 'were'} left as they are.")
    run.result |= {"merged": merged, "left": left, "sentences": sentences}
