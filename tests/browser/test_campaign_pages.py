"""Campaigns in a real browser: nothing axe finds, nothing sideways, and the letter follows what is typed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.delivery.planning import plan_messages
from campaigns.models import Campaign, Message, MessageState
from campaigns.tracking.tokens import token_for
from crm.models import Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate
from tests.conftest import PASSWORD, make_member
from tests.factories.mail import make_campaign, make_people

EMAIL = "mara@acme.example"
NARROW = {"viewport": {"width": 390, "height": 844}}
DARK = {"color_scheme": "dark"}
DRAFT = ["message", "audience", "when", "check", "held"]
SENT = ["report", "people/?list=sent", "people/?list=unknown", "people/?list=held"]


@pytest.fixture
def organisation(transactional_db):
    """A draft to people of all sorts, and a campaign under way with every fate in it."""
    tenant = Tenant.objects.create(
        name="Acme Health", slug="acme", sender_email="jobs@acme.example", postal_address="1 Main Street, Fresno, CA"
    )
    User.objects.create_user(EMAIL, PASSWORD, name="Mara Okafor")
    member = make_member(tenant, Role.OWNER, EMAIL)
    with tenant_scope(tenant.pk):
        people = make_people(8)
        Candidate.objects.filter(pk=people[0].pk).update(location="")
        Candidate.objects.filter(pk=people[1].pk).update(
            name="عبد الرحمن بن محمد الزهراني الطويل الاسم جدا", given_name="عبد"
        )
        tenant.draft = make_campaign(member, people, name="A post " + "with a very long name " * 6)
        tenant.sent = make_campaign(member, people, name="On its way", state="sending", planned_at=timezone.now())
        plan_messages(tenant.sent.pk, [person.pk for person in people], per_minute=600)
        for number, message in enumerate(Message.objects.order_by("pk")):
            state = [MessageState.SENT, MessageState.UNKNOWN, MessageState.HELD, MessageState.FAILED][number % 4]
            Message.objects.filter(pk=message.pk).update(
                state=state,
                claimed_at=timezone.now() - timedelta(hours=1),
                sent_at=timezone.now() - timedelta(hours=1) if state == MessageState.SENT else None,
                verdict=9 if state == MessageState.HELD else 1,
                reason="Asked for a pause" if state == MessageState.HELD else "",
                reply="250 taken",
                opened_at=timezone.now() if number == 0 else None,
            )
    return tenant


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("page", [{}, NARROW, DARK], indirect=True, ids=["wide", "narrow", "dark"])
def test_pages_of_campaigns_are_accessible(organisation, page, sign_in, accessible, faults):
    sign_in(EMAIL)
    paths = [
        "",
        "new/",
        *(f"{organisation.draft.pk}/{tab}/" for tab in DRAFT),
        *(f"{organisation.sent.pk}/{tab}" for tab in SENT),
    ]
    for path in paths:
        page.goto(f"/o/acme/campaigns/{path}")
        accessible()
        assert sideways(page) == 0, page.url
    assert faults == []


@pytest.mark.parametrize("page", [{}, NARROW, DARK], indirect=True, ids=["wide", "narrow", "dark"])
def test_way_out_is_accessible(organisation, page, accessible, faults):
    with tenant_scope(organisation.pk):
        message = Message.objects.filter(state=MessageState.SENT).first()
    page.goto(f"/t/{token_for(organisation.pk, message.pk)}/unsubscribe")
    accessible()
    page.get_by_role("button", name="Do that").click()
    page.get_by_role("heading", name="You are unsubscribed").wait_for()
    accessible()
    assert sideways(page) == 0
    assert faults == []


def test_letter_follows_what_is_typed(organisation, page, sign_in, faults):
    sign_in(EMAIL)
    page.goto(f"/o/acme/campaigns/{organisation.draft.pk}/message/")
    page.get_by_label("Message", exact=True).fill("Good morning {{ last_name }}")
    letter = page.frame_locator("iframe.mail")
    letter.get_by_text("Good morning Berg").wait_for()
    page.get_by_label("Message", exact=True).fill("Good morning {{ nickname }}")
    page.locator("#letter").get_by_text("There is no merge field “nickname”").wait_for()
    with tenant_scope(organisation.pk):
        assert Campaign.objects.get(pk=organisation.draft.pk).body == "Good morning {{ last_name }}"
    assert [fault for fault in faults if "422" not in fault] == []
