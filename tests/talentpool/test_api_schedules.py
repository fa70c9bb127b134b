import pytest
from django.utils import timezone

from crm.models import Role
from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.actions.pipelines import archive_pipeline
from talentpool.actions.schedules import make_schedule, run_due_schedules
from talentpool.actions.segment_counts import count_anew
from talentpool.actions.segments import save_search
from talentpool.actions.tags import tag_named
from talentpool.models import Schedule, ScheduleRun, Segment, Sharing
from talentpool.search.index.outbox import drain
from tests.api_client import program_of
from tests.conftest import make_member
from tests.factories.pipelines import make_pipeline
from tests.talentpool.search.people import person


def make_segment(by):
    person("Ana", title="Nurse")
    person("Ben", title="Nurse")
    drain()
    segment = save_search("Nurses", text="title:nurse", facets={}, by=by)
    count_anew(segment.pk)
    return segment


@pytest.fixture
def nurses(member):
    return make_segment(member)


@pytest.fixture
def program(member):
    return program_of(member, Scope.READ_PIPELINES, Scope.WRITE_PIPELINES)


def doors(segment, schedule):
    of_one = f"/segments/{segment.pk}/schedules/{schedule.pk}"
    return [
        ("GET", f"/segments/{segment.pk}/schedules"),
        ("GET", of_one),
        ("GET", f"{of_one}/runs"),
        ("POST", f"{of_one}/pause"),
        ("POST", f"{of_one}/resume"),
        ("DELETE", of_one),
    ]


def asked(program, segment, schedule):
    return [program.send(method, path).status_code for method, path in doors(segment, schedule)]


def test_a_schedule_is_made_and_its_runs_are_read(program, nurses, member, django_assert_max_num_queries):
    path, pipeline = f"/segments/{nurses.pk}/schedules", make_pipeline(member)
    made = program.post(path, {"pipeline_id": pipeline.pk, "every": "hour", "most": 1, "with_present": True})
    schedule = Schedule.objects.get()
    assert (made.status_code, made.json()) == (
        201,
        {
            "id": schedule.pk,
            "segment_id": nurses.pk,
            "pipeline_id": pipeline.pk,
            "tag_id": None,
            "every": "hour",
            "most": 1,
            "since": None,
            "by_id": member.pk,
            "next_at": made.json()["next_at"],
            "trouble": "",
            "created_at": made.json()["created_at"],
            "last_run": None,
        },
    )
    run_due_schedules()
    Schedule.objects.update(next_at=timezone.now())
    archive_pipeline(pipeline, by=member)
    run_due_schedules()
    runs = program.get(f"{path}/{schedule.pk}/runs").json()["items"]
    assert [(run["put"], run["skipped"], run["left_over"], run["trouble"]) for run in runs] == [
        (1, 0, 1, ""),
        (0, 0, 0, "The pipeline has been put away."),
    ]
    make_schedule(nurses, tag=tag_named("To call"), by=member)
    listed = program.get(path).json()["items"]
    assert [each["last_run"] for each in listed] == [runs[1], None]
    assert (listed[0]["next_at"], listed[0]["trouble"]) == (None, "The pipeline has been put away.")
    assert program.get(f"{path}/{schedule.pk}").json() == listed[0]
    with django_assert_max_num_queries(12):
        program.get(path)


def test_it_is_paused_resumed_and_removed(program, nurses, tenant, member):
    recruiter = make_member(tenant, Role.RECRUITER)
    schedule = make_schedule(nurses, pipeline=make_pipeline(member), by=recruiter)
    path = f"/segments/{nurses.pk}/schedules/{schedule.pk}"
    paused = program.post(f"{path}/pause").json()
    assert (paused["next_at"], paused["by_id"]) == (None, recruiter.pk)
    resumed = program.post(f"{path}/resume").json()
    assert (resumed["next_at"] is None, resumed["by_id"]) == (False, member.pk)
    assert program.send("DELETE", path).status_code == 204
    assert (Schedule.objects.count(), program.get(path).status_code) == (0, 404)


def test_the_form_says_what_it_can_not_take(program, nurses, tenant, member):
    path, pipeline = f"/segments/{nurses.pk}/schedules", make_pipeline(member)
    neither = program.post(path, {})
    assert (neither.status_code, neither.json()["detail"]) == (422, "Choose a pipeline or a tag, one of the two.")
    archive_pipeline(pipeline, by=member)
    away = program.post(path, {"pipeline_id": pipeline.pk, "most": 1})
    assert away.status_code == 422
    assert [each["field"] for each in away.json().get("errors", [])] in ([], ["pipeline_id"])
    assert program.post(path, {"pipeline_id": pipeline.pk, "most": 501}).json()["errors"][0]["field"] == "most"
    assert Schedule.objects.count() == 0


def test_giving_a_tag_needs_the_scope_that_changes_people(program, nurses, member):
    path, tag = f"/segments/{nurses.pk}/schedules", tag_named("To call")
    assert program.post(path, {"tag_id": tag.pk}).status_code == 403
    both = program_of(member, Scope.WRITE_PIPELINES, Scope.WRITE_CANDIDATES)
    made = both.post(path, {"tag_id": tag.pk})
    assert (made.status_code, made.json().get("tag_id")) == (201, tag.pk)
    program.post(f"{path}/{made.json()['id']}/pause")
    assert program.post(f"{path}/{made.json()['id']}/resume").status_code == 403


def test_roles_and_scopes_decide_as_on_the_pages(nurses, tenant, member):
    schedule = make_schedule(nurses, pipeline=make_pipeline(member), by=member)
    viewer = program_of(make_member(tenant, Role.VIEWER))
    reader = program_of(member, Scope.READ_PIPELINES)
    assert asked(viewer, nurses, schedule) == asked(reader, nurses, schedule) == [200, 200, 200, 403, 403, 403]
    assert reader.post(f"/segments/{nurses.pk}/schedules", {}).status_code == 403


def test_a_segment_that_is_hidden_private_or_another_organisations_is_not_found(
    program, nurses, tenant, member, other_member
):
    schedule = make_schedule(nurses, pipeline=make_pipeline(member), by=member)
    colleague = program_of(make_member(tenant, Role.RECRUITER))
    other = save_search("Others", text="nurse", facets={}, by=member)
    assert program.get(f"/segments/{other.pk}/schedules/{schedule.pk}").status_code == 404
    Segment.objects.update(sharing=Sharing.PRIVATE)
    assert asked(colleague, nurses, schedule) == [404] * 6
    Segment.objects.update(hidden_at=timezone.now())
    assert asked(program, nurses, schedule) == [404] * 6
    with tenant_scope(other_member.tenant_id):
        theirs = make_segment(other_member)
        their_schedule = make_schedule(theirs, pipeline=make_pipeline(other_member), by=other_member)
    assert asked(program, theirs, their_schedule) == [404] * 6
    assert (Schedule.objects.count(), ScheduleRun.objects.count()) == (1, 0)
