import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from crm.home import HomePage
from crm.models import Role
from talentpool import home_relations
from talentpool.actions import reminders
from talentpool.actions.notices import change_notices, remind_members
from talentpool.actions.reminders import (
    add_task,
    assignees_due,
    change_task,
    finish_task,
    remind_about,
    reopen_task,
    snooze_task,
    tenants_with_due_tasks,
)
from talentpool.actions.selections import select_people
from talentpool.dates import Due, due_on, snoozed
from talentpool.models import Activity, Task
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate, make_candidates

CALIFORNIA = zoneinfo.ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 3, 4, 18, tzinfo=UTC)  # ten in the morning in California
HOUR = timedelta(hours=1)


def due(hours):
    return Due(NOW + hours * HOUR, NOW + hours * HOUR)


def test_a_day_is_due_in_its_morning_and_overdue_when_it_is_over():
    assert due_on(date(2026, 3, 4), None, CALIFORNIA) == Due(
        datetime(2026, 3, 4, 9, tzinfo=CALIFORNIA), datetime(2026, 3, 5, 0, tzinfo=CALIFORNIA), True
    )
    at = datetime(2026, 3, 4, 14, 30, tzinfo=CALIFORNIA)
    assert due_on(date(2026, 3, 4), time(14, 30), CALIFORNIA) == Due(at, at)
    assert due_on(None, None, CALIFORNIA) == Due()


def test_a_day_beyond_reason_is_a_slip(client, member):
    for day in ("9999-12-31", "0001-01-01", "2026-02-30"):
        assert client.post("/o/acme/tasks/", {"text": "x", "assignee": member.pk, "day": day}).status_code == 422


def test_snoozing_is_counted_in_the_members_zone():
    late = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)  # the evening before, in California
    assert snoozed("hour", late, CALIFORNIA) == Due(late + HOUR, late + HOUR)
    assert snoozed("tomorrow", late, CALIFORNIA) == due_on(date(2026, 3, 4), None, CALIFORNIA)
    assert snoozed("week", late, CALIFORNIA) == due_on(date(2026, 3, 10), None, CALIFORNIA)


def test_due_tasks_are_mailed_once_in_one_letter_each(tenant, member, mailoutbox):
    priya, person = make_member(tenant, Role.RECRUITER), make_candidate("Adaeze")
    add_task("Call", assignee=priya, by=member, candidate=person, due=due(-1))
    add_task("Write", assignee=priya, by=priya, due=due(0))
    add_task("Later", assignee=priya, by=priya, due=due(1))
    finish_task(add_task("Done", assignee=priya, by=priya, due=due(-1)), by=priya)
    quiet = make_member(tenant, Role.SOURCER)
    change_notices(quiet, mentions=True, tasks=False, digest=False)
    add_task("Unsaid", assignee=quiet, by=member, due=due(-1))
    assert tenants_with_due_tasks() == [tenant.pk]
    assert [remind_members(now=NOW), remind_members(now=NOW)] == [1, 0]
    [letter] = mailoutbox
    assert (letter.to, letter.subject) == ([priya.user.email], "2 tasks are due")
    assert f"- Call (Adaeze), 4 March 2026, 09:00, from {member.name}\n- Write, 4 March 2026, 10:00\n" in letter.body


def test_two_workers_remind_a_member_once(tenant, member, mailoutbox):
    add_task("Call", assignee=member, by=member, due=due(-1))
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [reminders._LOCK, member.pk])
    assert (assignees_due(now=NOW), remind_members(now=NOW)) == ([member.pk], 0)
    other.close()
    assert [remind_members(now=NOW), remind_members(now=NOW), len(mailoutbox)] == [1, 0, 1]
    page = HomePage(tenant=tenant, member=member, now=NOW)
    assert [card.note for card in home_relations.my_tasks(page)] == ["1 overdue"]


def test_mail_server_that_is_away_gets_the_letter_later(tenant, member, mailoutbox, monkeypatch):
    add_task("Call", assignee=member, by=member, due=due(-1))
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", lambda self: (_ for _ in ()).throw(TimeoutError()))
        with pytest.raises(TimeoutError):
            remind_members(now=NOW)
    assert [remind_members(now=NOW + HOUR), len(mailoutbox)] == [1, 1]


def test_snoozed_and_moved_tasks_are_reminded_of_anew(tenant, member, mailoutbox):
    task = add_task("Call", assignee=member, by=member, due=due(-1))
    remind_members(now=NOW)
    snooze_task(task, due(2), by=member)
    assert [remind_members(now=NOW + HOUR), remind_members(now=NOW + 3 * HOUR)] == [0, 1]
    change_task(task, text="Call again", assignee=member, due=due(2), by=member)
    assert remind_members(now=NOW + 4 * HOUR) == 0
    change_task(task, text="Call again", assignee=member, due=due(5), by=member)
    assert remind_members(now=NOW + 6 * HOUR) == 1


def test_done_twice_is_done_once_and_told_in_the_story(tenant, member):
    person = make_candidate()
    task = add_task("Call", assignee=member, by=member, candidate=person)
    finish_task(task, by=member)
    finish_task(task, by=member)
    assert list(Activity.objects.values_list("kind", "data__text")) == [("task_done", "Call")]
    with pytest.raises(ValidationError, match="It is done"):
        change_task(task, text="x", assignee=member, due=Due(), by=member)
    reopen_task(task, by=member)
    assert Task.objects.open().count() == 1


def test_home_lists_overdue_tasks_first(tenant, member):
    add_task("Next", assignee=member, by=member, due=due(3))
    add_task("Late", assignee=member, by=member, due=due(-30), candidate=make_candidate("Adaeze"))
    add_task("In a month", assignee=member, by=member, due=due(24 * 30))
    add_task("Some day", assignee=member, by=member)
    [card] = home_relations.my_tasks(HomePage(tenant=tenant, member=member, now=NOW))
    assert [(line.icon, line.title) for line in card.lines] == [("circle-alert", "Late"), ("circle", "Next")]
    assert card.lines[0].text.startswith("Adaeze · due ")


def test_tasks_are_given_to_those_who_see_people(tenant, member):
    with pytest.raises(ValidationError, match="may not see candidates"):
        add_task("Call", assignee=make_member(tenant, Role.EMPLOYEE), by=member)


def test_selection_gets_a_task_each_and_a_crowd_is_refused(client, member, monkeypatch):
    people = make_candidates(3)
    selection = select_people(candidate_ids=[each.pk for each in people], by=member)
    url = f"/o/acme/people/selections/{selection.pk}/remind/"
    body = {"text": "Call", "day": "2026-03-04", "at": "14:30", "assignee": member.pk}
    assert client.post(url, body).status_code == 302
    assert list(Task.objects.order_by("pk").values_list("candidate", "origin", "due_at")) == [
        (each.pk, each.pk, datetime(2026, 3, 4, 22, 30, tzinfo=UTC)) for each in people
    ]
    monkeypatch.setattr("talentpool.actions.reminders.MOST_AT_ONCE", 2)
    assert "choose 2 people at the most" in client.post(url, body).content.decode()
    assert remind_about([0], "Call", assignee=member, by=member, due=Due()) == 0


def test_pages_show_add_and_step_through_tasks(client, member):
    person = make_candidate("Adaeze")
    url = f"/o/acme/people/{person.pk}/tasks/"
    body = {"text": "Ask for papers <b>", "assignee": member.pk}
    assert client.post(url, body | {"at": "10:00"}).status_code == 422
    panel = client.post(url, body, headers={"HX-Request": "true", "HX-Target": "tasks"}).content.decode()
    assert panel.lstrip().startswith('<section class="panel" id="tasks"')
    assert "Ask for papers &lt;b&gt;" in panel
    task = Task.objects.get()
    for step in ("hour", "tomorrow", "week", "done", "reopen", "nonsense"):
        assert client.post(f"/o/acme/tasks/{task.pk}/step/", {"do": step}).status_code == 302
    assert client.post(f"{url}{task.pk}/step/", {"do": "done"}).status_code == 302
    client.post("/o/acme/tasks/", {"text": "Plain", "assignee": member.pk, "day": "2020-01-01"})
    shown = {
        query: [t in client.get(f"/o/acme/tasks/?{query}").content.decode() for t in ("Ask for papers", "Plain")]
        for query in ("", "state=done", "state=overdue", "who=all", "who=asked", "who=99&state=x&page=y")
    }
    assert shown == {
        "": [False, True],
        "state=done": [True, False],
        "state=overdue": [False, True],
        "who=all": [False, True],
        "who=asked": [False, False],
        "who=99&state=x&page=y": [False, True],
    }
    plain = Task.objects.get(text="Plain")
    assert "Overdue" in client.get("/o/acme/tasks/").content.decode()
    assert client.post(f"/o/acme/tasks/{plain.pk}/", {"text": "Plainer", "assignee": member.pk}).status_code == 302
    assert client.get(f"/o/acme/tasks/{plain.pk}/").status_code == 200


def test_viewer_steps_through_her_own_tasks_only(tenant, member):
    viewer = make_member(tenant, Role.VIEWER)
    browser = signed_in(viewer)
    mine = add_task("Mine", assignee=viewer, by=member)
    other = add_task("Other", assignee=member, by=member)
    codes = [browser.post(f"/o/acme/tasks/{task.pk}/step/", {"do": "done"}).status_code for task in (mine, other)]
    assert codes == [302, 403]
    assert timezone.now() > Task.objects.get(pk=mine.pk).done_at
