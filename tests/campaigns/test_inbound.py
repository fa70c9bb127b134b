"""Mail by providers' webhooks, in their own shapes: verified, kept once, and never lost for being large."""

import base64
import hashlib
import hmac
import json
import time

import pytest

from crm.models import Member, Role, User
from talentpool.actions.mail_addresses import address_of
from talentpool.intake.mail.recipients import Target, Way, address_with
from talentpool.models import IncomingMail, MailContent
from tests.talentpool.mail.mails import mail

SECRET = "rapport:geheim"
KEY = "mailgun-signing-key"


@pytest.fixture
def address(tenant, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    user = User.objects.create(email="tom@acme-recruiting.test", password="!")
    tom = Member.objects.create(user=user, role=Role.RECRUITER, name="Tom")
    return address_with(Target(Way.ADD, tenant.pk, address_of(tom).token), "in.rapport.test")


def postmark(client, body, secret=SECRET):
    """As Postmark calls: JSON, with the raw mail when its server is set so."""
    authorization = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return client.post(
        "/webhooks/mail/postmark/inbound/",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": authorization},
    )


def event(address, **more):
    return {
        "FromName": "Tom",
        "From": "tom@acme-recruiting.test",
        "FromFull": {"Email": "tom@acme-recruiting.test", "Name": "Tom", "MailboxHash": ""},
        "ToFull": [{"Email": "someone@else.test", "Name": "", "MailboxHash": ""}],
        "CcFull": [],
        "BccFull": [],
        "OriginalRecipient": address,
        "Subject": "Hello",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "Date": "Tue, 3 Mar 2026 16:20:00 +0100",
        "TextBody": "Hello.\n",
        "HtmlBody": "",
        "Headers": [
            {"Name": "Return-Path", "Value": "<tom@acme-recruiting.test>"},
            {"Name": "Message-ID", "Value": "<m1@acme-recruiting.test>"},
        ],
        "Attachments": [],
    } | more


def test_postmark_s_mail_is_kept_once_raw_or_in_parts(address, anonymous):
    raw = mail("Hello.\n", to="someone@else.test").decode()
    assert postmark(anonymous, event(address)).status_code == 200
    assert postmark(anonymous, event(address, RawEmail=raw)).status_code == 200
    assert postmark(anonymous, event("add-1-" + "a" * 18 + "@in.rapport.test")).status_code == 200
    [kept] = IncomingMail.objects.all()
    assert (kept.door, kept.sender, kept.subject, kept.message_id, kept.is_from_nobody) == (
        "webhook", "tom@acme-recruiting.test", "Hello", "m1@acme-recruiting.test", False,
    )  # fmt: skip


def test_mail_larger_than_a_form_gets_through_and_keeps_its_files(address, anonymous, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50_000
    content = base64.b64encode(b"%PDF-" + b"x" * 90_000).decode()
    attachment = {"Name": "cv.pdf", "Content": content, "ContentType": "application/pdf", "ContentLength": 90_005}
    assert postmark(anonymous, event(address, Attachments=[attachment])).status_code == 200
    assert b"cv.pdf" in bytes(MailContent.objects.get().content)
    settings.INBOUND_MAX_BYTES = 10_000
    assert postmark(anonymous, event(address, Attachments=[attachment])).status_code == 413


@pytest.mark.parametrize("secret", ["rapport:falsch", ""])
def test_who_does_not_know_the_secret_brings_nothing(address, anonymous, secret):
    assert postmark(anonymous, event(address), secret=secret).status_code == 400
    assert IncomingMail.objects.count() == 0


def mailgun(client, fields, key=KEY):
    stamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return client.post(
        "/webhooks/mail/mailgun/inbound/", fields | {"timestamp": stamp, "token": token, "signature": signature}
    )


def test_mailgun_s_signature_is_enough_and_needed(address, anonymous, settings):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    raw = mail("Hello.\n", to="someone@else.test").decode()
    fields = {"recipient": address, "sender": "tom@acme-recruiting.test", "body-mime": raw}
    assert mailgun(anonymous, fields, key="another").status_code == 400
    assert mailgun(anonymous, fields).status_code == 200
    assert mailgun(anonymous, fields | {"sender": ""}).status_code == 200
    assert list(IncomingMail.objects.values_list("sender", "subject")) == [("tom@acme-recruiting.test", "Hello")]


def test_provider_that_is_not_set_up_is_not_there(anonymous, settings):
    settings.ANYMAIL = {}
    for provider in ("postmark", "mailgun", "nobody"):
        assert anonymous.post(f"/webhooks/mail/{provider}/inbound/", {}).status_code == 404
