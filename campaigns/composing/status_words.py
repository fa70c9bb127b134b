"""The words that a status message begins with, in the organisation's language; each may be rewritten."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy, override

from talentpool.models import Phase


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


def usual_words(phase: str, language: str) -> Words:
    subject, body = WORDS[Phase(phase)]
    with override(language):
        return Words(str(subject), f"{HELLO}\n\n{body}\n\n{GOODBYE}")


HELLO = gettext_lazy('Hello {{ first_name | default: "there" }},')
GOODBYE = gettext_lazy("Kind regards\n\n{{ sender_name }}")
WORDS = {
    Phase.APPLIED: (
        gettext_lazy("We have your application for {{ applied_job }}"),
        gettext_lazy(
            "thank you for applying for **{{ applied_job }}**. Your application has arrived, and one of us will "
            "read it. You will hear from us either way."
        ),
    ),
    Phase.SCREENING: (
        gettext_lazy("We are reading your application for {{ applied_job }}"),
        gettext_lazy(
            "your application for **{{ applied_job }}** is being read now. We will tell you as soon as we know how "
            "it goes on."
        ),
    ),
    Phase.INTERVIEW: (
        gettext_lazy("We would like to talk with you about {{ applied_job }}"),
        gettext_lazy(
            "we liked what you sent us for **{{ applied_job }}** and would like to meet you. One of us will write "
            "to you about a time that suits you."
        ),
    ),
    Phase.OFFER: (
        gettext_lazy("Good news about {{ applied_job }}"),
        gettext_lazy(
            "we would like to work with you as **{{ applied_job }}**. One of us will be in touch about an offer "
            "and answer whatever you want to know."
        ),
    ),
    Phase.HIRED: (
        gettext_lazy("Welcome to {{ organisation }}"),
        gettext_lazy(
            "we are glad that you will start as **{{ applied_job }}**. One of us will write to you about your "
            "first day."
        ),
    ),
    Phase.REJECTED: (
        gettext_lazy("Your application for {{ applied_job }}"),
        gettext_lazy(
            "thank you for the time you gave to your application for **{{ applied_job }}**. This time we have "
            "decided for somebody else, and we are sorry to bring no better news.\n\n"
            "We would like to keep in touch: when something comes up that suits you, we will think of you."
        ),
    ),
    Phase.WITHDRAWN: (
        gettext_lazy("You have withdrawn your application for {{ applied_job }}"),
        gettext_lazy(
            "we have noted that you withdrew your application for **{{ applied_job }}**. Thank you for telling us; "
            "you are welcome to apply again whenever you like."
        ),
    ),
}
