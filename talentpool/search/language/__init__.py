"""The language of the search box: text in, an immutable tree out, and back again."""

from talentpool.search.language.errors import QueryError
from talentpool.search.language.parser import parse
from talentpool.search.language.printer import to_text
from talentpool.search.language.tree import And, Field, Not, Or, Phrase, Prefix, Radius, Range, Term, Tree

__all__ = [
    "And",
    "Field",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "QueryError",
    "Radius",
    "Range",
    "Term",
    "Tree",
    "parse",
    "to_text",
]
