"""A query's tree with the other names of what it asks for, and the list of what was added.

Only words that speak for somebody are expanded: never what stands under a NOT, a "phrase" (it is meant as it is typed),
an unfinished* word, or a field other than title and skill.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from talentpool.search.analysis import STOP_WORDS
from talentpool.search.concepts.names import MOST_WORDS, Name, other_names
from talentpool.search.language import And, Field, Or, Phrase, Term, Tree
from talentpool.search.language.tree import all_of, any_of

MOST_SAME, MOST_NARROWER, MOST_ADDED = 12, 6, 60
FIELDS = ("title", "skill")


@dataclass(frozen=True, slots=True)
class Addition:
    """`name` is searched for beside what was typed."""

    typed: str
    name: str
    is_narrower: bool = False
    field: str | None = None

    @property
    def sentence(self) -> str:
        return f"narrower than {self.typed}" if self.is_narrower else f"another name of {self.typed}"


@dataclass(frozen=True)
class Expansion:
    """The tree as typed, with other names of the same, with narrower ones too; each finds whom the one before finds."""

    typed: Tree | None
    same: Tree | None
    whole: Tree | None
    additions: tuple[Addition, ...] = ()
    added: frozenset[Tree] = frozenset()  # what stands in the trees for the additions

    @cached_property
    def names(self) -> tuple[Addition, ...]:
        """Each name once, in the order of what was typed, narrower ones last."""
        once: dict[str, Addition] = {}
        for each in self.additions:
            once.setdefault(each.name.casefold(), each)
        return tuple(sorted(once.values(), key=lambda each: each.is_narrower))


NOTHING_ADDED = Expansion(None, None, None)


def expand(tree: Tree | None, less: Iterable[str] = ()) -> Expansion:
    """`less` are names that shall not be added."""
    if tree is None:
        return NOTHING_ADDED
    names = _Names(frozenset(name.casefold() for name in less))
    whole = _expanded(tree, None, names)
    if not names.additions:
        return Expansion(tree, tree, tree)
    narrower = any(each.is_narrower for each in names.additions)
    same = _expanded(tree, None, _Names(names.less, narrower=False)) if narrower else whole
    return Expansion(tree, same, whole, tuple(names.additions), frozenset(names.trees))


class _Names:
    """Hands out names up to the limit of a query, and remembers them."""

    def __init__(self, less: frozenset[str], *, narrower: bool = True) -> None:
        self.less = less
        self.narrower = narrower
        self.additions: list[Addition] = []
        self.trees: set[Tree] = set()

    def of(self, typed: str, field: str | None) -> list[Name]:
        found = list(self._within_limits(other_names(typed)))[: MOST_ADDED - len(self.additions)]
        self.additions += [Addition(typed, name.text, name.is_narrower, field) for name in found]
        return [name for name in found if self.narrower or not name.is_narrower]

    def _within_limits(self, names: list[Name]) -> Iterator[Name]:
        wanted = [name for name in names if name.text.casefold() not in self.less]
        yield from islice((name for name in wanted if not name.is_narrower), MOST_SAME)
        yield from islice((name for name in wanted if name.is_narrower), MOST_NARROWER)


def _expanded(tree: Tree, field: str | None, names: _Names) -> Tree:
    match tree:
        case Term():
            return _with_names([tree], field, names) or tree
        case Field(name, child) if name in FIELDS:
            return Field(name, _expanded(child, name, names))
        case And(children):
            return all_of(_expanded_run(children, field, names))
        case Or(children):
            return any_of(_expanded(child, field, names) for child in children)
    return tree


def _expanded_run(children: tuple[Tree, ...], field: str | None, names: _Names) -> Iterator[Tree]:
    """Words side by side are taken together where that is a name, as many as can be."""
    index = 0
    while index < len(children):
        words = list(_words_from(children, index))
        for length in range(len(words), 1, -1):
            if expanded := _with_names(words[:length], field, names):
                yield expanded
                index += length
                break
        else:
            yield _expanded(children[index], field, names)
            index += 1


def _words_from(children: tuple[Tree, ...], index: int) -> Iterator[Term]:
    for child in children[index : index + MOST_WORDS]:
        if not isinstance(child, Term):
            return
        yield child


def _with_names(words: list[Term], field: str | None, names: _Names) -> Tree | None:
    typed = " ".join(word.text for word in words)
    found = names.of(typed, field) if typed not in STOP_WORDS else []
    added = [tree for name in found for tree in _asked_for(name, field)]
    names.trees.update(added)
    return any_of([all_of(words), *added]) if found else None


def _asked_for(name: Name, field: str | None) -> list[Tree]:
    phrase = Phrase(name.text)
    return [Field(each, phrase) for each in FIELDS] if name.is_everyday and not field else [phrase]
