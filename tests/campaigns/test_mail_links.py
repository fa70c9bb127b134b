"""What candidates and machines reach from their mail: counted truly, leading only where it was said, changing nothing by GET."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from campaigns.delivery.sending import send_chunk
from campaigns.models import Message, MessageEvent, MessageState
from campaigns.tracking.tokens import token_for
from talentpool.models import Activity, ActivityKind, Consent, Suppression
from tests.factories.everything import snapshot
from tests.factories.mail import make_campaign, make_people, start

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
SCANNER = {"HTTP_USER_AGENT": "python-requests/2.34"}
LINK = "https://jobs.example.org/icu?x=1&y=2"


@pytest.fixture
def message(tenant, member, worker, smtp):
    """A message that was sent an hour ago."""
    (person,) = make_people(1)
    campaign = start(make_campaign(member, [person]), member)
    assert send_chunk(campaign.pk)
    Message.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    return Message.objects.select_related("candidate", "campaign").get()


def path(message, rest):
    return f"/t/{token_for(message.tenant_id, message.pk)}/{rest}"


def events(message):
    return list(message.events.order_by("pk").values_list("kind", "machine"))


def activities(message):
    kinds = [
        ActivityKind.MESSAGE_OPENED,
        ActivityKind.MESSAGE_CLICKED,
        ActivityKind.UNSUBSCRIBED,
        ActivityKind.CONSENT_GIVEN,
    ]
    return list(
        Activity.objects.filter(candidate=message.candidate, kind__in=kinds)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_open_is_counted_once_as_a_person_s(message, anonymous):
    for _ in range(2):
        response = anonymous.get(path(message, "open.gif"), **BROWSER)
    assert (response.status_code, response["Content-Type"], response.content[:3]) == (200, "image/gif", b"GIF")
    assert "no-store" in response["Cache-Control"]
    message.refresh_from_db()
    assert message.opened_at is not None
    assert events(message) == [("opened", ""), ("opened", "")]
    assert activities(message) == ["message_opened"]
    assert response.cookies == {}


def test_click_leads_where_the_author_said_and_nowhere_else(message, anonymous):
    response = anonymous.get(path(message, "1") + "?url=https://evil.example&next=//evil.example", **BROWSER)
    assert (response.status_code, response["Location"], response["Referrer-Policy"]) == (302, LINK, "no-referrer")
    assert anonymous.get(path(message, "2"), **BROWSER).status_code == 404
    message.refresh_from_db()
    assert message.clicked_at is not None
    assert activities(message) == ["message_clicked"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_machine_s_visit_is_kept_apart(message, anonymous, method):
    machine = SCANNER if method == "get" else BROWSER
    assert getattr(anonymous, method)(path(message, "1"), **machine).status_code == 302
    assert getattr(anonymous, method)(path(message, "open.gif"), **machine).status_code == 200
    message.refresh_from_db()
    assert (message.opened_at, message.clicked_at, activities(message)) == (None, None, [])
    assert [bool(reason) for _, reason in events(message)] == [True, True]


def test_visit_within_seconds_of_delivery_is_a_machine_s(message, anonymous):
    Message.objects.update(sent_at=timezone.now())
    anonymous.get(path(message, "1"), **BROWSER)
    assert events(message) == [("clicked", "It came within seconds of delivery.")]


def test_who_follows_the_hidden_link_was_a_machine_all_along(message, anonymous):
    anonymous.get(path(message, "1"), **BROWSER)
    assert anonymous.get(path(message, "0"), **BROWSER).status_code == 204
    anonymous.get(path(message, "1"), **BROWSER)
    message.refresh_from_db()
    assert message.clicked_at is None
    assert events(message) == [("clicked", "It followed a link that nobody can see.")] * 3
    person = {"HTTP_USER_AGENT": BROWSER["HTTP_USER_AGENT"] + " other"}
    anonymous.get(path(message, "1"), **person)
    message.refresh_from_db()
    assert message.clicked_at is not None


def test_get_and_head_never_unsubscribe(message, anonymous):
    for method in ("get", "head", "get"):
        assert getattr(anonymous, method)(path(message, "unsubscribe") + "?wish=stop", **BROWSER).status_code == 200
    assert list(Suppression.objects.all()) == []


def test_one_click_unsubscribes_without_cookies_and_holds_what_is_queued(message, anonymous, member, worker, smtp):
    tenant = member.tenant
    tenant.contact_gap_days = 0
    tenant.save()
    queued = start(make_campaign(member, [message.candidate], name="Next"), member)
    client = type(anonymous)(enforce_csrf_checks=True)
    for _ in range(2):
        response = client.post(
            path(message, "unsubscribe"), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert (response.status_code, response.content, client.cookies) == (200, b"You are unsubscribed.", {})
    assert list(Suppression.objects.values_list("address", "reason", "until")) == [
        (message.address, "unsubscribed", None)
    ]
    assert activities(message) == ["unsubscribed"]
    assert send_chunk(queued.pk)
    held = Message.objects.get(campaign=queued)
    assert (held.state, held.reason.startswith("Unsubscribed on")) == (MessageState.HELD, True)
    assert len(smtp.mails) == 1


def test_page_offers_a_way_back(message, anonymous):
    page = path(message, "unsubscribe")
    response = anonymous.post(page, {"wish": "stop_all"})
    assert (response.status_code, response["Location"]) == (302, page)
    assert "You are unsubscribed" in anonymous.get(page).content.decode()
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    anonymous.post(page, {"wish": "undo"})
    assert "No more messages?" in anonymous.get(page).content.decode()
    assert (Suppression.objects.count(), Consent.objects.filter(withdrawn_at=None).count()) == (0, 1)
    message.refresh_from_db()
    assert message.unsubscribed_at is None
    assert [kind for kind, _ in events(message)] == ["unsubscribed", "resubscribed"]


def test_page_offers_a_pause(message, anonymous):
    page = path(message, "unsubscribe")
    anonymous.post(page, {"wish": "pause"})
    (pause,) = Suppression.objects.all()
    assert (pause.reason, timedelta(days=89) < pause.until - timezone.now() < timedelta(days=91)) == ("quiet", True)
    assert "You have your quiet" in anonymous.get(page).content.decode()
    anonymous.post(page, {"wish": "stop"})
    assert "You are unsubscribed" in anonymous.get(page).content.decode()


def test_wish_that_is_none_is_refused_with_a_sentence(message, anonymous):
    response = anonymous.post(path(message, "unsubscribe"), {"wish": "everything"})
    assert (response.status_code, "Choose one of the three." in response.content.decode()) == (422, True)


def test_undo_leaves_another_s_suppression_alone(message, anonymous):
    Suppression.objects.create(address=message.address, reason="bounced", at=timezone.now())
    anonymous.post(path(message, "unsubscribe"), {"wish": "undo"})
    assert list(Suppression.objects.values_list("reason", flat=True)) == ["bounced"]


@pytest.mark.parametrize("rest", ["open.gif", "1", "0", "unsubscribe"])
@pytest.mark.parametrize("token", ["x", "A" * 36, "%00", "..%2f"])
def test_wrong_token_finds_nothing(message, anonymous, rest, token):
    assert anonymous.get(f"/t/{token}/{rest}", **BROWSER).status_code == 404


def test_token_of_another_tenant_reaches_only_that_tenant_s_messages(message, anonymous, tenant, other_tenant):
    before = snapshot(tenant)
    foreign = token_for(other_tenant.pk, message.pk)
    assert anonymous.get(f"/t/{foreign}/open.gif", **BROWSER).status_code == 200
    assert anonymous.get(f"/t/{foreign}/1", **BROWSER).status_code == 404
    anonymous.post(f"/t/{foreign}/unsubscribe", {"wish": "stop"})
    assert snapshot(tenant) == before


def test_links_of_a_test_message_work_and_change_nothing(message, anonymous, tenant):
    before = snapshot(tenant)
    token = token_for(tenant.pk, 0)
    assert anonymous.get(f"/t/{token}/open.gif").status_code == 200
    assert "This is a test message" in anonymous.get(f"/t/{token}/1").content.decode()
    assert "nothing you choose here is kept" in anonymous.get(f"/t/{token}/unsubscribe").content.decode()
    assert anonymous.post(f"/t/{token}/unsubscribe", {"wish": "stop"}).status_code == 302
    assert snapshot(tenant) == before


def test_events_of_one_message_have_an_end(message, anonymous, monkeypatch):
    monkeypatch.setattr("campaigns.actions.tracking.MOST_EVENTS", 3)
    for _ in range(5):
        anonymous.get(path(message, "open.gif"), **BROWSER)
    assert MessageEvent.objects.count() == 3


def postmark(anonymous, body, secret="user:secret"):
    import base64

    header = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()}
    return anonymous.post("/webhooks/mail/postmark/", body, content_type="application/json", **header)


def test_provider_s_bounce_and_complaint_are_heard_and_others_are_not(message, anonymous, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret"}
    token = token_for(message.tenant_id, message.pk)
    bounce = {
        "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Email": message.address, "ID": 7, "Details": "no such mailbox",
        "MessageID": "m", "BouncedAt": "2026-11-22T05:00:00Z", "Metadata": {"message": token},
    }  # fmt: skip
    assert postmark(anonymous, bounce, secret="user:wrong").status_code == 400
    assert Suppression.objects.count() == 0
    for _ in range(2):
        assert postmark(anonymous, bounce).status_code == 200
    assert list(Suppression.objects.values_list("address", "reason")) == [(message.address, "bounced")]
    assert [kind for kind, _ in events(message)] == ["bounced"]
    complaint = bounce | {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512}
    assert postmark(anonymous, complaint).status_code == 200
    assert set(Suppression.objects.values_list("reason", flat=True)) == {"bounced", "complained"}
    forged = bounce | {"Metadata": {"message": token[:-1] + ("A" if token[-1] != "A" else "B")}}
    assert postmark(anonymous, forged).status_code == 200
    assert len(events(message)) == 2


def test_webhook_without_a_secret_does_not_exist(message, anonymous):
    assert not django_settings.ANYMAIL.get("WEBHOOK_SECRET")
    assert postmark(anonymous, {}).status_code == 404
