"""Which words are a place."""

import re

from talentpool.vocabulary import places

_STATE = re.compile(r"[A-Z]{2}")
_AROUND = re.compile(r"^(?:greater|metro|near)\s+|\s+(?:area|region|metropolitan area)$", re.IGNORECASE)


def country_code(text: str) -> str:
    """ISO code of a country's name in any language, else empty."""
    return places.country_code(text.strip(" .,()"))


def is_town(text: str) -> bool:
    return bool(country_of_town(text))


def country_of_town(text: str) -> str:
    return places.country_of_town(_AROUND.sub("", text.strip(" .,()")))


def is_place(text: str) -> bool:
    """ "Leipzig", "San Diego, CA", "Porto, Portugal"; two capitals alone are no place ("LU" bakes biscuits)."""
    parts = [part.strip(" ().") for part in text.split(",") if part.strip(" ().")]
    if not parts or _STATE.fullmatch(parts[0]):
        return False
    if not (is_town(parts[0]) or country_code(parts[0])):
        return False
    return all(country_code(part) or _STATE.fullmatch(part) for part in parts[1:])
