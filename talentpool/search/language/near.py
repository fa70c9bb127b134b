"""A radius after `near:`, as it is typed: a town, told apart by its state or country where needed, and a distance.

near:"Austin, TX" 50mi      near:Utrecht 30km      near:New York
"""

import re
from dataclasses import dataclass

from talentpool.search.language.errors import QueryError
from talentpool.vocabulary.geography import Town, names_like, towns_meant

LARGEST_KM = 500
MOST_RADII = 10  # in one query
KM_OF_A_MILE = 1.609344
_IN_MILES = frozenset({"US", "GB"})  # where a radius without a distance is one in miles
_DISTANCE = re.compile(
    r"[\s,]*(?:within\s+|radius\s+|\+\s*)?(?P<number>\d{1,6}(?:\.\d{1,2})?)\s*(?P<unit>mi|miles?|km|kms|kilomet(?:er|re)s?)"
    r"(?=[\s()|]|[.,;:!?]+(?:\s|$)|$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'\s*["“”„‟«»＂]([^"“”„‟«»＂]{1,100})["“”„‟«»＂]')
_WORD = re.compile(r'\s*[^\s()|"“”„‟«»＂:]+')
_MOST_WORDS = 5  # of a town that is typed without quotation marks
_OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of a town as far as `metres`; `text` is how it would be written."""

    town: Town
    metres: int
    in_miles: bool
    text: str
    start: int
    end: int


def surroundings_in(text: str, start: int) -> Surroundings:
    """What is typed here after `near:`; raises QueryError where that is no town."""
    begins = start + len(text[start:]) - len(text[start:].lstrip())
    if quoted := _QUOTED.match(text, start):
        name, end = quoted[1].strip(), quoted.end()
        towns = towns_meant(name)
    else:
        name, end, towns = _without_quotes(text, start)
    if not towns:
        raise _no_town(text, name, begins, max(end, begins))
    distance = _DISTANCE.match(text, end)
    metres, in_miles = _metres(distance, towns[0].country, text)
    written = "".join(distance.group("number", "unit")) if distance else ""
    return Surroundings(
        towns[0], metres, in_miles, f'"{name}" {written}'.rstrip(), begins, distance.end() if distance else end
    )


def _without_quotes(text: str, start: int) -> tuple[str, int, list[Town]]:
    """The most words from here that are a town together."""
    ends: list[int] = []
    at = start
    while len(ends) < _MOST_WORDS and (word := _WORD.match(text, at)) and word.group().strip() not in _OPERATORS:
        if ends and _DISTANCE.match(text, at):
            break
        at = word.end()
        ends.append(at)
    for end in reversed(ends):
        name = text[start:end].strip().rstrip(",;.:!?")
        if towns := towns_meant(name):
            return name, start + len(text[start:end].rstrip().rstrip(",;.:!?")), towns
    end = ends[0] if ends else start
    return text[start:end].strip(), end, []


def _metres(distance: re.Match[str] | None, country: str, text: str) -> tuple[int, bool]:
    if distance is None:
        in_miles = country in _IN_MILES
        return round(30 * KM_OF_A_MILE * 1000) if in_miles else 50_000, in_miles
    in_miles = distance["unit"].lower().startswith("mi")
    kilometres = float(distance["number"]) * (KM_OF_A_MILE if in_miles else 1)
    if kilometres > LARGEST_KM:
        miles = int(LARGEST_KM / KM_OF_A_MILE)
        most = f"{miles}mi" if in_miles else f"{LARGEST_KM}km"
        start, end = distance.start("number"), distance.end()
        raise QueryError(
            f"At character {start + 1}: “near:” reaches up to {LARGEST_KM} km, or {miles} miles.",
            start,
            end - start,
            text[:start] + most + text[end:],
        )
    return round(kilometres * 1000), in_miles


def _no_town(text: str, name: str, start: int, end: int) -> QueryError:
    if not name:
        return QueryError(
            f'At character {start + 1}: “near:” needs a town after it, as in near:"Austin, TX" 50mi.', start, 0
        )
    close = names_like(name)
    choices = " or ".join(f"“{label}”" for label in close)
    return QueryError(
        f"At character {start + 1}: “{name[:40]}” is no town we know. "
        + (f"Did you mean {choices}?" if close else "Name a town of 5,000 people or more nearby."),
        start,
        end - start,
        f'{text[:start]}"{close[0]}"{text[end:]}' if close else None,
    )
