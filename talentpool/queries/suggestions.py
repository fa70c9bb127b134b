"""What the search box offers while somebody types: names of fields, and values that the organisation's people have.

Nothing is offered that whoever types may not ask for, and nothing of another organisation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from talentpool.models import Pipeline, Stage
from talentpool.queries.custom_fields import custom_fields
from talentpool.queries.search_values import values_like
from talentpool.search.analysis import folded
from talentpool.search.facets import FACETS
from talentpool.search.language.choices import CHOICES
from talentpool.search.language.tree import FIELDS
from talentpool.search.language.typing import Typing, quoted, typing_at
from talentpool.vocabulary.geography import towns_beginning

MOST = 8
SHORTEST = 2  # letters of a word in no field before values are offered
ANYWHERE = ("title", "skill", "location", "tag")
# Facets whose values are called otherwise than what their field is asked for with.
_NOT_AS_TYPED = frozenset({"consent", "available", "permit", "pay", "process", *CHOICES})


@dataclass(frozen=True)
class Suggestion:
    text: str  # takes the place of what is being typed
    label: str
    kind: str


@dataclass(frozen=True)
class Suggestions:
    start: int
    end: int
    offered: list[Suggestion]


def suggestions_for(text: str, caret: int, *, restricted: bool) -> Suggestions:
    """`restricted`: whether fields that hiring managers may not see are offered."""
    typing = typing_at(text, caret)
    found = _values(typing, restricted) if typing.field else _anything(typing, restricted)
    return Suggestions(typing.start, typing.end, list(islice(_once(found), MOST)))


def _anything(typing: Typing, restricted: bool) -> Iterator[Suggestion]:
    is_quoted = typing.end - typing.start > len(typing.word)
    word = typing.word.strip().lower()
    if word and not is_quoted:
        names = [*FIELDS, *(each.key for each in custom_fields(restricted=restricted))]
        yield from (Suggestion(f"{name}:", f"{name}:", "Field") for name in names if name.startswith(word))
    if len(word) >= SHORTEST:
        for field in ANYWHERE:
            for value in values_like(field, word, MOST // 2):
                yield Suggestion(f"{field}:{quoted(value.label)} ", value.label, FACETS[field][1])


def _values(typing: Typing, restricted: bool) -> Iterator[Suggestion]:
    field = (typing.field or "").removeprefix("custom.")
    if field in CHOICES:
        yield from _of_words(_first_words(field), typing.word, field)
    elif field == "pipeline":
        yield from _of_words(_names(Pipeline, typing.word), typing.word, "Pipeline")
    elif field == "stage":
        yield from _of_words(_names(Stage, typing.word), typing.word, "Stage")
    elif field == "near":
        for town in towns_beginning(typing.word, MOST):
            yield Suggestion(f"{quoted(town)} ", town, "Town")
    elif field in FACETS and field not in _NOT_AS_TYPED:
        for value in values_like(field, typing.word, MOST):
            yield Suggestion(f"{quoted(value.label)} ", value.label, FACETS[field][1])
    else:
        own = [each for each in custom_fields(restricted=restricted) if each.key == field]
        for each in own:
            yield from _of_words(each.choices, typing.word, each.label)


def _first_words(field: str) -> list[str]:
    """Of the words for one thing the first, which is its name."""
    names: dict[str, str] = {}
    for word, choice in CHOICES[field].items():
        names.setdefault(choice, word)
    return list(names.values())


def _names(model: type[Pipeline] | type[Stage], word: str) -> list[str]:
    rows = model.objects.filter(name__icontains=word.strip()).order_by("name")
    return list(rows.values_list("name", flat=True).distinct()[:100])


def _of_words(words: Iterable[str], typed: str, kind: str) -> Iterator[Suggestion]:
    wanted = " ".join(folded(word) for word in typed.split())
    for word in words:
        plain = " ".join(folded(part) for part in word.split())
        if plain.startswith(wanted) or f" {wanted}" in plain:
            yield Suggestion(f"{quoted(word)} ", word, kind)


def _once(found: Iterable[Suggestion]) -> Iterator[Suggestion]:
    seen = set()
    for each in found:
        if each.text not in seen:
            seen.add(each.text)
            yield each
