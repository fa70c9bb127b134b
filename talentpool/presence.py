"""Who has a person's page open now, or is changing it. Kept in the cache alone, and forgotten by itself.

A key for each pair of person and member, so that two who come at once can't lose each other.
"""

from dataclasses import dataclass

from django.core.cache import cache

from talentpool.queries.members import members_who_see_people

SECONDS = 45  # the page tells us every 20
EDITING_SECONDS = 180


@dataclass(frozen=True)
class Presence:
    name: str
    is_editing: bool


def note_presence(person_id: int, member_id: int) -> None:
    cache.set(_key("view", person_id, member_id), 1, SECONDS)


def note_editing(person_id: int, member_id: int, *, ended: bool = False) -> None:
    if ended:
        cache.delete(_key("edit", person_id, member_id))
    else:
        cache.set(_key("edit", person_id, member_id), 1, EDITING_SECONDS)


def others_present(person_id: int, *, but: int) -> list[Presence]:
    """In the order of names."""
    members = dict(members_who_see_people().exclude(pk=but).order_by("name", "pk").values_list("pk", "name"))
    keys = [_key(doing, person_id, pk) for pk in members for doing in ("view", "edit")]
    there = cache.get_many(keys) if keys else {}
    return [
        Presence(name, is_editing=_key("edit", person_id, pk) in there)
        for pk, name in members.items()
        if _key("view", person_id, pk) in there or _key("edit", person_id, pk) in there
    ]


def _key(doing: str, person_id: int, member_id: int) -> str:
    return f"presence:{doing}:{person_id}:{member_id}"
