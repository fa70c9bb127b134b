from django.db import models

from crm.models import Member
from crm.models.leased import Leased
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from talentpool.models.file import File
from talentpool.models.source import Source


class ImportStep(models.TextChoices):
    ENCODING = "encoding", "Which letters?"
    COLUMNS = "columns", "Columns"
    CHECK = "check", "Trying it out"
    READY = "ready", "Ready"
    RUN = "run", "Bringing in"
    OVER = "over", "Over"


class ImportRun(Leased):
    """One file on its way into the pool. `step` is where its person stands, `state` what the background work does."""

    file = TenantForeignKey(File, models.PROTECT, related_name="+")
    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # csv, xlsx, json_resume, resumes
    step = models.CharField(max_length=10, choices=ImportStep.choices, default=ImportStep.COLUMNS)
    options = models.JSONField(default=dict)  # encoding, delimiter, sheet, columns, basis
    cursor = models.PositiveIntegerField(default=0)  # rows settled
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # outcome -> number
    error = models.TextField(blank=True)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Leased.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.file.name


class ImportRow(TenantModel):
    """A row worth looking at: what the trial foresees or the run decided."""

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the file counts, its heading being 1
    outcome = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    cells = models.JSONField(default=list)
    candidate = TenantForeignKey("talentpool.Candidate", models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "run", "number"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}: {self.outcome}"
