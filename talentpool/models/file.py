"""Files as they came. The bytes live in PostgreSQL: under row security, in the backup, on no host's disk."""

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel


class ScanState(models.TextChoices):
    """What a virus scanner said of a file (talentpool.actions.scanning)."""

    UNSCANNED = "unscanned", "Not scanned"
    WAITING = "waiting", "Waiting for the virus scan"
    CLEAN = "clean", "Scanned, nothing found"
    INFECTED = "infected", "Infected"


class File(TenantModel):
    """A file of a person (résumé, letter) or of the organisation (an import's original; no candidate)."""

    candidate = TenantForeignKey("talentpool.Candidate", models.CASCADE, null=True, blank=True, related_name="file_set")
    origin = TenantForeignKey("talentpool.Candidate", models.CASCADE, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)  # what could be read, for search
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    scan = models.CharField(
        max_length=10, choices=ScanState.choices, default=ScanState.UNSCANNED, db_default=ScanState.UNSCANNED
    )
    scan_note = models.CharField(max_length=200, blank=True, db_default="")  # what was found, or why it was not looked
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "sha256"], name="file_sha256"),
            models.Index(fields=["tenant", "id"], condition=models.Q(scanned_at=None), name="file_to_scan"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        """Names of files are often those of people."""
        return f"File {self.pk}"


class FileContent(TenantModel):
    """Apart from File, so that a list of files never reads their bytes."""

    file = TenantForeignKey(File, models.CASCADE, related_name="contents")
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "file"], name="file_content_once"),
        ]

    def __str__(self) -> str:
        return f"content of file {self.file_id}"
