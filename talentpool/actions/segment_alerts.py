"""Letters to members about who came to match the segments that they asked to be told of.

An alert is claimed by moving `told_at` on before the letter is written, and gets it back where the mail server refuses.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.notices import DIGEST_HOUR, link_to, send_notice
from talentpool.models import Segment, SegmentAlert, SegmentMember
from talentpool.queries.members import members_who_see_people, zone_of
from talentpool.queries.segments import segments_for

MOST_NAMED = 10  # of one segment
SETTLED = timedelta(minutes=2)  # who joined in a transaction that was still under way then is told of next time
MONDAY = 0
Told = list[tuple[SegmentAlert, datetime]]


@transaction.atomic
def change_alert(segment: Segment, every: str, *, by: Member, now: datetime | None = None) -> None:
    """Told from now on; with an empty rhythm no more."""
    alerts = SegmentAlert.objects.filter(segment=segment, member=by)
    if not every:
        alerts.delete()
    elif not alerts.update(every=every):
        SegmentAlert.objects.create(segment=segment, member=by, every=every, told_at=now or timezone.now())
    record("segment.alert_changed", segment, by=by, every=every)


def mail_alerts(*, now: datetime | None = None) -> int:
    """One letter a member whose morning it is, about all her segments with new matches; returns how many letters."""
    now = now or timezone.now()
    by_member: dict[Member, list[SegmentAlert]] = defaultdict(list)
    due = SegmentAlert.objects.filter(member__in=members_who_see_people(), told_at__lt=now - timedelta(hours=2))
    for alert in due.select_related("member__user", "segment").order_by("member", "segment__name"):
        here = now.astimezone(zone_of(alert.member))
        if here.hour == DIGEST_HOUR and (alert.every == SegmentAlert.Every.DAY or here.weekday() == MONDAY):
            by_member[alert.member].append(alert)
    return sum(_mail(member, alerts, now - SETTLED) for member, alerts in by_member.items())


def _mail(member: Member, alerts: list[SegmentAlert], until: datetime) -> int:
    seen = {segment.pk for segment in segments_for(member)}
    claimed = [alert for alert in alerts if alert.segment_id in seen and _claim(alert, until)]
    told = [(alert.segment, new) for alert in claimed if (new := _new_of(alert, until))]
    if not told:
        return 0
    lines = [
        {
            "segment": segment,
            "number": len(new),
            "people": [row.candidate for row in new[:MOST_NAMED]],
            "more": max(0, len(new) - MOST_NAMED),
            "link": link_to("talentpool:segment", segment.pk),
        }
        for segment, new in told
    ]
    total = sum(len(new) for _, new in told)
    try:
        send_notice(member, f"{total} new in your segments", "segments", lines=lines)
    except OSError:
        for alert in claimed:
            SegmentAlert.objects.filter(pk=alert.pk, told_at=until).update(told_at=alert.told_at)
        raise
    return 1


def _claim(alert: SegmentAlert, until: datetime) -> bool:
    return bool(SegmentAlert.objects.filter(pk=alert.pk, told_at=alert.told_at).update(told_at=until))


def _new_of(alert: SegmentAlert, until: datetime) -> list[SegmentMember]:
    new = SegmentMember.objects.filter(
        segment=alert.segment_id, joined_at__gt=alert.told_at, joined_at__lte=until, candidate__erased_at=None
    )
    return list(new.filter(candidate__merged_into=None).select_related("candidate").order_by("joined_at", "pk"))
