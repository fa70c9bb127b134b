"""Members as the pages of people need them: who may be named, asked to do something, or told."""

import zoneinfo

from crm.models import Member
from crm.models.member import MemberQuerySet
from crm.permissions import ROLE_PERMISSIONS, Permission
from talentpool.mentions import Mentionable
from talentpool.models import NoticeSetting

ROLES_THAT_SEE = [role for role, granted in ROLE_PERMISSIONS.items() if Permission.VIEW_CANDIDATES in granted]


def members_who_see_people() -> MemberQuerySet:
    members: MemberQuerySet = Member.objects.active().filter(role__in=ROLES_THAT_SEE)
    return members


def mentionable_members() -> list[Mentionable]:
    members = members_who_see_people().values_list("pk", "name", "user__email")
    return [Mentionable(pk, name, email) for pk, name, email in members]


def zone_of(member: Member) -> zoneinfo.ZoneInfo:
    """Her own time zone, else her organisation's."""
    own = member.user.time_zone
    return zoneinfo.ZoneInfo(own) if own else member.tenant.zone


def notices_for(member_id: int) -> NoticeSetting:
    """What the member wants by e-mail; the defaults, unsaved, where she never said."""
    return NoticeSetting.objects.filter(member=member_id).first() or NoticeSetting(member_id=member_id)
