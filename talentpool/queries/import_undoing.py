"""What undoing an import would take away, and what would keep people in the pool all the same.

A person stays who has anything that the import did not bring: another source, an edit, a note, a message, a move in a
pipeline. Every model that hangs on a candidate counts, of whatever app, but those that Rapport derives of profiles.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.apps import apps
from django.db.models import SET_NULL, F, ManyToOneRel, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from talentpool.models import Activity, ActivityKind, Candidate, Consent, File, ImportRemainder, ImportRun, Profile
from talentpool.models.owned import OfCandidate

PAGE = 50
SINCE = "something that happened since"
WORDS = {
    "note": "a note",
    "candidatetag": "a tag",
    "pipelineentry": "a pipeline",
    "application": "an application",
    "fieldedit": "an edit",
    "message": "a message",
    "watcher": "somebody who follows them",
    "task": "a task",
    "messageevent": "a message",
}
# Lines of the story that say again what a row says, or that two people are one.
TOLD_ELSEWHERE = (ActivityKind.RECEIVED, ActivityKind.CONSENT_GIVEN, ActivityKind.MERGED, ActivityKind.UNMERGED)


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


def undoing_of(run: ImportRun) -> Undoing:
    theirs = Profile.objects.filter(import_run=run)
    people = theirs.order_by().values("candidate_id").distinct()
    *found, (since, lines) = [(word, rows.order_by().values("candidate_id")) for word, rows in keepers(run, people)]
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
    return Undoing(theirs.count(), people.count(), kept, sorted(reasons.items(), key=lambda each: -each[1]))


def keepers(run: ImportRun, people: RawSQL | QuerySet[Any, Any]) -> Iterator[tuple[str, QuerySet[Any, Any]]]:
    """For each kind of thing a word and its rows; each row has the `candidate_id` of somebody whom it keeps."""
    yield "another source", Profile.objects.filter(candidate__in=people).exclude(import_run=run)
    yield "another consent", Consent.objects.filter(candidate__in=people).exclude(consents_of_import(run))
    files = File.objects.filter(candidate__in=people)
    yield "a file", files.exclude(pk__in=files_of_import(run, people).values("pk"))
    owned = Candidate.objects.filter(pk__in=people).exclude(owner=None)
    yield "an owner", owned.annotate(candidate_id=F("pk"))
    for model in models_of_people():
        if not model.derived and model not in (Profile, Consent, Activity):
            word = WORDS.get(model._meta.model_name or "", str(model._meta.verbose_name))
            yield word, model._default_manager.filter(candidate__in=people)
    yield SINCE, Activity.objects.filter(candidate__in=people).exclude(kind__in=TOLD_ELSEWHERE)


def ids(numbers: Collection[int]) -> RawSQL:
    """For `__in`: one array as one text, where a list would be thousands of parameters."""
    return RawSQL("SELECT unnest(%s::bigint[])", [array_of(numbers)])


def array_of(numbers: Collection[int]) -> str:
    """As PostgreSQL reads an array; to quote each number by itself costs more than many a statement."""
    return f"{{{','.join(map(str, numbers))}}}"


def consents_of_import(run: ImportRun) -> Q:
    """A consent that was withdrawn says what the person did, and stays."""
    return Q(proof__import=run.pk, withdrawn_at=None)


def files_of_import(run: ImportRun, people: RawSQL | QuerySet[Any, Any]) -> QuerySet[File]:
    """Those it brought, which no other record has brought too."""
    brought = Profile.objects.filter(import_run=run, candidate__in=people).exclude(file=None)
    others = Profile.objects.exclude(import_run=run).exclude(file=None)
    files: QuerySet[File] = File.objects.filter(candidate__in=people, at__gte=run.created_at)
    return files.filter(pk__in=brought.values("file")).exclude(pk__in=others.values("file"))


def models_of_people() -> list[type[OfCandidate]]:
    return [model for model in apps.get_models() if issubclass(model, OfCandidate)]


def models_of_profiles() -> Iterator[tuple[type[Model], str, bool]]:
    """Which rows point at a profile, by which field, and whether they outlive it."""
    for relation in Profile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            yield relation.related_model, relation.field.name, relation.on_delete is SET_NULL


def remainders_of(run: ImportRun, *, after: int = 0) -> list[ImportRemainder]:
    """Who stayed, in pages; only those whom the pool still has."""
    stayed = ImportRemainder.objects.filter(run=run, pk__gt=after).select_related("candidate").order_by("pk")
    return list(stayed.filter(candidate__erased_at=None)[: PAGE + 1])
