import pytest

from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.actions.pipelines import add_to_pipeline, create_pipeline
from talentpool.models import Activity, ActivityKind, PipelineEntry
from tests.api_client import program_of
from tests.factories.people import make_candidate


@pytest.fixture
def program(member):
    return program_of(member, Scope.READ_PIPELINES, Scope.WRITE_PIPELINES)


@pytest.fixture
def pipeline(member):
    return create_pipeline(name="CVICU", need="Twelve", stages=["Found", "Talking"], by=member)


def test_list_shows_pipelines_with_their_stages(program, pipeline, member):
    found, talking = pipeline.stages.all()
    add_to_pipeline(pipeline, [make_candidate().pk], stage=talking, by=member)
    [shown] = program.get("/pipelines").json()["items"]
    assert shown == {
        "id": pipeline.pk,
        "name": "CVICU",
        "need": "Twelve",
        "job_title": "",
        "job_id": None,
        "owner_id": member.pk,
        "follows_job": False,
        "archived_at": None,
        "stages": [
            {"id": found.pk, "name": "Found", "people": 0, "rules": [], "most": None},
            {"id": talking.pk, "name": "Talking", "people": 1, "rules": [], "most": None},
        ],
    }
    assert program.get(f"/pipelines/{pipeline.pk}").json() == shown


def test_add_puts_people_in_and_names_those_nobody_knows(program, pipeline):
    first, second = make_candidate(), make_candidate()
    path = f"/pipelines/{pipeline.pk}/entries"
    added = program.post(path, {"candidate_ids": [first.pk, 999_999]}).json()
    again = program.post(path, {"candidate_ids": [first.pk, second.pk]}).json()
    assert added == {"added": [first.pk], "unknown": [999_999], "held_back": []}
    assert again == {"added": [second.pk], "unknown": [], "held_back": []}


def test_move_is_an_activity_and_needs_the_version_seen(program, pipeline, member):
    found, talking = pipeline.stages.all()
    add_to_pipeline(pipeline, [make_candidate("Ada").pk], by=member)
    [entry] = program.get(f"/pipelines/{pipeline.pk}/entries", stage_id=found.pk).json()["items"]
    path = f"/pipelines/{pipeline.pk}/entries/{entry['id']}/move"
    moved = program.post(path, {"stage_id": talking.pk, "version": entry["version"]})
    assert (moved.json()["stage_id"], moved.json()["version"]) == (talking.pk, entry["version"] + 1)
    assert Activity.objects.filter(kind=ActivityKind.PIPELINE_MOVED).count() == 1
    late = program.post(path, {"stage_id": found.pk, "version": entry["version"]})
    assert late.status_code == 422
    assert "moved Ada to Talking before you" in late.json()["detail"]


def test_a_stage_of_another_pipeline_is_not_found(program, pipeline, member):
    other = create_pipeline(name="Other", by=member)
    add_to_pipeline(pipeline, [make_candidate().pk], by=member)
    entry = PipelineEntry.objects.get()
    body = {"stage_id": other.stages.first().pk, "version": 1}
    assert program.post(f"/pipelines/{pipeline.pk}/entries/{entry.pk}/move", body).status_code == 404


def test_pipelines_of_another_organisation_are_not_found(program, other_member):
    with tenant_scope(other_member.tenant_id):
        theirs = create_pipeline(name="Theirs", by=other_member)
        person = make_candidate()
        add_to_pipeline(theirs, [person.pk], by=other_member)
        entry, last = PipelineEntry.objects.get(), theirs.stages.last()
    asked = [
        program.get(f"/pipelines/{theirs.pk}"),
        program.get(f"/pipelines/{theirs.pk}/entries"),
        program.post(f"/pipelines/{theirs.pk}/entries", {"candidate_ids": [person.pk]}),
        program.post(f"/pipelines/{theirs.pk}/entries/{entry.pk}/move", {"stage_id": last.pk, "version": 1}),
    ]
    assert [answer.status_code for answer in asked] == [404] * 4
    assert program.get("/pipelines").json()["items"] == []


def test_people_of_another_organisation_are_not_added(program, pipeline, other_member):
    with tenant_scope(other_member.tenant_id):
        theirs = make_candidate()
    answer = program.post(f"/pipelines/{pipeline.pk}/entries", {"candidate_ids": [theirs.pk]}).json()
    assert answer == {"added": [], "unknown": [theirs.pk], "held_back": []}
    assert PipelineEntry.objects.count() == 0


def test_reading_scope_moves_nobody(member, pipeline):
    reader = program_of(member, Scope.READ_PIPELINES)
    assert reader.get("/pipelines").status_code == 200
    path = f"/pipelines/{pipeline.pk}/entries"
    assert reader.post(path, {"candidate_ids": [make_candidate().pk]}).status_code == 403
    assert PipelineEntry.objects.count() == 0
