"""Fields that know a few words only: has:resume, silver:yes, consent:valid. What they don't know is refused."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from talentpool.search.analysis import folded

# What is known of a person, by the words people use for it.
_KNOWN = {
    "resume": "resume cv file lebenslauf",
    "email": "email mail address",
    "phone": "phone telephone mobile",
    "link": "link linkedin website profile",
    "title": "title",
    "employer": "employer company",
    "location": "location place city",
    "skills": "skills skill",
    "education": "education degree school",
    "language": "language languages",
    "certificate": "certificate certificates certification",
    "experience": "experience positions",
    "salary": "salary pay",
    "availability": "availability available",
    "owner": "owner",
    "tags": "tags tag",
    "pipeline": "pipeline pipelines",
    "application": "application applications",
    "silver": "silver",
    "consent": "consent",
}
_CONSENT = {
    "may_write": "valid yes given may_write may_be_written_to",
    "no_consent": "none no missing expired invalid no_consent no_consent_yet",
    "in_process": "in_process process applying",
    "unsubscribed": "unsubscribed withdrawn opted_out",
    "bounced": "bounced bounced_before",
    "no_address": "no_address no_email no_email_address",
}


def _by_word(choices: Mapping[str, str]) -> Mapping[str, str]:
    return {word: choice for choice, words in choices.items() for word in words.split()}


# Field -> what may be typed -> what it stands for.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "has": _by_word(_KNOWN),
    "missing": _by_word(_KNOWN),
    "silver": _by_word({"yes": "yes y true", "no": "no n false"}),
    "consent": _by_word(_CONSENT),
    "contacted": {"never": "never"},
    "updated": {},
    "added": {},
    "experience": {},
}
EXAMPLES = {"has": "has:resume", "missing": "missing:email", "silver": "silver:yes", "consent": "consent:valid"}
_PLAIN = {field: {word.replace("_", ""): choice for word, choice in words.items()} for field, words in CHOICES.items()}


def choice_of(field: str, text: str) -> str | None:
    """What a word, or a phrase, stands for in a field; None where the field doesn't know it."""
    return _PLAIN[field].get(re.sub(r"[\W_]+", "", folded(text)))


def nearest_choice(field: str, text: str) -> str | None:
    """A word of the field that may have been meant."""
    return next(iter(get_close_matches(folded(text), CHOICES[field], n=1, cutoff=0.6)), None)
