from datetime import timedelta
from typing import Any, ClassVar

from django.db import models

from crm.models import Member
from crm.models.leased import Leased, LeasedQuerySet
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel
from crm.tenancy.moving import Moving
from talentpool.models.file import File
from talentpool.models.owned import OfCandidate
from talentpool.models.source import Source


class ImportStep(models.TextChoices):
    ENCODING = "encoding", "Which letters?"
    COLUMNS = "columns", "Columns"
    CHECK = "check", "Trying it out"
    READY = "ready", "Ready"
    RUN = "run", "Bringing in"
    OVER = "over", "Over"
    UNDO = "undo", "Being undone"
    UNDONE = "undone", "Undone"


class ImportOutcome(models.TextChoices):
    """What becomes of a row, in the order in which the page shows it."""

    NEW = "new", "New people"
    UPDATED = "updated", "Known, updated"
    UNCHANGED = "unchanged", "Known, nothing new"
    DUPLICATE = "duplicate", "Twice in the file"
    INVALID = "invalid", "Can’t be read"
    ERASED = "erased", "Erased, kept out"


class ImportRunQuerySet(LeasedQuerySet["ImportRun"]):
    def latest_first(self) -> "ImportRunQuerySet":
        return self.select_related("file", "source", "by").order_by("-pk")


class ImportRun(Leased):
    """One file on its way into the pool. `step` is where its person stands, `state` what the background work does.

    While nothing is at work its state is DONE, whatever the step.
    """

    LEASE: ClassVar[timedelta] = timedelta(seconds=60)

    file = TenantForeignKey(File, models.PROTECT, related_name="+")
    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # csv, xlsx, json_resume, resumes
    step = models.CharField(max_length=10, choices=ImportStep.choices, default=ImportStep.COLUMNS)
    # encoding, sheet and sheets, headings and columns of a table; basis and basis_text
    options = models.JSONField(default=dict)
    cursor = models.PositiveIntegerField(default=0)  # rows settled
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # outcome -> number
    error = models.TextField(blank=True)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)  # of what is at work now
    ended_at = models.DateTimeField(null=True, blank=True)
    # How far undoing came and what it did: after (a profile), profiles, people, kept
    undone = models.JSONField(default=dict)
    undone_by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)

    objects: ClassVar = TenantManager.from_queryset(ImportRunQuerySet)()  # type: ignore[assignment]

    moving: ClassVar[Moving] = Moving(
        plain=["options", "counts", "undone"],
        arrives={"state": {"queued": "cancelled", "running": "cancelled"}},
        emptied=["lease_until", "worker"],
    )

    class Meta(Leased.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["tenant", "state", "lease_until"],
                condition=models.Q(state__in=["queued", "running"]),
                name="importrun_open",
            )
        ]

    def __str__(self) -> str:
        return self.file.name

    @property
    def was_undone(self) -> bool:
        return self.step in (ImportStep.UNDO, ImportStep.UNDONE)

    @property
    def is_table(self) -> bool:
        return self.kind != "resumes"

    @property
    def blanked_lines(self) -> int:
        """Of the stored file, whose people were erased."""
        return int(self.options.get("original", {}).get("blanked", 0))

    @property
    def is_original_gone(self) -> bool:
        """Somebody in it was erased, and it could not be changed in a part."""
        return bool(self.options.get("original", {}).get("removed"))

    def count(self, *outcomes: ImportOutcome) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)

    @property
    def coming(self) -> int:
        """People that the run would bring in or has brought in."""
        return self.count(ImportOutcome.NEW, ImportOutcome.UPDATED)

    @property
    def kept_out(self) -> int:
        return self.count(ImportOutcome.INVALID, ImportOutcome.ERASED)

    def figures(self) -> list[dict[str, Any]]:
        return [{"outcome": each, "label": each.label, "value": self.count(each)} for each in ImportOutcome]


class ImportChunk(TenantModel):
    """What became of each row of a chunk, a letter a row: a million rows are a thousand of these.

    `talentpool.actions.import_report.LETTERS` says what they stand for.
    """

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="chunks")
    start = models.PositiveIntegerField()  # rows before it
    letters = models.TextField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "run", "start"], name="import_chunk_once"),
        ]

    def __str__(self) -> str:
        return f"rows after {self.start} of {self.run_id}"


class ImportRow(TenantModel):
    """A row worth looking at: what the trial foresees or the run decided."""

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the file counts, its heading being 1
    outcome = models.CharField(max_length=20, choices=ImportOutcome.choices)
    reason = models.TextField(blank=True)  # why it stays out, or what it brings
    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True)
    cells = models.JSONField(default=list)
    candidate = TenantForeignKey("talentpool.Candidate", models.SET_NULL, null=True, related_name="+", db_index=False)

    moving: ClassVar[Moving] = Moving(plain=["cells"])

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "run", "number"], name="import_row_once"),
        ]
        indexes = [models.Index(fields=["tenant", "run", "outcome", "number"], name="importrow_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.number}: {self.outcome}"


class ImportRemainder(OfCandidate):
    """Somebody who stayed when an import was undone, and why."""

    derived = True

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="remainders")
    reasons = models.JSONField(default=list)  # ["A note", …]

    moving: ClassVar[Moving] = Moving(plain=["reasons"])

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "run", "origin"], name="import_remainder_once"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} stayed: {', '.join(self.reasons)}"
