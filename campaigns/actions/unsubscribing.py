"""The way out, and back: effective before the next message leaves, for the gate asks in the moment of sending."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.models import EventKind, Message, MessageEvent
from talentpool.actions.activities import record_activity
from talentpool.actions.merged_wishes import overrule_consents
from talentpool.models import ActivityKind, Consent, Suppression, SuppressionReason

PAUSE = timedelta(days=90)


class Wish(StrEnum):
    STOP = "stop"  # no more campaigns
    STOP_ALL = "stop_all"  # and every consent is withdrawn
    PAUSE = "pause"  # nothing for three months


@transaction.atomic
def unsubscribe(message_id: int, wish: Wish, *, how: str, now: datetime | None = None) -> bool:
    """Suppress the address the message went to; True when that was news. Asking twice changes nothing.

    `how` is "one click" or "page", kept as proof.
    """
    now = now or timezone.now()
    message = (
        Message.objects.select_for_update(of=("self",))
        .filter(pk=message_id)
        .select_related("candidate", "campaign")
        .first()
    )
    address = _address_of(message)
    if message is None or not address:
        return False
    is_pause = wish is Wish.PAUSE
    detail: dict[str, object] = {"message": message_id, "how": how}
    if wish is Wish.STOP_ALL:
        detail["consents"] = _withdraw_consents(message.candidate_id, now)
    suppression, created = Suppression.objects.get_or_create(
        address=address,
        reason=SuppressionReason.QUIET if is_pause else SuppressionReason.UNSUBSCRIBED,
        defaults={"at": now, "until": now + PAUSE if is_pause else None, "detail": detail},
    )
    if not created and (is_pause or detail.get("consents")):
        suppression.until = now + PAUSE if is_pause else None
        suppression.detail = {**suppression.detail, **detail}
        suppression.save()
    if created:
        _write_down(message, EventKind.UNSUBSCRIBED, ActivityKind.UNSUBSCRIBED, now, wish=wish.value, how=how)
        Message.objects.filter(pk=message_id, unsubscribed_at=None).update(unsubscribed_at=now)
    return bool(created)


@transaction.atomic
def resubscribe(message_id: int, *, now: datetime | None = None) -> bool:
    """Undo what was wished through this message; True when there was something to undo."""
    now = now or timezone.now()
    message = (
        Message.objects.select_for_update(of=("self",))
        .filter(pk=message_id)
        .select_related("candidate", "campaign")
        .first()
    )
    if message is None:
        return False
    undone = wishes_of(message)
    if not undone:
        return False
    for suppression in undone:
        Consent.objects.filter(pk__in=suppression.detail.get("consents", [])).update(withdrawn_at=None)
        suppression.delete()
    overrule_consents(message.candidate_id)
    Message.objects.filter(pk=message_id).update(unsubscribed_at=None)
    _write_down(message, EventKind.RESUBSCRIBED, ActivityKind.CONSENT_GIVEN, now, how="took unsubscribing back")
    return True


def wishes_of(message: Message) -> list[Suppression]:
    """What the recipient asked for through this message and still holds."""
    address = _address_of(message)
    reasons = [SuppressionReason.UNSUBSCRIBED, SuppressionReason.QUIET]
    found = Suppression.objects.filter(address=address, reason__in=reasons, detail__message=message.pk)
    return list(found.order_by("pk"))


def _address_of(message: Message | None) -> str:
    return (message.address or message.candidate.email).strip().lower() if message else ""


def _withdraw_consents(candidate_id: int, now: datetime) -> list[int]:
    valid = Consent.objects.filter(candidate_id=candidate_id, withdrawn_at=None)
    ids = list(valid.values_list("pk", flat=True))
    Consent.objects.filter(pk__in=ids).update(withdrawn_at=now)
    return ids


def _write_down(message: Message, kind: EventKind, activity: ActivityKind, now: datetime, **data: Any) -> None:
    MessageEvent.objects.create(
        message=message,
        campaign_id=message.campaign_id,
        candidate_id=message.candidate_id,
        origin_id=message.origin_id,
        kind=kind,
        at=now,
        detail=", ".join(data.values()),
    )
    record_activity(
        message.candidate_id,
        activity,
        at=now,
        origin_id=message.origin_id,
        campaign_id=message.campaign_id,
        campaign=message.campaign.name,
        **data,
    )
