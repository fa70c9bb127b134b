"""What stands beneath a letter: telephones and profile pages, to suggest and never to take as certain."""

import re
from collections.abc import Iterator
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher

from talentpool.identity.links import clean_link, link_key

_LINES = 15
_LONGEST = 4_000
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]{3,300}|(?:linkedin|xing|github)\.com/[^\s<>\"')\]]{2,200}", re.I)


def suggestions_in(text: str, *, region: str) -> list[dict[str, Any]]:
    """As profiles keep them: field, value, confidence and the line it stands in."""
    lines = [line.strip() for line in text[-_LONGEST:].splitlines() if line.strip()][-_LINES:]
    found = [each for line in lines for each in _found(line, region)]
    return list({(each["field"], each["value"]): each for each in found}.values())[:6]


def _found(line: str, region: str) -> Iterator[dict[str, Any]]:
    for match in PhoneNumberMatcher(line, region):
        number = phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
        yield {"field": "phones", "value": number, "confidence": 0.5, "passage": line[:300]}
    for link in _LINK.findall(line):
        address = clean_link(link.rstrip(".,;"))
        if link_key(address):
            yield {"field": "links", "value": address, "confidence": 0.6, "passage": line[:300]}
