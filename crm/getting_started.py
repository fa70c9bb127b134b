"""Cards of Home for an organisation that is just beginning, as far as the ground is concerned."""

from collections.abc import Iterator

from crm.home import HomeCard, HomePage, Link, home_cards
from crm.models import Invitation, Member
from crm.permissions import Permission


@home_cards(Permission.MANAGE_ORGANISATION)
def sender(page: HomePage) -> Iterator[HomeCard]:
    """Without an address of its own and a postal one no campaign of the organisation can leave."""
    if not (page.tenant.sender_email and page.tenant.postal_address):
        yield HomeCard(
            title="Say who you are",
            order=20,
            note="2 min",
            text="Campaigns need the address you write from and a postal address beneath them.",
            links=(Link("Fill it in", page.url("crm:settings")),),
        )


@home_cards(Permission.MANAGE_MEMBERS)
def colleagues(page: HomePage) -> Iterator[HomeCard]:
    """Asked only while there is nobody but this member, invited or here."""
    if Member.objects.active().count() == 1 and not Invitation.objects.filter(withdrawn_at=None).exists():
        yield HomeCard(
            title="Invite your colleagues",
            order=40,
            note="any number",
            text="What one of you knows of a person, all of you see. There are no seats to pay for.",
            links=(Link("Invite", page.url("crm:members")),),
        )
