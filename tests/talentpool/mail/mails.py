"""Mails as mail programs write them when somebody forwards one, and what it takes to make others.

Each is laid out as its program does it: parts, charsets, transfer encodings, words and marks.
"""

from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

MEMBER = "tom@acme-recruiting.test"


def _wrapped(
    headers: dict[str, str], body: str, charset: str = "utf-8", kind: str = "plain", encoding: str = "8bit"
) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    lines += [
        "MIME-Version: 1.0",
        f"Content-Type: text/{kind}; charset={charset}",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body.replace("\n", "\r\n").encode(charset, "xmlcharrefreplace")


def _head(subject: str, to: str, number: int) -> dict[str, str]:
    return {
        "From": f"Tom Recruiter <{MEMBER}>",
        "To": to,
        "Subject": Header(subject, "utf-8").encode() if not subject.isascii() else subject,
        "Date": "Tue, 03 Mar 2026 16:20:00 +0100",
        "Message-ID": f"<forward-{number}@acme-recruiting.test>",
    }


def _gmail_english(to):
    plain = """Please have a look at her.

---------- Forwarded message ---------
From: Zoë Müller-Lüdenscheidt <zoe.mueller@example.org>
Date: Tue, Mar 3, 2026 at 2:05 PM
Subject: ICU position in Fresno
To: Tom Recruiter <tom@acme-recruiting.test>


Dear Tom,

I would like to hear more about the ICU position.

Zoë Müller-Lüdenscheidt
+49 30 901820
https://www.linkedin.com/in/zoe-mueller
"""
    html = '<div dir="ltr">Please have a look at her.<br><br><div class="gmail_quote">…</div></div>'
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    for name, value in _head("Fwd: ICU position in Fresno", to, 1).items():
        message[name] = value
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


def _outlook_german_html_alone(to):
    body = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{margin:0}</style></head><body lang="DE">
<div class="WordSection1"><p class="MsoNormal">Bitte aufnehmen.<o:p></o:p></p>
<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">
<p class="MsoNormal"><b>Von:</b> Groß, Jürgen &lt;juergen.gross@example.org&gt; <br><b>Gesendet:</b> Dienstag, 3. März 2026 14:05<br>
<b>An:</b> Tom Recruiter &lt;tom@acme-recruiting.test&gt;<br><b>Betreff:</b> Bewerbung als Pfleger<o:p></o:p></p></div></div>
<p class="MsoNormal">Guten Tag,<o:p></o:p></p><p class="MsoNormal">anbei meine Bewerbung f&uuml;r die Stelle.<o:p></o:p></p></div></body></html>"""
    return _wrapped(_head("WG: Bewerbung als Pfleger", to, 2), body, "iso-8859-1", "html")


def _outlook_french(to):
    body = """Voir ci-dessous.

________________________________
De : Hélène Lefèvre <helene.lefevre@example.org>
Envoyé : mardi 3 mars 2026 14:05
À : Tom Recruiter <tom@acme-recruiting.test>
Cc : 'Marc Petit' <marc.petit@acme-recruiting.test>
Objet : Candidature spontanée

Bonjour,

je vous adresse ma candidature.
"""
    return _wrapped(_head("TR: Candidature spontanée", to, 3), body, "windows-1252")


def _apple_spanish(to):
    body = """
> Inicio del mensaje reenviado:
>
> De: María José Ñíguez <maria.niguez@example.org>
> Asunto: Solicitud de empleo
> Fecha: 3 de marzo de 2026, 14:05:00 CET
> Para: Tom Recruiter <tom@acme-recruiting.test>
>
> Buenos días:
>
> adjunto mi currículum.
"""
    return _wrapped(_head("Rv: Solicitud de empleo", to, 4), body)


def _apple_english_quoted_html(to):
    body = """<html><body><div>FYI<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br>
<div style="margin:0"><span><b>From: </b></span><span>"Okafor, Chidi" &lt;<a href="mailto:chidi@example.org">chidi@example.org</a>&gt;<br></span></div>
<div style="margin:0"><span><b>Subject: </b></span><span><b>Warehouse lead</b><br></span></div>
<div style="margin:0"><span><b>Date: </b></span><span>March 3, 2026 at 2:05:00 PM PST<br></span></div>
<div style="margin:0"><span><b>To: </b></span><span>Tom Recruiter &lt;<a href="mailto:tom@acme-recruiting.test">tom@acme-recruiting.test</a>&gt;<br></span></div>
<br><div>Hello, is the post still open?</div></blockquote></div></div></body></html>"""
    return _wrapped(_head("Fwd: Warehouse lead", to, 5), body, "utf-8", "html")


def _gmail_portuguese(to):
    body = """---------- Forwarded message ---------
De: João Conceição <joao.conceicao@example.org>
Date: ter., 3 de mar. de 2026 às 14:05
Subject: Candidatura
To: Tom Recruiter <tom@acme-recruiting.test>

Bom dia, segue o meu currículo.
"""
    return _wrapped(_head("Fwd: Candidatura", to, 6), body)


def _thunderbird_dutch(to):
    body = """Zie onder.

-------- Doorgestuurd bericht --------
Onderwerp: \tSollicitatie
Datum: \tDi, 3 mrt 2026 14:05:00 +0100
Van: \tPieter van den Berg <pieter@example.org>
Aan: \tTom Recruiter <tom@acme-recruiting.test>


Geachte heer, hierbij mijn sollicitatie.
"""
    return _wrapped(_head("Fwd: Sollicitatie", to, 7), body)


def _outlook_italian(to):
    body = """-----Messaggio originale-----
Da: Niccolò D'Alessandro [mailto:niccolo@example.org]
Inviato: martedì 3 marzo 2026 14:05
A: Tom Recruiter
Oggetto: Candidatura infermiere

Buongiorno,
allego il mio curriculum.
"""
    return _wrapped(_head("I: Candidatura infermiere", to, 8), body, "iso-8859-15")


def _attached_whole(to):
    inner = EmailMessage(policy=SMTP)
    inner["From"] = Header("Łukasz Żółć", "utf-8").encode() + " <lukasz@example.org>"
    inner["To"], inner["Subject"] = MEMBER, "Application"
    inner["Date"], inner["Message-ID"] = "Tue, 03 Mar 2026 14:05:00 +0000", "<original-9@example.org>"
    inner.set_content("I apply for the post.\n")
    message = EmailMessage(policy=SMTP)
    for name, value in _head("Fw: Application", to, 9).items():
        message[name] = value
    message.set_content("A good one.\n")
    message.add_attachment(inner)
    return message.as_bytes()


def _outlook_cp1252_called_us_ascii(to):
    """An old gateway: the text is Windows’ and the header says ASCII."""
    body = "From: Siân Öberg <sian@example.org>\nSent: Tuesday, March 3, 2026 2:05 PM\nTo: Tom\nSubject: Night shifts\n\nI’d like night shifts.\n"
    raw = _wrapped(_head("FW: Night shifts", to, 10), "", "us-ascii")
    return raw + body.replace("\n", "\r\n").encode("cp1252")


# program and language -> (how to make it, name, address, the author's words)
FORWARDED = {
    "gmail-en": (_gmail_english, "Zoë Müller-Lüdenscheidt", "zoe.mueller@example.org", "Dear Tom,"),
    "outlook-de": (_outlook_german_html_alone, "Groß, Jürgen", "juergen.gross@example.org", "Guten Tag,"),
    "outlook-fr": (_outlook_french, "Hélène Lefèvre", "helene.lefevre@example.org", "Bonjour,"),
    "apple-es": (_apple_spanish, "María José Ñíguez", "maria.niguez@example.org", "Buenos días:"),
    "apple-en": (_apple_english_quoted_html, "Okafor, Chidi", "chidi@example.org", "Hello, is the post still open?"),
    "gmail-pt": (_gmail_portuguese, "João Conceição", "joao.conceicao@example.org", "Bom dia, segue o meu currículo."),
    "thunderbird-nl": (_thunderbird_dutch, "Pieter van den Berg", "pieter@example.org", "Geachte heer,"),
    "outlook-it": (_outlook_italian, "Niccolò D'Alessandro", "niccolo@example.org", "Buongiorno,"),
    "attached": (_attached_whole, "Łukasz Żółć", "lukasz@example.org", "I apply for the post."),
    "outlook-ascii": (_outlook_cp1252_called_us_ascii, "Siân Öberg", "sian@example.org", "I’d like night shifts."),
}


def mail(
    text="Hello.\n", *, sender=f"Tom Recruiter <{MEMBER}>", to="x@example.org", subject="Hello", files=(), **headers
):
    """Any mail; `files` are (name, bytes) pairs, `headers` with _ for -."""
    message = EmailMessage(policy=SMTP)
    given = {"Date": "Tue, 03 Mar 2026 16:20:00 +0100", "Message-ID": "<m1@acme-recruiting.test>"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in {"From": sender, "To": to, "Subject": subject, **given}.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def winmail(*files: tuple[str, bytes]) -> bytes:
    """A TNEF parcel as Outlook makes it: short titles, then each content."""

    def attribute(level: int, number: int, content: bytes) -> bytes:
        head = bytes([level]) + number.to_bytes(4, "little") + len(content).to_bytes(4, "little")
        return head + content + (sum(content) & 0xFFFF).to_bytes(2, "little")

    parcel = (0x223E9F78).to_bytes(4, "little") + b"\x01\x00" + attribute(1, 0x00089006, b"\x00\x00\x01\x00")
    for name, content in files:
        parcel += attribute(2, 0x00069002, b"\x01\x00" + b"\x00" * 12)
        parcel += attribute(2, 0x00018010, name.encode() + b"\x00") + attribute(2, 0x0006800F, content)
    return parcel
