"""Whose vectors are nearest to a text's or to another person's."""

from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchVector

NEAREST = 200  # beyond, likeness says little


def is_on() -> bool:
    return bool(settings.SEMANTIC_SEARCH)


def nearest_to_text(text: str, *, most: int = NEAREST) -> list[int]:
    """Ids of people, the most alike first."""
    from talentpool.search.meaning.minilm import as_text, model

    (vector,) = model().vectors([text])
    return _nearest(as_text(vector), (), most)


def nearest_to_person(candidate_id: int, *, most: int = NEAREST) -> list[int]:
    """Without herself; nobody where she has no vector yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vector::text FROM talentpool_searchvector WHERE tenant_id = %s AND id = %s",
            [current_tenant_id(), candidate_id],
        )
        row = cursor.fetchone()
    return _nearest(row[0], [candidate_id], most) if row else []


@transaction.atomic
def _nearest(vector: str, without: Sequence[int], most: int) -> list[int]:
    """Exactly while the organisation is small, for then its own rows are read; else through the index of neighbours."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = 200")
        cursor.execute(
            """
            SELECT id FROM talentpool_searchvector WHERE tenant_id = %s AND NOT id = ANY (%s)
            ORDER BY vector <#> %s::halfvec LIMIT %s
            """,
            [current_tenant_id(), list(without), vector, most],
        )
        return [pk for (pk,) in cursor.fetchall()]


def knows_anybody() -> bool:
    return is_on() and SearchVector.objects.exists()
