"""Mail that recruiters of the demo forwarded and copied to Rapport, and what waits for review."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crm.models import Member
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.incoming_mail import keep_mail
from talentpool.actions.mail_addresses import address_of
from talentpool.actions.mail_intake import take_in_mail
from talentpool.intake.mail.recipients import Target, Way, address_with
from talentpool.models import Candidate, MailDoor


@dataclass(frozen=True)
class Sent:
    """`sender` is a member's part, or the whole address of somebody else."""

    to: str
    days_ago: int
    subject: str
    text: str
    sender: str = ""
    way: Way = Way.ADD
    recipient: str = ""
    headers: tuple[tuple[str, str], ...] = ()


_GMAIL = """{note}

---------- Forwarded message ---------
From: {name} <{email}>
Date: {when:%a, %b %d, %Y} at {when:%I:%M %p}
Subject: {subject}
To: {to}

{text}
"""
_OUTLOOK_GERMAN = """{note}

Von: {name} <{email}>
Gesendet: {when:%d.%m.%Y %H:%M}
An: {to}
Betreff: {subject}

{text}
"""
# part of the member, days ago, form, name, address, subject, the member's note, the letter
_FORWARDED = (
    (
        *("tom", 2, _GMAIL, "Alondra Castañeda", "alondra.castaneda@example.com", "Nights in the CVICU"),
        "Met her at the Clovis fair. Strong!",
        "Hello Tom,\n\nthank you for the talk on Saturday. I have four years in the CVICU and would move to nights.\n\n"
        "Alondra Castañeda, RN\n+1 559 555 0187",
    ),
    (
        *("priya", 5, _OUTLOOK_GERMAN, "Jürgen Großmann", "juergen.grossmann@example.com", "Medizintechniker"),
        "Moving to Fresno in May; his wife starts at the university.",
        "Guten Tag,\n\nich bin Medizintechniker mit zwölf Jahren Erfahrung in der Dialyse und ziehe im Mai um.\n\n"
        "Mit freundlichen Grüßen\nJürgen Großmann\nhttps://www.xing.com/profile/Juergen_Grossmann7",
    ),
    (
        *("mara", 9, _GMAIL, "Lindiwe Dlamini", "lindiwe.dlamini@example.com", "Re: Nurse manager"),
        "Interested, but not before summer.",
        "Dear Mara,\n\nthe role sounds right. I finish my MSN in June and could start in July.\n\nLindiwe",
    ),
)
_STRANGER = """Dear Sir or Madam,

a friend gave me this address. I am a telemetry nurse with six years of experience.

Oksana Petrenko
"""


def bring_mail(members: dict[str, Member], *, now: datetime) -> None:
    """Through the same door and the same steps as real mail."""
    for number, sent in enumerate(sorted(_mails(members, now), key=lambda each: -each.days_ago)):
        to, at = members[sent.to], now - timedelta(days=sent.days_ago)
        sender = members[sent.sender].user.email if sent.sender in members else sent.sender
        message = EmailMessage(policy=SMTP)
        message["From"], message["Subject"] = sender, sent.subject
        message["To"] = sent.recipient or _address(to, sent.way)
        message["Date"], message["Message-ID"] = format_datetime(at), f"<demo-{number}@rapport.example>"
        for name, value in sent.headers:
            message[name] = value
        message.set_content(sent.text)
        mail, _ = keep_mail(message.as_bytes(), door=MailDoor.SERVER, way=sent.way, address=address_of(to))
        type(mail).objects.filter(pk=mail.pk).update(received_at=at)
        take_in_mail(mail.pk, worker="demo", now=now)


def _address(member: Member, way: Way) -> str:
    return address_with(Target(way, current_tenant_id(), address_of(member).token), "in.rapport.example")


def _mails(members: dict[str, Member], now: datetime) -> Iterator[Sent]:
    for part, days, form, name, email, subject, note, text in _FORWARDED:
        when = now - timedelta(days=days, hours=3)
        words = form.format(
            name=name, email=email, when=when, subject=subject, to=members[part].user.email, note=note, text=text
        )
        yield Sent(part, days, f"Fwd: {subject}", words, sender=part)
    known = Candidate.objects.present().exclude(email="").order_by("-warmth", "pk").first()
    if known:
        hello = f"Dear {known.given_name or known.name},\n\nwould Thursday at ten suit you for a call?\n\nTom"
        yield Sent("tom", 1, "A call this week?", hello, sender="tom", way=Way.BCC, recipient=known.email)
    yield Sent(
        "tom",
        0,
        "Application for the telemetry position",
        _STRANGER,
        sender="Oksana Petrenko <oksana.petrenko@example.net>",
    )
    yield Sent(
        "priya",
        3,
        "Automatic reply: Nights in the CVICU",
        "I am out of the office until Monday.",
        sender="Front Desk <desk@example.net>",
        headers=(("Auto-Submitted", "auto-replied"),),
    )
