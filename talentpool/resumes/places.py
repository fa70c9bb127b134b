"""Which words are a place. The names come with the phone library.

Its countries in every language and its area codes' towns.
"""

import functools
import re
import sys

_STATE = re.compile(r"[A-Z]{2}")


# Cities whose area codes are known only under another name.
_CITIES = frozenset(
    {
        *("amsterdam", "athens", "barcelona", "beijing", "belfast", "bengaluru", "bangalore", "berlin", "bruxelles"),
        *(
            "bucharest",
            "budapest",
            "cairo",
            "cardiff",
            "chennai",
            "copenhagen",
            "dubai",
            "dublin",
            "edinburgh",
            "firenze",
        ),
        *("genève", "gothenburg", "göteborg", "hanoi", "helsinki", "hong kong", "hyderabad", "istanbul", "jakarta"),
        *(
            "johannesburg",
            "kolkata",
            "kraków",
            "köln",
            "københavn",
            "lisboa",
            "lisbon",
            "london",
            "los angeles",
            "lyon",
        ),
        *(
            "madrid",
            "manchester",
            "manila",
            "marseille",
            "melbourne",
            "milano",
            "milan",
            "montréal",
            "moscow",
            "mumbai",
        ),
        *(
            "münchen",
            "munich",
            "nairobi",
            "napoli",
            "new delhi",
            "new york",
            "nürnberg",
            "oslo",
            "paris",
            "prague",
            "praha",
        ),
        *("roma", "rome", "san francisco", "seoul", "sevilla", "shanghai", "singapore", "sofia", "stockholm", "sydney"),
        *("taipei", "tokyo", "torino", "toronto", "vancouver", "vienna", "warsaw", "warszawa", "washington", "wien"),
        *("wrocław", "zurich", "zürich"),
    }
)


@functools.cache
def _towns_and_countries() -> tuple[frozenset[str], dict[str, str]]:
    """About 40,000 towns, and country names to ISO codes; half a second once a process.

    The library's own tables are let go after.
    """
    from phonenumbers import geodata
    from phonenumbers.geodata.locale import LOCALE_DATA

    towns = set()
    for prefix in geodata.GEOCODE_DATA.values():
        for language, name in prefix.items():
            if language in ("en", "de", "es", "fr", "it", "pt", "nl"):
                towns.add(re.split(r",| - | \(", name)[0].strip().lower())
    countries = {
        name.lower(): code
        for code, names in LOCALE_DATA.items()
        for name in names.values()
        if not name.startswith("*") and len(name) > 3
    } | {"usa": "US", "uk": "GB", "uae": "AE", "england": "GB", "scotland": "GB", "wales": "GB"}
    for module in [name for name in sys.modules if name.startswith("phonenumbers.geodata")]:
        del sys.modules[module]
    return frozenset(town for town in towns if len(town) > 3) | _CITIES, countries


def learn_places() -> None:
    """Read the tables now, so that no document waits for them."""
    _towns_and_countries()


def country_code(text: str) -> str:
    """ISO code of a country's name in any language, else empty."""
    return _towns_and_countries()[1].get(text.strip(" .,()").lower(), "")


def is_town(text: str) -> bool:
    return text.strip(" .,()").lower() in _towns_and_countries()[0]


def is_place(text: str) -> bool:
    """ "Leipzig", "San Diego, CA", "Porto, Portugal"; two capitals alone are no place ("LU" bakes biscuits)."""
    parts = [part.strip(" ().") for part in text.split(",") if part.strip(" ().")]
    if not parts or _STATE.fullmatch(parts[0]):
        return False
    if not (is_town(parts[0]) or country_code(parts[0])):
        return False
    return all(country_code(part) or _STATE.fullmatch(part) for part in parts[1:])
