"""Over the list of people: which position somebody searches for. Asked once per session, and quiet once answered."""

from django.utils import timezone

from crm.models import Member
from sourcing.forms.positions import PositionForm
from sourcing.models import Asking
from sourcing.queries.keeping import log_settings
from sourcing.queries.positions import position_of
from sourcing.queries.sessions import latest_search
from talentpool.people_notices import PeopleNotice, people_notice

TEMPLATE = "sourcing/_position.html"


@people_notice
def position_notice(member: Member) -> PeopleNotice | None:
    asking = log_settings().asking
    if asking == Asking.NEVER or (latest := latest_search(member, now=timezone.now())) is None:
        return None
    position = position_of(latest[1])
    must = asking == Asking.REQUIRE and position is None
    context = {"position": position, "form": PositionForm(), "must": must}
    return PeopleNotice(TEMPLATE, context, "Say first which position you are searching for." if must else "")
