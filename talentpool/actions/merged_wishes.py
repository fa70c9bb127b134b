"""What people asked of us takes the stricter side on merge: whoever of the two said no, it holds for the person.

Undoing the merge gives back what the merge took; what was asked since holds for both.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models.functions import Lower

from talentpool.models import Candidate, Consent, Merge, Suppression, SuppressionReason
from talentpool.queries.merges import group_of

# A bounce is the address's fault and no wish.
WISHES = (SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINED, SuppressionReason.QUIET)

Joined = Mapping[int, tuple[int, datetime]]  # person -> whom they were merged into, and when


def overrule_consents(candidate_id: int) -> None:
    """Consents given before a merge don't hold against a withdrawal by the other one of the merged; later ones do.

    `candidate_id` is a survivor; call it after each change of who is merged into it.
    """
    members = group_of(candidate_id)
    consents = list(Consent.objects.filter(candidate__in=members).order_by("pk"))
    if all(each.withdrawn_at is None for each in consents):
        return
    live = Merge.objects.live().filter(absorbed__in=members)
    joined = {pk: (into, at) for pk, into, at in live.values_list("absorbed_id", "survivor_id", "at")}
    withdrawn = [each for each in consents if each.withdrawn_at and not each.overruled]
    for each in consents:
        if each.withdrawn_at and not each.overruled:
            continue
        merged_at = max((at for no in withdrawn if (at := _overruled_at(each, no, joined))), default=None)
        if (merged_at is not None) != each.overruled:
            Consent.objects.filter(pk=each.pk).update(withdrawn_at=merged_at, overruled=merged_at is not None)


def keep_withdrawals(members: Collection[int], since: datetime) -> None:
    """What was withdrawn while they were one person is withdrawn for all of them. Call it before they are parted."""
    consents = Consent.objects.filter(candidate__in=members)
    for no in consents.filter(withdrawn_at__gt=since, overruled=False).order_by("withdrawn_at"):
        holding = consents.filter(purpose=no.purpose, granted_at__lt=no.withdrawn_at).exclude(
            withdrawn_at__isnull=False, overruled=False
        )
        holding.update(withdrawn_at=no.withdrawn_at, overruled=False)


def keep_suppressions(people: Iterable[Candidate], since: datetime, merge: Merge) -> None:
    """What was asked of an address while they were one person holds for an address of each. Call it once parted."""
    theirs = {person.pk: addresses_of(person) for person in people}
    asked = Suppression.objects.annotate(plain=Lower("address")).filter(
        plain__in=set().union(*theirs.values()), reason__in=WISHES, at__gt=since
    )
    for wish in asked:
        for addresses in theirs.values():
            for address in () if wish.address in addresses else addresses:
                Suppression.objects.get_or_create(
                    address=address,
                    reason=wish.reason,
                    defaults={"at": wish.at, "until": wish.until, "detail": {"unmerged": merge.pk}},
                )


def addresses_of(person: Candidate) -> set[str]:
    points = [point["value"] for point in person.contact_points if point["kind"] == "email"]
    return {address.strip().lower() for address in (person.email, *points)} - {""}


def _overruled_at(consent: Consent, withdrawn: Consent, joined: Joined) -> datetime | None:
    """When the two, of different people as they came, were made one; None when the consent isn't touched by it."""
    if consent.purpose != withdrawn.purpose or consent.origin_id == withdrawn.origin_id:
        return None
    merged_at = _made_one_at(consent.origin_id, withdrawn.origin_id, joined)
    return merged_at if merged_at and consent.granted_at <= merged_at else None


def _made_one_at(one: int, other: int, joined: Joined) -> datetime | None:
    """The latest merge on the way from one to the other."""
    way_up: dict[int, datetime | None] = {one: None}
    at: datetime | None = None
    while one in joined:
        one, merged_at = joined[one]
        at = max(at or merged_at, merged_at)
        way_up[one] = at
    at = None
    while other not in way_up:
        if other not in joined:
            return None
        other, merged_at = joined[other]
        at = max(at or merged_at, merged_at)
    return max((moment for moment in (at, way_up[other]) if moment), default=None)
