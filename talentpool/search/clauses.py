"""A query's tree with its words analysed: what the engines translate and what the reasons of a hit are found by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from django.utils import timezone

from talentpool.search.analysis import STOP_WORDS, composed, stem, stems, words
from talentpool.search.language import And, Field, Not, Or, Phrase, Prefix, Radius, Range, Term, Tree
from talentpool.search.language.choices import CHOICES, choice_of
from talentpool.search.language.tree import Leaf
from talentpool.vocabulary.cells import DIGITS
from talentpool.vocabulary.geography import cells_within

NEAR = "near"  # the cell of a person's town
NOTICE = "notice"  # days between giving notice and being available; asked for by dates alone
# Of who is at work, the day on which her experience would have begun had she always worked: it stands still while the
# experience grows.
AT_WORK_SINCE = "at_work_since"
_CONSENT_WORDS = {  # of each contact state's label the one word that no other has
    "may_write": "written",
    "no_consent": "consent",
    "in_process": "process",
    "unsubscribed": "unsubscribed",
    "bounced": "bounced",
    "no_address": "address",
}


@dataclass(frozen=True, slots=True)
class Match:
    """These words next to each other: in the field, or anywhere when there is none.

    With `prefix`, the last word is only the beginning of one, and as typed. With `between` the words, each once, stand
    in any order and with up to so many others between them.
    """

    words: tuple[str, ...]
    field: str | None = None
    prefix: bool = False
    between: int = 0


@dataclass(frozen=True, slots=True)
class Within:
    """A number or day of the field from `low` to `high`, both included; None where that end is open."""

    field: str
    low: int | None
    high: int | None

    def holds(self, number: int) -> bool:
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)


@dataclass(frozen=True, slots=True)
class AllOf:
    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Near(AnyOf):
    """Any of the cells within a distance of a town. It is a choice of cells like any, which remembers what it was
    asked by, for the reason of a hit."""

    town: str
    cell: int
    in_miles: bool

    @property
    def field(self) -> str:
        return NEAR


@dataclass(frozen=True, slots=True)
class Without:
    clause: "Clause"


Clause: TypeAlias = Match | Within | AllOf | AnyOf | Without


def clause_of(tree: Tree | None) -> Clause | None:
    """None matches everyone. Stop words are left out unless there is nothing else."""
    if tree is None:
        return None
    return _clause(tree, None, STOP_WORDS) or _clause(tree, None, frozenset())


def _clause(tree: Tree, field: str | None, left_out: frozenset[str]) -> Clause | None:
    match tree:
        case Field(name, child):
            return _clause(child, name, frozenset())
        case Not(child):
            clause = _clause(child, field, left_out)
            return Without(clause) if clause else None
        case And(children):
            return _joined(AllOf, [_clause(child, field, left_out) for child in children])
        case Or(children):
            return _joined(AnyOf, [_clause(child, field, left_out) for child in children])
        case Range(_, low, high):
            return _within(field or "", low, high)
        case Radius(_, town, cell, metres, in_miles):
            return Near(tuple(_cells(cells_within(cell, metres))), town, cell, in_miles)
    return _leaf(tree, field, left_out)


def _leaf(leaf: Leaf, field: str | None, left_out: frozenset[str]) -> Clause | None:
    if field and field in CHOICES:
        return _choice(field, choice_of(field, leaf.text) or "")
    match leaf:
        case Term(text):
            return _word(text, field, left_out)
        case Phrase(text, between):
            match = _match(text, field)
            return (
                replace(match, words=tuple(dict.fromkeys(match.words)), between=between) if match and between else match
            )
        case Prefix(text):
            return _prefix(text, field)


def _cells(beginnings: Iterable[str]) -> Iterator[Within]:
    for beginning in beginnings:
        cells = 10 ** (DIGITS - len(beginning))
        yield Within(NEAR, int(beginning) * cells, (int(beginning) + 1) * cells - 1)


def _choice(field: str, choice: str) -> Clause:
    if field == "contacted":
        return Without(Within(field, None, None))
    if field == "silver":
        return _choice("has" if choice == "yes" else "missing", "silver")
    if field == "missing":
        return Without(_choice("has", choice))
    if field == "has" and choice != "consent":
        return Match((stem(choice),), "has")
    return Match((stem(_CONSENT_WORDS["may_write" if field == "has" else choice]),), "consent")


def _within(field: str, low: int | None, high: int | None) -> Clause:
    """What grows with the days is compared from today, whenever the document was made: who gave a notice period is
    available so many days from today on, and who is at work has more experience every day."""
    there = Within(field, low, high)
    today = timezone.localdate().toordinal()
    if field == "experience":
        longest, shortest = (None if each is None else today - each for each in (high, low))
        return AnyOf((there, Within(AT_WORK_SINCE, longest, shortest)))
    if field != "available" or (high is not None and high < today):
        return there
    least = None if low is None else max(low - today, 0)
    return AnyOf((there, Within(NOTICE, least, None if high is None else high - today)))


def _joined(kind: type[AllOf] | type[AnyOf], clauses: list[Clause | None]) -> Clause | None:
    kept = tuple(clause for clause in clauses if clause)
    return kind(kept) if len(kept) > 1 else next(iter(kept), None)


def _word(text: str, field: str | None, left_out: frozenset[str]) -> Clause | None:
    if field is None and text.lower() in left_out:
        return None
    match = _match(text, field)
    if match and field is None and "@" in text:
        return AnyOf((match, Match(match.words, "email")))
    return match


def _match(text: str, field: str | None) -> Match | None:
    found = tuple(stems(composed(text)))
    return Match(found, field) if found else None


def _prefix(text: str, field: str | None) -> Match | None:
    text = composed(text)
    found = list(words(text))
    if not found:
        return None
    *before, last = found
    return Match((*(word.stem for word in before), text[last.start : last.end]), field, prefix=True)


def conjuncts(clause: Clause | None) -> list[Clause]:
    """What must all hold, one by one."""
    if isinstance(clause, AllOf):
        return [each for inner in clause.clauses for each in conjuncts(inner)]
    return [clause] if clause else []


def positive(clause: Clause | None) -> Iterator[Match | Within | Near]:
    """The matches that speak for a hit: all but those under a NOT."""
    match clause:
        case Match() | Within() | Near():
            yield clause
        case AllOf(clauses) | AnyOf(clauses):
            for inner in clauses:
                yield from positive(inner)
