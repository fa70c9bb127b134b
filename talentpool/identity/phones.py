"""Telephone numbers as E.164, read with the help of the country that the person or the organisation is in."""

from functools import lru_cache

import phonenumbers

SHARED = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
    }
)


@lru_cache(maxsize=20_000)
def clean_phone(text: str, region: str = "") -> str:
    """E.164, with the extension after ";ext=" when it has one; empty when no number can be read. `region` is a
    two-letter country code."""
    number = _parsed(text, region)
    if number is None:
        return ""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


@lru_cache(maxsize=20_000)
def phone_key(text: str, region: str = "") -> str:
    """E.164 of a line that may be somebody's own; a switchboard's extension, a service line and a stub of a number are
    nobody's."""
    number = _parsed(text, region)
    if number is None or number.extension or phonenumbers.number_type(number) in SHARED:
        return ""
    if len(set(str(number.national_number))) <= 2:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(e164: str) -> str:
    """As people write it: +1 559-555-0142."""
    number = _parsed(e164, "")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else e164


@lru_cache(maxsize=1_000)  # what is shown and the key are asked for one after the other
def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text[:100], region.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
