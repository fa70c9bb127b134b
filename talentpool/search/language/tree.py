"""The tree of a query: frozen, comparable, and always in one shape.

Build `And`, `Or`, `Not` and `Field` nodes with `all_of`, `any_of`, `none_of` and `within`: they keep the tree flat and
free of double negations, so that two ways to write one thing give equal trees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

TEXTS = (
    *("title", "skill", "location", "source", "tag", "employer", "name", "email"),
    *("wants", "salary", "available", "permit", "remote", "warmth", "family"),
)
FIELDS = (
    *TEXTS,
    *(
        "experience",
        "near",
        "has",
        "missing",
        "silver",
        "consent",
        "contacted",
        "stage",
        "pipeline",
        "updated",
        "added",
    ),
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other, in this order; or, with `between`, in any order with so many others between them."""

    text: str
    between: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, typed with a * after it."""

    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers or dates as typed after a field: <60000, >=2027-01 or 5..9; both ends belong to it."""

    text: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Radius:
    """Around a town, as typed after near:; the cell in which the town lies, and how far."""

    text: str
    town: str
    cell: int
    metres: int
    in_miles: bool


@dataclass(frozen=True, slots=True)
class Field:
    """Its child must hold within the one field; its child holds no other Field."""

    name: str
    child: "Tree"


@dataclass(frozen=True, slots=True)
class Not:
    child: "Tree"


@dataclass(frozen=True, slots=True)
class And:
    children: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    children: tuple["Tree", ...]


Leaf: TypeAlias = Term | Phrase | Prefix
Tree: TypeAlias = Leaf | Range | Radius | Field | Not | And | Or


def all_of(children: Iterable[Tree]) -> Tree:
    flat = [grandchild for child in children for grandchild in (child.children if isinstance(child, And) else (child,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(children: Iterable[Tree]) -> Tree:
    flat = [grandchild for child in children for grandchild in (child.children if isinstance(child, Or) else (child,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def none_of(child: Tree) -> Tree:
    return child.child if isinstance(child, Not) else Not(child)


def within(name: str, child: Tree) -> Tree:
    """A negation stands outside its field: title:(-sales) is -title:sales."""
    return none_of(within(name, child.child)) if isinstance(child, Not) else Field(name, child)
