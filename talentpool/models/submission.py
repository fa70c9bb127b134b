"""What agencies sent, and whose a person is because of it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantQuerySet
from talentpool.models.agency import Agency, AgencyUser
from talentpool.models.job import Application, ApplicationState, Job
from talentpool.models.owned import OfCandidate
from talentpool.models.profile import Profile


class SubmissionResult(models.TextChoices):
    """What was decided the moment it came. An agency is told this much and nothing about the person or others."""

    CLAIMED = "claimed", _("Received")
    OWNED = "owned", _("Received again")
    KNOWN = "known", _("Known already")
    TAKEN = "taken", _("Submitted by somebody else first")
    REFUSED = "refused", _("Can’t be considered")


class SubmissionState(models.TextChoices):
    RECEIVED = "received", _("Received")
    IN_PROCESS = "in_process", _("In process")
    REJECTED = "rejected", _("Not chosen")
    HIRED = "hired", _("Hired")


_OF_APPLICATION = {
    ApplicationState.OPEN: SubmissionState.IN_PROCESS,
    ApplicationState.HIRED: SubmissionState.HIRED,
    ApplicationState.REJECTED: SubmissionState.REJECTED,
    ApplicationState.WITHDRAWN: SubmissionState.REJECTED,
}
_COUNTING = (SubmissionResult.CLAIMED, SubmissionResult.OWNED)


class SubmissionQuerySet(TenantQuerySet["Submission"]):
    def for_list(self) -> "SubmissionQuerySet":
        """With the application to the same job, and with the claim that holds on the person now."""
        application = Application.objects.filter(candidate=OuterRef("candidate"), job=OuterRef("job")).order_by("-pk")
        holding = Claim.objects.filter(candidate=OuterRef("candidate"), until__gt=Now()).order_by("at", "pk")
        return (
            self.select_related("agency", "job", "by")
            .annotate(
                applied=Subquery(application.values("state")[:1]),
                holder=Subquery(holding.values("agency")[:1]),
                held_until=Subquery(holding.values("until")[:1]),
            )
            .order_by("-pk")
        )


class Submission(OfCandidate):
    """One person sent by an agency for one job, with the statement that she agreed to it.

    Its candidate is empty when we may not take her in. Erasing the person leaves that there was a submission.
    """

    stays_without: ClassVar[Mapping[str, Any] | None] = {"name": "", "email": "", "message": "", "statement": ""}

    candidate = TenantForeignKey(  # type: ignore[assignment]
        "talentpool.Candidate", models.CASCADE, null=True, related_name="submissions"
    )
    origin = TenantForeignKey(  # type: ignore[assignment]
        "talentpool.Candidate", models.CASCADE, null=True, related_name="+", db_index=False
    )
    agency = TenantForeignKey(Agency, models.PROTECT, related_name="submissions")
    job = TenantForeignKey(Job, models.PROTECT, related_name="submissions")
    by = TenantForeignKey(AgencyUser, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    profile = TenantForeignKey(Profile, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300, blank=True)  # as the agency wrote it
    email = models.CharField(max_length=254, blank=True)
    message = models.TextField(blank=True, max_length=5000)
    statement = models.TextField(blank=True)  # what the agency confirmed, as it was shown
    agreed_on = models.DateField()  # when the person agreed, as the agency says
    result = models.CharField(max_length=10, choices=SubmissionResult.choices)
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.RECEIVED)
    state_at = models.DateTimeField(null=True, blank=True)
    state_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar = TenantManager.from_queryset(SubmissionQuerySet)()

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [models.Index(fields=["tenant", "agency", "-id"], name="submission_of_agency")]

    def __str__(self) -> str:
        return f"submission {self.pk}"

    @property
    def counts(self) -> bool:
        """It was the agency's to make, and still is: merging people may have shown that another was earlier."""
        return self.result in _COUNTING and getattr(self, "holder", None) in (None, self.agency_id)

    @property
    def stage(self) -> SubmissionState:
        """What the ATS says, where it says anything, and else what was set here."""
        applied = getattr(self, "applied", None)
        return _OF_APPLICATION[ApplicationState(applied)] if applied else SubmissionState(self.state)

    @property
    def state_words(self) -> str:
        """What the agency and the recruiter see: one line, the same for both."""
        if self.counts:
            return str(self.stage.label)
        taken = self.result in _COUNTING
        return str((SubmissionResult.TAKEN if taken else SubmissionResult(self.result)).label)

    @property
    def is_erased(self) -> bool:
        return not self.name

    @property
    def owned_until(self) -> Any:
        return getattr(self, "held_until", None) if self.counts and self.holder == self.agency_id else None  # type: ignore[attr-defined]


class ClaimQuerySet(TenantQuerySet["Claim"]):
    def running(self) -> "ClaimQuerySet":
        """Of several on one person the first one holds, so the order is the answer."""
        return self.filter(until__gt=Now()).order_by("at", "pk")


class Claim(OfCandidate):
    """That an agency brought a person first, and that it counts as theirs until a day. It holds no personal data."""

    stays_without: ClassVar[Mapping[str, Any] | None] = {}

    agency = TenantForeignKey(Agency, models.PROTECT, related_name="claims")
    submission = TenantForeignKey(Submission, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    until = models.DateTimeField()

    objects: ClassVar = TenantManager.from_queryset(ClaimQuerySet)()

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [models.Index(fields=["tenant", "candidate", "at"], name="claim_first")]

    def __str__(self) -> str:
        return f"claim of agency {self.agency_id} until {self.until:%Y-%m-%d}"
