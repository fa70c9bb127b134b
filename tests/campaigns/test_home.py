from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import home
from campaigns.models import Campaign, CampaignState, Message, MessageState
from crm.home import HomePage
from crm.models import Role
from tests.conftest import make_member
from tests.factories.people import make_candidate


@pytest.fixture
def page(tenant, member):
    return HomePage(tenant=tenant, member=member, now=timezone.now())


def make_campaign(member, state=CampaignState.DRAFT, *, messages=(), **fields):
    campaign = Campaign.objects.create(name="A post closer to home", by=member, state=state, **fields)
    for message_state in messages:
        person = make_candidate()
        Message.objects.create(campaign=campaign, candidate=person, origin=person, state=message_state)
    return campaign


def said(cards):
    return [(card.title, card.note, card.needs_you) for card in cards]


def test_draft_left_lying_is_named_and_a_fresh_one_is_not(tenant, member, page):
    draft = make_campaign(member)
    assert list(home.drafts(page)) == []
    Campaign.objects.update(changed_at=page.now - timedelta(days=2))
    [card] = home.drafts(page)
    assert [(line.title, line.url) for line in card.lines] == [(draft.name, f"/o/acme/campaigns/{draft.pk}/")]


def test_draft_of_a_colleague_is_hers(tenant, page):
    make_campaign(make_member(tenant, Role.MARKETER))
    Campaign.objects.update(changed_at=page.now - timedelta(days=2))
    assert list(home.drafts(page)) == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (CampaignState.SENDING, [("A post closer to home", "leaving now", False)]),
        (CampaignState.PAUSED, [("A post closer to home", "paused", True)]),
        (CampaignState.SENT, []),
    ],
)
def test_what_is_leaving_says_how_far_it_is(member, page, state, expected):
    make_campaign(member, state, messages=[MessageState.SENT, MessageState.HELD, MessageState.PLANNED])
    cards = list(home.leaving(page))
    assert said(cards) == expected
    assert [(card.done, card.total) for card in cards] == [(2, 3)] * len(expected)


def test_trouble_is_said_in_its_own_words(member, page):
    make_campaign(member, CampaignState.SCHEDULED, trouble="The mail server does not answer.")
    assert [(card.text, card.note) for card in home.trouble(page)] == [
        ("The mail server does not answer.", "can’t leave")
    ]
    assert list(home.leaving(page)) == []


def test_unknown_fates_are_counted_by_campaign(member, page):
    states = [MessageState.UNKNOWN, MessageState.UNKNOWN, MessageState.SENT]
    campaign = make_campaign(member, CampaignState.SENT, messages=states, planned_at=page.now)
    make_campaign(member, CampaignState.SENT, messages=[MessageState.SENT], planned_at=page.now)
    [card] = home.unknown_fates(page)
    assert card.title == "2 messages have an unknown fate"
    assert card.links[0].url == f"/o/acme/campaigns/{campaign.pk}/unknown/"


def test_unknown_fates_of_long_ago_rest(member, page):
    planned = page.now - timedelta(days=31)
    make_campaign(member, CampaignState.SENT, messages=[MessageState.UNKNOWN], planned_at=planned)
    assert list(home.unknown_fates(page)) == []
