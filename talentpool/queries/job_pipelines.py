"""Which jobs have a pipeline by themselves."""

from django.db.models import QuerySet

from talentpool.models import Job, OwnPipeline, Pipeline, PipelineSetting


def pipeline_setting() -> PipelineSetting:
    return PipelineSetting.objects.first() or PipelineSetting()


def wants_pipeline(job: Job, setting: PipelineSetting) -> bool:
    """As somebody said of this job, or else as it is set for all of them."""
    return setting.for_jobs if job.own_pipeline == OwnPipeline.AS_SET else job.own_pipeline == OwnPipeline.YES


def jobs_without_pipeline() -> QuerySet[Job]:
    """Open ones that have none and never had one, as far as nobody said that they shall have none."""
    jobs: QuerySet[Job] = Job.objects.filter(is_open=True).exclude(own_pipeline=OwnPipeline.NO)
    return jobs.exclude(pk__in=Pipeline.objects.filter(job__isnull=False).values("job"))
