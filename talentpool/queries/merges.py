"""Who stands for whom: the people that a person was merged from, and who a merged person leads to now."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.models import Apart, Candidate

_UP = """
    WITH RECURSIVE up (start, id, next) AS (
        SELECT id, id, merged_into_id FROM talentpool_candidate WHERE tenant_id = %s AND id = ANY(%s)
        UNION SELECT up.start, c.id, c.merged_into_id
        FROM up JOIN talentpool_candidate c ON c.id = up.next AND c.tenant_id = %s
    )
    SELECT start, id FROM up WHERE next IS NULL
"""
_DOWN = """
    WITH RECURSIVE down (root, id) AS (
        SELECT id, id FROM talentpool_candidate WHERE tenant_id = %s AND id = ANY(%s)
        UNION SELECT down.root, c.id
        FROM down JOIN talentpool_candidate c ON c.merged_into_id = down.id AND c.tenant_id = %s
    )
    SELECT root, id FROM down ORDER BY root, id
"""


def survivors_of(candidate_ids: Collection[int]) -> dict[int, int]:
    """By id, whose page and rows it leads to now: its own, unless the person was merged into another."""
    return dict(_rows(_UP, candidate_ids))


def survivor_of(candidate_id: int) -> int:
    return survivors_of([candidate_id]).get(candidate_id, candidate_id)


def present_ids(candidate_ids: Sequence[int]) -> list[int]:
    """The same people as they are now, in their order: who was merged is the survivor, and nobody stands twice."""
    merged = Candidate.objects.filter(pk__in=candidate_ids, merged_into__isnull=False)
    leads_to = survivors_of(list(merged.values_list("pk", flat=True)))
    return list(dict.fromkeys(leads_to.get(pk, pk) for pk in candidate_ids))


def groups_of(candidate_ids: Collection[int]) -> dict[int, list[int]]:
    """By id, the person and everybody merged into them, at any depth."""
    groups: dict[int, list[int]] = {pk: [] for pk in candidate_ids}
    for root, pk in _rows(_DOWN, candidate_ids):
        groups[root].append(pk)
    return groups


def group_of(candidate_id: int) -> list[int]:
    return groups_of([candidate_id])[candidate_id]


def apart_between(ones: Iterable[int], others: Iterable[int]) -> Apart | None:
    """Somebody's word that a person of one group is not the same as one of the other."""
    ones, others = list(ones), list(others)
    said = Apart.objects.holding().select_related("low", "high", "by")
    found: Apart | None = (
        said.filter(low__in=ones, high__in=others).first() or said.filter(low__in=others, high__in=ones).first()
    )
    return found


def apart_among(candidate_ids: Collection[int]) -> set[frozenset[int]]:
    """The pairs of these people that are kept apart, by their own word or that of somebody merged into them."""
    whose = {pk: root for root, members in groups_of(candidate_ids).items() for pk in members}
    said = Apart.objects.holding().filter(low__in=whose, high__in=whose).values_list("low_id", "high_id")
    return {frozenset((whose[low], whose[high])) for low, high in said}


def _rows(sql: str, candidate_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    if not candidate_ids:
        return []
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(sql, [tenant_id, list(candidate_ids), tenant_id])
        rows: Sequence[tuple[int, int]] = cursor.fetchall()
        return rows


Groups = Mapping[int, Sequence[int]]  # survivor -> everybody whose rows are theirs
