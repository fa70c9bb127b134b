"""What search keeps: the changes it has to catch up with, and PostgreSQL's own documents."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from crm.tenancy.models import TenantModel


class SearchOutbox(TenantModel):
    """A person whose document is to be made anew. Written by triggers alone, drained by talentpool.search.index."""

    candidate_id = models.BigIntegerField()  # no key: the person may be gone by then
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"candidate {self.candidate_id}"


class SearchDocument(TenantModel):
    """A person as PostgreSQL's engine finds her; narrow, for counts and facets read nothing else."""

    candidate_id = models.BigIntegerField()
    changed_at = models.DateTimeField()
    tokens = SearchVectorField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "candidate_id"], name="search_document_once"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id}"
