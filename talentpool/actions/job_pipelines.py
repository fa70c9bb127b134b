"""The pipeline that an open job has by itself, whoever told of the job: an ATS, a file, a member.

It is made once, put away when the job closes and back when it opens again. Whatever a member decides about it stays.
"""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import BulkRun, Member
from talentpool.actions.pipelines import (
    add_to_pipeline,
    archive_pipeline,
    check_stage_names,
    create_pipeline,
    restore_pipeline,
)
from talentpool.models import Job, OwnPipeline, Pipeline, PipelineSetting
from talentpool.queries.job_pipelines import jobs_without_pipeline, pipeline_setting, wants_pipeline
from talentpool.tracking import member_of

SLICE = 50


@transaction.atomic
def change_pipeline_setting(*, for_jobs: bool, stages: Sequence[str], by: Member) -> BulkRun | None:
    """Switched on, the jobs that are open already get theirs in the background; that run is returned."""
    check_stage_names(stages)
    before = pipeline_setting()
    PipelineSetting.objects.update_or_create(defaults={"for_jobs": for_jobs, "stages": list(stages)})
    record("pipeline_setting.changed", by, by=by, for_jobs=for_jobs, stages=list(stages))
    waiting = jobs_without_pipeline().count() if for_jobs and not before.for_jobs else 0
    if not waiting:
        return None
    return start_bulk_run("pipelines_for_jobs", {}, by=by, title="Pipelines for open jobs", total=waiting)


@transaction.atomic
def set_own_pipeline(job: Job, own_pipeline: OwnPipeline, *, by: Member) -> None:
    """Whether this one job has a pipeline by itself; the pipeline that is there stays or comes back accordingly."""
    Job.objects.filter(pk=job.pk).update(own_pipeline=own_pipeline)
    job.own_pipeline = own_pipeline
    record("job.pipeline_set", job, by=by, own_pipeline=own_pipeline)
    follow_job(job, by=by)


def follow_job(job: Job, *, by: Member) -> None:
    """What an opened or closed job means for its pipeline."""
    going = Pipeline.objects.filter(job=job, follows_job=True)
    if not job.is_open or job.own_pipeline == OwnPipeline.NO:
        for pipeline in going.filter(archived_at=None):
            archive_pipeline(pipeline, by=by, with_job=True)
        return
    for pipeline in going.filter(archived_at__isnull=False):
        restore_pipeline(pipeline, by=by, with_job=True)
    setting = pipeline_setting()
    if wants_pipeline(job, setting) and not Pipeline.objects.filter(job=job).exists():
        _make(job, setting, by=by)


@transaction.atomic
def put_into_pipeline_of(job: Job, candidate_ids: Sequence[int], *, by: Member) -> Pipeline:
    """People into the job's pipeline, which is made where there is none in use."""
    pipeline = _current(job)
    if pipeline is None:
        made_before = Pipeline.objects.filter(job=job, by_itself=True).exists()
        pipeline = _make(job, pipeline_setting(), by=by, by_itself=not made_before)
    if candidate_ids:
        add_to_pipeline(pipeline, list(candidate_ids), stage=None, by=by)
    return pipeline


def _make(job: Job, setting: PipelineSetting, *, by: Member, by_itself: bool = True) -> Pipeline:
    """It belongs to whoever of the job's hiring team is a member here, or else to who brought the job."""
    try:
        with transaction.atomic():
            return create_pipeline(
                name=job.title[:200],
                job_title=job.title,
                job=job,
                owner=member_of(job),
                stages=setting.stage_names,
                by=by,
                by_itself=by_itself,
            )
    except IntegrityError:  # somebody made it in the same moment
        found = _current(job)
        if found is None:
            raise
        return found


def _current(job: Job) -> Pipeline | None:
    pipeline: Pipeline | None = Pipeline.objects.current().filter(job=job).order_by("pk").first()
    return pipeline


@bulk_kind("pipelines_for_jobs")
def _make_slice(run: BulkRun) -> int:
    jobs = list(jobs_without_pipeline().order_by("pk").filter(pk__gt=run.cursor.get("after", 0))[:SLICE])
    if not jobs:
        return 0
    setting = pipeline_setting()
    wanted = [job for job in jobs if wants_pipeline(job, setting)]
    for job in wanted:
        _make(job, setting, by=run.by)
    run.cursor = {"after": jobs[-1].pk}
    made = run.result.get("made", 0) + len(wanted)
    run.result = {"made": made, "sentences": [f"{made:,} {'pipeline was' if made == 1 else 'pipelines were'} made."]}
    return len(jobs)
