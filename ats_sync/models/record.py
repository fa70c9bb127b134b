from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from ats_sync.models.connection import Connection
from ats_sync.vocabulary import How, Kind
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.moving import Moving
from talentpool.models import Application, ApplicationStep, File, Job, JobFamily, Note, Profile
from talentpool.models.owned import OfCandidate


class AtsRecord(OfCandidate):
    """A record of the ATS as we last saw it, and the row here that stands for it.

    Of everything that the ATS has there is one of these, with the fingerprint of what was taken over: so a repeated,
    late or reordered message changes nothing, a sweep knows what is missing, and the person's own data stands in the
    pool only.
    """

    candidate = TenantForeignKey(  # type: ignore[assignment]
        "talentpool.Candidate", models.CASCADE, null=True, related_name="ats_records"
    )
    origin = TenantForeignKey(  # type: ignore[assignment]
        "talentpool.Candidate", models.CASCADE, null=True, related_name="+", db_index=False
    )
    connection = TenantForeignKey(Connection, models.CASCADE, related_name="records", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    external_id = models.CharField(max_length=100)
    parent = models.CharField(max_length=100, blank=True)  # a stage's job; the person or application of the others
    name = models.CharField(max_length=300, blank=True)  # of a word: a stage, a reason, a user
    content = models.JSONField(default=dict)  # of a word, what it says beside its name; of a job, its words
    maps_to = models.CharField(max_length=100, blank=True)  # what a word is here: a phase, a member's id, a source's
    # Of a department or a word for job families: which of ours it is, or none, once somebody has said so.
    family = TenantForeignKey(JobFamily, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    family_said = models.BooleanField(default=False, db_default=False)
    fingerprint = models.CharField(max_length=32, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)  # as the ATS counts
    checked_at = models.DateTimeField()  # when we last saw it
    is_hearsay = models.BooleanField(default=False)  # a webhook said so, without when; to be read once more
    gone_at = models.DateTimeField(null=True, blank=True)
    gone = models.CharField(max_length=10, choices=How.choices, blank=True)
    into = models.CharField(max_length=100, blank=True)  # the record that it was merged into
    job = TenantForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    profile = TenantForeignKey(Profile, models.SET_NULL, null=True, blank=True, related_name="+")
    application = TenantForeignKey(Application, models.SET_NULL, null=True, blank=True, related_name="+")
    step = TenantForeignKey(ApplicationStep, models.SET_NULL, null=True, blank=True, related_name="+")
    note = TenantForeignKey(Note, models.SET_NULL, null=True, blank=True, related_name="+")
    file = TenantForeignKey(File, models.SET_NULL, null=True, blank=True, related_name="+")

    derived: ClassVar[bool] = True
    stays_without: ClassVar[Mapping[str, Any] | None] = None
    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "connection", "kind", "external_id"], name="ats_record_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "connection", "kind", "parent"], name="ats_record_parent"),
            models.Index(fields=["family"], condition=models.Q(family__isnull=False), name="ats_record_family"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
