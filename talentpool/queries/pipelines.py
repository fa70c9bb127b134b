"""What the pages of one pipeline show: the columns of its board, and its people as a list.

A board reads the first cards of each column through the index that a column is sorted by, so that a pipeline of
5,000 people opens as fast as one of five.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, TextChoices
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.models import Member
from talentpool.models import Candidate, Pipeline, PipelineComment, PipelineEntry, Stage

CARDS = 20  # of a column at once: a board of five draws a hundred
LINES = 50  # of the list


@dataclass(frozen=True)
class Column:
    stage: Stage
    number: int
    median_age: timedelta | None
    entries: Sequence[PipelineEntry]
    next_cursor: str

    @property
    def median_words(self) -> str:
        """How long its people have been there, the middle one of them."""
        if self.median_age is None or self.median_age < timedelta(days=1):
            return ""
        return f"median {self.median_age.days} d"


@dataclass(frozen=True)
class Page:
    """Part of a pipeline's people as a list."""

    entries: Sequence[PipelineEntry]
    number: int
    next_cursor: str


@dataclass(frozen=True)
class Step:
    """The last step of a member in a pipeline, with what undoes it."""

    is_removal: bool
    subject_id: int  # the entry that was moved, or the candidate who was removed
    name: str
    stage: str
    back: Stage
    version: int = 0

    @property
    def query(self) -> str:
        """What the next page's address says of it."""
        return f"{'removed' if self.is_removal else 'moved'}={self.subject_id}&back={self.back.pk}"


def step_of_move(entry: PipelineEntry, before: Stage) -> Step:
    return Step(False, entry.pk, str(entry.candidate), entry.stage.name, before, entry.version)


def step_of_removal(candidate: Candidate, before: Stage) -> Step:
    return Step(True, candidate.pk, str(candidate), before.name, before)


def last_step(pipeline: Pipeline, *, moved: int | None, removed: int | None, back: int) -> Step | None:
    """The step that an address speaks of, as far as it is still true."""
    before = pipeline.stages.filter(pk=back).first()
    entries = PipelineEntry.objects.shown().filter(pipeline=pipeline).select_related("stage", "candidate")
    if before is None:
        return None
    if moved is not None:
        entry = entries.filter(pk=moved).exclude(stage=before).first()
        return step_of_move(entry, before) if entry else None
    candidate = Candidate.objects.present().filter(pk=removed or 0).first()
    gone = candidate is not None and not entries.filter(candidate=candidate).exists()
    return step_of_removal(candidate, before) if candidate and gone else None


def board_of_pipeline(pipeline: Pipeline, *, now: datetime | None = None) -> list[Column]:
    """All columns with their first cards, who moved last on top."""
    figures = _figures(pipeline, now or timezone.now())
    by_stage: dict[int, list[PipelineEntry]] = {}
    for entry in with_people(PipelineEntry.objects.filter(pk__in=_first_cards(pipeline)).order_by("-moved_at", "-pk")):
        by_stage.setdefault(entry.stage_id, []).append(entry)
    return [_column(stage, by_stage.get(stage.pk, []), figures) for stage in pipeline.stages.all()]


def column_of_stage(stage: Stage, *, cursor: str = "", now: datetime | None = None) -> Column:
    """One column, from the cursor on: what a move changes, and what “Show more” adds."""
    entries = entries_after(PipelineEntry.objects.shown().filter(stage=stage), cursor, CARDS)
    return _column(stage, entries, _figures(stage.pipeline, now or timezone.now()))


def entries_after(entries: QuerySet[Any], cursor: str, limit: int) -> list[PipelineEntry]:
    """Up to one more than `limit` entries that follow the cursor; one that can't be read means the beginning."""
    if after := _after(cursor):
        moved_at, pk = after
        entries = entries.filter(Q(moved_at__lt=moved_at) | Q(pk__lt=pk), moved_at__lte=moved_at)
    return with_people(entries.order_by("-moved_at", "-pk")[: limit + 1])


class Only(TextChoices):
    ALL = "", "Everybody"
    MINE = "mine", "Mine"
    DUE = "due", "Due"


def looked_after_by(member: Member) -> QuerySet[PipelineEntry]:
    """Those that are the member's own, and in her pipelines those that are nobody's."""
    entries = PipelineEntry.objects.shown().annotate(whose=Coalesce(F("owner"), F("pipeline__owner")))
    found: QuerySet[PipelineEntry] = entries.filter(whose=member.pk)
    return found


def page_of_entries(
    pipeline: Pipeline, stage: Stage | None, cursor: str, *, only: Only = Only.ALL, member: Member | None = None
) -> Page:
    """The people of a pipeline or of one of its stages, who moved last on top."""
    entries = looked_after_by(member) if only == Only.MINE and member else PipelineEntry.objects.shown()
    entries = entries.filter(pipeline=pipeline).select_related("stage")
    entries = entries.filter(stage=stage) if stage else entries
    entries = entries.filter(due_on__lte=timezone.localdate()) if only == Only.DUE else entries
    found = entries_after(entries, cursor, LINES)
    more = cursor_after(found[LINES - 1]) if len(found) > LINES else ""
    return Page(found[:LINES], entries.count(), more)


def cursor_after(entry: PipelineEntry) -> str:
    return f"{entry.moved_at.isoformat()}~{entry.pk}"


def people_in(pipeline: Pipeline, stage: Stage | None = None) -> list[int]:
    """Ids of the people in it, or at one of its stages; nobody twice."""
    entries = PipelineEntry.objects.shown().filter(pipeline=pipeline)
    entries = entries.filter(stage=stage) if stage else entries
    return list(entries.order_by("candidate_id").values_list("candidate_id", flat=True).distinct())


def with_people(entries: QuerySet[Any]) -> list[PipelineEntry]:
    """The entries in their order, each with its candidate, the candidate's contact state, how much was said of her in
    the pipeline and what was said last; three queries."""
    found = list(entries.select_related("owner"))
    people = Candidate.objects.with_contact_state().in_bulk([entry.candidate_id for entry in found])
    said = _said(found)
    for entry in found:
        entry.candidate = people[entry.candidate_id]
        entry.comments, entry.last_comment = said.get(entry.candidate_id, (0, ""))
    return found


def _said(entries: Sequence[PipelineEntry]) -> dict[int, tuple[int, str]]:
    """By person: how many comments, and the last one. All entries are of one pipeline."""
    if not entries:
        return {}
    comments = PipelineComment.objects.filter(
        pipeline=entries[0].pipeline_id, candidate__in=[entry.candidate_id for entry in entries]
    )
    found: dict[int, tuple[int, str]] = {}
    for comment in comments.select_related("by", "guest").order_by("pk"):
        number, _ = found.get(comment.candidate_id, (0, ""))
        found[comment.candidate_id] = (number + 1, f"{comment.who}: {comment}")
    return found


def _column(stage: Stage, entries: Sequence[PipelineEntry], figures: dict[int, tuple[int, timedelta | None]]) -> Column:
    number, median = figures.get(stage.pk, (0, None))
    shown = entries[:CARDS]
    return Column(stage, number, median, shown, cursor_after(shown[-1]) if len(entries) > CARDS else "")


def _after(cursor: str) -> tuple[datetime, int] | None:
    moved_at, _, pk = cursor.partition("~")
    try:
        after = datetime.fromisoformat(moved_at), int(pk)
    except ValueError:
        return None
    return after if timezone.is_aware(after[0]) and abs(after[1]) < 2**63 else None


def _first_cards(pipeline: Pipeline) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT first.id FROM talentpool_stage stage CROSS JOIN LATERAL (
                SELECT entry.id FROM talentpool_pipelineentry entry
                JOIN talentpool_candidate person ON person.id = entry.candidate_id AND person.merged_into_id IS NULL
                WHERE entry.tenant_id = stage.tenant_id AND entry.stage_id = stage.id
                ORDER BY entry.moved_at DESC, entry.id DESC LIMIT %s
            ) first WHERE stage.pipeline_id = %s
            """,
            [CARDS + 1, pipeline.pk],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _figures(pipeline: Pipeline, now: datetime) -> dict[int, tuple[int, timedelta | None]]:
    """How many people are at each stage, and for how long the middle one has been there."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT stage_id, count(*), %s - percentile_disc(0.5) WITHIN GROUP (ORDER BY moved_at)
            FROM talentpool_pipelineentry entry
            JOIN talentpool_candidate person ON person.id = entry.candidate_id AND person.merged_into_id IS NULL
            WHERE pipeline_id = %s GROUP BY stage_id
            """,
            [now, pipeline.pk],
        )
        return {stage_id: (number, median) for stage_id, number, median in cursor.fetchall()}
