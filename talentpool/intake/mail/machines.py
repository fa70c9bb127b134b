"""Letters that no person wrote: automatic answers, notices of non-delivery, lists, and our own coming back.

They are written down and left alone; answering one could go on for ever (RFC 3834).
"""

from collections.abc import Callable

from talentpool.intake.mail.letters import Letter, header_text

LOOP_HEADER = "X-Rapport-Answer"  # on all that Rapport answers
MOST_HOPS = 50
_DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "bounce", "bounces")


def machine_reason(letter: Letter, *, is_from_nobody: bool, is_ours: Callable[[str], bool]) -> str:
    """Why it is a machine's, in a sentence; nothing for a person's. `is_from_nobody`: the envelope had no sender."""
    for told, reason in (
        (LOOP_HEADER in letter.headers, "It is an answer of Rapport’s that came back."),
        (is_ours(letter.sender.email), "It comes from an address of Rapport’s own."),
        (
            len(letter.headers.get_all("Received", [])) > MOST_HOPS,
            "Too many servers passed it on: it goes in a circle.",
        ),
        (_is_bounce(letter, is_from_nobody), "It is a notice of a mail server."),
        (_is_automatic(letter), "It is an automatic answer."),
        (_is_bulk(letter), "It was sent to a list."),
    ):
        if told:
            return reason
    return ""


def _word(letter: Letter, name: str) -> str:
    return header_text(letter.headers.get(name)).partition(";")[0].strip().casefold()


def _is_bounce(letter: Letter, is_from_nobody: bool) -> bool:
    local = letter.sender.email.partition("@")[0]
    report = letter.headers.get_content_type() == "multipart/report"
    return is_from_nobody or _word(letter, "Return-Path") == "<>" or local in _DAEMONS or report


def _is_automatic(letter: Letter) -> bool:
    """`Auto-Submitted: auto-forwarded` is what a member's own rule sends: that is meant."""
    submitted = _word(letter, "Auto-Submitted")
    if submitted and submitted not in ("no", "auto-forwarded"):
        return True
    if _word(letter, "Precedence") == "auto_reply":
        return True
    return any(letter.headers.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"))


def _is_bulk(letter: Letter) -> bool:
    listed = any(letter.headers.get(name) for name in ("List-Id", "List-Post"))
    return listed or _word(letter, "Precedence") in ("bulk", "list", "junk")
