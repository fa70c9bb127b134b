"""In which language candidates and agencies are answered; members' pages are in English.

Whatever goes through gettext is meant for people outside, and `locale/` has it in each of settings.LANGUAGES.
"""

from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(request: HttpRequest, otherwise: str) -> str:
    """The first that the browser asks for of those there are; `otherwise`, the organisation's own, where it asks for
    none of them."""
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            return get_supported_language_variant(code)
        except LookupError:  # “*”, too
            continue
    return otherwise


def in_language_of(request: HttpRequest, otherwise: str = "en") -> override:
    """With it, texts are in the language of whoever asks."""
    return override(language_of(request, otherwise))
