"""Pipelines and the people in them: made, filled, moved through, emptied.

Every step of a person is an activity of hers; adding somebody twice leaves her where she stands. Of two members who
move the same card at once the later one is told, for her version of the card is no longer true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activities, record_activity
from talentpool.actions.stage_visits import begin_visits, end_visits
from talentpool.models import Activity, ActivityKind, Candidate, Job, Pipeline, PipelineEntry, Stage
from talentpool.models.pipeline import DEFAULT_STAGES
from talentpool.queries.entry_rules import HeldBack, held_back, sentence_of
from talentpool.queries.merges import groups_of, present_ids
from talentpool.signals import people_considered

MOST_STAGES = 12


@transaction.atomic
def create_pipeline(
    *,
    name: str,
    need: str = "",
    job_title: str = "",
    stages: Sequence[str] = DEFAULT_STAGES,
    by: Member,
    job: Job | None = None,
    owner: Member | None = None,
    by_itself: bool = False,
) -> Pipeline:
    """`by_itself` is for the one pipeline that a job has by itself; a second one is an IntegrityError."""
    names = [stage.strip() for stage in stages if stage.strip()]
    check_stage_names(names)
    about = {"name": name, "need": need, "job_title": job_title, "job": job, "owner": owner or by}
    pipeline: Pipeline = Pipeline.objects.create(**about, by_itself=by_itself, follows_job=by_itself)
    Stage.objects.bulk_create(Stage(pipeline=pipeline, name=stage, position=n) for n, stage in enumerate(names))
    record("pipeline.created", pipeline, by=by, stages=names)
    return pipeline


@transaction.atomic
def change_pipeline(pipeline: Pipeline, *, by: Member, **fields: Any) -> None:
    """What is said of it: name, need, job_title, owner, and whether it goes with its job."""
    before = {name: getattr(pipeline, name) for name in fields}
    changed = [name for name, value in fields.items() if before[name] != value]
    for name in changed:
        setattr(pipeline, name, fields[name])
    if changed:
        pipeline.save(update_fields=changed)
        record("pipeline.changed", pipeline, by=by, before={name: _plain(before[name]) for name in changed})


@transaction.atomic
def archive_pipeline(pipeline: Pipeline, *, by: Member, with_job: bool = False) -> None:
    """Out of the list; its people and their history stay. Unless it goes `with_job`, it follows its job no more."""
    kept = {} if with_job else {"follows_job": False}
    if Pipeline.objects.current().filter(pk=pipeline.pk).update(archived_at=timezone.now(), **kept):
        record("pipeline.archived", pipeline, by=by, with_job=with_job)


@transaction.atomic
def restore_pipeline(pipeline: Pipeline, *, by: Member, with_job: bool = False) -> None:
    kept = {} if with_job else {"follows_job": False}
    if Pipeline.objects.filter(pk=pipeline.pk, archived_at__isnull=False).update(archived_at=None, **kept):
        record("pipeline.restored", pipeline, by=by, with_job=with_job)


@transaction.atomic
def add_to_pipeline(
    pipeline: Pipeline,
    candidate_ids: Iterable[int],
    *,
    stage: Stage | None = None,
    by: Member,
    now: datetime | None = None,
    because: str = "",
) -> list[int]:
    """Put people of the pool at a stage, the first unless told; returns the ids of those who are new in it.

    Whom the stage's rules hold back stays out, unless `because` gives a reason to let everybody in.
    """
    now = now or timezone.now()
    stage = stage or pipeline.stages.first()
    assert stage is not None  # a pipeline keeps at least one stage
    _lock(stage)
    wanted = Candidate.objects.present().filter(pk__in=present_ids(list(candidate_ids)))
    new = list(wanted.exclude(pipelineentry_set__pipeline=pipeline).order_by("pk").values_list("pk", flat=True))
    left_out = set() if because else {each.candidate_id for each in held_back(stage, new)}
    new = [pk for pk in new if pk not in left_out]
    PipelineEntry.objects.bulk_create(
        (
            PipelineEntry(
                pipeline=pipeline, stage=stage, candidate_id=pk, origin_id=pk, added_by=by, added_at=now, moved_at=now
            )
            for pk in new
        ),
        ignore_conflicts=True,
        batch_size=1000,
    )
    begin_visits(stage, [(pk, pk) for pk in new], at=now)
    record_activities(new, ActivityKind.PIPELINE_ADDED, by=by, at=now, **_words(pipeline, because, to=stage.name))
    if new:
        record("pipeline.people_added", pipeline, by=by, stage=stage.name, number=len(new), **_reason(because))
        people_considered.send(sender=Pipeline, by=by, candidate_ids=new, act="pipeline", selection=None)
    return new


@transaction.atomic
def move_entry(
    entry: PipelineEntry, stage: Stage, *, version: int, by: Member, now: datetime | None = None, because: str = ""
) -> PipelineEntry:
    """To another stage of the same pipeline. `version` is the one the mover saw; an older one is refused in words.

    So is a person who lacks what the stage asks for, unless `because` gives a reason, which is kept.
    """
    now, before = now or timezone.now(), entry.stage
    if stage.pipeline_id != entry.pipeline_id:
        raise ValidationError("That stage belongs to another pipeline.")
    if before.pk == stage.pk:
        return entry
    if not because:
        _check_rules(entry, stage)
    seen = PipelineEntry.objects.filter(pk=entry.pk, version=version)
    if not seen.update(stage=stage, moved_at=now, version=F("version") + 1):
        raise ValidationError(_overtaken(entry))
    end_visits(entry.pipeline, [entry.origin_id], at=now)
    begin_visits(stage, [(entry.candidate_id, entry.origin_id)], at=now)
    words = _words(entry.pipeline, because, to=stage.name, **{"from": before.name})
    record_activity(entry.candidate_id, ActivityKind.PIPELINE_MOVED, by=by, at=now, origin_id=entry.origin_id, **words)
    steps = {"from": before.name, "to": stage.name}
    record("pipeline.moved", entry.candidate, by=by, pipeline_id=entry.pipeline_id, **steps, **_reason(because))
    entry.refresh_from_db()
    return entry


def _check_rules(entry: PipelineEntry, stage: Stage) -> None:
    if stage.most is not None:
        _lock(stage)  # of two who take the last place the later one sees it taken
    if held := held_back(stage, [entry.candidate_id]):
        raise ValidationError(sentence_of(stage, held), code="held_back")


@dataclass(frozen=True)
class Moved:
    number: int  # how many were elsewhere and are there now
    held_back: Sequence[HeldBack] = ()


@transaction.atomic
def move_entries(
    pipeline: Pipeline,
    entry_ids: Iterable[int],
    stage: Stage,
    *,
    by: Member,
    now: datetime | None = None,
    because: str = "",
) -> Moved:
    """Everyone chosen to one stage, whoever moved them before; who lacks what it asks for stays and is named."""
    now = now or timezone.now()
    _lock(stage)
    chosen = PipelineEntry.objects.filter(pipeline=pipeline, pk__in=list(entry_ids)).exclude(stage=stage)
    elsewhere = list(chosen.select_related("stage").select_for_update(of=("self",)).order_by("pk"))
    held = [] if because else held_back(stage, [entry.candidate_id for entry in elsewhere])
    staying = {each.candidate_id for each in held}
    by_stage: dict[str, list[PipelineEntry]] = {}
    for entry in elsewhere:
        if entry.candidate_id not in staying:
            by_stage.setdefault(entry.stage.name, []).append(entry)
    moving = [entry for entries in by_stage.values() for entry in entries]
    moved = [entry.pk for entry in moving]
    PipelineEntry.objects.filter(pk__in=moved).update(stage=stage, moved_at=now, version=F("version") + 1)
    end_visits(pipeline, [entry.origin_id for entry in moving], at=now)
    begin_visits(stage, [(entry.candidate_id, entry.origin_id) for entry in moving], at=now)
    for name, entries in by_stage.items():
        words = _words(pipeline, because, to=stage.name, **{"from": name})
        whose = [(entry.candidate_id, entry.origin_id) for entry in entries]
        record_activities(whose, ActivityKind.PIPELINE_MOVED, by=by, at=now, **words)
    if moved:
        record("pipeline.people_moved", pipeline, by=by, to=stage.name, number=len(moved), **_reason(because))
    return Moved(len(moved), held)


def _lock(stage: Stage) -> None:
    """Two who bring people to a stage take turns."""
    list(Stage.objects.select_for_update(of=("self",)).filter(pk=stage.pk))


@transaction.atomic
def remove_entries(
    pipeline: Pipeline, entry_ids: Iterable[int], *, by: Member, now: datetime | None = None
) -> list[PipelineEntry]:
    """Out of the pipeline, not out of the pool; returns what was removed, so that it can be put back.

    What people merged into somebody have in the same pipeline goes too, or undoing the merge would bring it back.
    """
    chosen = PipelineEntry.objects.filter(pipeline=pipeline, pk__in=list(entry_ids))
    removed = list(chosen.select_related("stage", "candidate").select_for_update(of=("self",)).order_by("pk"))
    if not removed:
        return []
    ids = [entry.candidate_id for entry in removed]
    everyone = [pk for group in groups_of(ids).values() for pk in group]
    PipelineEntry.objects.filter(pipeline=pipeline, candidate__in=everyone).delete()
    end_visits(pipeline, everyone, at=now or timezone.now())
    whose = [(entry.candidate_id, entry.origin_id) for entry in removed]
    record_activities(whose, ActivityKind.PIPELINE_REMOVED, by=by, at=now or timezone.now(), **_words(pipeline))
    record("pipeline.people_removed", pipeline, by=by, candidate_ids=ids[:1000], number=len(ids))
    return removed


@transaction.atomic
def take_out_again(pipeline: Pipeline, candidate_ids: Iterable[int], added_at: datetime, *, by: Member) -> int:
    """Whoever was put into it at that moment and stands as they were put; returns how many."""
    added = PipelineEntry.objects.filter(pipeline=pipeline, added_at=added_at, moved_at=added_at, version=1)
    unmerged = added.filter(candidate__in=list(candidate_ids), candidate=F("origin"), candidate__merged_into=None)
    return len(remove_entries(pipeline, unmerged.values_list("pk", flat=True), by=by))


class StagePlan(NamedTuple):
    """How a stage is to be; pk None makes a new one, rules None leaves its rules and room as they are."""

    pk: int | None
    name: str
    rules: Sequence[str] | None = None
    most: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        ruled = {} if self.rules is None else {"rules": list(self.rules), "most": self.most}
        return {"name": self.name} | ruled


@transaction.atomic
def set_stages(pipeline: Pipeline, stages: Sequence[StagePlan | tuple[int | None, str]], *, by: Member) -> None:
    """The stages in their new order. One that is left out must be empty. Who is at a stage already may stay there."""
    plans = [StagePlan(*stage) for stage in stages]
    check_stage_names([plan.name for plan in plans])
    known = {stage.pk: stage for stage in pipeline.stages.select_for_update(of=("self",))}
    kept = {plan.pk for plan in plans if plan.pk is not None}
    if not kept <= known.keys():
        raise ValidationError("One of these stages belongs to another pipeline.")
    for stage in known.values():
        if stage.pk not in kept:
            _remove_stage(stage, instead=next((known[pk] for pk in known if pk in kept), stage))
    for position, plan in enumerate(plans):
        if plan.pk is None:
            Stage.objects.create(pipeline=pipeline, position=position, **plan.values)
        else:
            Stage.objects.filter(pk=plan.pk).update(position=position, **plan.values)
    rules = {plan.name: [*plan.rules, *([plan.most] if plan.most else [])] for plan in plans if plan.rules is not None}
    record("pipeline.stages_changed", pipeline, by=by, stages=[plan.name for plan in plans], rules=rules)


def _remove_stage(stage: Stage, *, instead: Stage) -> None:
    """`instead` takes what people have there who were merged into somebody with a place of their own."""
    merged = PipelineEntry.objects.filter(stage=stage, candidate__merged_into__isnull=False)
    merged.update(stage=instead)
    number = PipelineEntry.objects.filter(stage=stage).count()
    if number:
        people = "1 person is" if number == 1 else f"{number:,} people are"
        raise ValidationError(f"{people} at “{stage.name}”. Move them to another stage first.")
    try:
        stage.delete()
    except ProtectedError:
        raise ValidationError(f"A campaign is written to “{stage.name}”, so the stage stays.") from None


def check_stage_names(names: Sequence[str]) -> None:
    if not names:
        raise ValidationError("A pipeline needs at least one stage.")
    if len(names) > MOST_STAGES:
        raise ValidationError(f"More than {MOST_STAGES} stages no longer fit on a board.")
    if len({name.casefold() for name in names}) < len(names):
        raise ValidationError("Two stages have the same name.")
    if too_long := next((name for name in names if len(name) > 80), None):
        raise ValidationError(f"“{too_long[:40]}…” is too long for a stage: 80 characters fit.")


def _overtaken(entry: PipelineEntry) -> str:
    now = PipelineEntry.objects.filter(pk=entry.pk).select_related("stage", "candidate").first()
    if now is None:
        return "Somebody removed this person from the pipeline a moment ago."
    last = Activity.objects.filter(candidate_id=now.candidate_id, kind=ActivityKind.PIPELINE_MOVED)
    mover = last.select_related("by").order_by("-at", "-id").first()
    who = mover.by.name if mover and mover.by else "Somebody"
    return f"{who} moved {now.candidate} to {now.stage.name} before you. The board shows where they are now."


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Member) else value


def _words(pipeline: Pipeline, because: str = "", **more: str) -> dict[str, str | int]:
    return {"pipeline_id": pipeline.pk, "pipeline": pipeline.name, **more, **_reason(because)}


def _reason(because: str) -> dict[str, str]:
    return {"because": because} if because else {}
