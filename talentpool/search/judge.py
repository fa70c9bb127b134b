"""A query against one person, in Python: what both engines answer for everybody, judged for who has just changed.

A person is prepared once, for any number of queries. The engines' contract holds the judge to their answers.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property

from talentpool.search.analysis import prefix_stems
from talentpool.search.clauses import AllOf, AnyOf, Clause, Match, Within, Without
from talentpool.search.facets import value_id
from talentpool.search.index.document import BODY, Document
from talentpool.search.marks import in_range
from talentpool.search.proximity import stretches

Stems = Sequence[str]


class Subject:
    """A person as a query meets her: her words by field, in their texts and all together, her numbers, her values."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.texts: dict[str | None, list[Stems]] = {}
        for segment, stems in document.stems():
            if segment.field != BODY:
                self.texts.setdefault(segment.field, []).append(stems)
            if not segment.is_named_only:
                self.texts.setdefault(None, []).append(stems)
        self.words = {field: frozenset().union(*texts) for field, texts in self.texts.items()}
        self.numbers: dict[str, list[int]] = {}
        for field, number in document.marks:
            self.numbers.setdefault(field, []).append(number)
        self._in_order: dict[str | None, list[str]] = {}

    @cached_property
    def values(self) -> frozenset[int]:
        return frozenset(value_id(key.facet, key.value) for key in self.document.facets)

    def words_in_order(self, field: str | None) -> list[str]:
        if field not in self._in_order:
            self._in_order[field] = sorted(self.words[field])
        return self._in_order[field]


def finds(clause: Clause | None, chosen: Mapping[str, Sequence[int]], subject: Subject) -> bool:
    """Whether a question with these chosen values, of each facet one, finds the person."""
    return all(not subject.values.isdisjoint(values) for values in chosen.values()) and (
        clause is None or holds(clause, subject)
    )


def holds(clause: Clause, subject: Subject) -> bool:
    match clause:
        case Match():
            return _matches(clause, subject)
        case AllOf(clauses):
            return all(holds(inner, subject) for inner in clauses)
        case AnyOf(clauses):
            return any(holds(inner, subject) for inner in clauses)
        case Without(inner):
            return not holds(inner, subject)
        case Within(field, low, high):
            return any(in_range(number, low, high) for number in subject.numbers.get(field, ()))


def _matches(match: Match, subject: Subject) -> bool:
    words = subject.words.get(match.field)
    if words is None:
        return False
    *before, last = match.words
    if not words.issuperset(before):
        return False
    if match.between:
        return last in words and any(
            any(stretches(text, match.words, match.between)) for text in subject.texts[match.field]
        )
    if not match.prefix:
        return last in words and (not before or _stand_together(match, {last}, subject))
    start, whole = prefix_stems(last)
    choices = {*words.intersection(whole), *_that_begin(start, subject.words_in_order(match.field))}
    return bool(choices) and (not before or _stand_together(match, choices, subject))


def _that_begin(start: str, words: list[str]) -> Sequence[str]:
    first = end = bisect_left(words, start)
    while end < len(words) and words[end].startswith(start):
        end += 1
    return words[first:end]


def _stand_together(match: Match, choices: set[str], subject: Subject) -> bool:
    """The words one after the other in one text, the last of them being any of the choices."""
    before = list(match.words[:-1])
    length = len(before)
    return any(
        text[end] in choices and text[end - length : end] == before
        for text in subject.texts[match.field]
        for end in range(length, len(text))
    )
