"""Reading across the ground."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
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
    "agency",
    "api_token",
    "bulk_run",
    "campaign",
    "candidate",
    "clip",
    "column_set",
    "consent",
    "file",
    "import",
    "invitation",
    "job",
    "mail",
    "mail_address",
    "mailbox",
    "member",
    "note",
    "organisation",
    "pipeline",
    "pool",
    "schedule",
    "search",
    "search_log",
    "segment",
    "source",
    "submission",
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
    _show_names(found[:AUDIT_PAGE])
    return AuditPage(found[:AUDIT_PAGE], found[AUDIT_PAGE - 1].pk if len(found) > AUDIT_PAGE else None)


def _show_names(entries: list[AuditEntry]) -> None:
    """Those whose label names nobody show, unsaved, what their subject is called now: one query a kind of subject."""
    anonymous: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        anonymous[entry.subject_type].append(entry)
    for kind, theirs in anonymous.items():
        model = apps.get_model(kind) if kind else None
        if model is None or not hasattr(model, "audit_label"):
            continue
        present = model._default_manager.in_bulk([entry.subject_id for entry in theirs])
        for entry in theirs:
            if subject := present.get(entry.subject_id):
                entry.subject_label = str(subject)[:200]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
