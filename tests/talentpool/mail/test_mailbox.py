"""The organisation's mailbox, read by IMAP from a server that may do what it likes."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.models import AuditEntry
from talentpool.actions.incoming_mail import deliver
from talentpool.actions.mail_addresses import address_of
from talentpool.actions.mailboxes import poll_mailbox, save_mailbox, try_mailbox
from talentpool.intake.mail import imap
from talentpool.intake.mail.recipients import Target, Way, address_with
from talentpool.models import IncomingMail, Mailbox, MailContent, MailDoor
from tests.conftest import signed_in
from tests.simulators.imap import PASSWORD, ImapServer
from tests.talentpool.mail.mails import mail


@pytest.fixture
def server(settings):
    settings.OUTGOING_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with ImapServer() as simulator:
        yield simulator


@pytest.fixture
def box(server, owner):
    values = {
        "address": "rapport@acme.test",
        "host": "127.0.0.1",
        "port": server.port,
        "encryption": "none",
        "user": "rapport",
    }
    return save_mailbox(values | {"secret": PASSWORD, "folder": "INBOX", "is_active": True}, by=owner)


def read(box):
    kept = poll_mailbox(box.pk)
    box.refresh_from_db()
    return kept


def test_new_mail_is_kept_once_and_what_lay_there_is_left_alone(server, box, tom, tenant):
    own = address_with(Target(Way.ADD, tenant.pk, address_of(tom).token), box.address)
    server.add(mail("Old", Message_ID="<0@x>"))
    assert (read(box), box.last_uid) == (0, 1)
    raw = mail("New", to=own, Message_ID="<1@x>")
    server.add(raw)
    server.add(mail("To the box itself", to=box.address, Message_ID="<2@x>"))
    assert (read(box), read(box), box.error) == (2, 0, "")
    deliver(raw, [own], door=MailDoor.WEBHOOK)
    assert list(IncomingMail.objects.order_by("pk").values_list("door", "way", "address__member__name")) == [
        ("mailbox", "add", "Tom"),
        ("mailbox", "", None),
    ]
    server.validity = 8
    assert (read(box), box.uid_validity, box.last_uid) == (1, 8, 3)  # the old one, looked at for the first time
    assert not any("STORE" in said or "SELECT" in said for said in server.said)


def test_address_of_another_organisation_is_nobody_s_here(server, box, other_tenant):
    read(box)
    server.add(mail("x", to=address_with(Target(Way.ADD, other_tenant.pk, "a" * 18), box.address)))
    read(box)
    assert list(IncomingMail.objects.values_list("address", "way")) == [(None, "")]


def test_mail_that_is_too_large_is_not_even_fetched(server, box, settings):
    settings.INBOUND_MAX_BYTES = 2_000
    read(box)
    server.add(mail("x" * 70 + "\n", files=[("cv.pdf", b"x" * 5000)]))
    assert read(box) == 1
    assert (IncomingMail.objects.get().size > 5000, len(bytes(MailContent.objects.get().content)) < 1000) == (
        True,
        True,
    )
    assert not any(said.endswith("BODY.PEEK[])") for said in server.said)


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        ("literal", "more than was asked for"),
        ("size", "more than was asked for"),
        ("no_validity", "does not number its mails"),
        ("silent", "did not answer"),
    ],
)
def test_server_that_lies_or_says_nothing_is_given_up(lie, sentence, server, box, settings, monkeypatch):
    monkeypatch.setattr(imap, "SECONDS", 0.3)
    read(box)
    settings.INBOUND_MAX_BYTES = 1_000
    monkeypatch.setattr(imap, "LONGEST_HEAD", 0)
    server.add(mail("x" * 70 + "\n", files=[("cv.pdf", b"x" * 5000)]))
    server.lies = lie
    assert (read(box), sentence in box.error, box.lease_until) == (0, True, None)
    assert IncomingMail.objects.count() == 0


def test_wrong_password_folder_and_port_are_said(server, box, owner):
    assert try_mailbox(box) == 0
    for change, words in (
        ({"secret": "x"}, "did not let us in"),
        ({"folder": "Jobs"}, "no folder “Jobs”"),
        ({"port": 1}, "does not answer"),
        ({"host": "nowhere.invalid"}, "no server called nowhere.invalid"),
    ):
        for name, value in change.items():
            kept = getattr(box, name)
            setattr(box, name, value)
            with pytest.raises(ValidationError, match=words):
                try_mailbox(box)
            setattr(box, name, kept)


@pytest.fixture
def self_signed(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = (
        builder.serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "c.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "k.pem").write_bytes(pem)
    return str(tmp_path / "c.pem"), str(tmp_path / "k.pem")


def test_server_whose_certificate_nobody_vouches_for_gets_no_password(box, self_signed):
    with ImapServer(certificate=self_signed) as pretender:
        box.port, box.encryption = pretender.port, "tls"
        with pytest.raises(ValidationError, match="No safe connection"):
            try_mailbox(box)
        assert pretender.said == []


def test_names_that_lead_inward_are_refused(settings, box):
    settings.OUTGOING_ALLOWED_NETWORKS = []
    read(box)
    assert box.error == "127.0.0.1 leads into a private network, where Rapport does not go."


def test_two_workers_do_not_read_it_at_once(server, box):
    Mailbox.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert (read(box), server.said) == (0, [])


def test_settings_page_keeps_the_password_to_itself(server, box, owner):
    browser = signed_in(owner)
    page = browser.get("/o/acme/settings/mailbox/").content.decode()
    assert "rapport@acme.test" in page and PASSWORD not in page
    values = {
        "address": "rapport@acme.test",
        "host": "127.0.0.1",
        "port": server.port,
        "encryption": "none",
        "user": "rapport",
        "folder": "INBOX",
        "secret": "",
    }
    assert browser.post("/o/acme/settings/mailbox/", values | {"host": "10.1.2.3"}).status_code == 422
    assert browser.post("/o/acme/settings/mailbox/", values).status_code == 302
    box.refresh_from_db()
    assert (box.secret, box.is_active) == (PASSWORD, False)
    assert PASSWORD not in str(list(AuditEntry.objects.values()))
    stored = Mailbox.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True)[0]
    assert PASSWORD not in stored
    tried = browser.post("/o/acme/settings/mailbox/test/", follow=True).content.decode()
    assert "It can be read: 0 mails lie in it now." in tried
    assert browser.post("/o/acme/settings/mailbox/remove/").status_code == 302
    assert Mailbox.objects.count() == 0
