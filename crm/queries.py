"""Reading across the ground."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from crm.models import AuditEntry, Member, User


@dataclass(frozen=True)
class Membership:
    slug: str
    name: str
    role: str


def memberships_of_user(user: User) -> list[Membership]:
    """The organisations a user belongs to, by name.

    It looks across tenants, so it asks a function of the owner's which returns only that user's own memberships.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, role FROM memberships_of_user(%s)", [user.pk])
        return [Membership(*row) for row in cursor.fetchall()]


AUDIT_PAGE = 50
# The nouns that verbs of audit entries begin with, for the filter; a new one is added here.
AUDIT_KINDS = (
    "api_token",
    "bulk_run",
    "campaign",
    "candidate",
    "consent",
    "file",
    "import",
    "invitation",
    "member",
    "note",
    "organisation",
    "pipeline",
    "segment",
    "source",
    "suppression",
    "tag",
)


@dataclass(frozen=True)
class AuditPage:
    entries: list[AuditEntry]
    next_before: int | None


def audit_page(
    *,
    member: Member | None = None,
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
) -> AuditPage:
    """Entries newest first, from the one after `before` on; days are those of the current time zone."""
    entries = AuditEntry.objects.select_related("member").order_by("-at", "-id")
    if member:
        entries = entries.filter(member=member)
    if kind:
        entries = entries.filter(verb__startswith=f"{kind}.")
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + timedelta(days=1)))
    if before and (last := AuditEntry.objects.filter(pk=before).values_list("at", flat=True).first()):
        entries = entries.filter(Q(at__lt=last) | Q(at=last, pk__lt=before))
    found = list(entries[: AUDIT_PAGE + 1])
    return AuditPage(found[:AUDIT_PAGE], found[AUDIT_PAGE - 1].pk if len(found) > AUDIT_PAGE else None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
