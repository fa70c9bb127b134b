import asyncio
import contextlib
import json
import smtplib
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from crm.local.mail_sink.behaviour import ACCEPT, Behaviour, Kind, spelled
from crm.local.mail_sink.mailbox import Mailbox
from crm.local.mail_sink.service import MailSink
from crm.local.program import free_port
from crm.local.supervisor import Supervisor, keep_quiet


@contextlib.contextmanager
def running(folder: Path) -> Iterator[MailSink]:
    sink = MailSink(folder, free_port(), free_port())
    with asyncio.Runner() as runner:
        supervisor = Supervisor(show=keep_quiet, restart=False)
        runner.run(supervisor.start(sink.program()))
        yield sink
        runner.run(supervisor.stop())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailSink]:
    with running(tmp_path_factory.mktemp("mail")) as sink:
        yield sink


@pytest.fixture
def sink(served: MailSink) -> MailSink:
    ask(served, "/api/clear", {})
    return served


def ask(sink: MailSink, path: str, body: object = None, **headers: str) -> object:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(sink.page + path, data=data, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer) if "json" in answer.headers["Content-Type"] else answer.read().decode()


def send(sink: MailSink, *recipients: str, message: EmailMessage | None = None) -> None:
    with smtplib.SMTP("127.0.0.1", sink.smtp_port) as client:
        client.sendmail("jobs@acme.example", list(recipients), (message or letter()).as_bytes(policy=policy.SMTP))


def letter(html: str = '<p>Hello <a href="http://crm.example/click">jobs</a></p>') -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Grüße aus Köln"
    message["From"] = "Acme <jobs@acme.example>"
    message["To"] = "jo@example.com"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Hello\n.one dot\n..two dots\nhttp://crm.example/text end")
    message.add_alternative(html, subtype="html")
    return message


class Speaker:
    """SMTP by hand: what was written and what came back."""

    def __init__(self, sink: MailSink) -> None:
        self.socket = socket.create_connection(("127.0.0.1", sink.smtp_port), timeout=10)
        self.lines = self.socket.makefile("rb")
        assert self.read(1) == ["220"]

    def close(self) -> None:
        self.lines.close()
        self.socket.close()

    def say(self, text: str) -> None:
        self.socket.sendall(text.replace("\n", "\r\n").encode())

    def read(self, answers: int) -> list[str]:
        """The codes of that many answers; an empty string where the connection ended."""
        codes = []
        while len(codes) < answers:
            line = self.lines.readline().decode()
            if line[3:4] != "-":
                codes.append(line[:3])
            if not line:
                break
        return codes


@pytest.fixture
def speaker(sink: MailSink) -> Iterator[Speaker]:
    with contextlib.closing(Speaker(sink)) as speaker:
        yield speaker


def test_message_is_kept_as_it_was_sent(sink):
    send(sink, "jo@example.com", "sam@example.com")
    found = ask(sink, "/api/messages?to=jo@example.com")
    message = found["messages"][0]
    assert (found["total"], message["sender"], message["recipients"]) == (
        1,
        "jobs@acme.example",
        ["jo@example.com", "sam@example.com"],
    )
    assert message["subject"] == "Grüße aus Köln"
    assert message["text"] == "Hello\n.one dot\n..two dots\nhttp://crm.example/text end\n"
    assert message["links"] == ["http://crm.example/click", "http://crm.example/text"]
    assert ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"] in message["headers"]
    assert ask(sink, "/api/messages?to=nobody@example.com") == {"total": 0, "messages": []}
    assert ask(sink, f"/messages/{message['id']}/raw").encode() == letter_on_the_wire(message["id"], sink)


def letter_on_the_wire(number: int, sink: MailSink) -> bytes:
    """The letter with the boundary that was drawn for the stored one."""
    sent = letter()
    sent.set_boundary(ask(sink, f"/messages/{number}/raw").partition('boundary="')[2].partition('"')[0])
    return sent.as_bytes(policy=policy.SMTP)


def test_recipients_behave_as_their_addresses_say(sink):
    outcomes = {}
    for name in ("bounce", "bounce+552", "defer+1", "defer+1", "refuse+552", "cut", "cut-body", "cut-kept", "jo"):
        try:
            send(sink, f"{name}@example.com")
            outcomes.setdefault(name, []).append("accepted")
        except smtplib.SMTPRecipientsRefused as refused:
            outcomes.setdefault(name, []).append(refused.recipients[f"{name}@example.com"][0])
        except smtplib.SMTPDataError as refused:
            outcomes.setdefault(name, []).append(f"{refused.smtp_code} after the body")
        except smtplib.SMTPServerDisconnected:
            outcomes.setdefault(name, []).append("cut")
    assert outcomes == {
        "bounce": [550],
        "bounce+552": [552],
        "defer+1": [451, "accepted"],
        "refuse+552": ["552 after the body"],
        "cut": ["cut"],
        "cut-body": ["cut"],
        "cut-kept": ["cut"],
        "jo": ["accepted"],
    }
    arrived = [message["recipients"] for message in ask(sink, "/api/messages")["messages"]]
    assert arrived == [["jo@example.com"], ["cut-kept@example.com"], ["defer+1@example.com"]]
    figures = ask(sink, "/api/figures")
    assert figures == {"connections": 9, "accepted": 3, "bounced": 2, "deferred": 1, "refused": 1, "cut": 3}


def test_table_goes_before_the_address(sink):
    ask(sink, "/api/behaviours", {"Jo@Example.com": "bounce+554"})
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(sink, "jo@example.com")
    ask(sink, "/api/behaviours", {"jo@example.com": None})
    send(sink, "jo@example.com")
    assert ask(sink, "/api/messages")["total"] == 1
    with pytest.raises(urllib.error.HTTPError, match="400"):
        ask(sink, "/api/behaviours", {"jo@example.com": "dance"})


@pytest.mark.parametrize("text", ["jo", "bounce+", "bounce+200", "bounce+999", "cut+1", "xcut", "deferred"])
def test_ordinary_local_parts_are_no_behaviours(text):
    assert spelled(text) is None


def test_behaviours_are_spelled():
    assert [spelled(text) for text in ("accept", "bounce", "defer+3", "cut-kept")] == [
        ACCEPT,
        Behaviour(Kind.BOUNCE),
        Behaviour(Kind.DEFER, 3),
        Behaviour(Kind.CUT_KEPT),
    ]


def test_commands_may_come_in_one_burst(sink, speaker):
    speaker.say("EHLO crm.example\nMAIL FROM:<a@example.com>\nRCPT TO:<b@example.com>\nDATA\n")
    assert speaker.read(4) == ["250", "250", "250", "354"]
    speaker.say("Subject: one\n\n..hi\n.\nMAIL FROM:<a@example.com>\nRCPT TO:<c@example.com>\nDATA\n")
    assert speaker.read(4) == ["250", "250", "250", "354"]
    for piece in ("Subject: two\n\nx", "\n", ".", "\nQUIT\n"):
        speaker.say(piece)
    assert speaker.read(3) == ["250", "221", ""]
    found = ask(sink, "/api/messages")["messages"]
    assert [(one["recipients"], one["subject"], one["text"]) for one in found] == [
        (["c@example.com"], "two", "x\n"),
        (["b@example.com"], "one", ".hi\n"),
    ]


def test_refused_recipients_of_a_burst_are_answered_one_by_one(sink, speaker):
    speaker.say("HELO x\nMAIL FROM:<>\nRCPT TO:<bounce@example.com>\nDATA\nRSET\nNOOP\nDANCE\n")
    assert speaker.read(7) == ["250", "250", "550", "554", "250", "250", "502"]
    speaker.say("RCPT TO:<b@example.com>\nMAIL TO:<>\nMAIL FROM:<>\nMAIL FROM:<>\nRCPT TO:<b>\n")
    assert speaker.read(5) == ["503", "250", "503", "503", "501"]


def test_messages_outlive_the_process_and_the_oldest_are_forgotten(tmp_path):
    with running(tmp_path) as sink:
        send(sink, "jo@example.com")
    with running(tmp_path) as sink:
        assert ask(sink, "/api/messages")["total"] == 1
    mailbox = Mailbox(tmp_path / "few.sqlite3", kept=100)
    for number in range(1000):
        mailbox.keep("a@example.com", [f"p{number}@example.com"], b"")
    assert (mailbox.count(), mailbox.messages(limit=1)[0].recipients) == (100, ("p999@example.com",))
    assert (mailbox.count(to="p899@example.com"), mailbox.count(to="p900@example.com"), mailbox.count(to="p90")) == (
        0,
        1,
        10,
    )
    mailbox.close()


def test_pages_show_messages_and_never_run_them(sink):
    hostile = letter("<script>alert(1)</script><p>body</p>")
    hostile.replace_header("Subject", "<script>alert(2)</script>")
    send(sink, "jo@example.com", message=hostile)
    number = ask(sink, "/api/messages")["messages"][0]["id"]
    pages = ask(sink, "/") + ask(sink, f"/messages/{number}")
    assert "<script" not in pages
    assert pages.count("&lt;script&gt;alert(2)") >= 2
    assert f'<iframe src="/messages/{number}/html"' in pages
    with urllib.request.urlopen(f"{sink.page}/messages/{number}/html") as answer:
        policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy


@pytest.mark.parametrize("path", ["/messages/999", "/messages/x", "/messages/1/2/3", "/nothing", "/api/nothing"])
def test_unknown_pages_are_not_found(sink, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        ask(sink, path)


def test_pages_do_not_answer_to_foreign_names(sink):
    with pytest.raises(urllib.error.HTTPError, match="421"):
        ask(sink, "/api/messages", Host="evil.example:80")


def test_broken_messages_are_shown_all_the_same(sink, speaker):
    speaker.say("EHLO x\nMAIL FROM:<a@example.com>\nRCPT TO:<b@example.com>\nDATA\n")
    speaker.read(4)
    speaker.socket.sendall(b"Subject: \xff\xfe\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xe9t\xe9\r\n.\r\n")
    assert speaker.read(1) == ["250"]
    message = ask(sink, "/api/messages")["messages"][0]
    assert message["text"].strip() == "été"
    assert f"/messages/{message['id']}" in ask(sink, "/")
