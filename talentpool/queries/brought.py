"""What one import or one connection to an ATS brought, and what would keep people in the pool without it.

A person stays who has anything that did not come that way: another source, an edit, a note, a message, a move in a
pipeline. Every model that hangs on a candidate counts, of whatever app, but those that Rapport derives of profiles.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import SET_NULL, F, ManyToOneRel, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from talentpool.models import Activity, ActivityKind, Candidate, Consent, File, Profile
from talentpool.models.owned import OfCandidate

People = RawSQL | QuerySet[Any, Any]
SINCE = "something that happened since"
WORDS = {
    "note": "a note",
    "candidatetag": "a tag",
    "pipelineentry": "a pipeline",
    "stagevisit": "a pipeline",
    "pipelinecomment": "a pipeline",
    "scheduledperson": "a pipeline",
    "application": "an application",
    "applicationstep": "an application",
    "fieldedit": "an edit",
    "message": "a message",
    "watcher": "somebody who follows them",
    "task": "a task",
    "messageevent": "a message",
    "submission": "an agency’s submission",
    "claim": "an agency’s claim",
    "mailletter": "a letter",
    "mention": "a mention",
    "noteversion": "a note",
    "push": "something sent to an ATS",
}
# Lines of the story that say again what a row says, or that two people are one.
TOLD_ELSEWHERE = (ActivityKind.RECEIVED, ActivityKind.CONSENT_GIVEN, ActivityKind.MERGED, ActivityKind.UNMERGED)


@dataclass(frozen=True, slots=True)
class Brought:
    """Which rows about these people came that way, by table; of a table that isn’t named none did."""

    people: People
    rows: Mapping[type[Model], Q]

    def of(self, model: type[Model]) -> QuerySet[Any, Any]:
        rows = model._default_manager.filter(candidate__in=self.people)
        return rows.filter(self.rows[model]) if model in self.rows else rows.none()

    def besides(self, model: type[Model]) -> QuerySet[Any, Any]:
        rows = model._default_manager.filter(candidate__in=self.people)
        return rows.exclude(self.rows[model]) if model in self.rows else rows


@dataclass(frozen=True, slots=True)
class Kept:
    candidate: Candidate
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Undoing:
    """Counted before anything is done."""

    profiles: int
    people: int
    kept: int
    reasons: list[tuple[str, int]]

    @property
    def gone(self) -> int:
        return self.people - self.kept


def count_undoing(brought: Brought, profiles: QuerySet[Profile]) -> Undoing:
    held = _by_word(brought)
    counted = {word: _people_of(rows).count() for word, rows in held.items()}
    reasons = sorted(((word, number) for word, number in counted.items() if number), key=lambda each: -each[1])
    rows_of_all = [rows for word, _ in reasons for rows in held[word]]
    kept = _people_of(rows_of_all).count() if rows_of_all else 0
    people = profiles.order_by().values("candidate_id").distinct().count()
    return Undoing(profiles.count(), people, kept, reasons)


def kept_by(brought: Brought, word: str) -> QuerySet[Candidate]:
    """Whom things of this kind keep, or things of any kind when the word is empty."""
    held = _by_word(brought)
    rows_of_all = [rows for each, found in held.items() for rows in found if word in ("", each)]
    found: QuerySet[Candidate] = Candidate.objects.filter(
        reduce(or_, (Q(pk__in=rows) for rows in rows_of_all), Q(pk=None))
    )
    return found


def page_of_kept(of: Callable[[People], Brought], people: People, word: str, *, after: int, size: int) -> list[Kept]:
    """Those whom things of this kind keep, with all that keeps each, from the candidate after this one on."""
    found = list(kept_by(of(people), word).filter(pk__gt=after).order_by("pk")[:size])
    reasons = reasons_to_stay(of(ids([each.pk for each in found])))
    return [Kept(each, reasons.get(each.pk, [])) for each in found]


def _by_word(brought: Brought) -> dict[str, list[QuerySet[Any, Any]]]:
    """Ids of the people whom each kind of thing keeps; the story, which tells of notes and tags too, only those whom
    nothing else does."""
    held: dict[str, list[QuerySet[Any, Any]]] = defaultdict(list)
    for word, rows in keepers(brought):
        ids_of_people = rows.order_by().values("candidate_id")
        if word == SINCE:
            for each in chain.from_iterable(held.values()):
                ids_of_people = ids_of_people.exclude(candidate__in=each)
        held[word].append(ids_of_people)
    return held


def _people_of(rows: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """Each once, although a message and what came of it are rows of two tables."""
    first, *others = rows
    return first.union(*others) if others else first.distinct()


def keepers(brought: Brought) -> Iterator[tuple[str, QuerySet[Any, Any]]]:
    """For each kind of thing a word and its rows; each row has the `candidate_id` of somebody whom it keeps."""
    yield "another source", brought.besides(Profile)
    yield "another consent", brought.besides(Consent)
    yield "a file", brought.besides(File)
    owned = Candidate.objects.filter(pk__in=brought.people).exclude(owner=None)
    yield "an owner", owned.annotate(candidate_id=F("pk"))
    for model in models_of_people():
        if not model.derived and model not in (Profile, Consent, Activity):
            yield WORDS.get(model._meta.model_name or "", str(model._meta.verbose_name)), brought.besides(model)
    yield SINCE, brought.besides(Activity)


def reasons_to_stay(brought: Brought) -> dict[int, list[str]]:
    """Who stays, and what for; the story says so only of whom nothing else keeps."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for word, rows in keepers(brought):
        for candidate_id in rows.order_by().values_list("candidate_id", flat=True).distinct():
            if word not in reasons[candidate_id] and not (word == SINCE and reasons[candidate_id]):
                reasons[candidate_id].append(word)
    return dict(reasons)


def ids(numbers: Collection[int]) -> RawSQL:
    """For `__in`: one array as one text, where a list would be thousands of parameters."""
    return RawSQL("SELECT unnest(%s::bigint[])", [array_of(numbers)])


def array_of(numbers: Collection[int]) -> str:
    """As PostgreSQL reads an array; to quote each number by itself costs more than many a statement."""
    return f"{{{','.join(map(str, numbers))}}}"


def models_of_people() -> list[type[OfCandidate]]:
    return [model for model in apps.get_models() if issubclass(model, OfCandidate)]


def models_of_profiles() -> Iterator[tuple[type[Model], str, bool]]:
    """Which rows point at a profile, by which field, and whether they outlive it."""
    for relation in Profile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            yield relation.related_model, relation.field.name, relation.on_delete is SET_NULL
