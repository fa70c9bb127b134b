"""A campaign from the first word to its report, page by page, as a member without JavaScript would go."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from campaigns.delivery.sending import send_chunk
from campaigns.models import Campaign, CampaignState, Message, MessageState
from crm.models import Role
from talentpool.models import Pipeline, PipelineEntry, Segment, Selection, Stage
from tests.conftest import make_member, signed_in
from tests.factories.mail import BODY, make_campaign, make_people, start
from tests.simulators.smtp import CUT

BASE = "/o/acme/campaigns/"


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


@pytest.fixture
def draft(tenant, member):
    return make_campaign(member, make_people(3))


def fill(**changes):
    return {
        "name": "Post",
        "subject": "A post",
        "preheader": "",
        "body": BODY,
        "sender_name": "",
        "reply_to": "",
    } | changes


def test_list_says_what_to_do_when_there_is_nothing(client):
    assert "No campaign yet" in words(client.get(BASE))


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(client, member, django_assert_max_num_queries, number):
    for _ in range(number):
        make_campaign(member, [])
    with django_assert_max_num_queries(9):
        page = client.get(BASE)
    assert words(page).count("A post closer to home") == number


def test_list_narrows_by_state_and_pages(client, member):
    for i in range(27):
        make_campaign(member, [], name=f"Nr. {i}.")
    first = client.get(BASE)
    assert "Nr. 26." in words(first)
    assert "Nr. 1." not in words(first)
    (before,) = re.findall(r"before=(\d+)", first.content.decode())[:1]
    assert "Nr. 1." in words(client.get(BASE, {"before": before}))
    assert "None in this state" in words(client.get(BASE, {"state": "sent"}))
    assert client.get(BASE, {"state": "x", "before": "-1;"}).status_code == 200


def test_new_campaign_takes_its_audience_from_the_address(client, member, draft):
    selection = Selection.objects.create(candidate_ids=[1], by=member)
    segment = Segment.objects.create(name="Nurses", by=member)
    pipeline = Pipeline.objects.create(name="ICU", owner=member)
    stage = Stage.objects.create(pipeline=pipeline, name="Contacted", position=1)
    for query, value in (
        (f"selection={selection.pk}", f"selection:{selection.pk}"),
        (f"segment={segment.pk}", f"segment:{segment.pk}"),
        (f"pipeline={pipeline.pk}", f"pipeline:{pipeline.pk}"),
        (f"pipeline={pipeline.pk}&stage={stage.pk}", f"stage:{stage.pk}"),
    ):
        page = client.get(f"{BASE}new/?{query}").content.decode()
        assert f'<option value="{value}" selected>' in page
        response = client.post(f"{BASE}new/?{query}", {"name": "New", "audience": value})
        made = Campaign.objects.latest("pk")
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{made.pk}/message/")
        assert f"{made.audience}:" in value


def test_new_campaign_without_an_audience_is_refused(client, tenant):
    response = client.post(f"{BASE}new/", {"name": "New", "audience": "segment:99"})
    assert (response.status_code, Campaign.objects.count()) == (422, 0)


def test_pipeline_stage_is_written_to_as_it_stands(client, member, worker, smtp):
    people = make_people(3)
    pipeline = Pipeline.objects.create(name="ICU", owner=member)
    stages = [Stage.objects.create(pipeline=pipeline, name=name, position=i) for i, name in enumerate(["New", "Warm"])]
    now = timezone.now()
    for person, stage in zip(people, [stages[0], stages[1], stages[1]], strict=True):
        PipelineEntry.objects.create(
            candidate=person, origin=person, pipeline=pipeline, stage=stage, added_by=member, added_at=now, moved_at=now
        )
    campaign = Campaign.objects.create(
        name="Warm ones", subject="Hello", body="Hello", audience="stage", stage=stages[1], by=member
    )
    start(campaign, member)
    assert send_chunk(campaign.pk)
    assert set(smtp.recipients) == {people[1].email, people[2].email}


def test_message_is_saved_and_shown_as_a_person_will_see_it(client, draft):
    page = f"{BASE}{draft.pk}/message/"
    response = client.post(page, fill(subject="For {{ first_name }}"))
    assert (response.status_code, response["Location"]) == (302, page)
    shown = words(client.get(page))
    first = draft.selection.candidate_ids[0]
    assert "Anna1 will see it" in shown
    letter = client.get(f"{BASE}{draft.pk}/preview/?person={first}")
    assert "Hello Anna1, " in letter.content.decode()
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    policy = letter["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "frame-ancestors 'self'" in policy, "script-src 'none'" in policy) == (
        True,
        True,
        True,
    )


def test_message_typed_into_the_page_is_saved_by_htmx(client, draft):
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "letter"}
    response = client.post(f"{BASE}{draft.pk}/message/", fill(body="Hi {{ city }}"), **headers)
    assert response.status_code == 200
    assert response.content.decode().lstrip().startswith('<div id="letter"')
    draft.refresh_from_db()
    assert draft.body == "Hi {{ city }}"


def test_message_that_can_not_be_sent_says_where_and_is_not_saved(client, draft):
    response = client.post(f"{BASE}{draft.pk}/message/", fill(body="Hi\n{{ nickname }}", reply_to="nobody"))
    assert response.status_code == 422
    assert "There is no merge field “nickname” (line 2, character 4)." in words(response)
    draft.refresh_from_db()
    assert draft.body == BODY


def test_audience_shows_who_is_held_back_and_why(client, draft, member):
    other = make_people(2)
    Selection.objects.filter(pk=draft.selection_id).update(
        candidate_ids=[*draft.selection.candidate_ids, *(person.pk for person in other)]
    )
    type(other[0]).objects.filter(pk=other[0].pk).update(email="")
    type(other[1]).objects.filter(pk=other[1].pk).update(location="")
    shown = words(client.get(f"{BASE}{draft.pk}/audience/"))
    assert "In the audience 5 Will get it 3 Held back 2" in shown
    assert "No e-mail address 1" in shown
    held = words(client.get(f"{BASE}{draft.pk}/held/"))
    assert "Lacks: City" in held
    assert "Lacks: City" not in words(client.get(f"{BASE}{draft.pk}/held/?verdict=4"))
    preview = words(client.get(f"{BASE}{draft.pk}/audience/?person={other[1].pk}"))
    assert "Would be held back. Lacks: City." in preview


def test_time_is_read_in_the_zone_that_was_chosen(client, draft):
    day = (timezone.now() + timedelta(days=40)).date()
    response = client.post(
        f"{BASE}{draft.pk}/when/",
        {"when": "at", "day": day.isoformat(), "time": "09:00", "time_zone": "Europe/Berlin", "per_minute": "60"},
    )
    assert response["Location"] == f"{BASE}{draft.pk}/check/"
    draft.refresh_from_db()
    local = draft.send_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (local.date(), local.hour, local.minute, draft.per_minute) == (day, 9, 0, 60)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": ""}, "Which day?"),
        ({"time": ""}, "At what time?"),
        ({"day": "2020-01-01"}, "That time has passed."),
        ({"day": "2099-01-01"}, "That is more than a year ahead."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"per_minute": "0"}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_time_that_can_not_be_is_refused(client, draft, changes, sentence):
    day = (timezone.now() + timedelta(days=40)).date().isoformat()
    filled = {"when": "at", "day": day, "time": "09:00", "time_zone": "Europe/Berlin", "per_minute": ""} | changes
    response = client.post(f"{BASE}{draft.pk}/when/", filled)
    assert (response.status_code, sentence in words(response)) == (422, True)


def test_hour_that_clocks_leave_out_is_refused(client, draft):
    now = timezone.now()
    year = now.year if now.month < 3 else now.year + 1
    last_sunday = max(d for d in range(25, 32) if timezone.datetime(year, 3, d).weekday() == 6)
    filled = {"when": "at", "day": f"{year}-03-{last_sunday}", "time": "02:30", "time_zone": "Europe/Berlin"}
    response = client.post(f"{BASE}{draft.pk}/when/", filled)
    assert "clocks are put forward" in words(response)


def test_check_says_what_is_missing(client, tenant, member):
    campaign = Campaign.objects.create(name="Empty", by=member)
    tenant.postal_address = ""
    tenant.save()
    shown = words(client.get(f"{BASE}{campaign.pk}/check/"))
    for sentence in (
        "It has no subject.",
        "The message is empty.",
        "Nobody is chosen to get it.",
        "postal address is missing",
    ):
        assert sentence in shown
    client.post(f"{BASE}{campaign.pk}/schedule/")
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT


def test_test_goes_to_the_member_alone(client, draft, member, smtp):
    response = client.post(f"{BASE}{draft.pk}/test/", follow=True)
    assert f"A test is on its way to {member.user.email}." in words(response)
    (mail,) = smtp.mails
    assert (mail.recipient, b"Subject: [Test] A post in Fresno" in mail.content) == (member.user.email, True)
    assert Message.objects.count() == 0


def test_test_that_does_not_leave_says_why(client, draft, member, smtp):
    smtp.script["RCPT", ""] = "550 5.1.1 not here"
    assert "The test did not leave. 550 5.1.1 not here" in words(client.post(f"{BASE}{draft.pk}/test/", follow=True))


def test_scheduled_campaign_waits_can_be_taken_back_and_not_be_changed(client, draft):
    Campaign.objects.filter(pk=draft.pk).update(send_at=timezone.now() + timedelta(days=2))
    client.post(f"{BASE}{draft.pk}/schedule/")
    draft.refresh_from_db()
    assert (draft.state, Message.objects.count()) == (CampaignState.SCHEDULED, 0)
    assert client.post(f"{BASE}{draft.pk}/message/", fill())["Location"] == f"{BASE}{draft.pk}/"
    client.post(f"{BASE}{draft.pk}/unschedule/")
    draft.refresh_from_db()
    assert draft.state == CampaignState.DRAFT


def test_report_s_numbers_open_to_their_people(client, draft, member, worker, smtp):
    client.post(f"{BASE}{draft.pk}/schedule/")
    while send_chunk(draft.pk):
        pass
    messages = list(Message.objects.order_by("pk"))
    Message.objects.filter(pk=messages[0].pk).update(opened_at=timezone.now(), clicked_at=timezone.now())
    report = client.get(f"{BASE}{draft.pk}/report/")
    shown = words(report)
    assert "Sent 3" in shown
    assert "Opened 1 33 %" in shown
    links = re.findall(r'class="figure" href="([^"]+)"', report.content.decode())
    assert len(links) == 8
    for link in links:
        assert client.get(link).status_code == 200
    opened = words(client.get(f"{BASE}{draft.pk}/people/?list=opened"))
    assert str(messages[0].candidate) in opened
    assert str(messages[1].candidate) not in opened


def test_report_polls_while_it_runs_and_stops_then(client, draft, member, worker, smtp):
    Campaign.objects.filter(pk=draft.pk).update(per_minute=6)
    client.post(f"{BASE}{draft.pk}/schedule/")
    send_chunk(draft.pk)
    assert (
        "hx-trigger"
        in client.get(f"{BASE}{draft.pk}/report/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="standing").content.decode()
    )
    client.post(f"{BASE}{draft.pk}/pause/")
    assert "Go on" in words(client.get(f"{BASE}{draft.pk}/report/"))
    client.post(f"{BASE}{draft.pk}/resume/")
    client.post(f"{BASE}{draft.pk}/cancel/")
    page = client.get(f"{BASE}{draft.pk}/report/").content.decode()
    assert ("every 2s" in page, "Cancelled" in page) == (False, True)


def test_unknown_fates_are_decided_on_the_page(client, draft, member, worker, smtp):
    people = list(draft.selection.candidate_ids)
    smtp.script |= {("BODY", address): CUT for address in ("p1@people.example", "p2@people.example")}
    client.post(f"{BASE}{draft.pk}/schedule/")
    send_chunk(draft.pk)
    smtp.script.clear()
    assert "Nobody can say whether 2 of these messages arrived." in words(client.get(f"{BASE}{draft.pk}/report/"))
    first = Message.objects.get(candidate=people[0])
    client.post(f"{BASE}{draft.pk}/unknown/", {"decision": "sent", "message": first.pk})
    client.post(f"{BASE}{draft.pk}/unknown/", {"decision": "again"})
    send_chunk(draft.pk)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert smtp.recipients["p2@people.example"] == 2


def test_copy_and_delete(client, draft):
    response = client.post(f"{BASE}{draft.pk}/copy/")
    copy = Campaign.objects.latest("pk")
    assert (response["Location"], copy.name, copy.body) == (
        f"{BASE}{copy.pk}/message/",
        "Copy of A post closer to home",
        BODY,
    )
    client.post(f"{BASE}{copy.pk}/delete/")
    assert list(Campaign.objects.all()) == [draft]


def test_roles_see_and_send_as_the_table_says(tenant, member, draft):
    viewer = signed_in(make_member(tenant, Role.VIEWER))
    assert viewer.get(BASE).status_code == 200
    assert "New campaign" not in words(viewer.get(BASE))
    for path in ("schedule/", "pause/", "cancel/", "copy/", "delete/", "test/"):
        assert viewer.post(f"{BASE}{draft.pk}/{path}").status_code == 403
    assert viewer.get(f"{BASE}{draft.pk}/message/").status_code == 403
    hiring_manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    assert hiring_manager.get(BASE).status_code == 403
