"""Opens, clicks, bounces and complaints: written down with whether a person or a machine did it."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from campaigns.models import EventKind, Link, Message, MessageEvent
from campaigns.tracking.machines import TRAPPED, Hit, Visit, machine_reason
from talentpool.actions.activities import record_activity, untell
from talentpool.models import ActivityKind, Suppression, SuppressionReason

TRAP_MEMORY = timedelta(minutes=2)
MOST_EVENTS = 500  # of one message: beyond that somebody plays

_FIRST_TIMES = {
    EventKind.OPENED: ("opened_at", ActivityKind.MESSAGE_OPENED),
    EventKind.CLICKED: ("clicked_at", ActivityKind.MESSAGE_CLICKED),
}


@dataclass(frozen=True)
class Visitor:
    """Who asked, as far as a request tells."""

    method: str
    agent: str
    address: str
    headers: dict[str, str]

    @property
    def mark(self) -> str:
        """The same for the same address and program, and no way back to them."""
        who = f"{self.address}\n{self.agent}".encode()
        return hmac.digest(settings.SECRET_KEY.encode(), who, "sha256").hex()[:16]


@transaction.atomic
def record_open(message_id: int, visitor: Visitor, *, now: datetime | None = None) -> None:
    _record(message_id, EventKind.OPENED, Hit.OPEN, visitor, None, now or timezone.now())


@transaction.atomic
def record_click(message_id: int, number: int, visitor: Visitor, *, now: datetime | None = None) -> str | None:
    """Where the link leads; None when the message has no such link."""
    message = Message.objects.filter(pk=message_id).only("campaign_id").first()
    link = Link.objects.filter(campaign_id=message.campaign_id, number=number).first() if message else None
    if link is None:
        return None
    _record(message_id, EventKind.CLICKED, Hit.CLICK, visitor, link, now or timezone.now())
    return str(link.url)


@transaction.atomic
def record_trap(message_id: int, visitor: Visitor, *, now: datetime | None = None) -> None:
    """A machine followed what nobody sees: its other opens and clicks of these minutes were a machine's too."""
    now = now or timezone.now()
    _record(message_id, EventKind.CLICKED, Hit.TRAP, visitor, None, now)
    events = MessageEvent.objects.filter(message_id=message_id, visitor=visitor.mark, at__gte=now - TRAP_MEMORY)
    if events.by_people().update(machine=TRAPPED):
        _recount(message_id)


@transaction.atomic
def record_news(message_id: int, kind: EventKind, *, at: datetime, detail: str = "", hard: bool = False) -> None:
    """What a provider's webhook says of a message: delivered, bounced, complained. Telling it twice changes nothing."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None or message.events.filter(kind=kind, detail=detail[:500]).exists():
        return
    _add(message, kind, at, detail=detail[:500])
    if kind == EventKind.DELIVERED:
        Message.objects.filter(pk=message_id, delivered_at=None).update(delivered_at=at)
    elif kind == EventKind.BOUNCED:
        Message.objects.filter(pk=message_id, bounced_at=None).update(bounced_at=at)
        if hard:
            suppress(message.address, SuppressionReason.BOUNCED, at=at, message=message_id, reply=detail[:500])
        _tell(message, ActivityKind.MESSAGE_BOUNCED, at)
    elif kind == EventKind.COMPLAINED:
        Message.objects.filter(pk=message_id, complained_at=None).update(complained_at=at)
        suppress(message.address, SuppressionReason.COMPLAINED, at=at, message=message_id)


def suppress(address: str, reason: SuppressionReason, *, at: datetime, **detail: object) -> bool:
    """True when the address was not suppressed for this reason before."""
    if not address:
        return False
    _, created = Suppression.objects.get_or_create(
        address=address.lower(), reason=reason, defaults={"at": at, "detail": detail}
    )
    return bool(created)


def _record(message_id: int, kind: EventKind, hit: Hit, visitor: Visitor, link: Link | None, now: datetime) -> None:
    message = Message.objects.filter(pk=message_id).select_related("campaign").first()
    if message is None or message.events.count() >= MOST_EVENTS:
        return
    visit = Visit(hit, visitor.method, visitor.agent, visitor.headers, now, message.sent_at or message.claimed_at)
    machine = machine_reason(visit)
    if not machine and _was_trapped(message, visitor, now):
        machine = TRAPPED
    _add(message, kind, now, link=link, machine=machine, visitor=visitor.mark)
    column, activity = _FIRST_TIMES[kind]
    if not machine and Message.objects.filter(pk=message_id, **{column: None}).update(**{column: now}):
        _tell(message, activity, now, **({"url": link.url} if link else {}))


def _was_trapped(message: Message, visitor: Visitor, now: datetime) -> bool:
    trapped = message.events.filter(machine=TRAPPED, visitor=visitor.mark, at__gte=now - TRAP_MEMORY)
    return bool(trapped.exists())


def _recount(message_id: int) -> None:
    """The first times without what turned out to be a machine's."""
    message = Message.objects.only("candidate_id", "campaign_id").get(pk=message_id)
    for kind, (column, story) in _FIRST_TIMES.items():
        events = MessageEvent.objects.by_people().filter(message_id=message_id, kind=kind)
        first = events.aggregate(first=Min("at"))["first"]
        Message.objects.filter(pk=message_id).update(**{column: first})
        if first is None:
            untell(message.candidate_id, story, campaign_id=message.campaign_id)


def _add(message: Message, kind: EventKind, at: datetime, **fields: object) -> None:
    MessageEvent.objects.create(
        message=message,
        campaign_id=message.campaign_id,
        candidate_id=message.candidate_id,
        origin_id=message.origin_id,
        kind=kind,
        at=at,
        **fields,
    )


def _tell(message: Message, kind: ActivityKind, at: datetime, **data: Any) -> None:
    record_activity(
        message.candidate_id,
        kind,
        at=at,
        origin_id=message.origin_id,
        campaign_id=message.campaign_id,
        campaign=message.campaign.name,
        **data,
    )
