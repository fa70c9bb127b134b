"""Whose a row is now follows from whose it was when it came, and from who is merged with whom.

One rule for merging, for undoing it, and for what another transaction wrote in between; applying it again changes
nothing. It walks all models, so that a table made later can't be forgotten.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from talentpool.models import File
from talentpool.models.owned import OfCandidate
from talentpool.queries.merges import Groups


def models_of_people() -> Iterator[Any]:
    """Every table whose rows are a person's, of all apps."""
    for model in apps.get_models():
        if issubclass(model, OfCandidate) or model is File:
            yield model


def settle_rows(groups: Groups) -> None:
    """Gives each row to the survivor of the group that its origin is in.

    `groups` are together all the people among whom rows may have to move. Their survivors' rows are locked by the
    caller.
    """
    everyone = {pk for members in groups.values() for pk in members}
    for model in models_of_people():
        for survivor, members in groups.items():
            if once := getattr(model, "once", ()):
                _settle_once(model, once, survivor, members, everyone)
            else:
                elsewhere = model._base_manager.filter(candidate__in=everyone - {survivor}, origin__in=members)
                elsewhere.update(candidate=survivor)


def _settle_once(model: Any, once: tuple[str, ...], survivor: int, members: Any, everyone: set[int]) -> None:
    rows = model._base_manager.filter(candidate__in=everyone, origin__in=members).order_by(*model.first_of)
    beside = [model._meta.get_field(name).attname for name in once]
    by_key: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows.only("pk", "candidate_id", "origin_id", *beside):
        by_key[tuple(getattr(row, name) for name in beside)].append(row)
    moves: dict[int, list[int]] = defaultdict(list)
    for first, *others in by_key.values():
        whose = {first.pk: survivor}
        for row in others:
            # The survivor's own second one changes places with the first one's owner.
            whose[row.pk] = row.origin_id if row.origin_id != survivor else first.origin_id
        for row in (first, *others):
            if row.candidate_id != whose[row.pk]:
                moves[whose[row.pk]].append(row.pk)
    for candidate_id, ids in moves.items():
        model._base_manager.filter(pk__in=ids).update(candidate=candidate_id)
