"""What one import or one connection to an ATS brought, and what would keep people in the pool without it.

A person stays who has anything that did not come that way: another source, an edit, a note, a message, a move in a
pipeline. Every model that hangs on a candidate counts, of whatever app, but those that Rapport derives of profiles.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
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
    "application": "an application",
    "applicationstep": "an application",
    "fieldedit": "an edit",
    "message": "a message",
    "watcher": "somebody who follows them",
    "task": "a task",
    "messageevent": "a message",
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
    *found, (since, lines) = [(word, rows.order_by().values("candidate_id")) for word, rows in keepers(brought)]
    for _, rows in found:
        lines = lines.exclude(candidate__in=rows)  # the story tells of notes and tags, too
    found.append((since, lines))
    counted = [(word, rows.distinct().count()) for word, rows in found]
    held = [rows for (_, rows), (_, number) in zip(found, counted, strict=True) if number]
    kept = reduce(lambda one, other: one.union(other), held).count() if held else 0
    reasons: dict[str, int] = {}
    for word, number in counted:
        if number:
            reasons[word] = reasons.get(word, 0) + number
    people = profiles.order_by().values("candidate_id").distinct().count()
    return Undoing(profiles.count(), people, kept, sorted(reasons.items(), key=lambda each: -each[1]))


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
