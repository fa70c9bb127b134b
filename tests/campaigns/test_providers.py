"""Delivery through a provider: the same headers, and a true fate for each answer, refusal and silence."""

from collections import Counter

import pytest

from campaigns.actions.trying_out import send_test
from campaigns.delivery.routes import ProviderAccount, route_for
from campaigns.delivery.sending import send_chunk
from campaigns.delivery.smtp_session import Security, Server
from campaigns.models import MailRoute, Message, MessageState
from campaigns.tracking.tokens import token_for
from tests.factories.mail import make_campaign, make_people, start
from tests.simulators.postmark import CUT, Postmark


@pytest.fixture
def postmark(settings):
    with Postmark() as simulator:
        settings.MAIL_DELIVERY = "anymail"
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "secret", "POSTMARK_API_URL": simulator.url}
        yield simulator


def test_provider_takes_a_campaign_with_its_headers_and_our_token(tenant, member, worker, postmark, settings):
    (person,) = make_people(1, given_name="Jürgen")
    campaign = start(make_campaign(member, [person], reply_to="mara@acme.example"), member)
    assert send_chunk(campaign.pk)
    (mail,) = postmark.mails
    message = Message.objects.get()
    token = token_for(tenant.pk, message.pk)
    headers = {header["Name"]: header["Value"] for header in mail["Headers"]}
    assert (mail["To"], mail["From"], mail["ReplyTo"], mail["Subject"], mail["token"]) == (
        person.email,
        "Acme <jobs@acme.example>",
        "mara@acme.example",
        "A post in Fresno",
        "secret",
    )
    assert headers["List-Unsubscribe"] == f"<{settings.BASE_URL}/t/{token}/unsubscribe>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Metadata"] == {"message": token}
    assert "Hello Jürgen" in mail["TextBody"]
    assert f"/t/{token}/open.gif" in mail["HtmlBody"]
    assert (message.state, message.reply) == (MessageState.SENT, "sent m1")


def test_provider_s_refusal_pressure_and_silence_each_have_their_fate(tenant, member, worker, postmark):
    people = make_people(5)
    postmark.script |= {people[1].email: 422, people[2].email: 429, people[3].email: 500, people[4].email: CUT}
    campaign = start(make_campaign(member, people), member)
    assert send_chunk(campaign.pk)
    states = dict(Message.objects.values_list("candidate_id", "state"))
    assert [states[person.pk] for person in people] == [
        MessageState.SENT,
        MessageState.FAILED,
        MessageState.DEFERRED,
        MessageState.DEFERRED,
        MessageState.UNKNOWN,
    ]
    assert Counter(mail["To"] for mail in postmark.mails) == Counter([people[0].email, people[4].email])


def test_provider_that_can_not_be_reached_has_sent_nothing(tenant, member, worker, postmark, settings):
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:1/"}
    campaign = start(make_campaign(member, make_people(2)), member)
    assert send_chunk(campaign.pk)
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.PLANNED, 0)}


def test_test_message_goes_by_the_provider_too(tenant, member, postmark):
    campaign = make_campaign(member, make_people(1))
    assert send_test(campaign, tenant, by=member) == member.user.email
    assert [(mail["To"], mail["Subject"]) for mail in postmark.mails] == [
        (member.user.email, "[Test] A post in Clovis")
    ]


def test_organisation_s_own_route_wins_and_keeps_its_secret(tenant, member, settings):
    route = MailRoute.objects.create(
        host="mx.acme.example", port=465, encryption="tls", user="acme", secret="geheim", per_minute=90
    )
    assert route_for(tenant).way == Server(
        host="mx.acme.example", port=465, sender="jobs@acme.example", hello="testserver", security=Security.TLS, user="acme", password="geheim"
    )  # fmt: skip
    assert route_for(tenant).per_minute == 90
    stored = MailRoute.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True)[0]
    assert "geheim" not in stored
    MailRoute.objects.filter(pk=route.pk).update(kind="provider", provider="postmark")
    assert route_for(tenant).way == ProviderAccount(
        "anymail.backends.postmark.EmailBackend", (("server_token", "geheim"),)
    )
    assert "geheim" not in repr(route_for(tenant))
