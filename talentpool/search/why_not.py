"""Why a person is found or not: the query, part by part, against her, in words, with what decided it.

Pure: the tree as typed is judged and not only its clauses, so that each line reads as somebody wrote it.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from talentpool.custom_values import PREFIX
from talentpool.search.analysis import STOP_WORDS
from talentpool.search.clauses import Clause, Match, clause_of, positive
from talentpool.search.explain import Reason, reasons
from talentpool.search.facets import FacetKey, value_id
from talentpool.search.judge import Subject, holds
from talentpool.search.language import And, Field, Not, Or, Phrase, Prefix, Radius, Range, Term, Tree, to_text
from talentpool.search.language.tree import none_of, within

ALL_OF, ANY_OF, NOTHING_OF = "all of these", "one of these", "not this"
MOST_SHOWN = 3  # values of hers, where others were asked for
PLACES = {
    "title": "in a title",
    "skill": "among the skills",
    "location": "in the place",
    "source": "in the name of a source",
    "tag": "in a tag",
    "employer": "in an employer",
    "name": "in the name",
    "email": "in an e-mail address",
    "wants": "in what they want",
    "salary": "in the pay they expect",
    "available": "in when they can begin",
    "permit": "in where they may work",
    "remote": "in where they want to work",
    "warmth": "in how warm the relationship is",
    "family": "in the job families they applied in",
    "experience": "of experience",
    "has": "among what is known",
    "missing": "among what is missing",
    "silver": "as to silver medals",
    "consent": "as to writing to them",
    "contacted": "since the last contact",
    "stage": "in a stage they are in",
    "pipeline": "in a pipeline’s name",
    "updated": "since the last change",
    "added": "since they came",
}
ANSWERS = {"has": "has: {}", "missing": "lacks: {}", "silver": "silver medalist: {}", "consent": "consent: {}"}


@dataclass(frozen=True)
class Verdict:
    """A part of the query. `decides` says that the whole would have come out otherwise, had this part or its likes."""

    words: str
    holds: bool
    decides: bool = False
    parts: tuple["Verdict", ...] = ()
    reasons: Sequence[Reason] = ()  # her texts in which it stands
    instead: Sequence[str] = ()  # what she has where it was looked for
    elsewhere: Sequence[Reason] = ()  # where else it stands
    is_left_out: bool = False

    def flat(self, depth: int = 0) -> Iterator[tuple[int, "Verdict"]]:
        yield depth, self
        for part in self.parts:
            yield from part.flat(depth + 1)

    @property
    def culprits(self) -> list["Verdict"]:
        """The smallest parts that decided."""
        if not self.parts:
            return [self] if self.decides else []
        return [culprit for part in self.parts for culprit in part.culprits]


@dataclass(frozen=True)
class Chosen:
    """A facet of which values were chosen: its label and theirs by number, and the person's own values there."""

    label: str
    values: Mapping[int, str]
    own: Sequence[FacetKey] = field(default_factory=list)


def verdict_of(
    tree: Tree | None,
    chosen: Sequence[Chosen],
    subject: Subject,
    *,
    sees_restricted: bool,
    added: Container[Tree] = (),
) -> Verdict | None:
    """None where nothing was asked for; everybody is found by that. `added` in the tree are other names."""
    parts = [_of_facet(each) for each in chosen]
    if tree is not None:
        judge = _Judge(subject, sees_restricted, added, keeps_stop_words=not any(map(_is_more, _leaves(tree, None))))
        top = judge.verdict(tree)
        parts = [*(top.parts if isinstance(tree, And) else (top,)), *parts]
    if not parts:
        return None
    whole = _group(ALL_OF, all, parts)
    return _decided(whole, not whole.holds)


def _group(words: str, together: Callable[[Iterable[bool]], bool], parts: Sequence[Verdict]) -> Verdict:
    """What is left out says nothing; a group of such parts alone is left out too."""
    said = [part.holds for part in parts if not part.is_left_out]
    return Verdict(words, not said or together(said), parts=tuple(parts), is_left_out=not said)


def _of_facet(chosen: Chosen) -> Verdict:
    has = {value_id(key.facet, key.value) for key in chosen.own}
    asked = " or ".join(f"“{label}”" for label in chosen.values.values())
    own = [key.label for key in chosen.own][:MOST_SHOWN]
    return Verdict(f"{chosen.label}: {asked}", not has.isdisjoint(chosen.values), instead=own)


def _decided(verdict: Verdict, decides: bool) -> Verdict:
    """A part has decided if its whole has, and if it says what its whole says."""
    negates = verdict.words == NOTHING_OF
    parts = (_decided(part, decides and (negates or part.holds == verdict.holds)) for part in verdict.parts)
    return replace(verdict, decides=decides and not verdict.is_left_out, parts=tuple(parts))


class _Judge:
    def __init__(
        self, subject: Subject, sees_restricted: bool, added: Container[Tree], *, keeps_stop_words: bool
    ) -> None:
        self.subject = subject
        self.sees_restricted = sees_restricted
        self.added = added
        self.keeps_stop_words = keeps_stop_words

    def verdict(self, tree: Tree, field: str | None = None) -> Verdict:
        match tree:
            case Field(name, child):
                return self.verdict(child, name)
            case And(children):
                return _group(ALL_OF, all, [self.verdict(child, field) for child in children])
            case Or(children):
                return self._any_of(children, field)
            case Not(child):
                return self._negated(child, field)
        return self._leaf(tree, field)

    def _any_of(self, children: Sequence[Tree], field: str | None) -> Verdict:
        """Of other names only those that she has; nobody wants to read what else she isn't called."""
        judged = [(child in self.added, self.verdict(child, field)) for child in children]
        said = [verdict for is_added, verdict in judged if verdict.holds or not is_added]
        return said[0] if len(said) == 1 else _group(ANY_OF, any, said)

    def _negated(self, child: Tree, field: str | None) -> Verdict:
        inner = self.verdict(child, field)
        if inner.is_left_out or inner.parts:
            return Verdict(NOTHING_OF, not inner.holds, parts=(inner,), is_left_out=inner.is_left_out)
        return Verdict(f"not {inner.words}", not inner.holds, reasons=inner.reasons)

    def _leaf(self, tree: Tree, field: str | None) -> Verdict:
        words = _words(tree, field)
        clause = clause_of(within(field, tree) if field else tree)
        if clause is None or (field is None and _is_stop_word(tree) and not self.keeps_stop_words):
            return Verdict(words, True, is_left_out=True)
        document = self.subject.document
        if holds(clause, self.subject):
            return Verdict(words, True, reasons=reasons(clause, document))
        return Verdict(words, False, instead=self._values(field), elsewhere=self._elsewhere(clause, field))

    def _values(self, field: str | None) -> list[str]:
        texts = [segment.text for segment in self.subject.document.segments if field and segment.field == field]
        return [text[:120] for text in texts[:MOST_SHOWN]]

    def _elsewhere(self, clause: Clause, field: str | None) -> list[Reason]:
        """Where the words stand though nobody looked there: in another field, or in one found by its name alone."""
        named = {
            segment.field
            for segment in self.subject.document.segments
            if segment.is_named_only and (self.sees_restricted or not segment.restricted)
        }
        found: dict[Reason, None] = {}
        for match in positive(clause):
            if isinstance(match, Match):
                for place in (None, *sorted(named - {field})):
                    found |= dict.fromkeys(reasons(replace(match, field=place), self.subject.document))
        return list(found)[:MOST_SHOWN]


def _words(tree: Tree, field: str | None) -> str:
    if field in ANSWERS and isinstance(tree, Term | Phrase):
        return ANSWERS[field].format(tree.text)
    place = PLACES.get(field or "", f"in {(field or '').removeprefix(PREFIX)}") if field else "anywhere"
    match tree:
        case Term(text):
            return f"“{text}” {place}"
        case Phrase(text, 0):
            return f"“{text}” as a phrase {place}"
        case Phrase(text, between):
            return f"the words “{text}” with up to {between} others between them {place}"
        case Prefix(text):
            return f"a word that begins with “{text}” {place}"
        case Range(text):
            return f"{text} {place}"
        case Radius(text):
            return f"near {text}"
    return to_text(tree)


def _leaves(tree: Tree, field: str | None) -> Iterator[tuple[Tree, str | None]]:
    match tree:
        case Field(name, child):
            yield from _leaves(child, name)
        case And(children) | Or(children):
            for child in children:
                yield from _leaves(child, field)
        case Not():
            yield from _leaves(none_of(tree), field)
        case _:
            yield tree, field


def _is_more(leaf: tuple[Tree, str | None]) -> bool:
    """Whether this is more than a stop word, which then are left out."""
    tree, field = leaf
    return field is not None or not _is_stop_word(tree)


def _is_stop_word(tree: Tree) -> bool:
    return isinstance(tree, Term) and tree.text.lower() in STOP_WORDS
