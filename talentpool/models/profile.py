from typing import ClassVar

from django.db import models
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.moving import Moving, Ref
from talentpool.models.owned import OfCandidate
from talentpool.models.source import Source


class ProfileKind(models.TextChoices):
    ROW = "row", "Row of a table"
    RESUME = "resume", "Résumé"
    JSON_RESUME = "json_resume", "JSON Resume"
    FORM = "form", "Form"
    ATS = "ats", "ATS record"
    API = "api", "API"
    HAND = "hand", "Added by hand"
    MAIL = "mail", "E-mail"
    CLIP = "clip", "Web page"


class Profile(OfCandidate):
    """What one source said about a person, kept as it came."""

    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ProfileKind.choices)
    external_id = models.CharField(max_length=200, blank=True)  # the person's id at the source
    raw = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)  # talentpool.person.PersonFields as JSON
    suggestions = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)  # of all that came: the same record again is no new profile
    file = TenantForeignKey("talentpool.File", models.SET_NULL, null=True, blank=True, related_name="+")
    import_run = TenantForeignKey(
        "talentpool.ImportRun", models.SET_NULL, null=True, blank=True, related_name="profiles", db_index=False
    )
    row_number = models.PositiveIntegerField(null=True, blank=True)  # as the file of the import counts
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    observed_at = models.DateTimeField()  # when the source's statement was true; freshness counts from here
    received_at = models.DateTimeField(default=timezone.now)

    moving: ClassVar[Moving] = Moving(refs={"suggestions": [Ref("crm.Member", "*.by")]}, plain=["raw", "fields"])

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "source", "fingerprint"], name="profile_once"),
        ]
        indexes = [
            # Undoing an import goes through its profiles in their order.
            models.Index(
                fields=["tenant", "import_run", "id"],
                condition=models.Q(import_run__isnull=False),
                name="profile_of_import",
            ),
            # Which source brought a person first, without reading the wide table.
            models.Index(fields=["tenant", "candidate", "id"], include=["source"], name="profile_first"),
            models.Index(
                fields=["tenant", "source", "external_id"],
                condition=~models.Q(external_id=""),
                name="profile_external_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.observed_at:%Y-%m-%d}"


class FieldEdit(OfCandidate):
    """A value that somebody here said, which wins over every profile until it is withdrawn."""

    field = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    replaced = models.JSONField(null=True)  # what was shown before, with its lineage
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    moving: ClassVar[Moving] = Moving(
        refs={
            "replaced": [
                Ref("talentpool.Profile", "lineage.**.from.*", r"p(\d+)"),
                Ref("talentpool.FieldEdit", "lineage.**.from.*", r"e(\d+)"),
            ]
        },
        plain=["value"],
    )

    class Meta(OfCandidate.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.field} of candidate {self.candidate_id}"
