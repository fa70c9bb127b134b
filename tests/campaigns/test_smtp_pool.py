"""The client against a server that refuses, cuts, keeps silent or insists: every parcel gets one true fate."""

import asyncio
import datetime
import ipaddress
import ssl
import time
from collections import Counter

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.delivery import smtp_pool
from campaigns.delivery.batch import Batch, Fate, Outcome, Posting
from campaigns.delivery.journal import Journal, left_behind
from campaigns.delivery.smtp_pool import Pool
from campaigns.delivery.smtp_session import Security, Server, Session
from tests.simulators.smtp import CUT, SILENCE, SmtpServer

BODY = b"Subject: hello\r\n\r\nhello\r\n"


def postings(number, body=BODY):
    return [Posting(i, f"p{i}@x.example", lambda: body) for i in range(1, number + 1)]


def server_of(simulator, **options):
    return Server(
        "127.0.0.1", simulator.port, "from@a.example", "crm.example", **{"connections": 3, "timeout": 5, **options}
    )


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(smtp_pool, "FIRST_PAUSE", 0.02)


def sent_through(simulator, rows, *, seconds=20.0, journal=None, **options):
    batch = Batch(rows, deadline=time.monotonic() + seconds, journal=journal)
    pool = Pool(server_of(simulator, **options))

    async def run():
        await pool.send(batch)
        await pool.close()

    asyncio.run(run())
    return batch, pool


def fates(batch):
    return {outcome.message_id: outcome.fate for outcome in batch.outcomes}


def once_each(number):
    return Counter({f"p{i}@x.example": 1 for i in range(1, number + 1)})


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("ahead", [True, False])
def test_pool_delivers_each_parcel_once_and_unchanged(pipelining, ahead):
    body = b"Subject: x\r\n\r\n" + b"line\r\n" * 3000
    with SmtpServer(pipelining=pipelining) as simulator:
        batch, _ = sent_through(simulator, postings(40, body), ahead=ahead)
    assert fates(batch) == dict.fromkeys(range(1, 41), Fate.SENT)
    assert simulator.recipients == once_each(40)
    assert {mail.content for mail in simulator.mails} == {body}
    assert {mail.sender for mail in simulator.mails} == {"from@a.example"}
    assert simulator.violations == []


@pytest.mark.parametrize("pipelining", [True, False])
def test_pool_refusals_hit_their_own_parcel_alone(pipelining):
    script = {
        ("RCPT", "p2@x.example"): "550 5.1.1 no such person",
        ("RCPT", "p3@x.example"): "451 4.7.1 greylisted",
        ("BODY", "p4@x.example"): "552 5.2.2 mailbox full",
        ("BODY", "p5@x.example"): "452 4.3.1 later",
        ("DATA", "p6@x.example"): "554 5.7.1 not you",
    }
    with SmtpServer(pipelining=pipelining, script=script) as simulator:
        batch, _ = sent_through(simulator, postings(8), connections=1)
    assert sorted(batch.outcomes, key=lambda outcome: outcome.message_id) == [
        Outcome(1, Fate.SENT, "250 taken"),
        Outcome(2, Fate.REFUSED, "550 5.1.1 no such person"),
        Outcome(3, Fate.DEFERRED, "451 4.7.1 greylisted"),
        Outcome(4, Fate.REFUSED, "552 5.2.2 mailbox full"),
        Outcome(5, Fate.DEFERRED, "452 4.3.1 later"),
        Outcome(6, Fate.REFUSED, "554 5.7.1 not you"),
        Outcome(7, Fate.SENT, "250 taken"),
        Outcome(8, Fate.SENT, "250 taken"),
    ]
    assert simulator.violations == []
    assert simulator.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_pool_connection_cut_after_the_body_is_unknown_and_before_it_is_tried_again(pipelining):
    script = {("BODY", "p3@x.example"): CUT, ("RCPT", "p5@x.example"): CUT}
    with SmtpServer(pipelining=pipelining, script=script) as simulator:
        batch, _ = sent_through(
            simulator, postings(9), connections=2, seconds=6
        )  # five may be tried until they are over
    expected = dict.fromkeys(range(1, 10), Fate.SENT) | {3: Fate.UNKNOWN, 5: Fate.NOT_STARTED}
    assert fates(batch) == expected
    assert simulator.recipients == once_each(9) - Counter({"p5@x.example": 1})


def test_pool_goes_on_when_the_server_limits_mails_per_connection():
    with SmtpServer(answers_per_connection=4) as simulator:
        batch, _ = sent_through(simulator, postings(20), connections=2)
    assert fates(batch) == dict.fromkeys(range(1, 21), Fate.SENT)
    assert simulator.recipients == once_each(20)


def test_pool_hangs_up_on_a_silent_server():
    with SmtpServer(script={("BODY", "p2@x.example"): SILENCE}) as simulator:
        batch, _ = sent_through(simulator, postings(3), connections=1, timeout=0.4)
    assert fates(batch) == {1: Fate.SENT, 2: Fate.UNKNOWN, 3: Fate.SENT}


def test_pool_says_that_nobody_listens():
    with SmtpServer() as simulator:
        pass
    batch, pool = sent_through(simulator, postings(2))
    assert fates(batch) == {1: Fate.NOT_STARTED, 2: Fate.NOT_STARTED}
    assert pool.trouble.startswith(f"The mail server 127.0.0.1:{simulator.port} can’t be reached: ")


def test_pool_says_when_it_is_turned_away():
    with SmtpServer(script={("CONNECT", ""): "554 no"}) as simulator:
        batch, pool = sent_through(simulator, postings(1))
    assert fates(batch) == {1: Fate.NOT_STARTED}
    assert pool.trouble == "The mail server turned us away: 554 no"


def test_batch_starts_nothing_after_its_deadline():
    with SmtpServer() as simulator:
        batch, _ = sent_through(simulator, postings(3), seconds=-1)
    assert fates(batch) == dict.fromkeys([1, 2, 3], Fate.NOT_STARTED)
    assert simulator.mails == []


def test_parcel_that_can_not_be_built_fails_alone():
    def broken():
        raise ValueError("no words")

    rows = postings(3)
    rows[1] = Posting(2, "p2@x.example", broken)
    with SmtpServer() as simulator:
        batch, _ = sent_through(simulator, rows, connections=1)
    assert fates(batch) == {1: Fate.SENT, 2: Fate.REFUSED, 3: Fate.SENT}
    assert [outcome.reply for outcome in batch.outcomes if outcome.message_id == 2] == [
        "The message could not be made: no words"
    ]


def test_pool_keeps_its_connections_from_batch_to_batch():
    with SmtpServer() as simulator:
        pool = Pool(server_of(simulator))

        async def run():
            for _ in range(4):
                batch = Batch(postings(30), deadline=time.monotonic() + 20)
                await pool.send(batch)
                assert fates(batch) == dict.fromkeys(range(1, 31), Fate.SENT)
            await pool.close()

        asyncio.run(run())
    assert simulator.connections == 3
    assert len(simulator.mails) == 120


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("ways", ["PLAIN LOGIN", "LOGIN"])
def test_pool_encrypts_and_signs_in(tls, certificate, monkeypatch, security, ways):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    options = {"tls": tls, "implicit_tls": security is Security.TLS, "auth": ("mara", "geheim"), "auth_ways": ways}
    with SmtpServer(**options) as simulator:
        batch, pool = sent_through(simulator, postings(5), security=security, user="mara", password="geheim")
    assert (fates(batch), pool.trouble) == (dict.fromkeys(range(1, 6), Fate.SENT), "")
    assert simulator.signed_in == simulator.connections
    assert simulator.violations == []


def test_pool_sends_nothing_to_a_server_it_can_not_trust(tls):
    with SmtpServer(tls=tls) as simulator:
        batch, pool = sent_through(simulator, postings(1), security=Security.STARTTLS)
    assert fates(batch) == {1: Fate.NOT_STARTED}
    assert pool.trouble.startswith("Encryption with the mail server failed: ")


def test_pool_never_falls_back_to_the_clear():
    with SmtpServer(auth=("mara", "geheim")) as simulator:
        batch, pool = sent_through(simulator, postings(1), security=Security.STARTTLS, user="mara", password="geheim")
    assert fates(batch) == {1: Fate.NOT_STARTED}
    assert pool.trouble == "The mail server offers no encryption (STARTTLS), which the settings ask for."


def test_pool_says_that_the_password_is_wrong():
    with SmtpServer(auth=("mara", "geheim")) as simulator:
        batch, pool = sent_through(simulator, postings(1), user="mara", password="falsch")
    assert fates(batch) == {1: Fate.NOT_STARTED}
    assert pool.trouble == "The mail server refused our sign-in: 535 5.7.8 wrong user or password"


def test_journal_knows_what_had_begun_and_what_was_answered(tmp_path):
    journal = Journal(tmp_path, "worker")
    journal.begin(7, 11)
    with SmtpServer(script={("BODY", "p2@x.example"): "550 no"}) as simulator:
        sent_through(simulator, postings(2), journal=journal, connections=1)
    journal.started(3)
    journal.flush()
    journal.started(4)  # not flushed: its body has not left
    assert list(left_behind(tmp_path)) == []  # its owner lives
    import os

    os.close(journal._file)  # what a killed process leaves
    (found,) = left_behind(tmp_path)
    assert (found.tenant_id, found.chunk_id, found.started) == (7, 11, {1, 2, 3})
    assert found.settled == {1: (int(Fate.SENT), "250 taken"), 2: (int(Fate.REFUSED), "550 no")}
    assert list(tmp_path.iterdir()) == []


REPLIES = st.sampled_from(
    [
        b"220 hi\r\n",
        b"250 ok\r\n",
        b"250-a\r\n250 PIPELINING\r\n",
        b"354 go\r\n",
        b"451 later\r\n",
        b"550 no\r\n",
        b"421 bye\r\n",
        b"\xff\xfe\r\n",
        b"999\r\n",
        b"x" * 70_000,
        b"\r\n",
    ]
)


@settings(max_examples=200)
@given(replies=st.lists(REPLIES, max_size=25), cuts=st.integers(1, 7))
def test_session_gives_every_parcel_one_fate_whatever_the_server_says(replies, cuts):
    batch = Batch(postings(5), deadline=time.monotonic() + 60)
    session = Session(Server("h", 25, "a@b.example", "c.example"), batch)
    stream = b"".join(replies)
    for at in range(0, min(len(stream), 2000), cuts):
        session.receive(stream[at : at + cuts])
        if session.is_dead:
            break
    session.lost("gone")
    while True:  # parcels that were given back go out again by another connection
        again = Session(Server("h", 25, "a@b.example", "c.example"), batch)
        again.receive(b"220 hi\r\n250 ok\r\n")
        if not batch.waiting and not again._expected:
            break
        again.lost("gone again")
    assert sorted(outcome.message_id for outcome in batch.outcomes) == [1, 2, 3, 4, 5]
