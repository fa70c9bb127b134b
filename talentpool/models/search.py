"""What search keeps: the changes it has to catch up with, PostgreSQL's own documents, and what the last sweep found.

The triggers that fill the outbox stand here too: row for row they say which table is part of a person's document.
"""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from crm.tenancy.models import LeanTenantModel, TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving
from talentpool.models.activity import Activity
from talentpool.models.candidate import Candidate
from talentpool.models.consent import Consent, Suppression
from talentpool.models.file import File
from talentpool.models.job import Application, Job, JobFamily
from talentpool.models.outboxes import into_outbox
from talentpool.models.pipeline import Pipeline, PipelineEntry, Stage
from talentpool.models.profile import Profile
from talentpool.models.source import Source
from talentpool.models.tag import CandidateTag, Tag


class SearchIndex(models.TextChoices):
    POSTGRES = "postgres", "PostgreSQL"
    OPENSEARCH = "opensearch", "OpenSearch"
    MEANING = "meaning", "Meaning"  # vectors: finds nobody by words, and is kept like the others


class SearchOutbox(LeanTenantModel):
    """People whose documents are to be made anew in one index: those whom one statement changed, a thousand at most.

    Triggers write, talentpool.search.index drains. Nothing is unique here: a writer must never wait for the indexer.
    """

    candidate_ids = ArrayField(models.BigIntegerField())  # no key: a person may be gone by then
    # Whom an import or another act upon many changed waits behind whom somebody changed just now.
    many = models.BooleanField(default=False, db_default=False)
    index = models.CharField(
        max_length=10, choices=SearchIndex.choices, default=SearchIndex.POSTGRES, db_default=SearchIndex.POSTGRES
    )
    at = models.DateTimeField(db_default=models.functions.Now())

    moving: ClassVar[Moving] = Moving(left_out="the search makes its documents anew from the people")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "index", "many", "id"], name="search_outbox_in_order")]


class SearchDocument(TenantModel):
    """A person as PostgreSQL's engine finds her, under the candidate's own id.

    The row is narrow, with the tokens stored apart from it: counts, facets and the order of pages read nothing else.
    Row security holds as everywhere, but its indexes can't be used under it; the functions search_* of migration
    0004 read the table as its owner, and only the rows of the current tenant.
    """

    id = models.BigIntegerField(primary_key=True)
    changed_at = models.DateTimeField()
    version = models.BigIntegerField()  # grows with every making; an older making never replaces a younger one
    digest = models.BigIntegerField()  # of the content, for the sweep
    facet_ids = ArrayField(models.BigIntegerField())
    tokens = SearchVectorField()

    moving: ClassVar[Moving] = Moving(left_out="the search makes its documents anew from the people")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "-changed_at", "-id"], name="search_document_recent"),
            # Without fastupdate: its pending list is paid by whoever searches next.
            GinIndex(fields=["tenant", "tokens"], name="search_document_tokens", fastupdate=False),
        ]


class SearchValue(TenantModel):
    """What a number in SearchDocument.facet_ids stands for (talentpool.search.facets makes the numbers)."""

    value_id = models.BigIntegerField()
    facet = models.CharField(max_length=20)
    value = models.CharField(max_length=200, db_collation="C")  # so that beginnings of words are ranges of an index
    label = models.CharField(max_length=200)

    moving: ClassVar[Moving] = Moving(left_out="the search makes its documents anew from the people")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "value_id"], name="search_value_once"),
        ]
        indexes = [models.Index(fields=["tenant", "facet", "value"], name="search_value_begins")]


class SearchRebuildQuerySet(TenantQuerySet["SearchRebuild"]):
    def unfinished(self, index: SearchIndex) -> "SearchRebuildQuerySet":
        return self.filter(index=index, finished_at=None)


class SearchRebuild(TenantModel):
    """An index built anew from everybody: the last time, or how far it is."""

    index = models.CharField(max_length=10, choices=SearchIndex.choices)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_id = models.BigIntegerField(default=0)  # people are taken in the order of their ids
    people = models.PositiveBigIntegerField(default=0)

    moving: ClassVar[Moving] = Moving(left_out="the search makes its documents anew from the people")

    objects: ClassVar = TenantManager.from_queryset(SearchRebuildQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "index"], name="search_rebuild_once"),
        ]


class SearchSweep(TenantModel):
    """What the last comparison of an index with the people found; a stale index is never silent."""

    index = models.CharField(max_length=10, choices=SearchIndex.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    people = models.PositiveBigIntegerField()
    missing = models.PositiveBigIntegerField()
    stale = models.PositiveBigIntegerField()
    surplus = models.PositiveBigIntegerField()

    moving: ClassVar[Moving] = Moving(left_out="the search makes its documents anew from the people")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "index"], name="search_sweep_once"),
        ]

    @property
    def drifted(self) -> int:
        return self.missing + self.stale + self.surplus


_referencing: Any = pgtrigger.Referencing  # it has no types


def _keeps_current(model: Any, name: str, people: str, *, changed: str = "", or_else: str = "") -> None:
    """Statement triggers that put people into the outbox.

    `people` selects tenant and candidate from the table `rows`, the changed rows as they were and as they are;
    `changed` names the columns, where a table is often updated in others; `or_else` are expressions of a {row}.
    """
    reads_as: dict[Any, tuple[str, Any, str]] = {
        pgtrigger.Insert: ("insert", _referencing(new="rows"), ""),
        pgtrigger.Delete: ("delete", _referencing(old="rows"), ""),
        pgtrigger.Update: ("update", _referencing(old="old_rows", new="new_rows"), _both_states(changed, or_else)),
    }
    for operation, (verb, referencing, with_rows) in reads_as.items():
        pgtrigger.register(
            pgtrigger.Trigger(
                name=f"search_{name}_{verb}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=referencing,
                func=f"{with_rows} {into_outbox('talentpool_searchoutbox', 'candidate_ids', people)}; RETURN NULL;",
            )
        )(model)


def _both_states(changed: str, or_else: str) -> str:
    """The updated rows, old and new, as `rows`; only those in which one of the columns, or the expression, differs."""
    if not changed:
        return "WITH rows AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)"
    values = [*(f"{{row}}.{column}" for column in changed.split()), *([or_else] if or_else else [])]
    old, new = (", ".join(values).format(row=state) for state in ("o", "n"))
    return (
        "WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) "
        f"WHERE ({old}) IS DISTINCT FROM ({new})), "
        "rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) "
        "UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing))"
    )


_OF_CANDIDATE = "SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL"
_keeps_current(
    Candidate,
    "person",
    "SELECT DISTINCT tenant_id, id FROM rows",
    changed=(
        "name headline summary current_title current_employer location country email contact_points positions "
        "education skills languages certificates wants custom warmth merged_into_id erased_at updated_at phone"
    ),
    # A campaign's letters of one day are one change, and who owns a person is not asked for, but whether somebody does.
    or_else="({row}.last_contact_at AT TIME ZONE 'UTC')::date, {row}.owner_id IS NULL",
)
_keeps_current(Profile, "profile", _OF_CANDIDATE, changed="candidate_id source_id")
_keeps_current(CandidateTag, "tagging", _OF_CANDIDATE)
_keeps_current(File, "file", _OF_CANDIDATE, changed="candidate_id name text")
_keeps_current(Consent, "consent", _OF_CANDIDATE)
_keeps_current(
    Application,
    "application",
    _OF_CANDIDATE,
    changed="candidate_id state job_id applied_at phase",
)
_keeps_current(
    Job,
    "job",
    "SELECT DISTINCT a.tenant_id, a.candidate_id FROM rows JOIN talentpool_application a "
    "ON a.tenant_id = rows.tenant_id AND a.job_id = rows.id",
    changed="family_id",
)
_keeps_current(
    JobFamily,
    "family",
    "SELECT DISTINCT a.tenant_id, a.candidate_id FROM rows JOIN talentpool_job j "
    "ON j.tenant_id = rows.tenant_id AND j.family_id = rows.id "
    "JOIN talentpool_application a ON a.tenant_id = j.tenant_id AND a.job_id = j.id",
    changed="name",
)
_keeps_current(
    Activity,
    "activity",
    "SELECT DISTINCT tenant_id, candidate_id FROM rows "
    "WHERE kind IN ('message_opened', 'message_clicked', 'message_replied', 'mail_received')",
    changed="candidate_id",
)
_keeps_current(PipelineEntry, "entry", _OF_CANDIDATE, changed="candidate_id pipeline_id stage_id")
_keeps_current(
    Pipeline,
    "pipeline",
    "SELECT DISTINCT e.tenant_id, e.candidate_id FROM rows JOIN talentpool_pipelineentry e "
    "ON e.tenant_id = rows.tenant_id AND e.pipeline_id = rows.id",
    changed="name archived_at",
)
_keeps_current(
    Stage,
    "stage",
    "SELECT DISTINCT e.tenant_id, e.candidate_id FROM rows JOIN talentpool_pipelineentry e "
    "ON e.tenant_id = rows.tenant_id AND e.stage_id = rows.id",
    changed="name",
)
_keeps_current(
    Suppression,
    "suppression",
    "SELECT DISTINCT c.tenant_id, c.id FROM rows JOIN talentpool_candidate c "
    "ON c.tenant_id = rows.tenant_id AND c.email = rows.address",
)
_keeps_current(
    Tag,
    "tag",
    "SELECT DISTINCT t.tenant_id, t.candidate_id FROM rows JOIN talentpool_candidatetag t "
    "ON t.tenant_id = rows.tenant_id AND t.tag_id = rows.id",
    changed="name",
)
_keeps_current(
    Source,
    "source",
    "SELECT DISTINCT p.tenant_id, p.candidate_id FROM rows JOIN talentpool_profile p "
    "ON p.tenant_id = rows.tenant_id AND p.source_id = rows.id",
    changed="name",
)
