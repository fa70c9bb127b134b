"""The cards of Home: what needs this member now. Each application registers its own, for Home knows none of them.

    @home_cards(Permission.VIEW_CAMPAIGNS)
    def drafts(page: HomePage) -> Iterable[HomeCard]: ...

A provider makes a query or two and returns nothing when there is nothing to say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from crm.models import Member, Tenant
from crm.permissions import Permission, may
from crm.rendering import org_reverse


@dataclass(frozen=True)
class Line:
    """One line of a card: somebody or something, in a few words, opening to its page."""

    icon: str
    title: str
    url: str = ""
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Link:
    words: str
    url: str


@dataclass(frozen=True)
class HomeCard:
    title: str
    order: int  # small stands first
    text: str = ""
    note: str = ""
    tone: str = ""  # of the note: good, warn, bad or accent make it a chip
    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] = ()
    done: int = 0
    total: int = 0  # with it, a progress bar
    needs_you: bool = True  # counted as something that waits for this member


@dataclass(frozen=True)
class HomePage:
    """What a provider is told: for whom the page is, and when."""

    tenant: Tenant
    member: Member
    now: datetime

    def url(self, name: str, *args: object) -> str:
        return org_reverse(name, *args, slug=self.tenant.slug)

    def may(self, permission: Permission) -> bool:
        return may(self.member, permission)


Provider = Callable[[HomePage], Iterable[HomeCard]]
_providers: list[tuple[Permission, Provider]] = []


def home_cards(permission: Permission) -> Callable[[Provider], Provider]:
    """Register a provider of cards for members with the permission."""

    def register(provider: Provider) -> Provider:
        _providers.append((permission, provider))
        return provider

    return register


def cards_for(page: HomePage) -> list[HomeCard]:
    """All cards of this member, the most urgent first."""
    cards = [card for permission, provider in _providers if page.may(permission) for card in provider(page)]
    return sorted(cards, key=lambda card: (not card.needs_you, card.order))
