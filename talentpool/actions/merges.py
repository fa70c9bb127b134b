"""Merging two people into one and parting them again: one recorded step each, possible at any time and in any order.

Nothing is copied or overwritten. Rows carry whose they were when they came, so merging gives them to the survivor and
undoing gives them back; what is shown of a person is derived anew. Whoever changes who is merged with whom holds the
identity keys of the people first, then the rows of the survivors, in the order of their ids.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.actions.apart import keep_apart, withdraw_between
from talentpool.actions.derivation import rederive
from talentpool.actions.key_rows import hold_keys, rekey_edited
from talentpool.actions.merged_columns import inherit_anew
from talentpool.actions.merged_pairs import ask_for_survivor, pairs_between, wait_again
from talentpool.actions.merged_rows import settle_rows
from talentpool.actions.merged_wishes import keep_suppressions, keep_withdrawals, overrule_consents
from talentpool.actions.warmth import refresh_warmth
from talentpool.identity.keys import Key, KeyKind
from talentpool.models import ActivityKind, Candidate, IdentityKey, Merge, PairState
from talentpool.queries.merges import apart_between, group_of, groups_of, survivor_of
from talentpool.queries.staying import Staying, staying_rows
from talentpool.signals import candidates_merged, candidates_unmerged

__all__ = ["KeptApart", "Unmerged", "hold_people", "keep_apart", "merge_candidates", "unmerge"]


class KeptApart(ValidationError):
    """Somebody said that they are not the same; a person may decide otherwise, nothing automatic may."""


@dataclass(frozen=True)
class Unmerged:
    """Both people as they are again, and what was added since the merge and stays with the survivor."""

    survivor: Candidate
    absorbed: Candidate
    stays: Sequence[Staying]


@transaction.atomic
def merge_candidates(
    survivor: Candidate,
    absorbed: Candidate,
    *,
    by: Member | None,
    now: datetime | None = None,
    automatic: bool = False,
    bits: float | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
    despite_apart: bool = False,
) -> Merge:
    """Makes two people one; the survivor keeps id, page and owner.

    Raises a ValidationError with a sentence when one of them isn't in the pool on their own any more, and KeptApart
    when somebody said that they, or people merged into them, are not the same. `despite_apart` withdraws that word.
    """
    now = now or timezone.now()
    if survivor.pk == absorbed.pk:
        raise ValidationError("That is one person; two are needed.")
    people = hold_people([survivor.pk, absorbed.pk])
    survivor, absorbed = people[survivor.pk], people[absorbed.pk]
    _refuse_gone(survivor, absorbed)
    groups = groups_of([survivor.pk, absorbed.pk])
    _refuse_apart(groups[survivor.pk], groups[absorbed.pk], despite=despite_apart and not automatic, by=by, now=now)
    merge: Merge = Merge.objects.create(
        survivor=survivor, absorbed=absorbed, at=now, by=by, automatic=automatic, bits=bits, evidence=list(evidence)
    )
    Candidate.objects.filter(pk=absorbed.pk).update(merged_into=survivor)
    settle_rows({survivor.pk: [*groups[survivor.pk], *groups[absorbed.pk]]})
    inherit_anew(survivor.pk)
    overrule_consents(survivor.pk)
    pairs_between(groups[survivor.pk], groups[absorbed.pk]).update(
        state=PairState.MERGED, decided_by=by, decided_at=now, later_until=None
    )
    ask_for_survivor(merge)
    rekey_edited([survivor.pk])
    refresh_warmth([survivor.pk], now=now)
    record_activity(survivor.pk, ActivityKind.MERGED, by=by, at=now, merge=merge.pk, absorbed=absorbed.pk)
    record("candidate.merged", survivor, by=by, absorbed=absorbed.pk, merge=merge.pk, automatic=automatic)
    rederive([survivor.pk], now=now)
    merge.refresh_from_db(fields=["inherited"])
    candidates_merged.send(sender=Candidate, survivor_id=survivor.pk, absorbed_id=absorbed.pk)
    return merge


@transaction.atomic
def unmerge(merge: Merge, *, by: Member | None, now: datetime | None = None, apart: bool | None = None) -> Unmerged:
    """Parts them again: each gets back what came as theirs, also when either was merged with others since.

    `apart` remembers besides that they are not the same; unless told otherwise it does so where the merge was
    automatic, for else it would be made again.
    """
    now = now or timezone.now()
    merge, survivor, absorbed = _held_for_parting(merge)
    whole, leaving = group_of(survivor.pk), group_of(absorbed.pk)
    remaining = sorted(set(whole) - set(leaving))
    stays = staying_rows(survivor.pk, remaining, since=merge.at)
    keep_withdrawals(whole, merge.at)
    Merge.objects.filter(pk=merge.pk).update(undone_at=now, undone_by=by)
    Candidate.objects.filter(pk=absorbed.pk).update(merged_into=None)
    settle_rows({survivor.pk: remaining, absorbed.pk: leaving})
    _give_back_columns(merge, survivor, absorbed)
    both = [survivor.pk, absorbed.pk]
    for candidate_id in both:
        overrule_consents(candidate_id)
    rekey_edited(both, together=True)
    refresh_warmth(both, now=now)
    record_activity(survivor.pk, ActivityKind.UNMERGED, by=by, at=now, merge=merge.pk, absorbed=absorbed.pk)
    record("candidate.unmerged", survivor, by=by, absorbed=absorbed.pk, merge=merge.pk)
    rederive(both, now=now)
    people = Candidate.objects.in_bulk(both)
    keep_suppressions(people.values(), merge.at, merge)
    wait_again(merge, remaining, leaving)
    if merge.automatic if apart is None else apart:
        keep_apart(merge.survivor, merge.absorbed, by=by, now=now)
    candidates_unmerged.send(sender=Candidate, survivor_id=survivor.pk, absorbed_id=absorbed.pk)
    return Unmerged(people[survivor.pk], people[absorbed.pk], stays)


def hold_people(candidate_ids: Collection[int]) -> dict[int, Candidate]:
    """These people with their rows locked, and no import may bring anything to them until the transaction ends."""
    held: set[Key] = set()
    rows = IdentityKey.objects.filter(candidate__in=candidate_ids).values_list("kind", "value")
    while new := {Key(KeyKind(kind), value) for kind, value in rows.all()} - held:
        hold_keys(new)
        held |= new
    locked = Candidate.objects.filter(pk__in=candidate_ids).order_by("pk").select_for_update(no_key=True)
    return {person.pk: person for person in locked}


def _refuse_gone(survivor: Candidate, absorbed: Candidate) -> None:
    for one, other in ((survivor, absorbed), (absorbed, survivor)):
        if one.erased_at:
            raise ValidationError("One of them was erased.")
        if one.merged_into_id:
            into = survivor_of(one.pk)
            if into == survivor_of(other.pk):
                raise ValidationError("They are one person already: somebody merged them a moment ago.")
            name = Candidate.objects.get(pk=into)
            raise ValidationError(f"{one} was merged into {name} meanwhile. Choose {name} instead.")


def _refuse_apart(ones: list[int], others: list[int], *, despite: bool, by: Member | None, now: datetime) -> None:
    said = apart_between(ones, others)
    if said is None:
        return
    if despite:
        withdraw_between(ones, others, by=by, now=now)
        return
    who = said.by.name if said.by else "Somebody"
    raise KeptApart(f"{who} said on {said.at:%d %B %Y} that {said.low} and {said.high} are not the same person.")


def _held_for_parting(merge: Merge) -> tuple[Merge, Candidate, Candidate]:
    """The merge as it is now, its survivor as of now, and the absorbed one.

    Who the survivor is changes only under the lock of the one it was.
    """
    root = survivor_of(merge.absorbed_id)
    people = hold_people([root, merge.absorbed_id])
    live = Merge.objects.live().select_related("survivor", "absorbed").filter(pk=merge.pk).first()
    if live is None:
        raise ValidationError("This merge was undone already.")
    if survivor_of(merge.absorbed_id) != root:
        raise ValidationError("Somebody merged or parted these people a moment ago. Look at them again.")
    if people[root].erased_at:
        raise ValidationError("This person was erased, and all that was theirs with them; nothing is left to part.")
    return live, people[root], people[merge.absorbed_id]


def _give_back_columns(merge: Merge, survivor: Candidate, absorbed: Candidate) -> None:
    """From the place of the merge up to who survives now; a contact since is one with both."""
    step: int | None = merge.survivor_id
    while step is not None:
        inherit_anew(step, without=merge)
        step = Candidate.objects.values_list("merged_into_id", flat=True).get(pk=step)
    if survivor.last_contact_at and survivor.last_contact_at > merge.at:
        was_before = Q(last_contact_at=None) | Q(last_contact_at__lt=survivor.last_contact_at)
        Candidate.objects.filter(was_before, pk=absorbed.pk).update(last_contact_at=survivor.last_contact_at)
