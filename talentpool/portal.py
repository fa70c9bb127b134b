"""The agencies' portal as the ground knows it: who gets in, and where somebody has a place."""

from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from crm.models import User
from crm.portals import Portal, register
from crm.queries import Membership
from talentpool.models import AgencyUser


def guest_for(user: User) -> AgencyUser | None:
    """One of an agency's people, in the organisation's scope; to the minute it is kept when she was last here."""
    found: AgencyUser | None = AgencyUser.objects.active().filter(user=user).select_related("agency").first()
    if found is not None:
        now = timezone.now()
        stale = Q(last_seen_at=None) | Q(last_seen_at__lt=now - timedelta(minutes=1))
        AgencyUser.objects.filter(stale, pk=found.pk).update(last_seen_at=now)
    return found


def places_of(user: User) -> list[Membership]:
    """Asked across organisations, of a function of the owner's that answers with that user's own places only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, agency FROM agencies_of_user(%s)", [user.pk])
        return [Membership(*row) for row in cursor.fetchall()]


register(Portal(name="agency", home="talentpool:portal", guest_for=guest_for, places_of=places_of))
