from django.db import models
from django.db.models import Q
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from talentpool.models.owned import OfCandidate


class NoteKind(models.TextChoices):
    """What a note tells of; conversations count for the relationship with a person."""

    NOTE = "note", "Note"
    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"


class Note(OfCandidate):
    kind = models.CharField(max_length=10, choices=NoteKind.choices, default=NoteKind.NOTE, db_default=NoteKind.NOTE)
    text = models.TextField()
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")  # None: it was written in an ATS
    author = models.CharField(max_length=200, blank=True)  # who wrote it there
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta(OfCandidate.Meta):
        abstract = False
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def who(self) -> str:
        return self.by.name if self.by else self.author or "Somebody in the ATS"


class NoteVersion(OfCandidate):
    """What a note said before it was changed."""

    note = TenantForeignKey(Note, models.CASCADE, related_name="versions")
    text = models.TextField()
    until = models.DateTimeField(default=timezone.now)  # when it was replaced

    class Meta(OfCandidate.Meta):
        abstract = False
        ordering = ["-until", "-id"]

    def __str__(self) -> str:
        return f"note {self.note_id} until {self.until:%Y-%m-%d}"


class Mention(OfCandidate):
    """A member named in a note; unread until she has seen the person's page."""

    note = TenantForeignKey(Note, models.CASCADE, related_name="mentions")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    words = models.CharField(max_length=255)  # as they stand in the note: “@Priya Nair”
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "note", "member"], name="mention_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "member", "-at"], condition=Q(seen_at=None), name="mention_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.words} in note {self.note_id}"
