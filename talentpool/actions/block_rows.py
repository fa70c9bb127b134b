"""The rows of MatchBlock: a record's blocking keys, written when its turn to be compared has come.

Not when it comes in: fifteen rows a record would be the dearest part of an import, and written for very many records
at once, in the order of the index, they cost half.
"""

from collections.abc import Collection

from django.db import connection

from crm.tenancy.scope import current_tenant_id

INSERT = """
    INSERT INTO talentpool_matchblock (tenant_id, k, traits_id)
    SELECT t.tenant_id, each.k, t.id FROM {whose} JOIN talentpool_persontraits AS t USING (id)
    CROSS JOIN LATERAL unnest(t.blocks) AS each (k) WHERE t.tenant_id = %(tenant)s ORDER BY each.k
    ON CONFLICT DO NOTHING
"""
OF_THESE = INSERT.format(whose="unnest(%(ids)s::bigint[]) AS these (id)")
OF_WAITING = f"""
    WITH waiting AS (
        UPDATE talentpool_matchoutbox SET keyed = true WHERE tenant_id = %(tenant)s AND id IN (
            SELECT id FROM talentpool_matchoutbox
            WHERE tenant_id = %(tenant)s AND NOT keyed AND id <= %(until)s ORDER BY id LIMIT %(most)s
        ) RETURNING traits_ids
    ), these AS (SELECT DISTINCT unnest(traits_ids) AS id FROM waiting), written AS ({INSERT.format(whose="these")})
    SELECT count(*) FROM waiting
"""


def write_blocks(traits_ids: Collection[int]) -> None:
    """Of these records, as far as they are there; what was written before stays."""
    with connection.cursor() as cursor:
        cursor.execute(OF_THESE, {"ids": list(traits_ids), "tenant": current_tenant_id()})


def write_waiting_blocks(*, until: int, most: int) -> int:
    """Of the records in the next rows of the outbox, up to one id; how many such rows there were."""
    with connection.cursor() as cursor:
        cursor.execute(OF_WAITING, {"until": until, "most": most, "tenant": current_tenant_id()})
        return int(cursor.fetchone()[0])
