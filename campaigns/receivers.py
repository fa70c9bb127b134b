"""News from below and from outside: people erased, applications moved, and what providers' webhooks report."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.policy import compat32
from typing import Any

from anymail.signals import EventType, RejectReason, inbound, tracking
from django.dispatch import receiver
from django.utils import timezone

from campaigns.actions import status
from campaigns.actions import tracking as actions
from campaigns.actions.unsubscribing import Wish, unsubscribe
from campaigns.models import EventKind, Message, MessageEvent
from campaigns.tracking.tokens import WrongToken, claim_of
from crm.tenancy.scope import tenant_scope
from talentpool.actions.applications import Move
from talentpool.actions.incoming_mail import deliver
from talentpool.intake.mail.letters import read_head
from talentpool.models import MailDoor
from talentpool.signals import application_gone, applications_moved, candidate_erased

_KINDS = {
    EventType.DELIVERED: EventKind.DELIVERED,
    EventType.BOUNCED: EventKind.BOUNCED,
    EventType.REJECTED: EventKind.BOUNCED,
    EventType.FAILED: EventKind.BOUNCED,
    EventType.COMPLAINED: EventKind.COMPLAINED,
}


@receiver(candidate_erased)
def _forget_address(sender: Any, candidate_id: int, **kwargs: Any) -> None:
    """The counts of past campaigns stay; what could say who it was goes."""
    Message.objects.filter(candidate_id=candidate_id).update(address="", reply="")
    MessageEvent.objects.filter(candidate_id=candidate_id).update(visitor="", detail="")


@receiver(applications_moved)
def _say_where_they_stand(sender: Any, moves: Sequence[Move], **kwargs: Any) -> None:
    status.follow_moves(moves, now=timezone.now())


@receiver(application_gone)
def _say_no_more(sender: Any, application_id: int, **kwargs: Any) -> None:
    status.forget_application(application_id)


@receiver(tracking)
def _hear_provider(sender: Any, event: Any, **kwargs: Any) -> None:
    """anymail has verified the provider's signature; our own token in the metadata says which message it is about."""
    try:
        claim = claim_of(str((event.metadata or {}).get("message", "")))
    except WrongToken:
        return  # not a campaign's message
    if claim.is_test:
        return
    at = event.timestamp or datetime.now(UTC)
    with tenant_scope(claim.tenant_id):
        if event.event_type == EventType.UNSUBSCRIBED:
            unsubscribe(claim.message_id, Wish.STOP, how="provider", now=min(at, timezone.now()))
        elif event.event_type in _KINDS:
            detail = " ".join(
                str(part) for part in (event.reject_reason, event.description, event.mta_response) if part
            )
            is_hard = event.reject_reason in (RejectReason.BOUNCED, RejectReason.INVALID)
            actions.record_news(claim.message_id, _KINDS[event.event_type], at=at, detail=detail[:500], hard=is_hard)


@receiver(inbound)
def _bring_mail(sender: Any, event: Any, **kwargs: Any) -> None:
    """To whom it came says the envelope, of some providers only for the first; the headers may name others of us."""
    message = event.message
    whole = event.esp_event.get("RawEmail") if isinstance(event.esp_event, dict) else None
    raw = whole.encode("utf-8", "surrogateescape") if whole else message.as_bytes(policy=compat32)
    named = [each.email for each in read_head(raw).to]
    recipients = [*filter(None, [message.envelope_recipient]), *named]
    deliver(raw, recipients, door=MailDoor.WEBHOOK, is_from_nobody=message.envelope_sender in ("", "<>"))
