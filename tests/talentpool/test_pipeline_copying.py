"""A pipeline copied, and one merged into another."""

import pytest
from django.core.exceptions import ValidationError

from talentpool.actions.pipeline_copying import copy_pipeline, forecast_merge, merge_pipelines
from talentpool.actions.pipeline_entries import change_entry, comment_on
from talentpool.actions.pipelines import StagePlan, archive_pipeline, restore_pipeline, set_stages
from talentpool.models import Pipeline, PipelineComment
from tests.api_client import program_of
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_entry, make_pipeline, stage


def standing(pipeline):
    entries = pipeline.entries.order_by("candidate__name")
    return list(entries.values_list("candidate__name", "stage__name"))


@pytest.fixture
def pipeline(member):
    return make_pipeline(member, stages=["Found", "Talking", "Hired"])


@pytest.fixture
def other(member):
    return make_pipeline(member, "Nurses of the north", stages=["Found", "Met", "Hired"])


@pytest.mark.parametrize("with_people", [True, False])
def test_copy_has_stages_with_what_they_ask_for_and_people_if_wanted(tenant, member, pipeline, with_people):
    plans = [StagePlan(each.pk, each.name, ["note"], 9) for each in pipeline.stages.all()]
    make_entry(pipeline, member, "Talking", make_candidate("Ada"))
    set_stages(pipeline, plans, by=member)
    copy = copy_pipeline(pipeline, name="Again", with_people=with_people, by=member)
    assert list(copy.stages.values_list("name", "rules", "most")) == [
        (name, ["note"], 9) for name in ("Found", "Talking", "Hired")
    ]
    assert standing(copy) == ([("Ada", "Talking")] if with_people else [])
    assert standing(pipeline) == [("Ada", "Talking")]


def mapping(pipeline, other):
    return dict(zip(pipeline.stages.values_list("pk", flat=True), other.stages.all(), strict=True))


@pytest.fixture
def filled(member, pipeline, other):
    """Ada is only here; Ben further here, Cem further there."""
    ada, ben, cem = (make_candidate(name) for name in ("Ada", "Ben", "Cem"))
    entry = make_entry(pipeline, member, "Talking", ada)
    change_entry(entry, owner=member, due_on=None, by=member)
    comment_on(pipeline, ada, "Fine.", by=member)
    make_entry(pipeline, member, "Hired", ben)
    make_entry(pipeline, member, "Found", cem)
    make_entry(other, member, "Found", ben)
    make_entry(other, member, "Met", cem)


def test_merged_people_stand_at_the_further_stage_and_nothing_is_lost(tenant, member, pipeline, other, filled):
    stages = mapping(pipeline, other)
    forecast = forecast_merge(pipeline, other, stages)
    done = merge_pipelines(pipeline, other, stages, by=member)
    assert (done, done.added, done.further, done.staying) == (forecast, 1, 1, 1)
    assert standing(other) == [("Ada", "Met"), ("Ben", "Hired"), ("Cem", "Met")]
    assert list(PipelineComment.objects.filter(pipeline=other).values_list("text", "by")) == [("Fine.", member.pk)]
    assert other.entries.get(candidate__name="Ada").owner == member
    assert list(Pipeline.objects.current()) == [other]
    restore_pipeline(pipeline, by=member)
    assert standing(pipeline) == [("Ada", "Talking"), ("Ben", "Hired"), ("Cem", "Found")]


def test_merge_is_refused_into_itself_into_one_put_away_and_with_stages_left_out(tenant, member, pipeline, other):
    stages = mapping(pipeline, other)
    with pytest.raises(ValidationError, match="into itself"):
        merge_pipelines(pipeline, pipeline, mapping(pipeline, pipeline), by=member)
    with pytest.raises(ValidationError, match="every stage"):
        merge_pipelines(pipeline, other, {}, by=member)
    with pytest.raises(ValidationError, match="every stage"):
        merge_pipelines(pipeline, other, mapping(pipeline, pipeline), by=member)
    archive_pipeline(other, by=member)
    other.refresh_from_db()
    with pytest.raises(ValidationError, match="put away"):
        merge_pipelines(pipeline, other, stages, by=member)


def test_pages_copy_and_merge(client, member, pipeline, other, filled):
    where = f"/o/acme/pipelines/{pipeline.pk}"
    assert "Critical care nurses, copy" in client.get(f"{where}/copy/").content.decode()
    client.post(f"{where}/copy/", {"name": "Again"})
    assert Pipeline.objects.filter(name="Again").exists()
    assert "Nurses of the north" in client.get(f"{where}/merge/").content.decode()
    page = client.get(f"{where}/merge/?into={other.pk}").content.decode()
    assert "1 person comes into it, 1 who is in both goes further" in page
    form = {f"stage-{pk}": to.pk for pk, to in mapping(pipeline, other).items()}
    answer = client.post(f"{where}/merge/?into={other.pk}", form, follow=True)
    assert "1 came into it, 1 went further, 1 stay where they were." in answer.content.decode()
    assert client.post(f"{where}/merge/?into={other.pk}", {}).status_code == 422


def test_api_copies_and_merges(member, pipeline, other, filled):
    program = program_of(member)
    copied = program.post(f"/pipelines/{pipeline.pk}/copy", {"name": "Again", "with_people": True})
    assert (copied.status_code, standing(Pipeline.objects.get(pk=copied.json()["id"]))) == (201, standing(pipeline))
    stages = {str(pk): to.pk for pk, to in mapping(pipeline, other).items()}
    merged = program.post(f"/pipelines/{pipeline.pk}/merge", {"into_id": other.pk, "stages": stages})
    assert merged.json() == {"added": 1, "further": 1, "staying": 1}
    assert program.post(f"/pipelines/{pipeline.pk}/merge", {"into_id": 10**9, "stages": stages}).status_code == 422
    assert stage(other, "Met").entries.count() == 2
