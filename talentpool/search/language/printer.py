"""Tree to text: what it prints parses back to an equal tree."""

import re

from talentpool.search.language.tree import And, Field, Not, Or, Phrase, Prefix, Radius, Range, Term, Tree

_OPERATORS = {"AND", "OR", "NOT"}
_MINUS_HOLDS = re.compile(r'[\w.("]')  # before another sign a minus is noise


def to_text(tree: Tree | None) -> str:
    match tree:
        case None:
            return ""
        case Term(text):
            return f'"{text}"' if text in _OPERATORS else text
        case Phrase(text, between):
            return f'"{text}"~{between}' if between else f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case Range(text) | Radius(text):
            return text
        case Field(name, child):
            return f"{name}:{_single(child)}"
        case Not(child):
            text = _single(child)
            holds = _MINUS_HOLDS.match(text) and not isinstance(child, Range)  # -5 would be a number below zero
            return f"-{text}" if holds else f"NOT {text}"
        case And(children):
            return " ".join(_bracketed(child, Or) for child in children)
        case Or(children):
            return " OR ".join(to_text(child) for child in children)


def _bracketed(tree: Tree, *kinds: type[And] | type[Or]) -> str:
    return f"({to_text(tree)})" if isinstance(tree, kinds) else to_text(tree)


def _single(tree: Tree) -> str:
    return _bracketed(tree, And, Or)
