"""Counts what the pool's records share: names, whose worth is written into the rows; employers and schools of many."""

from django.db import connection, transaction

from crm.tenancy.scope import current_tenant_id
from talentpool.identity.frequencies import bits
from talentpool.models import MatchingRules, NameCount, NamePart

ENOUGH = 0.3  # bits by which a name's worth has to change for its rows to be written again

FEW = 5  # records; what so few share is never frequent
FREQUENT = 200  # one record in so many makes an employer or a school a frequent one
MOST_FREQUENT = 1_000

COUNT_ORGANISATIONS = """
    SELECT o FROM (
        SELECT unnest(employers || schools) AS o FROM talentpool_persontraits WHERE tenant_id = %s
    ) AS each GROUP BY o HAVING count(*) > %s ORDER BY count(*) DESC LIMIT %s
"""
COUNT = """
    INSERT INTO talentpool_namecount (tenant_id, part, name, records)
    SELECT %(tenant)s, %(part)s, {column}, count(*) FROM talentpool_persontraits
    WHERE tenant_id = %(tenant)s AND {column} <> '' GROUP BY {column} HAVING count(*) > 1
"""
REWRITE = """
    UPDATE talentpool_persontraits AS row SET {column}_bits = name.bits
    FROM unnest(%(names)s::text[], %(bits)s::float8[]) AS name(name, bits)
    WHERE row.tenant_id = %(tenant)s AND row.{column} = name.name AND abs(row.{column}_bits - name.bits) > {enough}
"""


def frequent_organisations(records: int) -> list[int]:
    """The numbers of employers and schools that many of the records name."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ORGANISATIONS, [current_tenant_id(), max(FEW, records // FREQUENT), MOST_FREQUENT])
        return [number for (number,) in cursor.fetchall()]


@transaction.atomic
def count_names() -> int:
    """How many rows were worth rewriting. A name of one record keeps the worth it had when the record came."""
    rules, _ = MatchingRules.objects.select_for_update().get_or_create()
    NameCount.objects.all().delete()
    rewritten = 0
    for part in NamePart:
        with connection.cursor() as cursor:
            cursor.execute(COUNT.format(column=part.value), {"tenant": current_tenant_id(), "part": part.value})
            counted = list(NameCount.objects.filter(part=part).values_list("name", "records"))
            worth = [bits(part, name, records, rules.records) for name, records in counted]
            cursor.execute(
                REWRITE.format(column=part.value, enough=ENOUGH),
                {"names": [name for name, _ in counted], "bits": worth, "tenant": current_tenant_id()},
            )
            rewritten += cursor.rowcount
    return rewritten
