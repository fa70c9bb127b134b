"""People as vectors of their meaning, for likeness (talentpool.search.meaning)."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import PostgresIndex
from django.db import models

from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving

SIZE = 384


class HalfVector(models.Field):  # type: ignore[type-arg]  # neither set nor read through the model
    """pgvector's numbers of 16 bits."""

    def db_type(self, connection: Any) -> str:
        return f"halfvec({SIZE})"


class HnswIndex(PostgresIndex):
    suffix = "hnsw"


class SearchVector(TenantModel):
    """Under the candidate's own id. `digest` is the document's, for the sweep; `text_digest` the text's that was read.

    Row security needs no function here: what is nearest is asked for by an order, not by a condition.
    """

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField()
    digest = models.BigIntegerField()
    text_digest = models.BigIntegerField()
    vector = HalfVector()

    moving: ClassVar[Moving] = Moving(left_out="the search makes its vectors anew from the people")

    class Meta(TenantModel.Meta):
        indexes = [HnswIndex(fields=["vector"], name="search_vector_nearest", opclasses=["halfvec_ip_ops"])]
