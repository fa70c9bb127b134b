from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.core import mail
from django.db import connection

from crm.models import Role, Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.actions.pipelines import add_to_pipeline
from talentpool.actions.schedules import make_schedule, pause_schedule, resume_schedule, run_due_schedules, run_schedule
from talentpool.actions.segment_alerts import change_alert, mail_alerts
from talentpool.actions.segment_counts import count_anew
from talentpool.actions.segments import save_search
from talentpool.actions.tags import tag_named
from talentpool.models import (
    Candidate,
    CandidateTag,
    PipelineEntry,
    Schedule,
    ScheduledPerson,
    ScheduleRun,
    Segment,
    SegmentAlert,
    Sharing,
)
from talentpool.search.index.outbox import drain
from tests.conftest import make_member, signed_in
from tests.factories.pipelines import make_pipeline
from tests.talentpool.search.people import person

MONDAY = datetime(2026, 11, 2, 7, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def nurses(tenant, member, time_machine):
    time_machine.move_to(MONDAY - timedelta(days=3), tick=False)
    person("Ana", title="Nurse")
    drain()
    segment = save_search("Nurses", text="title:nurse", facets={}, by=member)
    count_anew(segment.pk)
    time_machine.move_to(MONDAY - timedelta(days=2), tick=False)
    return segment


def come(*names):
    for name in names:
        person(name, title="Nurse")
    drain()


def put():
    return sorted(PipelineEntry.objects.values_list("candidate__name", flat=True))


def runs():
    return [(run.put, run.skipped, run.left_over, run.trouble) for run in ScheduleRun.objects.order_by("pk")]


def test_new_matches_go_into_the_pipeline_so_many_a_run_and_each_once(nurses, member, time_machine):
    pipeline = make_pipeline(member)
    make_schedule(nurses, pipeline=pipeline, every="hour", most=2, by=member)
    time_machine.shift(60)
    come("Ben", "Cyd", "Dee")
    assert [run_due_schedules(), run_due_schedules()] == [1, 0]
    assert (put(), runs()) == (["Ben", "Cyd"], [(2, 0, 1, "")])
    Candidate.objects.filter(name="Ben").update(current_title="Pilot")
    drain()
    Candidate.objects.filter(name="Ben").update(current_title="Nurse")
    drain()
    PipelineEntry.objects.all().delete()
    time_machine.shift(HOUR)
    assert (run_due_schedules(), put()) == (1, ["Dee"])  # Ben was dealt with, whatever became of him
    assert list(ScheduledPerson.objects.order_by("pk").values_list("candidate__name", "was_there")) == [
        ("Ben", False),
        ("Cyd", False),
        ("Dee", False),
    ]


def test_a_schedule_may_begin_with_whom_it_finds_and_says_who_was_there(nurses, member):
    pipeline = make_pipeline(member)
    come("Ben")
    add_to_pipeline(pipeline, [Candidate.objects.get(name="Ana").pk], by=member)
    make_schedule(nurses, pipeline=pipeline, with_present=True, by=member)
    assert (run_due_schedules(), put(), runs()) == (1, ["Ana", "Ben"], [(1, 1, 0, "")])
    assert ScheduledPerson.objects.get(was_there=True).candidate.name == "Ana"


def test_new_matches_get_a_tag(nurses, member, time_machine):
    make_schedule(nurses, tag=tag_named("To call"), by=member)
    time_machine.shift(60)
    come("Ben")
    run_due_schedules()
    assert list(CandidateTag.objects.values_list("candidate__name", "tag__name")) == [("Ben", "To call")]


def test_a_schedule_pauses_and_goes_on_with_whoever_came_meanwhile(nurses, member, time_machine):
    schedule = make_schedule(nurses, pipeline=make_pipeline(member), by=member)
    pause_schedule(schedule, by=member)
    time_machine.shift(60)
    come("Ben")
    assert (run_due_schedules(), put()) == (0, [])
    resume_schedule(schedule, by=member)
    assert (run_due_schedules(), put()) == (1, ["Ben"])


def test_it_does_nothing_that_its_member_could_not_do(nurses, tenant, member, time_machine):
    sourcer = make_member(tenant, Role.SOURCER)
    make_schedule(nurses, pipeline=make_pipeline(member), every="hour", by=sourcer)
    time_machine.shift(60)
    come("Ben")
    type(sourcer).objects.filter(pk=sourcer.pk).update(role=Role.VIEWER)
    assert (run_due_schedules(), put(), len(runs())) == (1, [], 1)
    assert "may not do this any more" in Schedule.objects.get().trouble
    type(sourcer).objects.filter(pk=sourcer.pk).update(role=Role.SOURCER)
    Segment.objects.update(sharing=Sharing.PRIVATE)
    resume_schedule(Schedule.objects.get(), by=sourcer)
    assert (run_due_schedules(), put()) == (1, [])
    assert "see the segment" in Schedule.objects.get().trouble
    resume_schedule(Schedule.objects.get(), by=member)
    assert (run_due_schedules(), put()) == (1, ["Ben"])


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_cut_off_loses_nobody_and_two_workers_put_nobody_twice(nurses, tenant, member, time_machine):
    make_schedule(nurses, pipeline=make_pipeline(member), by=member)
    time_machine.shift(60)
    come("Ben", "Cyd")
    now = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(ScheduledPerson.objects, "bulk_create", lambda rows: 1 / 0)
        run_due_schedules(now=now)
    assert (put(), runs()) == ([], [])
    schedule = Schedule.objects.select_related("segment", "by").get()
    answers = []

    def work():
        with tenant_scope(tenant.pk):
            answers.append(run_schedule(schedule, now=now))
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert (sorted(answer is None for answer in answers), put()) == ([False, True], ["Ben", "Cyd"])
    assert runs() == [(2, 0, 0, "")]


def test_members_are_told_of_new_matches_in_the_morning(nurses, tenant, member, time_machine):
    Tenant.objects.update(time_zone="UTC")
    weekly = make_member(tenant, Role.VIEWER)
    change_alert(nurses, "day", by=member)
    change_alert(nurses, "week", by=weekly)
    time_machine.shift(60)
    come("Ben", "Cyd")
    assert mail_alerts(now=MONDAY - timedelta(days=1)) == 1
    assert (mail_alerts(now=MONDAY - timedelta(days=1)), [letter.to for letter in mail.outbox]) == (
        0,
        [[member.user.email]],
    )
    assert "Nurses: 2 new\n- Ben, Nurse\n- Cyd, Nurse" in mail.outbox[0].body
    time_machine.move_to(MONDAY - timedelta(hours=3), tick=False)
    come("Dee")
    assert mail_alerts(now=MONDAY) == 2
    assert ["Nurses: 1 new" in mail.outbox[1].body, "Nurses: 3 new" in mail.outbox[2].body] == [True, True]
    change_alert(nurses, "", by=member)
    Segment.objects.update(sharing=Sharing.PRIVATE)
    come("Eve")
    assert (mail_alerts(now=MONDAY + timedelta(days=7)), SegmentAlert.objects.count()) == (0, 1)


def test_a_member_makes_watches_and_ends_a_schedule_on_the_segments_page(client, nurses, tenant, member, time_machine):
    page, pipeline = f"/o/acme/segments/{nurses.pk}/", make_pipeline(member)
    assert client.post(f"{page}schedules/new/", {"every": "day", "most": "3"}).status_code == 422
    client.post(f"{page}schedules/new/", {"pipeline": pipeline.pk, "every": "day", "most": "3"})
    schedule = Schedule.objects.get()
    assert (schedule.pipeline, schedule.most, schedule.since is None) == (pipeline, 3, False)
    time_machine.shift(60)
    come("Ben")
    run_due_schedules()
    shown = client.get(f"{page}schedules/{schedule.pk}/").content.decode()
    assert ("Ben" in shown, pipeline.name in client.get(page).content.decode()) == (True, True)
    client.post(f"{page}schedules/{schedule.pk}/pause/")
    assert Schedule.objects.get().next_at is None
    client.post(f"{page}schedules/{schedule.pk}/resume/")
    assert Schedule.objects.get().next_at is not None
    viewer = signed_in(make_member(tenant, Role.VIEWER))
    assert [viewer.post(f"{page}schedules/{schedule.pk}/{door}/").status_code for door in ("pause", "remove")] == [
        403
    ] * 2
    client.post(f"{page}schedules/{schedule.pk}/remove/")
    assert Schedule.objects.count() == 0
    viewer.post(f"{page}alert/", {"every": "week"})
    assert SegmentAlert.objects.get().every == "week"
    assert 'value="week" selected' in viewer.get(page).content.decode()
    viewer.post(f"{page}alert/", {"every": ""})
    assert SegmentAlert.objects.count() == 0
