"""The columns of a person that no row says: the owner and the last contact; a merge fills what is missing."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from talentpool.models import Candidate, Merge

COLUMNS = ("owner_id", "last_contact_at")


def inherit_anew(candidate_id: int, *, without: Merge | None = None) -> None:
    """Gives back what merges with this survivor had given, and `without`'s too; then takes from those that are left.

    What somebody changed since stays as it is.
    """
    person = Candidate.objects.get(pk=candidate_id)
    before = {name: getattr(person, name) for name in COLUMNS}
    merges = list(Merge.objects.live().filter(survivor=candidate_id).select_related("absorbed").order_by("pk"))
    given = [*merges, *([without] if without and without.survivor_id == candidate_id else [])]
    for merge in sorted(given, key=lambda each: each.pk, reverse=True):
        _give_back(person, merge)
    for merge in merges:
        merge.inherited = _inherit(person, merge.absorbed)
        Merge.objects.filter(pk=merge.pk).update(inherited=merge.inherited)
    after = {name: getattr(person, name) for name in COLUMNS}
    if after != before:
        Candidate.objects.filter(pk=candidate_id).update(**after)


def _give_back(person: Candidate, merge: Merge) -> None:
    for name, change in merge.inherited.items():
        if _stored(getattr(person, name)) == change["after"]:
            setattr(person, name, _read(name, change["before"]))


def _inherit(person: Candidate, absorbed: Candidate) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in COLUMNS:
        mine, theirs = getattr(person, name), getattr(absorbed, name)
        if theirs is not None and (mine is None or (name != "owner_id" and theirs > mine)):
            changes[name] = {"before": _stored(mine), "after": _stored(theirs)}
            setattr(person, name, theirs)
    return changes


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return parse_datetime(value) if name == "last_contact_at" and value else value
