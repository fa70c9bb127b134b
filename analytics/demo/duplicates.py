"""Who of the demo's people may be one: pairs with one name of which records share a place or an employer."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from talentpool.models import Candidate, MatchPair

NAME_BITS, EMPLOYER_BITS, PLACE_BITS, TITLE_BITS = 11.0, 9.0, 4.0, 2.0
STRONG = 25.0
AGAINST = -1.5
MOST = 40


def ask_about_duplicates() -> list[MatchPair]:
    """Pairs for the queue, the strongest first."""
    by_name: dict[str, list[Candidate]] = defaultdict(list)
    for person in Candidate.objects.present().order_by("pk"):
        if person.given_name and person.family_name:
            by_name[f"{person.given_name} {person.family_name}".casefold()].append(person)
    pairs = [
        MatchPair(low=low, high=high, bits=bits, strong=bits >= STRONG, evidence=evidence)
        for people in by_name.values()
        for low, high in combinations(people, 2)
        if (evidence := list(_evidence(low, high))) and (bits := sum(each["bits"] for each in evidence)) > NAME_BITS
    ]
    strongest = sorted(pairs, key=lambda pair: (-pair.bits, pair.low_id))[:MOST]
    return list(MatchPair.objects.bulk_create(strongest))


def _evidence(low: Candidate, high: Candidate) -> Iterator[Mapping[str, Any]]:
    yield _line("name", NAME_BITS, "The same first and last name")
    employers = _told(low, "employer") & _told(high, "employer")
    if employers:
        yield _line("employer", EMPLOYER_BITS, f"Both worked at {min(employers)}")
    elif _told(low, "employer") and _told(high, "employer"):
        yield _line("employer", AGAINST, "No employer in common")
    if low.location and low.location == high.location:
        yield _line("place", PLACE_BITS, f"Both live in {low.location}")
    elif low.location and high.location:
        yield _line("place", AGAINST, "They live in different places")
    if low.current_title and low.current_title == high.current_title:
        yield _line("title", TITLE_BITS, f"Both work as {low.current_title}")


def _line(comparison: str, bits: float, words: str) -> Mapping[str, Any]:
    return {"comparison": comparison, "level": "equal" if bits > 0 else "differs", "bits": bits, "words": words}


def _told(person: Candidate, name: str) -> set[str]:
    return {str(position[name]) for position in person.positions if position.get(name)}
