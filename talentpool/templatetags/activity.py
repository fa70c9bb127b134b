"""The lines of a person's story in words."""

from collections import defaultdict
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from talentpool.models import Activity, ActivityKind

register = template.Library()

ICONS = {
    ActivityKind.RECEIVED: "database",
    ActivityKind.EDITED: "pencil",
    ActivityKind.NOTED: "notebook-pen",
    ActivityKind.CALLED: "phone",
    ActivityKind.MET: "handshake",
    ActivityKind.TASK_DONE: "circle-check",
    ActivityKind.TAGGED: "tag",
    ActivityKind.UNTAGGED: "tag",
    ActivityKind.FILE_ADDED: "file-text",
    ActivityKind.OWNER_CHANGED: "user-round-cog",
    ActivityKind.PIPELINE_ADDED: "square-kanban",
    ActivityKind.PIPELINE_MOVED: "arrow-right",
    ActivityKind.PIPELINE_REMOVED: "square-kanban",
    ActivityKind.CONSENT_GIVEN: "check",
    ActivityKind.CONSENT_WITHDRAWN: "x",
    ActivityKind.MESSAGE_SENT: "mail",
    ActivityKind.MESSAGE_OPENED: "mail-open",
    ActivityKind.MESSAGE_CLICKED: "mouse-pointer-click",
    ActivityKind.MESSAGE_REPLIED: "reply",
    ActivityKind.MESSAGE_BOUNCED: "mail-x",
    ActivityKind.UNSUBSCRIBED: "mail-x",
    ActivityKind.MAIL_RECEIVED: "mail-open",
    ActivityKind.MAIL_SENT: "mail",
    ActivityKind.MERGED: "merge",
    ActivityKind.UNMERGED: "split",
    ActivityKind.APPLICATION: "briefcase",
}

# {who} is the member who did it, the rest the activity's data; what an old line does not say stays empty.
SENTENCES = {
    ActivityKind.RECEIVED: "<b>{source}</b> brought a profile",
    ActivityKind.EDITED: "<b>{who}</b> edited {field}",
    ActivityKind.NOTED: "<b>{who}</b> wrote a note",
    ActivityKind.CALLED: "<b>{who}</b> spoke with them on the telephone",
    ActivityKind.MET: "<b>{who}</b> met them",
    ActivityKind.TASK_DONE: "<b>{who}</b> did: {text}",
    ActivityKind.TAGGED: "<b>{who}</b> gave the tag <b>{tag}</b>",
    ActivityKind.UNTAGGED: "<b>{who}</b> took the tag <b>{tag}</b> away",
    ActivityKind.FILE_ADDED: "<b>{who}</b> added the file {name}",
    ActivityKind.OWNER_CHANGED: "<b>{who}</b> made <b>{to}</b> the owner",
    ActivityKind.PIPELINE_ADDED: "<b>{who}</b> added them at <b>{to}</b>",
    ActivityKind.PIPELINE_MOVED: "<b>{who}</b> moved them from {from} to <b>{to}</b>",
    ActivityKind.PIPELINE_REMOVED: "<b>{who}</b> removed them from <b>{pipeline}</b>",
    ActivityKind.CONSENT_GIVEN: "<b>Agreed</b> to be written to {source}",
    ActivityKind.CONSENT_WITHDRAWN: "<b>Withdrew</b> the consent {source}",
    ActivityKind.MESSAGE_SENT: "<b>Was written to</b>: “{campaign}”",
    ActivityKind.MESSAGE_OPENED: "<b>Opened</b> “{campaign}”",
    ActivityKind.MESSAGE_CLICKED: "<b>Followed a link</b> in “{campaign}”",
    ActivityKind.MESSAGE_REPLIED: "<b>Replied</b> to “{campaign}”",
    ActivityKind.MESSAGE_BOUNCED: "<b>Could not be delivered</b>: “{campaign}”",
    ActivityKind.UNSUBSCRIBED: "<b>Unsubscribed</b>",
    ActivityKind.MAIL_RECEIVED: "<b>Wrote</b> “{subject}”, brought in by {who}",
    ActivityKind.MAIL_SENT: "<b>Was written to</b>: “{subject}”, brought in by {who}",
    ActivityKind.MERGED: "<b>{who}</b> merged another person into this one",
    ActivityKind.UNMERGED: "<b>{who}</b> parted another person from this one again",
    ActivityKind.APPLICATION: "<b>{what}</b> for {job}{detail}",
}
LETTERS = {ActivityKind.MAIL_RECEIVED, ActivityKind.MAIL_SENT}
IN_A_PIPELINE = {ActivityKind.PIPELINE_ADDED, ActivityKind.PIPELINE_MOVED}


@register.filter
def activity_icon(line: Activity) -> str:
    return ICONS.get(ActivityKind(line.kind), "circle")


@register.filter
def activity_words(line: Activity) -> SafeString:
    """One sentence; a value of the data that is no plain word is left out."""
    words: dict[str, Any] = defaultdict(str)
    words |= {name: value for name, value in line.data.items() if isinstance(value, str | int)}
    if line.kind == ActivityKind.OWNER_CHANGED and not words["to"]:
        words["to"] = "nobody"
    words["who"] = line.by.name if line.by else "Rapport"
    sentence = SENTENCES.get(ActivityKind(line.kind), "{who}")
    if line.kind == ActivityKind.EDITED and line.data.get("withdrawn"):
        sentence = "<b>{who}</b> took an edit of {field} back"
    elif line.kind == ActivityKind.EDITED and line.data.get("suggestion"):
        sentence = "<b>{who}</b> {suggestion} what was suggested for {field}"
    return format_html(sentence, "", **_complete(sentence, words))


def _complete(sentence: str, words: dict[str, Any]) -> dict[str, Any]:
    names = [part.partition("}")[0] for part in sentence.split("{")[1:]]
    return {name: words[name] for name in names}


@register.filter
def pipeline_of(line: Activity) -> int | None:
    """The pipeline that a line names and links to."""
    return line.data.get("pipeline_id") if line.kind in IN_A_PIPELINE else None


@register.filter
def letter_of(line: Activity) -> int | None:
    """The letter that a line tells of and links to."""
    found = line.data.get("letter_id") if line.kind in LETTERS else None
    return found if isinstance(found, int) else None


@register.filter
def activity_quote(line: Activity) -> str:
    return str(line.data.get("quote") or "")


@register.filter
def safe_link(value: str) -> str:
    """The address, when it is one that a browser may follow."""
    if value.startswith(("https://", "http://")):
        return value
    return f"https://{value}" if "." in value and "/" in value and ":" not in value else ""
