"""How PostgreSQL's engine spells documents and queries: one tsvector of prefixed lexemes, one tsquery over it.

A word anywhere is "nurs", in a title also "t:nurs", both with the same positions, so that phrases hold within a field
too and the index alone answers for fields. "f:123" is a facet's value. "b:1" stands in every document, "b:8" in one of
eight and "b:64" in one of sixty-four: to AND a query with one of them is to ask a sample. A word of an organisation's
own field is "kshirt_size:xl", of a field whose words are few "~has:resum", a number "#salary:1000006000000" and
its beginnings, so that a range is a few lexemes: one that nearly everybody is in costs no more than a common word.

A listed name of several words is a lexeme too: "t:regist nurs". The index can't tell whether two words stand next to
each other: PostgreSQL reads the tokens of everybody who has both, and where a phrase is one choice of several, of
everybody on the same pages. Other names of what was typed are many such choices.
"""

from collections.abc import Iterable

from talentpool.custom_values import PREFIX
from talentpool.search.analysis import prefix_stems
from talentpool.search.clauses import AllOf, AnyOf, Clause, Match, Within, Without, conjuncts
from talentpool.search.concepts.names import is_name_of_words, names_in
from talentpool.search.facets import value_id
from talentpool.search.index.document import BODY, SHARED, Document
from talentpool.search.marks import SHORTEST, beginnings, words_of
from talentpool.search.proximity import MOST_BETWEEN, orders

_PREFIXES = {
    "title": "t:",
    "skill": "s:",
    "location": "l:",
    "source": "o:",
    "tag": "g:",
    "employer": "e:",
    "name": "n:",
    "email": "m:",
    "wants": "w:",
    "salary": "y:",
    "available": "a:",
    "permit": "p:",
    "remote": "r:",
    "warmth": "h:",
    "family": "j:",
    None: "",
}
SAMPLES = (1, 8, 64)
_LAST_POSITION = 16_383  # PostgreSQL knows no higher one
_BETWEEN_TEXTS = MOST_BETWEEN + 1  # positions left free, so that nothing begins in one text and ends in another
_MOST_BYTES = 800_000  # PostgreSQL refuses a tsvector beyond 1 MB


def tsvector(document: Document) -> str:
    found: dict[str, list[int]] = {f"f:{value_id(key.facet, key.value)}": [] for key in document.facets}
    found.update((f"b:{sample}", []) for sample in SAMPLES if _in_sample(document.candidate_id, sample))
    found.update((f"#{name}:{word}", []) for name, number in document.marks for word in words_of(number))
    position = size = 0
    for segment, stems in document.stems():
        prefixes = [] if segment.is_named_only else [""]
        if segment.field != BODY:
            prefixes.append(_prefix(segment.field))
        for stem in stems:
            position += 1
            for prefix in prefixes:
                positions = found.setdefault(prefix + stem, [])
                if position <= _LAST_POSITION and len(positions) < 255:
                    positions.append(position)
                    size += 2 if len(positions) > 1 else len(stem.encode()) + 10
        for name in names_in(stems):
            for prefix in prefixes:
                found.setdefault(prefix + " ".join(name), [])
        position += _BETWEEN_TEXTS
        if size > _MOST_BYTES:
            break
    return " ".join([_quoted(lexeme) + _positions(places) for lexeme, places in found.items()])


def reads_tokens(clause: Clause | None) -> bool:
    """Whether the index alone can't answer."""
    match clause:
        case Match():
            return len(clause.words) > 1 and not _is_listed(clause)
        case AllOf(clauses) | AnyOf(clauses):
            return any(reads_tokens(inner) for inner in clauses)
        case Without(inner):
            return reads_tokens(inner)
    return False


def loosened(clause: Clause | None) -> Clause | None:
    """What the index alone can say of it: whoever has the clause has this too. None is everybody."""
    match clause:
        case Match() if reads_tokens(clause):
            first, last = clause.words[:-1], Match(clause.words[-1:], clause.field, prefix=clause.prefix)
            return AllOf((*(Match((word,), clause.field) for word in first), last))
        case AllOf(clauses):
            kept = tuple(inner for inner in map(loosened, clauses) if inner)
            return AllOf(kept) if kept else None
        case AnyOf(clauses) if reads_tokens(clause):
            choices = tuple(map(loosened, clauses))
            return AnyOf(tuple(inner for inner in choices if inner)) if all(choices) else None
        case Without() if reads_tokens(clause):
            return None
    return clause


def _in_sample(candidate_id: int, of: int) -> bool:
    # Ids run in the order of imports; a multiplication spreads them.
    return candidate_id * 2_654_435_761 % 2**32 * of >> 32 == 0


def _positions(places: list[int]) -> str:
    if len(places) == 1:  # as most have
        return f":{places[0]}"
    return ":" + ",".join(map(str, places)) if places else ""


def tsqueries(clause: Clause | None, chosen: Iterable[Iterable[int]] = (), *, sample: int = 1) -> list[str]:
    """Which must all hold. `chosen` are groups of facet values, of each of which one must hold.

    A range is a query of its own: it is a choice of words most of which are rarer than those beside it, and within one
    query the index goes through all that are rarer than the rarest word that must be there.
    """
    asked = conjuncts(clause)
    ranges = [_query(each) for each in asked if _is_range(each)]
    others = [each for each in asked if not _is_range(each)]
    parts = [_query(each) for each in others]
    parts += ["(" + " | ".join(f"'f:{value}'" for value in values) + ")" for values in chosen]
    if sample > 1:
        parts.append(f"'b:{sample}'")
    elif not any(map(_is_anchored, others)) and len(parts) == len(others):
        # What only says who must not be found needs something to be taken from.
        parts.append(ranges.pop(0) if ranges else f"'b:{sample}'")
    return [" & ".join(parts), *ranges]


def _is_range(clause: Clause) -> bool:
    match clause:
        case Within():
            return True
        case AnyOf(clauses):
            return all(map(_is_range, clauses))
    return False


def _is_anchored(clause: Clause) -> bool:
    match clause:
        case Match() | Within():
            return True
        case AllOf(clauses):
            return any(_is_anchored(inner) for inner in clauses)
        case AnyOf(clauses):
            return all(_is_anchored(inner) for inner in clauses)
    return False


def _query(clause: Clause) -> str:
    match clause:
        case Match():
            return _match(clause)
        case Within(name, low, high):
            choices = [
                _quoted(f"#{name}:{start}") + ("" if len(start) >= SHORTEST else ":*")
                for start in beginnings(low, high)
            ]
            return "(" + " | ".join(choices or ["'nobody:'"]) + ")"
        case AllOf(clauses):
            return "(" + " & ".join(_query(inner) for inner in clauses) + ")"
        case AnyOf(clauses):
            return "(" + " | ".join(_query(inner) for inner in clauses) + ")"
        case Without(inner):
            return f"!({_query(inner)})"


def _match(match: Match) -> str:
    field = _prefix(match.field)
    if _is_listed(match):
        return _quoted(field + " ".join(match.words))
    words = [_quoted(field + word) for word in match.words]
    if match.between:
        return _near_each_other(words, match.between)
    if match.prefix:
        start, whole = prefix_stems(match.words[-1])
        choices = [_quoted(field + start) + ":*", *(_quoted(field + stem) for stem in whole)]
        words[-1] = "(" + " | ".join(choices) + ")"
    return "(" + " <-> ".join(words) + ")"


def _is_listed(match: Match) -> bool:
    return not match.between and not match.prefix and is_name_of_words(match.words)


def _near_each_other(words: list[str], between: int) -> str:
    choices = []
    for order, gaps in orders(words, between):
        steps = (f" <{gap + 1}> {word}" for gap, word in zip(gaps, order[1:], strict=True))
        choices.append(f"{order[0]}{''.join(steps)}")
    return f"({' & '.join(words)} & ({' | '.join(choices)}))"


def _prefix(field: str | None) -> str:
    if field and field.startswith(PREFIX):
        return f"k{field.removeprefix(PREFIX)}:"
    return f"~{field}:" if field in SHARED else _PREFIXES[field]


def _quoted(lexeme: str) -> str:
    if "'" in lexeme or "\\" in lexeme:
        lexeme = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"
