"""What the ATS sync tells of a person's applications, on pages of the pool."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from ats_sync.models import AtsRecord, Connection, ConnectionState, Push
from ats_sync.providers.base import Ability
from ats_sync.queries.connections import is_stale, provider_known
from ats_sync.queries.log import names_in
from ats_sync.vocabulary import Kind
from crm.home import Link
from crm.models import Member, Tenant
from crm.models.leased import WorkState
from crm.permissions import Permission, may
from crm.rendering import org_reverse
from crm.tenancy.scope import current_tenant_id
from talentpool import tracking
from talentpool.models import ApplicationState, Candidate, Job

SHOWN = (WorkState.QUEUED, WorkState.RUNNING, WorkState.FAILED)
MOST_SHOWN = 10


class AtsTracker:
    def track(self, person: Candidate, member: Member) -> tracking.Track:
        records = AtsRecord.objects.filter(candidate=person, kind__in=[Kind.PERSON, Kind.APPLICATION])
        held = list(records.select_related("connection", "application"))
        pushes = may(member, Permission.PUSH_TO_ATS)
        running = list(Connection.objects.on()) if pushes else []
        if not held and not running:
            return tracking.Track()
        slug = Tenant.objects.values_list("slug", flat=True).get(pk=current_tenant_id())
        now = timezone.now()
        tracked = {
            each.application_id: _tracked(each, person, slug, now, pushes=pushes)
            for each in held
            if each.kind == Kind.APPLICATION and each.application_id
        }
        is_there = any(each.kind == Kind.PERSON and each.gone_at is None and each.connection.is_on for each in held)
        links = _links(running, person, slug, is_there=is_there)
        return tracking.Track(tracked, links, _sending(person, slug) if held or running else ())

    def may_add(self, member: Member) -> bool:
        return may(member, Permission.PUSH_TO_ATS) and Connection.objects.on().exists()

    def member_of(self, job: Job) -> Member | None:
        """The first of its hiring team who is a member here, as the connection's words say."""
        users = AtsRecord.objects.filter(kind=Kind.USER, connection__source=job.source_id, name__in=job.team[:20])
        member_ids = [int(each) for each in users.values_list("maps_to", flat=True) if each.isdigit()]
        return Member.objects.active().filter(pk__in=member_ids).first() if member_ids else None


def _tracked(record: AtsRecord, person: Candidate, slug: str, now: datetime, *, pushes: bool) -> tracking.Tracked:
    connection = record.connection
    as_of = max(filter(None, (record.checked_at, connection.as_of)))
    stale = connection.state != ConnectionState.ON or is_stale(connection, now)
    links: list[Link] = []
    application, provider = record.application, provider_known(connection)
    is_open = application is not None and application.state == ApplicationState.OPEN and record.gone_at is None
    if pushes and is_open and provider and connection.is_on:
        acts = [(Ability.MOVE, "Move", "application_move"), (Ability.REJECT, "Reject", "application_reject")]
        links = [
            Link(words, org_reverse(f"ats_sync:{name}", person.pk, record.application_id, slug=slug))
            for ability, words, name in acts
            if ability in provider.abilities
        ]
    return tracking.Tracked(as_of, stale, connection.name, links)


def _links(running: Sequence[Connection], person: Candidate, slug: str, *, is_there: bool) -> list[Link]:
    if not running:
        return []
    links = [
        Link(
            "Add to a job in the ATS" if is_there else "Add to the ATS",
            org_reverse("ats_sync:person_add", person.pk, slug=slug),
        )
    ]
    if is_there:
        links.append(Link("Send a note or a file", org_reverse("ats_sync:person_send", person.pk, slug=slug)))
    return links


def _sending(person: Candidate, slug: str) -> list[tracking.Sending]:
    pushes = Push.objects.filter(candidate=person, state__in=SHOWN).select_related("connection").order_by("-pk")
    found = list(pushes[:MOST_SHOWN])
    about = {pk: words for each in {push.connection for push in found} for pk, words in names_in(each, found).items()}
    return [
        tracking.Sending(
            words=f"{push.get_kind_display()}{f': {about[push.pk]}' if about.get(push.pk) else ''}",
            state="could not be sent" if push.state == WorkState.FAILED else f"on its way to {push.connection}",
            tone="bad" if push.state == WorkState.FAILED else "warn",
            error=push.error,
            url=org_reverse("ats_sync:log", push.connection_id, slug=slug) + "?show=went",
        )
        for push in found
    ]
