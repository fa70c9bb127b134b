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
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    codes = {name.casefold(): code for code, name in rows} | {code.casefold(): code for code, _ in rows}
    return codes | {name: code for code, names in _OTHER_NAMES.items() for name in names.split("|")}


def country_code(text: str) -> str:
    """Two capitals, or nothing where the country isn't known."""
    return _codes().get(text.strip().casefold(), "")
