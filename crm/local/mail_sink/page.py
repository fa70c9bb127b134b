"""The pages that show the messages. HTML that came by mail is never part of a page: it stays in a sandboxed frame."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from crm.local.mail_sink.mailbox import Stored
from crm.local.mail_sink.reading import Readable, subject_and_sender

# Pictures load, because opening a message is what the tracking pixel is there to notice.
POLICY_OF_PAGES = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
POLICY_OF_MAIL = (
    "default-src 'none'; img-src http: https: data: cid:; style-src 'unsafe-inline'; font-src http: https:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 0 auto; padding: 1rem; }
a { color: inherit; } h1 { font-size: 1.4rem; } table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884;
  overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; } .quiet { opacity: .7; }
iframe { width: 100%; height: 60vh; border: 1px solid #8886; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; } form { display: flex; gap: .5rem; margin: 1rem 0; }
input, button { font: inherit; padding: .3rem .6rem; } nav { display: flex; gap: 1rem; }
"""


def list_page(messages: Sequence[Stored], *, total: int, to: str, older: int | None) -> str:
    rows = "".join(_row(message) for message in messages)
    shown = (
        f"<table><tr><th>Time</th><th>To</th><th>Subject</th><th>From</th></tr>{rows}</table>" if rows else _empty(to)
    )
    more = f'<p><a href="/?to={quote(to, safe="")}&amp;before={older}">Older messages</a></p>' if older else ""
    return _page(
        "Sent mail",
        f"""<h1>Sent mail</h1>
<p class="quiet">{total} {"message" if total == 1 else "messages"}. Nothing here left this machine.</p>
<form method="get" action="/"><label>To <input name="to" value="{escape(to)}"></label> <button>Find</button></form>
{shown}{more}""",
    )


def message_page(message: Readable) -> str:
    headers = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in message.headers)
    links = "".join(
        f'<li><a href="{escape(link)}" target="_blank" rel="noreferrer">{escape(link)}</a></li>'
        for link in message.links
    )
    frame = (
        f'<iframe src="/messages/{message.id}/html" title="The message as HTML" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        if message.html
        else "<p>It has no HTML part.</p>"
    )
    attached = "".join(f"<li>{escape(name)}</li>" for name in message.attachments)
    return _page(
        message.subject or "No subject",
        f"""<nav><a href="/">All sent mail</a> <a href="/messages/{message.id}/raw">As it was sent</a></nav>
<h1>{escape(message.subject) or "No subject"}</h1>
<p class="quiet">to {escape(", ".join(message.recipients))}, {_time(message.at)}</p>
<h2>HTML</h2>{frame}
<h2>Text</h2><pre>{escape(message.text) or "It has no text part."}</pre>
<h2>Links</h2>{f"<ul>{links}</ul>" if links else "<p>None.</p>"}
{f"<h2>Attached</h2><ul>{attached}</ul>" if attached else ""}
<h2>Headers</h2><table>{headers}</table>""",
    )


def _row(message: Stored) -> str:
    subject, sender = subject_and_sender(message.raw)
    return (
        f"<tr><td>{_time(datetime.fromtimestamp(message.at, UTC))}</td><td>{escape(', '.join(message.recipients))}</td>"
        f'<td><a href="/messages/{message.id}">{escape(subject) or "No subject"}</a></td><td>{escape(sender)}</td></tr>'
    )


def _empty(to: str) -> str:
    return "<p>No message to that address.</p>" if to else "<p>No message yet. What Rapport sends appears here.</p>"


def _time(at: datetime) -> str:
    return f"{at.astimezone():%d %b %H:%M:%S}"


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head><body>{body}</body></html>"""
