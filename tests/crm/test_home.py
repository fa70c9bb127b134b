import pytest
from django.utils import timezone

from crm import home
from crm.actions.invitations import invite
from crm.home import HomeCard, HomePage, Line, Link, cards_for, home_cards
from crm.models import Role
from crm.permissions import Permission
from tests.conftest import make_member, signed_in


@pytest.fixture
def providers(monkeypatch):
    """Home without the cards of the applications, so that a test registers its own."""
    monkeypatch.setattr(home, "_providers", [])


def page_of(tenant, member):
    return HomePage(tenant=tenant, member=member, now=timezone.now())


def test_cards_come_in_their_order_and_what_needs_nobody_last(tenant, member, providers):
    home_cards(Permission.VIEW_HOME)(lambda page: [HomeCard("late", 9), HomeCard("quiet", 1, needs_you=False)])
    home_cards(Permission.VIEW_HOME)(lambda page: [HomeCard("early", 2)])
    assert [card.title for card in cards_for(page_of(tenant, member))] == ["early", "late", "quiet"]


def test_cards_are_for_those_who_may(tenant, providers):
    home_cards(Permission.SEND_CAMPAIGNS)(lambda page: [HomeCard("send", 1)])
    marketer, viewer = make_member(tenant, Role.MARKETER), make_member(tenant, Role.VIEWER)
    assert [card.title for card in cards_for(page_of(tenant, marketer))] == ["send"]
    assert cards_for(page_of(tenant, viewer)) == []


def test_page_shows_a_card_with_all_it_has(tenant, client, providers):
    card = HomeCard(
        title="A <card>",
        order=1,
        text="Some text.",
        note="2 min",
        tone="warn",
        lines=(Line("mail", "عبد الرحمن", "/o/acme/people/1/", "replied", timezone.now()),),
        links=(Link("Go", "/o/acme/somewhere/"),),
        done=3,
        total=10,
    )
    home_cards(Permission.VIEW_HOME)(lambda page: [card])
    words = client.get("/o/acme/").content.decode()
    assert "1 thing needs you" in words
    for piece in [
        "A &lt;card&gt;",
        "Some text.",
        '<span class="chip warn">2 min</span>',
        '<a href="/o/acme/people/1/"><bdi>عبد الرحمن</bdi></a>',
        '<a class="button small" href="/o/acme/somewhere/">Go</a>',
        '<progress value="3" max="10"',
    ]:
        assert piece in words


def test_nothing_to_do_is_said(tenant, client, providers):
    words = client.get("/o/acme/").content.decode()
    assert "nothing waits for you" in words
    assert "All quiet" in words


def titles(client):
    return [card.title for card in client.get("/o/acme/").context["cards"]]


def test_beginning_asks_for_what_campaigns_need_until_it_is_there(tenant, member, client):
    assert "Say who you are" not in titles(client)
    tenant.sender_email = ""
    tenant.save()
    assert "Say who you are" in titles(client)


def test_beginning_asks_for_colleagues_until_one_is_invited(tenant, member, client):
    assert "Invite your colleagues" in titles(client)
    invite("tom@example.org", Role.RECRUITER, by=member)
    assert "Invite your colleagues" not in titles(client)


def test_employee_is_asked_for_nothing(tenant):
    assert titles(signed_in(make_member(tenant, Role.EMPLOYEE))) == []
