"""Tokens to tree, by descent that never goes deeper than DEEPEST brackets.

NOT binds closest, then AND (written or not), then OR: the order that LinkedIn's Boolean search has, so that strings
pasted from there mean the same here.
"""

from talentpool.search.language.choices import CHOICES, EXAMPLES, choice_of, nearest_choice
from talentpool.search.language.errors import QueryError
from talentpool.search.language.lexer import NO_FIELDS, SCALES, Kind, OwnFields, Token, tokens
from talentpool.search.language.ranges import example_of
from talentpool.search.language.tree import (
    Leaf,
    Phrase,
    Prefix,
    Radius,
    Range,
    Term,
    Tree,
    all_of,
    any_of,
    none_of,
    within,
)

DEEPEST = 64
_LEAVES: dict[Kind, type[Leaf]] = {Kind.WORD: Term, Kind.PHRASE: Phrase, Kind.PREFIX: Prefix}
_STARTS = {*_LEAVES, Kind.RANGE, Kind.RADIUS, Kind.FIELD, Kind.OPEN, Kind.NOT}


def parse(text: str, own: OwnFields = NO_FIELDS) -> Tree | None:
    """The tree of a query, None for an empty one, which everybody matches; raises QueryError.

    `own` are the organisation's own fields that may be asked for, by key.
    """
    parser = _Parser(text, own)
    if parser.next.kind is Kind.END:
        return None
    tree = parser.any_of()
    if parser.next.kind is Kind.CLOSE:
        raise QueryError(
            f"The bracket closed at character {parser.next.start + 1} was never opened.",
            parser.next.start,
            1,
            text[: parser.next.start] + text[parser.next.end :],
        )
    return tree


class _Parser:
    def __init__(self, text: str, own: OwnFields) -> None:
        self.text = text
        self.tokens = tokens(text, own)
        self.index = 0
        self.open: list[Token] = []
        self.field: Token | None = None

    @property
    def next(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.next
        self.index += 1
        return token

    def take_all(self, kind: Kind) -> None:
        """Operators that were written twice."""
        while self.next.kind is kind:
            self.take()

    def any_of(self) -> Tree:
        choices = [self.all_of()]
        while self.next.kind is Kind.OR:
            self.take_all(Kind.OR)
            choices.append(self.all_of())
        return any_of(choices)

    def all_of(self) -> Tree:
        parts = [self.negated()]
        while self.next.kind is Kind.AND or self.next.kind in _STARTS:
            self.take_all(Kind.AND)
            parts.append(self.negated())
        return all_of(parts)

    def negated(self) -> Tree:
        negations = 0
        while self.next.kind is Kind.NOT:
            self.take()
            negations += 1
        tree = self.single()
        return none_of(tree) if negations % 2 else tree

    def single(self) -> Tree:
        token = self.next
        if token.kind not in _STARTS:
            raise self._nothing_here(token)
        self.take()
        if token.kind is Kind.OPEN:
            return self._bracket(token)
        if token.kind is Kind.FIELD:
            return self._field(token)
        if token.limits is not None:
            return Range(token.text, token.limits.low, token.limits.high)
        if around := token.around:
            return Radius(around.text, around.town.label, around.town.cell, around.metres, around.in_miles)
        if self.field is not None and self.field.text in CHOICES:
            self._check_choice(self.field, token)
        if token.between:
            return Phrase(token.text, token.between)
        return _LEAVES[token.kind](token.text)

    def _check_choice(self, field: Token, token: Token) -> None:
        if token.kind is not Kind.PREFIX and choice_of(field.text, token.text):
            return
        nearest = nearest_choice(field.text, token.text)
        raise QueryError(
            f"At character {token.start + 1}: “{token.text[:40]}” is nothing that “{field.text}:” knows. "
            + (f"Did you mean {field.text}:{nearest}?" if nearest else f"Write it such as {_example(field.text)}."),
            token.start,
            token.end - token.start,
            self.text[: token.start] + nearest + self.text[token.end :] if nearest else None,
        )

    def _bracket(self, opening: Token) -> Tree:
        self.open.append(opening)
        if len(self.open) > DEEPEST:
            raise QueryError(
                f"At character {opening.start + 1}: brackets can be nested up to {DEEPEST} deep.", opening.start, 1
            )
        tree = self.any_of()
        if self.next.kind is not Kind.CLOSE:
            raise self._never_closed(opening)
        self.take()
        self.open.pop()
        return tree

    def _field(self, field: Token) -> Tree:
        if self.field is not None:
            raise QueryError(
                f"At character {field.start + 1}: “{field.text}:” can't stand inside “{self.field.text}:”.",
                field.start,
                field.end - field.start,
            )
        if self.next.kind not in _STARTS:
            raise QueryError(
                f"“{field.text}:” at character {field.start + 1} needs a word, a “phrase” or (a group) after it.",
                field.start,
                field.end - field.start,
                self._without(field),
            )
        self.field = field
        child = self.negated()
        self.field = None
        return within(field.text, child)

    def _nothing_here(self, token: Token) -> QueryError:
        before = self.tokens[self.index - 1] if self.index else None
        if before is not None and before.kind in (Kind.AND, Kind.OR, Kind.NOT):
            return QueryError(
                f"{before.text} at character {before.start + 1} has nothing after it.",
                before.start,
                before.end - before.start,
                self._without(before),
            )
        if before is not None and before.kind is Kind.OPEN and token.kind is Kind.CLOSE:
            return QueryError(
                f"The brackets at character {before.start + 1} are empty.",
                before.start,
                token.end - before.start,
                self.text[: before.start] + self.text[token.end :],
            )
        if token.kind is Kind.END and self.open:
            return self._never_closed(self.open[-1])
        if token.kind is Kind.CLOSE:
            return QueryError(
                f"The bracket closed at character {token.start + 1} was never opened.",
                token.start,
                1,
                self._without(token),
            )
        return QueryError(
            f"{token.text} at character {token.start + 1} has nothing before it.",
            token.start,
            token.end - token.start,
            self._without(token),
        )

    def _never_closed(self, opening: Token) -> QueryError:
        return QueryError(
            f"The bracket opened at character {opening.start + 1} is never closed.",
            opening.start,
            1,
            self.text.rstrip() + ")" * len(self.open),
        )

    def _without(self, token: Token) -> str:
        return self.text[: token.start] + self.text[token.end :]


def _example(field: str) -> str:
    return EXAMPLES.get(field) or example_of(SCALES[field], field)
