from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower, Now
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving, Ref
from talentpool.models.addresses import AddressesOfPerson


class CandidateQuerySet(TenantQuerySet["Candidate"]):
    def present(self) -> "CandidateQuerySet":
        """People of the pool: neither merged into another nor erased."""
        return self.filter(merged_into=None, erased_at=None)

    def with_contact_state(self) -> "CandidateQuerySet":
        """Adds `contact_state`, a ContactState: the first one, in its order, that holds for the person now."""
        theirs = OuterRef("pk")
        open_application = _rows("Application").filter(candidate=theirs, state="open")
        valid = Q(expires_at=None) | Q(expires_at__gt=Now())
        consent = _rows("Consent").filter(valid, candidate=theirs, withdrawn_at=None)
        return self.annotate(
            contact_state=Case(
                When(erased_at__isnull=False, then=Value("erased")),
                When(email="", then=Value("no_address")),
                When(Exists(_unsubscribed()), then=Value("unsubscribed")),
                When(Exists(_bounced()), then=Value("bounced")),
                When(Exists(open_application), then=Value("in_process")),
                When(Exists(consent), then=Value("may_write")),
                default=Value("no_consent"),
                output_field=models.CharField(),
            )
        )


def _rows(model: str) -> QuerySet[models.Model]:
    """Rows of a model that itself points at Candidate and so can't be imported here."""
    rows: QuerySet[models.Model] = apps.get_model("talentpool", model)._default_manager.all()
    return rows


def _unsubscribed() -> QuerySet[models.Model]:
    """A wish holds for the person, at whichever of their addresses it was said."""
    theirs = AddressesOfPerson(OuterRef("email"), OuterRef("contact_points"))
    return _rows("Suppression").filter(address__one_of=theirs, reason__in=("unsubscribed", "complained", "erased"))


def _bounced() -> QuerySet[models.Model]:
    return _rows("Suppression").filter(address=Lower(OuterRef("email")), reason="bounced")


class Candidate(TenantModel):
    """One human being. All but owner and dates is derived from the person's profiles and edits.

    `talentpool.identity.consolidation` derives it; `lineage` says of each shown value where it is from.
    """

    name = models.CharField(max_length=300, blank=True)
    given_name = models.CharField(max_length=150, blank=True)
    family_name = models.CharField(max_length=150, blank=True)
    headline = models.CharField(max_length=500, blank=True)
    summary = models.TextField(blank=True)
    current_title = models.CharField(max_length=300, blank=True)
    current_employer = models.CharField(max_length=300, blank=True)
    location = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    email = models.CharField(max_length=254, blank=True)  # the address that is written to
    phone = models.CharField(max_length=40, blank=True)
    contact_points = models.JSONField(default=list)  # [{"kind": email|phone|link, "value": …}], best first
    positions = models.JSONField(default=list)  # talentpool.person.Position as JSON, newest first
    education = models.JSONField(default=list)
    skills = models.JSONField(default=list)  # ["Intensive care", …]
    languages = models.JSONField(default=list)
    certificates = models.JSONField(default=list)
    wants = models.JSONField(default=dict)  # pay, start, place, permits: talentpool.wishes.WISHES that are known
    custom = models.JSONField(default=dict)  # the organisation's own fields, as talentpool.custom_values
    suggestions = models.JSONField(default=list)  # low-confidence values to accept or dismiss
    lineage = models.JSONField(default=dict)

    owner = TenantForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    warmth = models.PositiveSmallIntegerField(default=0)  # 0 cold to 4 hot
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    erased_at = models.DateTimeField(null=True, blank=True)
    is_undone = models.BooleanField(
        default=False, db_default=False
    )  # emptied with the import that alone had brought her, not erased
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)  # last change of anything shown
    last_contact_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(CandidateQuerySet)()

    moving: ClassVar[Moving] = Moving(
        refs={
            "lineage": [
                Ref("talentpool.Profile", "**.from.*", r"p(\d+)"),
                Ref("talentpool.FieldEdit", "**.from.*", r"e(\d+)"),
            ],
            "suggestions": [Ref("talentpool.Profile", "*.profile"), Ref("crm.Member", "*.by")],
        },
        plain=["contact_points", "positions", "education", "skills", "languages", "certificates", "wants", "custom"],
    )

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "-updated_at", "-id"], name="candidate_recent"),
            models.Index(fields=["tenant", "email"], name="candidate_email"),
            models.Index(fields=["tenant", "created_at"], name="candidate_created"),
            # All that reports read of a person, for the table is wide.
            models.Index(
                fields=["tenant", "id"],
                include=["created_at", "erased_at", "merged_into", "email", "is_undone"],
                name="candidate_figures",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or self.audit_label

    @property
    def audit_label(self) -> str:
        return f"Person {self.pk}"
