"""Blocking keys: what two records have to have in common for them to be compared at all.

A record has about fifteen, each a number of 64 bits in a row of MatchBlock. A key that more than CAP records share is
passed over: whoever matters shares another one (the name with the town, or with the employer).
"""

from collections.abc import Iterator
from functools import lru_cache

from talentpool.identity.folding import block_number, skeleton
from talentpool.identity.names import known_sound, longer_forms
from talentpool.identity.person_traits import PersonTraits, Words

CAP = 100
MOST_KEYS = 100
MOST_FORMS = 3
MOST_ORGANISATIONS = 12


def block_keys(traits: PersonTraits, words: Words) -> list[int]:
    """The keys of one record, each once, in ascending order."""
    keys = dict.fromkeys(map(block_number, _keys(traits, words)))
    return sorted(list(keys)[:MOST_KEYS])


def _keys(traits: PersonTraits, words: Words) -> Iterator[str]:
    for kind, values in (("e", words.emails), ("p", words.phones), ("w", words.pages), ("m", traits.mailboxes)):
        yield from (f"{kind}|{value}" for value in values)
    lasts, firsts = _family_skeletons(traits.family_parts, traits.middle), _given_skeletons(traits.given)
    yield from _name_keys(lasts, firsts, traits)
    yield from _detail_keys("l", lasts, _details_of_family(traits))
    yield from _detail_keys("f", firsts, _details_of_given(traits))
    yield from _career_keys(lasts, firsts, words)


def _name_keys(lasts: tuple[str, ...], firsts: tuple[str, ...], traits: PersonTraits) -> Iterator[str]:
    for last in lasts:
        for first in firsts:
            both = "|".join(sorted((first, last)))  # in one order, for first and last names get swapped
            yield f"n|{both}"
            if traits.town:
                yield f"nc|{both}|{traits.town}"


def _details_of_family(traits: PersonTraits) -> dict[str, str]:
    return {
        "c": f"{traits.given[0]}|{traits.town}" if traits.town and traits.given else "",
        "z": traits.postcode,
        "a": skeleton(traits.street),
        "d": traits.born[:4],
    }


def _details_of_given(traits: PersonTraits) -> dict[str, str]:
    return {"a": traits.street, "z": traits.postcode, "d": traits.born}


def _detail_keys(kind: str, names: tuple[str, ...], details: dict[str, str]) -> Iterator[str]:
    yield from (f"{kind}{which}|{name}|{detail}" for name in names for which, detail in details.items() if detail)


def _career_keys(lasts: tuple[str, ...], firsts: tuple[str, ...], words: Words) -> Iterator[str]:
    for employer in words.employers[:MOST_ORGANISATIONS]:
        yield from (f"lo|{last}|{employer}" for last in lasts)
        yield from (f"fo|{first}|{employer}" for first in firsts)
    for school in words.schools[:MOST_ORGANISATIONS]:
        yield from (f"ls|{last}|{school}" for last in lasts)


@lru_cache(maxsize=20_000)
def _family_skeletons(parts: tuple[str, ...], middle: str) -> tuple[str, ...]:
    """Of each part and of the whole; and of a second name that is no first name, for in Ana García Márquez it is the
    family's."""
    words = (*parts, "".join(parts)) if len(parts) > 1 else parts
    if len(middle) > 2 and not known_sound(middle):
        words = (*words, middle)
    return tuple(dict.fromkeys(skeleton(word) for word in words if len(word) > 1))


@lru_cache(maxsize=20_000)
def _given_skeletons(given: str) -> tuple[str, ...]:
    forms = (given, *sorted(longer_forms(given))[:MOST_FORMS]) if len(given) > 1 else ()
    return tuple(dict.fromkeys(skeleton(form) for form in forms))
