"""The pages of e-mail: one's addresses, what waits, one mail, and a person's letters."""

import pytest
from django.test import Client
from django.utils import timezone

from crm.home import HomePage, cards_for
from crm.models import Role
from talentpool.models import BlockedSender, IncomingMail, MailAddress, MailLetter
from tests.conftest import signed_in
from tests.talentpool.mail.conftest import colleague
from tests.talentpool.mail.mails import FORWARDED, mail

EVIL = '<script>alert(1)</script> "Eve" & Co'


@pytest.fixture
def browser(tom):
    return signed_in(tom)


@pytest.fixture
def waiting(to, arrive):
    return arrive(mail(EVIL, sender="Eve <eve@evil.test>", subject=EVIL, files=[("<b>.pdf", b"x")]), to())


def test_member_sees_her_addresses_and_renews_them(browser, to, tom, settings):
    page = browser.get("/o/acme/settings/mail/")
    assert to() in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert browser.post("/o/acme/settings/mail/renew/").status_code == 302
    assert MailAddress.objects.filter(member=tom).count() == 2
    settings.INBOUND_DOMAIN = ""
    assert "Mail can’t arrive yet" in browser.get("/o/acme/settings/mail/").content.decode()


def test_mail_from_a_stranger_is_shown_as_text_and_decided(browser, waiting, tom):
    listed = browser.get("/o/acme/mail/").content.decode()
    shown = browser.get(f"/o/acme/mail/{waiting.pk}/").content.decode()
    for page in (listed, shown):
        assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    assert "<b>.pdf" not in shown
    original = browser.get(f"/o/acme/mail/{waiting.pk}/original/")
    assert (original["Content-Disposition"], original["X-Content-Type-Options"]) == (
        f'attachment; filename="mail-{waiting.pk}.eml"',
        "nosniff",
    )
    wrong = browser.post(f"/o/acme/mail/{waiting.pk}/accept/", {"as_whom": "other", "email": "no"})
    assert (wrong.status_code, "Say whose mail it is" in wrong.content.decode()) == (422, True)
    assert browser.post(f"/o/acme/mail/{waiting.pk}/accept/", {"as_whom": "sender"}).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.member, waiting.decision) == ("waiting", tom, {"as": "sender"})


def test_sender_is_blocked_and_unblocked(browser, waiting):
    browser.post(f"/o/acme/mail/{waiting.pk}/block/")
    blocked = BlockedSender.objects.get()
    assert "eve@evil.test" in browser.get("/o/acme/mail/?outcome=all").content.decode()
    browser.post(f"/o/acme/mail/senders/{blocked.pk}/unblock/")
    assert (BlockedSender.objects.count(), IncomingMail.objects.get().outcome) == (0, "discarded")
    assert browser.post(f"/o/acme/mail/{waiting.pk}/discard/").status_code == 302
    assert browser.get(f"/o/acme/mail/{waiting.pk}/original/").status_code == 404


def test_home_counts_what_waits_for_those_who_may(waiting, tom, tenant):
    viewer = colleague(tenant, Role.VIEWER, "vi@acme-recruiting.test")
    titles = [
        [card.title for card in cards_for(HomePage(tenant=tenant, member=each, now=timezone.now()))]
        for each in (tom, viewer)
    ]
    assert ["1 mail waits for review" in each for each in titles] == [True, False]
    assert signed_in(viewer).get("/o/acme/mail/").status_code == 403


def test_letter_is_on_the_person_s_page(browser, to, arrive):
    arrive(FORWARDED["gmail-en"][0](to()), to())
    letter = MailLetter.objects.get()
    page = browser.get(f"/o/acme/people/{letter.candidate_id}/letters/{letter.pk}/").content.decode()
    assert "I would like to hear more about the ICU position." in page and "Please have a look at her." in page
    for tab in ("activity", "messages"):
        assert f"letters/{letter.pk}/" in browser.get(f"/o/acme/people/{letter.candidate_id}/{tab}/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_few_questions(number, browser: Client, to, arrive, django_assert_num_queries):
    for each in range(number):
        arrive(FORWARDED["gmail-pt"][0](to()).replace(b"forward-6", b"f%d" % each), to())
    browser.get("/o/acme/mail/?outcome=all")
    with django_assert_num_queries(10):
        assert browser.get("/o/acme/mail/?outcome=all").status_code == 200
