"""Towns of more than 15,000 people and countries, each by its names in several languages."""

import functools
from pathlib import Path

_HERE = Path(__file__).parent
_ALSO = {
    "usa": "US",
    "u.s.a": "US",
    "u.s": "US",
    "united states of america": "US",
    "uk": "GB",
    "u.k": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "uae": "AE",
    "holland": "NL",
    "the netherlands": "NL",
    "korea": "KR",
    "brd": "DE",
}


@functools.cache
def _towns() -> dict[str, str]:
    lines = (_HERE / "towns.tsv").read_text().splitlines()
    codes: dict[str, str] = {}
    return {name: codes.setdefault(code, code) for name, _, code in (line.partition("\t") for line in lines)}


@functools.cache
def _countries() -> dict[str, str]:
    lines = [line.partition("\t") for line in (_HERE / "countries.tsv").read_text().splitlines()]
    return {name.casefold(): code for code, _, names in lines for name in names.split("|") if name} | _ALSO


@functools.cache
def _english() -> dict[str, str]:
    lines = (line.partition("\t") for line in (_HERE / "countries.tsv").read_text().splitlines())
    return {code: names.partition("|")[0] for code, _, names in lines}


def english_country(code: str) -> str:
    """A country's name in English, or empty."""
    return _english().get(code, "")


def country_of_town(name: str) -> str:
    """ISO code of the country of the largest town of this name, or empty."""
    return _towns().get(name.casefold(), "") or _towns().get(name.lower(), "")


def country_code(name: str) -> str:
    """ISO code of a country's name, or empty."""
    return _countries().get(name.casefold(), "")


def learn_places() -> None:
    """Read the lists now, so that no document waits for them."""
    _towns()
    _countries()
