"""The pipeline that an open job has by itself, whoever brought the job."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from crm.actions.bulk_runs import work_on
from crm.models import AuditEntry
from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.actions.job_pipelines import (
    change_pipeline_setting,
    follow_job,
    put_into_pipeline_of,
    set_own_pipeline,
)
from talentpool.actions.jobs import close_job, open_job, reopen_job
from talentpool.actions.pipelines import archive_pipeline, restore_pipeline
from talentpool.models import Job, OwnPipeline, Pipeline
from talentpool.queries.pipeline_list import LINES, Group, Wanted, pipelines_page
from tests.api_client import program_of
from tests.factories.pipelines import make_entry, make_pipeline


def current():
    return list(Pipeline.objects.current().values_list("name", flat=True))


def switch(member, on, stages=("Found", "Hired")):
    return change_pipeline_setting(for_jobs=on, stages=stages, by=member)


def test_job_opened_here_has_one_with_the_stages_that_jobs_begin_with(tenant, member):
    switch(member, on=True, stages=["Seen", "Asked", "Hired"])
    job = open_job("Charge Nurse", by=member)
    pipeline = Pipeline.objects.get()
    assert (pipeline.name, pipeline.job, pipeline.owner, pipeline.by_itself, pipeline.follows_job) == (
        "Charge Nurse",
        job,
        member,
        True,
        True,
    )
    assert [stage.name for stage in pipeline.stages.all()] == ["Seen", "Asked", "Hired"]


def test_it_goes_and_comes_with_its_job(tenant, member):
    job = open_job("Charge Nurse", by=member)
    close_job(job, by=member)
    assert current() == []
    reopen_job(job, by=member)
    assert current() == ["Charge Nurse"]
    said = AuditEntry.objects.filter(verb__startswith="pipeline.").order_by("pk")
    assert list(said.values_list("verb", "detail__with_job")) == [
        ("pipeline.created", None),
        ("pipeline.archived", True),
        ("pipeline.restored", True),
    ]


@pytest.mark.parametrize(("act", "kept"), [(archive_pipeline, []), (restore_pipeline, ["Charge Nurse"])])
def test_what_a_member_decided_stays_whatever_becomes_of_the_job(tenant, member, act, kept):
    job = open_job("Charge Nurse", by=member)
    if act is restore_pipeline:
        close_job(job, by=member)
        job.refresh_from_db()
    act(Pipeline.objects.get(), by=member)
    for _ in range(3):
        job.refresh_from_db()
        (close_job if job.is_open else reopen_job)(job, by=member)
        assert current() == kept
    assert Pipeline.objects.count() == 1


def test_switched_off_no_job_has_one_unless_it_says_so(tenant, member):
    switch(member, on=False)
    open_job("Charge Nurse", by=member)
    wanted = open_job("Stationary Engineer", by=member)
    assert current() == []
    set_own_pipeline(wanted, OwnPipeline.YES, by=member)
    assert current() == ["Stationary Engineer"]
    set_own_pipeline(wanted, OwnPipeline.NO, by=member)
    assert current() == []
    set_own_pipeline(wanted, OwnPipeline.AS_SET, by=member)
    assert current() == ["Stationary Engineer"]  # it is there, and nobody put it away


def test_switched_on_jobs_that_are_open_get_theirs_in_the_background(tenant, member):
    switch(member, on=False)
    jobs = [open_job(f"Job {n:03}", by=member) for n in range(55)]
    close_job(jobs[0], by=member)
    set_own_pipeline(jobs[1], OwnPipeline.NO, by=member)
    make_pipeline(member, "By hand", job=jobs[2])
    run = switch(member, on=True)
    assert run.total == 52
    work_on(run.pk, worker="w")
    run.refresh_from_db()
    assert (run.state, run.done, run.result["sentences"]) == ("done", 52, ["52 pipelines were made."])
    assert sorted(current()) == ["By hand", *(f"Job {n:03}" for n in range(3, 55))]
    assert switch(member, on=True) is None


def test_stages_that_make_no_board_are_refused(tenant, member):
    with pytest.raises(ValidationError, match="Two stages have the same name"):
        switch(member, on=True, stages=["Seen", "seen"])


def test_put_into_pipeline_of_makes_a_second_only_when_the_first_was_put_away(tenant, member):
    job = open_job("Charge Nurse", by=member)
    first = put_into_pipeline_of(job, [], by=member)
    archive_pipeline(first, by=member)
    second = put_into_pipeline_of(job, [], by=member)
    assert (second.pk != first.pk, second.by_itself, first.by_itself) == (True, False, True)
    assert put_into_pipeline_of(job, [], by=member) == second


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_a_job_at_once_make_one(tenant, member):
    with tenant_scope(tenant.pk):
        switch(member, on=False)
        job = open_job("Charge Nurse", by=member)
        switch(member, on=True)
        Pipeline.objects.all().delete()
    together = threading.Barrier(2)

    def bring():
        with tenant_scope(tenant.pk):
            connection.ensure_connection()
            together.wait(10)
            follow_job(job, by=member)
        connections.close_all()

    threads = [threading.Thread(target=bring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with tenant_scope(tenant.pk):
        assert current() == ["Charge Nurse"]


def lines(**asked):
    return [line.pipeline.name for line in pipelines_page(Wanted(**asked)).lines]


def test_list_is_grouped_and_counts_people_by_stage(tenant, member, django_assert_num_queries):
    job = open_job("Charge Nurse", by=member)
    closed = open_job("Clerk", by=member)
    close_job(closed, by=member)
    need = make_pipeline(member, "Future managers")
    for at in ("Found", "Found", "Hired"):
        make_entry(need, member, at)
    with django_assert_num_queries(3):
        page = pipelines_page(Wanted())
        counts = [
            (line.pipeline.name, line.number, [(s.name, s.number) for s in line.stages if s.number])
            for line in page.lines
        ]
    assert counts == [(job.title, 0, []), ("Future managers", 3, [("Found", 2), ("Hired", 1)])]
    assert dict(page.numbers) == {Group.CURRENT: 2, Group.JOBS: 1, Group.NEEDS: 1, Group.ARCHIVED: 1}
    assert [lines(group=each) for each in (Group.JOBS, Group.NEEDS, Group.ARCHIVED)] == [
        ["Charge Nurse"],
        ["Future managers"],
        ["Clerk"],
    ]
    assert (lines(name="NURSE charge"), lines(name="nobody"), lines(owner=member)) == (
        ["Charge Nurse"],
        [],
        ["Charge Nurse", "Future managers"],
    )


def test_list_of_many_has_pages(client, tenant, member):
    for n in range(LINES + 1):
        open_job(f"Job {n:03}", by=member)
    first, second = pipelines_page(Wanted()), pipelines_page(Wanted(page=2))
    assert (len(first.lines), first.next_page, len(second.lines), second.next_page) == (LINES, 2, 1, None)
    assert "?page=2" in client.get("/o/acme/pipelines/").content.decode()
    shown = client.get("/o/acme/pipelines/?page=2&q=job&owner=x&show=jobs").content.decode()
    assert (f"Job {LINES:03}" in shown, "Job 000" in shown) == (True, False)


def test_setting_and_a_jobs_own_word_are_pages(client, member):
    page = client.get("/o/acme/pipelines/setting/").content.decode()
    assert "Interviewing" in page
    job = open_job("Charge Nurse", by=member)
    client.post("/o/acme/pipelines/setting/", {"stages": "Seen\nHired"})
    open_job("Clerk", by=member)
    client.post(f"/o/acme/jobs/{job.pk}/pipeline/", {"own_pipeline": "no"})
    assert current() == []
    refused = client.post("/o/acme/pipelines/setting/", {"for_jobs": "on", "stages": "Seen\nseen"})
    assert refused.status_code == 422
    done = client.post("/o/acme/pipelines/setting/", {"for_jobs": "on", "stages": "Seen\nHired"})
    assert done["Location"].startswith("/o/acme/runs/")


def test_api_makes_changes_and_puts_away(member):
    program = program_of(member, *Scope)
    job = Job.objects.create(title="Clerk")
    made = program.post("/pipelines", {"name": "Clerks", "job_id": job.pk, "stages": ["Seen", "Hired"]})
    pk = made.json()["id"]
    seen = made.json()["stages"][0]["id"]
    assert (made.status_code, made.json()["owner_id"], made.json()["job_id"]) == (201, member.pk, job.pk)
    changed = program.patch(f"/pipelines/{pk}", {"name": "All clerks", "follows_job": True}).json()
    assert (changed["name"], changed["follows_job"]) == ("All clerks", True)
    stages = program.put(f"/pipelines/{pk}/stages", {"stages": [{"id": seen, "name": "Met"}, {"name": "Won"}]}).json()
    assert [stage["name"] for stage in stages["stages"]] == ["Met", "Won"]
    assert program.post(f"/pipelines/{pk}/archive", {}).json()["archived_at"] is not None
    groups = [program.get("/pipelines", group=each).json()["items"] for each in ("", "jobs", "needs", "archived")]
    assert [[each["id"] for each in found] for found in groups] == [[], [], [], [pk]]
    restored = program.post(f"/pipelines/{pk}/restore", {}).json()
    assert (restored["archived_at"], restored["follows_job"]) == (None, False)
    assert [program.post("/pipelines", {"name": "X", key: 10**9}).status_code for key in ("owner_id", "job_id")] == [
        422,
        422,
    ]


def test_api_says_what_jobs_begin_with(member):
    program = program_of(member, *Scope)
    assert program.get("/pipelines/setting").json()["for_jobs"] is True
    assert program.put("/pipelines/setting", {"for_jobs": False, "stages": ["Seen"]}).json() == {
        "for_jobs": False,
        "stages": ["Seen"],
    }
    job = open_job("Clerk", by=member)
    assert program.patch(f"/jobs/{job.pk}", {"own_pipeline": "yes"}).json()["own_pipeline"] == "yes"
    assert current() == ["Clerk"]
