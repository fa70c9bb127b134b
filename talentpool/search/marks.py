"""Numbers and days as words: how both engines find who lies in a range without knowing what a number is.

A number is written with a fixed number of digits, so that a range of numbers is a handful of beginnings of words:
0 to 599 are the words that begin with 0, 1, 2, 3, 4 or 5. New fields of an organisation need no change of an index.
"""

from collections.abc import Iterator

WIDTH = 13
SHORTEST = 9  # of the beginnings that are kept as words; shorter ones are few, and read as beginnings
_SHIFT = 10**12  # negative numbers too are written without a sign
_MOST = 10**WIDTH - 1


def mark(number: int) -> str:
    """The number as a word; numbers beyond what is kept stand at the ends."""
    return f"{min(max(number + _SHIFT, 0), _MOST):0{WIDTH}d}"


def words_of(number: int) -> list[str]:
    """The mark and its beginnings, so that a beginning is found as a word, without reading all that begin so."""
    whole = mark(number)
    return [whole[:length] for length in range(SHORTEST, WIDTH + 1)]


def beginnings(low: int | None, high: int | None) -> Iterator[str]:
    """Of the marks from `low` to `high`, both included, and of no others."""
    at = 0 if low is None else min(max(low + _SHIFT, 0), _MOST)
    last = _MOST if high is None else min(high + _SHIFT, _MOST)
    while at <= last:
        zeros = WIDTH
        while at % 10**zeros or at + 10**zeros - 1 > last:
            zeros -= 1
        yield f"{at:0{WIDTH}d}"[: WIDTH - zeros]
        at += 10**zeros


def in_range(number: int, low: int | None, high: int | None) -> bool:
    """Whether the number's mark begins as those of the range do."""
    kept = min(max(number + _SHIFT, 0), _MOST)
    return (low is None or min(max(low + _SHIFT, 0), _MOST) <= kept) and (high is None or kept <= high + _SHIFT)
