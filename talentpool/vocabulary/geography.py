"""Towns of 5,000 people and more: which one a text means, and which cells hold those within a radius.

The lists stay bytes in memory, looked up by halving: 70,000 towns with their names would be ten times as large as
objects. Read once a process, when the first text is asked for.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache
from heapq import nlargest
from pathlib import Path
from typing import NamedTuple

from talentpool.vocabulary.cells import DIGITS, box_of, kilometres, middle_of
from talentpool.vocabulary.places import country_code, english_country

_HERE = Path(__file__).parent
_LEAST_LETTERS = 2
_FEW = 40  # towns of a cell that are measured one by one
_PARTS = re.compile(r"[,()]+|\s[-–—]\s")
_CHOICES = re.compile(r"[;/|·•]+|\s(?:or|and|&)\s")
_NOISE = re.compile(
    r"\b(?:greater|metro|metropolitan|(?:bay )?area|region|city of|\d[\d-]*(?: [a-z]{2})?)\b", re.IGNORECASE
)
_POSTAL = re.compile(r"\s*\d[\d-]*\s*")  # beside a state: TX 77002
_SHORT = {"nyc": "new york city", "sf": "san francisco"}
_UNCOMPOSED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
# Smaller towns that are called like a state or country elsewhere are not what somebody means who names nothing else.
_KNOWN_BY_NAME_ALONE = 500_000
_WITH_STATES = frozenset({"US", "CA", "AU"})  # whose towns are told apart by the state's code


class Town(NamedTuple):
    name: str
    country: str  # ISO code
    region: str  # GeoNames' code
    population: int
    cell: int

    @property
    def place(self) -> tuple[float, float]:
        return middle_of(self.cell)

    @property
    def label(self) -> str:
        """Such as “Austin, TX” or “Utrecht, Netherlands”."""
        if self.country in _WITH_STATES and (names := _regions().names.get((self.country, self.region))):
            return f"{self.name}, {names[0]}"
        return f"{self.name}, {english_country(self.country)}"


def key_of(name: str) -> str:
    """A name without case, accents and punctuation."""
    lower = name.casefold().translate(_UNCOMPOSED)
    bare = "".join(each for each in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(each))
    words = " ".join(re.findall(r"[^\W_]+", bare.replace("'", "").replace("’", "")))
    return f"saint {words[3:]}" if words.startswith("st ") else words


def towns_meant(text: str) -> list[Town]:
    """The towns that a text names, such as “Austin, TX” or “Paris, France”, the largest first; none where any part of
    it is unknown."""
    first, *others = _parts(text) or [""]
    return _narrowed(_named(first), others, strictly=True) or _with_region_after(first, others)


@lru_cache(maxsize=50_000)
def town_of(location: str, country: str = "") -> Town | None:
    """The town in which somebody lives who says so; `country` is an ISO code where more is known of her."""
    for text in _CHOICES.split(location)[:4]:
        parts = _parts(text)
        for place, part in enumerate(parts[:3]):
            others = [_POSTAL.sub("", other) for other in parts[place + 1 :]]
            if found := _lived_in(part, [other for other in others if other], country):
                return found
    return None


def _lived_in(part: str, others: Sequence[str], country: str) -> Town | None:
    for name in dict.fromkeys((part, _NOISE.sub(" ", part).strip())):
        towns = _narrowed(_named(name), others, strictly=False) or _with_region_after(name, others)
        found = [town for town in towns if country in ("", town.country)]
        if found and (others or not _is_rather_a_region(name, found[0])):
            return found[0]
    return None


def names_like(text: str) -> list[str]:
    """Labels of known towns that may have been meant: of that name elsewhere, or of a name like it."""
    first, *others = _parts(text) or [""]
    key = key_of(first)
    towns = _named(first) or [town for town, _ in _splits(first)]
    if not towns:
        close = get_close_matches(key, _names().like(key), n=3, cutoff=0.7)
        towns = [town for name in close for town in _named(name)]
        towns = _narrowed(towns, others, strictly=True) or towns[:1]
    return list(dict.fromkeys(town.label for town in towns))[:3]


def towns_beginning(text: str, most: int) -> list[str]:
    """Labels of towns whose name begins so, the largest first; of fewer than two letters none."""
    key = key_of(text)
    if len(key) < _LEAST_LETTERS:
        return []
    towns = (_towns().town(row) for row in _names().rows_beginning(key))
    largest = nlargest(4 * most, towns, key=lambda town: town.population)  # a town has several names
    return list(dict.fromkeys(town.label for town in largest))[:most]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(text) if part.strip()][:6]


def _narrowed(towns: list[Town], others: Sequence[str], *, strictly: bool) -> list[Town]:
    """Those in all the regions and countries that are named beside the town."""
    for other in others:
        meanings = _regions().called(other)
        if meanings or strictly:
            towns = [
                town for town in towns if (town.country, "") in meanings or (town.country, town.region) in meanings
            ]
    return towns


def _with_region_after(text: str, others: Sequence[str]) -> list[Town]:
    """“Austin TX” without a comma."""
    return _narrowed([town for town, fits in _splits(text) if fits], others, strictly=True)


def _splits(text: str) -> Iterator[tuple[Town, bool]]:
    words = text.split()[:8]
    for last in range(len(words) - 1, max(len(words) - 4, 0), -1):
        if towns := _named(" ".join(words[:last])):
            fitting = _narrowed(towns, [" ".join(words[last:])], strictly=True)
            yield from ((town, town in fitting) for town in towns)


def _is_rather_a_region(name: str, town: Town) -> bool:
    meanings = _regions().called(name)
    its_own = {(town.country, ""), (town.country, town.region)}
    return bool(meanings) and its_own.isdisjoint(meanings) and town.population < _KNOWN_BY_NAME_ALONE


@lru_cache(maxsize=1_000)
def cells_within(cell: int, metres: int) -> tuple[str, ...]:
    """Beginnings of the cells of all known towns within a distance of a place, and of no others."""
    return tuple(_Circle(middle_of(cell), metres / 1000).cover("", 0, len(_towns().cells)))


class _Circle:
    def __init__(self, middle: tuple[float, float], radius: float) -> None:
        self.middle, self.radius = middle, radius
        self.height = radius / 110.5 + 0.01  # degrees, a little more than there can be
        widest = min(abs(middle[0]) + self.height, 90.0)
        self.width = next((w / 2 for w in range(1, 360) if self._is_beyond(w / 2, widest)), 180.0)

    def _is_beyond(self, width: float, latitude: float) -> bool:
        return kilometres((latitude, 0.0), (latitude, width)) > self.radius

    def cover(self, beginning: str, first: int, end: int) -> list[str]:
        if first == end or not self._may_meet(beginning):
            return []
        if end - first <= _FEW or len(beginning) == DIGITS:
            within = {kilometres(self.middle, middle_of(cell)) <= self.radius for cell in _towns().cells[first:end]}
            if within == {False}:
                return []
            if within == {True}:
                return [beginning]
        return self._ninths(beginning, first, end)

    def _ninths(self, beginning: str, first: int, end: int) -> list[str]:
        """What the cell's parts give, or the whole cell where that says the same."""
        found, whole = [], True
        for digit in range(9):
            part = f"{beginning}{digit}"
            upper = (int(part) + 1) * 10 ** (DIGITS - len(part))
            last = bisect_left(_towns().cells, upper, first, end)
            if last > first:
                covered = self.cover(part, first, last)
                found += covered
                whole = whole and covered == [part]
            first = last
        return [beginning] if whole else found

    def _may_meet(self, beginning: str) -> bool:
        south, west, height, width = box_of(beginning)
        latitude, longitude = self.middle
        if not south - self.height <= latitude <= south + height + self.height:
            return False
        apart = abs((longitude - (west + width / 2) + 540) % 360 - 180)
        return apart <= width / 2 + self.width


class _Lines:
    """A list in the order of its bytes, or of its cells."""

    def __init__(self, name: str) -> None:
        self.text = (_HERE / name).read_bytes()
        self.starts = array("I", [0])
        at = self.text.find(b"\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = self.text.find(b"\n", at + 1)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def line(self, number: int) -> bytes:
        return self.text[self.starts[number] : self.starts[number + 1] - 1]


class _Towns(_Lines):
    def __init__(self) -> None:
        super().__init__("places.tsv")
        self.cells = array("Q", (int(self.text[start : start + DIGITS]) for start in self.starts[:-1]))

    def town(self, number: int) -> Town:
        cell, name, country, region, population = self.line(number).decode().split("\t")
        return Town(name, country, region, int(population), int(cell))


class _Names(_Lines):
    def __init__(self) -> None:
        super().__init__("place_names.tsv")

    def _place(self, key: bytes) -> int:
        return bisect_left(range(len(self)), key, key=lambda number: self.line(number).partition(b"\t")[0])

    def rows(self, key: str) -> list[int]:
        place = self._place(key.encode())
        name, _, rows = self.line(place).partition(b"\t") if place < len(self) else (b"", b"", b"")
        return [int(row) for row in rows.split()] if name == key.encode() else []

    def rows_beginning(self, key: str) -> Iterator[int]:
        first, end = self._place(key.encode()), self._place(key.encode() + b"\xff")
        for number in range(first, end):
            yield from map(int, self.line(number).partition(b"\t")[2].split())

    def like(self, key: str) -> list[str]:
        """Names that begin alike and are about as long."""
        begins = key[:2].encode()
        first, end = self._place(begins), self._place(begins + b"\xff")
        names = (self.line(number).partition(b"\t")[0].decode() for number in range(first, end))
        return [name for name in names if abs(len(name) - len(key)) <= 2]


class _Regions:
    def __init__(self) -> None:
        self.names: dict[tuple[str, str], list[str]] = {}
        self._by_key: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for line in (_HERE / "regions.tsv").read_text().splitlines():
            country, region, names = line.split("\t")
            self.names[country, region] = names.split("|")
            for name in names.split("|"):
                self._by_key[key_of(name)].add((country, region))

    def called(self, name: str) -> set[tuple[str, str]]:
        """The regions, and the countries with no region, that are called so."""
        found = set(self._by_key.get(key_of(name), ()))
        code = country_code(name) or (name.upper() if len(name) == 2 and english_country(name.upper()) else "")
        return found | {(code, "")} if code else found


def _named(name: str) -> list[Town]:
    key = _SHORT.get(key_of(name)) or key_of(name)
    return [_towns().town(row) for row in _names().rows(key)] if key else []


@cache
def _towns() -> _Towns:
    return _Towns()


@cache
def _names() -> _Names:
    return _Names()


@cache
def _regions() -> _Regions:
    return _Regions()
