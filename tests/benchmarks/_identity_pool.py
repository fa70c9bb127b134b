"""Records of invented people as rows that are compared, without the pages and stories that receiving them would make."""

from collections.abc import Iterable
from itertools import islice

from _identity_people import Told
from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.actions.trait_rows import Record, add_traits
from talentpool.identity.keys import identity_keys
from talentpool.identity.names import comparable_name
from talentpool.models import Candidate

BATCH = 5_000


def fill(told: Iterable[Told]) -> dict[int, Told]:
    """A candidate of its own for each record; what each of them is."""
    rows, known = iter(told), {}
    while batch := list(islice(rows, BATCH)):
        records = []
        for pk, each in zip(candidates(len(batch)), batch, strict=True):
            keys = identity_keys(each.fields, region="US")
            whose = {"candidate_id": pk, "origin_id": pk, "profile_id": None}
            records.append(Record(each.fields, comparable_name(each.fields), keys, whose))
            known[pk] = each
        add_traits(records)
    return known


def candidates(number: int) -> list[int]:
    """Empty candidates, copied from one."""
    pattern = Candidate.objects.order_by("pk").first() or Candidate.objects.create()
    columns = ", ".join(f.column for f in Candidate._meta.concrete_fields if not f.primary_key)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO talentpool_candidate ({columns}) SELECT {columns} FROM talentpool_candidate, "
            "generate_series(1, %s) WHERE tenant_id = %s AND id = %s RETURNING id",
            [number, current_tenant_id(), pattern.pk],
        )
        return [pk for (pk,) in cursor.fetchall()]
