"""Country names as ISO codes, as tables write them. The English names come with the time zone database."""

from functools import cache
from importlib.resources import files

_OTHER_NAMES = {
    "AE": "uae|united arab emirates",
    "AT": "österreich|autriche|austria",
    "BE": "belgien|belgique|belgië",
    "BR": "brasil|brasilien|brésil",
    "CH": "schweiz|suisse|svizzera|suiza",
    "CZ": "czechia|czech republic|tschechien",
    "DE": "deutschland|allemagne|alemania|duitsland|germania",
    "DK": "dänemark|danmark",
    "ES": "españa|spanien|espagne|spanje",
    "FR": "frankreich|francia|frankrijk",
    "GB": "uk|u.k.|united kingdom|great britain|england|scotland|wales|northern ireland|großbritannien",
    "IE": "irland|irlande|republic of ireland",
    "IN": "indien|inde",
    "IT": "italia|italien|italie|italië",
    "KR": "south korea|korea",
    "NL": "nederland|niederlande|pays-bas|holland|the netherlands",
    "PL": "polska|polen|pologne",
    "PT": "portogallo",
    "RU": "russia|russland",
    "SE": "schweden|sverige|suède",
    "TR": "türkei|turkey|türkiye|turquie",
    "US": "usa|u.s.|u.s.a.|united states|united states of america|vereinigte staaten|états-unis|estados unidos",
}


@cache
def _codes() -> dict[str, str]:
    names = _names()
    codes = {name.casefold(): code for code, name in names.items()} | {code.casefold(): code for code in names}
    return codes | {name: code for code, names in _OTHER_NAMES.items() for name in names.split("|")}


@cache
def _names() -> dict[str, str]:
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text("utf-8")
    return dict(line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))


def country_name(code: str) -> str:
    """In English; the code itself where there is no such country."""
    return _names().get(code, code)


def country_code(text: str) -> str:
    """Two capitals, or nothing where the country isn't known."""
    return _codes().get(text.strip().casefold(), "")
