"""Which reports can be read of a segment's people alone."""

from collections.abc import Iterator

from crm.home import Link
from crm.models import Member
from crm.permissions import Permission, may
from crm.rendering import org_reverse
from talentpool.models import Segment
from talentpool.segment_uses import register

REPORTS = (("analytics:growth", "Talent pool growth"), ("analytics:hiring", "Hiring"))


def reports_of(segment: Segment, member: Member) -> Iterator[Link]:
    if may(member, Permission.VIEW_REPORTS) and not segment.hidden_at:
        for route, name in REPORTS:
            address = org_reverse(route, slug=member.tenant.slug)
            yield Link(f"The report {name} of its people", f"{address}?segment={segment.pk}")


register(reports_of)
