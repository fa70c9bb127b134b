"""What a guest sees of a pipeline: who the people are and what they did; nothing by which to reach them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from talentpool.models import Candidate, File, Pipeline, PipelineEntry, PipelineGuest, Stage
from talentpool.person import Education, Position

PEOPLE = 50


@dataclass(frozen=True)
class Post:
    """Work or school, with its years; `until` is empty while it lasts or where nobody said."""

    what: str
    where: str
    since: str
    until: str
    lasts: bool


@dataclass(frozen=True)
class GuestPage:
    entries: Sequence[PipelineEntry]
    next_page: int | None


def entries_for(guest: PipelineGuest) -> QuerySet[PipelineEntry]:
    """Those who stand in the pipeline now: whoever was merged or erased is not among them."""
    entries: QuerySet[PipelineEntry] = PipelineEntry.objects.shown().filter(pipeline=guest.pipeline_id)
    return entries.filter(candidate__erased_at=None).select_related("candidate", "stage")


def guest_page(guest: PipelineGuest, stage: Stage | None, page: int) -> GuestPage:
    """The furthest stage first, there who moved last on top."""
    entries = entries_for(guest).order_by("-stage__position", "-moved_at", "-pk")
    entries = entries.filter(stage=stage) if stage else entries
    first = (page - 1) * PEOPLE
    found = list(entries[first : first + PEOPLE + 1])
    return GuestPage(found[:PEOPLE], page + 1 if len(found) > PEOPLE else None)


def stages_with_numbers(pipeline: Pipeline) -> list[Stage]:
    number = Count("entries", filter=Q(entries__candidate__merged_into=None, entries__candidate__erased_at=None))
    return list(pipeline.stages.annotate(number=number).order_by("position"))


def posts_of(person: Candidate) -> list[Post]:
    posts = [Position.from_json(each) for each in person.positions]
    return [Post(each.title, each.employer, each.start[:4], each.end[:4], each.current) for each in posts]


def schools_of(person: Candidate) -> list[Post]:
    schools = [Education.from_json(each) for each in person.education]
    return [Post(each.degree or each.area, each.school, each.start[:4], each.end[:4], False) for each in schools]


def files_for(guest: PipelineGuest, person: Candidate) -> QuerySet[File]:
    found = File.objects.filter(candidate=person).order_by("-at", "-pk")
    return found if guest.sees_files else found.none()
