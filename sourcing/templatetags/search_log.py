"""What was done with whom a search found, in words."""

from django import template

register = template.Library()

ACT_WORDS = {
    "pipeline": "added to a pipeline",
    "tag": "tagged",
    "remind": "a task made",
    "export": "exported",
    "write": "chosen for a campaign",
    "ats": "chosen for a job in the ATS",
    "message_sent": "campaign",
    "mail_sent": "e-mail",
    "called": "telephone",
    "met": "met",
}


@register.filter
def act_words(act: str) -> str:
    return ACT_WORDS.get(act, act.replace("_", " "))
