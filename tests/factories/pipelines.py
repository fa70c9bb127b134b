from talentpool.actions.pipelines import add_to_pipeline, create_pipeline
from talentpool.models import PipelineEntry
from tests.factories.people import make_candidate


def make_pipeline(member, name="Critical care nurses", **fields):
    return create_pipeline(name=name, by=member, **fields)


def stage(pipeline, name):
    return pipeline.stages.get(name=name)


def make_entry(pipeline, member, at="Found", candidate=None):
    candidate = candidate or make_candidate()
    add_to_pipeline(pipeline, [candidate.pk], stage=stage(pipeline, at), by=member)
    return PipelineEntry.objects.select_related("stage", "pipeline", "candidate").get(
        pipeline=pipeline, candidate=candidate
    )
