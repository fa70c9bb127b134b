"""Words near each other: `"data engineer"~3` is both words in one text, in any order, with up to three others between.

Told the same way to an engine that has to be given every order and distance, and to who looks at a text.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from math import comb, factorial

MOST_BETWEEN = 20  # words; texts of one person stand further apart than that
MOST_PLACEMENTS = 500  # orders and distances of the words
MOST_OF_A_QUERY = 2_000


def placements(words: int, between: int) -> int:
    """In how many ways so many words can stand with up to so many others between them."""
    return factorial(words) * comb(between + words - 1, words - 1)


def most_between(words: int) -> int:
    """How far so many words may stand apart; below 0 where they are too many."""
    return next((n for n in range(MOST_BETWEEN, -1, -1) if placements(words, n) <= MOST_PLACEMENTS), -1)


def orders(words: Sequence[str], between: int) -> Iterator[tuple[Sequence[str], Sequence[int]]]:
    """Each order of the words, with each way to part neighbours by so many other words at most, all together."""
    for order in permutations(words):
        for gaps in _gaps(len(words) - 1, between):
            yield order, gaps


def _gaps(places: int, most: int) -> Iterator[tuple[int, ...]]:
    if places == 0:
        yield ()
        return
    for gap in range(most + 1):
        for others in _gaps(places - 1, most - gap):
            yield (gap, *others)


def stretches(text: Sequence[str], words: Sequence[str], between: int) -> Iterator[tuple[int, int]]:
    """First and last places of the shortest stretches of a text that hold all the words with few enough others."""
    seen: dict[str, int] = {}
    for place, word in enumerate(text):
        if word in words:
            seen[word] = place
            first = min(seen.values())
            if len(seen) == len(words) and place - first + 1 - len(words) <= between:
                yield first, place
