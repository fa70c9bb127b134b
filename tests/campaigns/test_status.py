"""Candidates hear where their application stands: once, while it is news, and only where somebody turned it on."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from campaigns.actions.status import NEWS, save_rule, take_back
from campaigns.contact_gate.verdicts import Verdict
from campaigns.delivery.claiming import claim_chunk
from campaigns.delivery.sending import send_chunk
from campaigns.models import Campaign, CampaignState, Message, MessageState, SendChunk, StatusMessage, StatusRule
from campaigns.queries.reports import campaigns_for_list
from campaigns.queries.status import rule_for
from crm.models import AuditEntry, Tenant
from talentpool.actions.applications import Standing, Telling
from talentpool.models import ActivityKind, ApplicationState, Consent, Job, Source, SourceKind, Suppression
from tests.api_client import program_of
from tests.factories.mail import make_people

OPEN = ApplicationState.OPEN


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Greenhouse", kind=SourceKind.ATS)


def turn_on(member, *phases, **fields):
    """In the past, at any hour and at once, unless told otherwise."""
    for phase in phases:
        rule = rule_for(phase, member.tenant)
        for name, value in {"delay_minutes": 0, "from_hour": 0, "until_hour": 0, **fields}.items():
            setattr(rule, name, value)
        rule.is_on = True
        save_rule(rule, by=member, changed=["is_on"])
        StatusRule.objects.filter(pk=rule.pk).update(on_since=timezone.now() - timedelta(days=2))


def apply(person, source, *, title="Staff Nurse", at=True):
    job, _ = Job.objects.get_or_create(title=title)
    now = timezone.now()
    with Telling(now) as telling:
        standing = Standing("New", "applied")
        return telling.start(person.pk, person.pk, job, source, standing, told_at=now if at is True else at)


def move(application, phase, state=OPEN, *, at=True):
    now = timezone.now()
    told_at = now if at is True else at
    with Telling(now) as telling:
        telling.move(application, Standing(f"Stage of {phase} {state}", phase, state), told_at=told_at)


def told():
    rows = StatusMessage.objects.order_by("pk").values_list("rule__phase", "message__state")
    return [(phase, MessageState(state).label) for phase, state in rows]


def send_waiting():
    for campaign in Campaign.objects.filter(state=CampaignState.SENDING):
        while send_chunk(campaign.pk):
            pass


def test_nothing_is_told_until_somebody_turns_it_on(tenant, member, source):
    (person,) = make_people(1)
    application = apply(person, source)
    move(application, "interview")
    assert (Message.objects.count(), Campaign.objects.count()) == (0, 0)


def test_each_phase_is_told_once_with_the_job_and_why_it_comes(tenant, member, source, worker, smtp):
    turn_on(member, "applied", "interview", "rejected")
    (person,) = make_people(1)
    application = apply(person, source, title="Nurse & Midwife")
    send_waiting()
    move(application, "interview")
    send_waiting()
    move(application, "interview")  # from one interview to the next
    move(application, "screening")
    move(application, "interview")
    move(application, "interview", ApplicationState.REJECTED)
    send_waiting()
    assert told() == [("applied", "Sent"), ("interview", "Sent"), ("rejected", "Sent")]
    assert smtp.recipients == {person.email: 3}
    words = smtp.mails[1].content.decode().replace("=\r\n", "")
    assert "talk with you about Nurse & Midwife" in words
    assert "You get this because you applied to us." in words
    assert "suit you. Unsubscribe" not in words
    story = [
        each.data["campaign"] for each in person.activity_set.filter(kind=ActivityKind.MESSAGE_SENT).order_by("pk")
    ]
    assert story == ["Applied: Nurse & Midwife", "Interview: Nurse & Midwife", "Rejected: Nurse & Midwife"]


def test_people_of_one_job_share_a_campaign_that_no_list_shows(tenant, member, source, worker, smtp):
    turn_on(member, "applied")
    for person in make_people(3):
        apply(person, source)
        send_waiting()
    assert Campaign.objects.get().messages.count() == 3
    assert Campaign.objects.get().state == CampaignState.SENT
    assert list(campaigns_for_list()) == []
    assert sum(smtp.recipients.values()) == 3


def test_a_second_application_for_the_same_job_is_told_too(tenant, member, source):
    turn_on(member, "applied")
    (person,) = make_people(1)
    apply(person, source)
    apply(person, source)
    assert told() == [("applied", "Planned"), ("applied", "Planned")]


@pytest.mark.parametrize(
    "at",
    [None, timezone.now() - NEWS - timedelta(minutes=1), datetime(2020, 1, 1, tzinfo=UTC)],
    ids=["history", "a day ago", "years ago"],
)
def test_what_is_no_news_is_told_to_nobody(tenant, member, source, at):
    turn_on(member, "applied", "hired")
    (person,) = make_people(1)
    application = apply(person, source, at=at)
    move(application, "offer", ApplicationState.HIRED, at=at)
    assert told() == []


def test_what_was_before_it_was_turned_on_is_told_to_nobody(tenant, member, source):
    turn_on(member, "applied")
    StatusRule.objects.update(on_since=timezone.now())
    (person,) = make_people(1)
    apply(person, source, at=timezone.now() - timedelta(minutes=1))
    assert told() == []


def test_who_moves_on_before_it_leaves_hears_only_of_the_last(tenant, member, source, worker, smtp):
    turn_on(member, "applied", "interview", "rejected", delay_minutes=60)
    (person,) = make_people(1)
    application = apply(person, source)
    move(application, "interview")
    move(application, "interview", ApplicationState.REJECTED)
    assert told() == [("applied", "Cancelled"), ("interview", "Cancelled"), ("rejected", "Planned")]
    SendChunk.objects.update(not_before=None)
    send_waiting()
    assert told()[2] == ("rejected", "Sent")
    assert smtp.recipients == {person.email: 1}


def test_who_comes_back_to_a_phase_that_was_not_told_is_told_then(tenant, member, source):
    turn_on(member, "interview", delay_minutes=60)
    (person,) = make_people(1)
    application = apply(person, source)
    move(application, "interview")
    move(application, "screening")
    move(application, "interview")
    assert told() == [("interview", "Planned")]


def test_deleted_in_the_ats_takes_it_back(tenant, member, source):
    turn_on(member, "rejected", delay_minutes=60)
    (person,) = make_people(1)
    application = apply(person, source)
    move(application, "applied", ApplicationState.REJECTED)
    with Telling(timezone.now()) as telling:
        telling.end(application)
    assert told() == [("rejected", "Cancelled")]


def test_a_message_that_a_worker_has_is_not_taken_back(tenant, member, source):
    turn_on(member, "applied")
    (person,) = make_people(1)
    application = apply(person, source)
    claimed = claim_chunk(Campaign.objects.get().pk, (), worker="another")
    assert [message.candidate_id for message in claimed.messages] == [person.pk]
    move(application, "interview")
    assert told() == [("applied", "Sending")]
    with pytest.raises(ValidationError, match="no longer waiting"):
        take_back(StatusMessage.objects.select_related("message").get(), by=member)


def test_it_is_for_the_sources_and_jobs_that_were_chosen(tenant, member, source):
    other = Source.objects.create(name="Lever", kind=SourceKind.ATS)
    first, second, third = make_people(3)
    wanted = Job.objects.create(title="Midwife")
    turn_on(member, "applied", source_ids=[source.pk], job_ids=[wanted.pk])
    apply(first, source)
    apply(second, other, title="Midwife")
    apply(third, source, title="Midwife")
    assert list(StatusMessage.objects.values_list("candidate_id", flat=True)) == [third.pk]


def test_the_gate_asks_for_no_consent_and_respects_who_wants_no_mail(tenant, member, source, worker, smtp):
    turn_on(member, "applied")
    without, gone = make_people(2)
    Consent.objects.all().delete()
    Suppression.objects.create(address=gone.email, reason="unsubscribed", at=timezone.now())
    apply(without, source)
    apply(gone, source)
    send_waiting()
    assert smtp.recipients == {without.email: 1}
    assert dict(Message.objects.values_list("candidate_id", "verdict")) == {
        without.pk: Verdict.ALLOWED,
        gone.pk: Verdict.UNSUBSCRIBED,
    }


def test_it_waits_for_the_hours_in_which_mail_may_leave(tenant, member, source, worker, smtp):
    now = timezone.now().astimezone(tenant.zone)
    hours = {"from_hour": (now.hour + 2) % 24, "until_hour": (now.hour + 3) % 24}
    turn_on(member, "applied", **hours)
    (person,) = make_people(1)
    apply(person, source)
    waiting = StatusMessage.objects.get()
    assert waiting.send_at.astimezone(tenant.zone).hour == hours["from_hour"]
    SendChunk.objects.update(not_before=None)  # kept back by something else until now
    send_waiting()
    assert smtp.mails == []
    assert SendChunk.objects.get().not_before.astimezone(tenant.zone).hour == hours["from_hour"]


@pytest.mark.parametrize(
    ("hours", "at", "leaves"),
    [
        ((8, 19), "2026-03-02T12:30", "2026-03-02T12:30"),
        ((8, 19), "2026-03-02T06:30", "2026-03-02T08:00"),
        ((8, 19), "2026-03-02T19:00", "2026-03-03T08:00"),
        ((22, 2), "2026-03-02T23:00", "2026-03-02T23:00"),
        ((22, 2), "2026-03-02T12:00", "2026-03-02T22:00"),
        ((7, 7), "2026-03-02T03:00", "2026-03-02T03:00"),
        ((8, 19), "2026-03-28T20:00", "2026-03-29T08:00"),  # clocks go forward that night
    ],
)
def test_hours_in_which_mail_leaves(tenant, hours, at, leaves):
    zone = ZoneInfo("Europe/Berlin")
    rule = StatusRule(from_hour=hours[0], until_hour=hours[1])
    found = rule.earliest(datetime.fromisoformat(at).replace(tzinfo=zone), zone)
    assert found == datetime.fromisoformat(leaves).replace(tzinfo=zone)


def test_it_can_be_turned_on_only_when_it_can_be_sent(tenant, member):
    Tenant.objects.filter(pk=tenant.pk).update(postal_address="")
    with pytest.raises(ValidationError, match="postal address"):
        turn_on(member, "applied")
    assert not StatusRule.objects.filter(is_on=True).exists()


def test_turned_off_it_takes_back_what_waits(tenant, member, source):
    turn_on(member, "applied", delay_minutes=60)
    (person,) = make_people(1)
    apply(person, source)
    rule = StatusRule.objects.get()
    rule.is_on = False
    save_rule(rule, by=member, changed=["is_on"])
    assert told() == [("applied", "Cancelled")]


def test_page_shows_every_phase_off_and_turns_one_on(tenant, client, member, source):
    page = client.get("/o/acme/campaigns/status/").content.decode()
    assert "Candidates hear nothing from here yet" in page
    assert page.count(">off<") == 7
    asked = {
        "is_on": "on", "subject": "About {{ applied_job }}", "body": "Hello {{ first_name | default: \"you\" }}",
        "delay_minutes": "0", "from_hour": "0", "until_hour": "0",
    }  # fmt: skip
    answer = client.post("/o/acme/campaigns/status/phase/?phase=rejected", asked)
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/o/acme/campaigns/status/")
    (person,) = make_people(1)
    application = apply(person, source)
    move(application, "applied", ApplicationState.REJECTED)
    assert told() == [("rejected", "Planned")]
    page = client.get("/o/acme/campaigns/status/").content.decode()
    assert "About {{ applied_job }}" in page
    preview = client.get("/o/acme/campaigns/status/phase/preview/?phase=rejected").content.decode()
    assert f"Hello {person.given_name}" in preview
    waiting = StatusMessage.objects.get()
    client.post(f"/o/acme/campaigns/status/{waiting.pk}/cancel/")
    assert told() == [("rejected", "Cancelled")]


def test_page_refuses_a_merge_field_that_does_not_exist(tenant, client):
    asked = {"subject": "x", "body": "{{ salary_of_boss }}", "delay_minutes": "0", "from_hour": "0", "until_hour": "0"}
    answer = client.post("/o/acme/campaigns/status/phase/?phase=offer", asked)
    assert answer.status_code == 422
    assert "There is no merge field" in answer.content.decode()
    assert client.get("/o/acme/campaigns/status/phase/?phase=nothing").status_code == 404


def test_program_does_what_the_page_can(tenant, member, source):
    program = program_of(member)
    rules = program.get("/status-messages/rules").json()
    assert [(rule["phase"], rule["is_on"]) for rule in rules][:2] == [("applied", False), ("screening", False)]
    wanted = {
        "phase": "applied",
        "is_on": True,
        "subject": "Thanks",
        "body": "For {{ applied_job }}",
        "source_ids": [source.pk],
    }
    assert program.send("PUT", "/status-messages/rules", wanted).json()["is_on"] is True
    wrong = program.send("PUT", "/status-messages/rules", wanted | {"body": "{{ nothing }}"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "body")
    (person,) = make_people(1)
    apply(person, source)
    assert "For Staff Nurse" in program.get("/status-messages/rules/preview", phase="applied").json()["text"]
    (waiting,) = program.get("/status-messages", waiting="true").json()["items"]
    assert (waiting["candidate_id"], waiting["job"], waiting["state"]) == (person.pk, "Staff Nurse", "Planned")
    gone = program.post(f"/status-messages/{waiting['id']}/cancel", {}).json()
    assert (gone["state"], gone["reason"]) == ("Cancelled", "Taken back by hand")
    assert program.post(f"/status-messages/{waiting['id']}/cancel", {}).status_code == 422


def test_test_goes_to_the_member_alone_from_the_page_and_the_program(tenant, client, member, source, smtp):
    (person,) = make_people(1)
    apply(person, source, title="Midwife")
    asked = client.post("/o/acme/campaigns/status/phase/test/?phase=applied", follow=True)
    assert asked.redirect_chain == [("/o/acme/campaigns/status/phase/?phase=applied", 302)]
    assert f"A test is on its way to {member.user.email}." in asked.content.decode()
    answer = program_of(member).post("/status-messages/rules/test", {"phase": "applied"})
    assert (answer.status_code, answer.json()) == (200, {"address": member.user.email})
    assert [mail.recipient for mail in smtp.mails] == [member.user.email] * 2
    for mail in smtp.mails:
        assert b"Subject: [Test] " in mail.content
        assert b"Midwife" in mail.content
    assert (Message.objects.count(), StatusRule.objects.count(), Campaign.objects.count()) == (0, 0, 0)
    assert (
        list(AuditEntry.objects.filter(verb="status_rule.tested").values_list("member", "subject_label"))
        == [(member.pk, "Applied")] * 2
    )


def test_test_that_does_not_leave_says_why(tenant, client, member, smtp):
    smtp.script["RCPT", ""] = "550 5.1.1 not here"
    page = client.post("/o/acme/campaigns/status/phase/test/?phase=hired", follow=True).content.decode()
    assert "The test did not leave. 550 5.1.1 not here" in page
    answer = program_of(member).post("/status-messages/rules/test", {"phase": "hired"})
    assert answer.status_code == 422
    assert client.post("/o/acme/campaigns/status/phase/test/?phase=nothing").status_code == 404
    assert not AuditEntry.objects.filter(verb="status_rule.tested").exists()


def test_page_is_found_from_settings_and_campaigns(tenant, client):
    for path in ("settings/", "campaigns/"):
        assert (
            'href="/o/acme/campaigns/status/"' in client.get(f"/o/acme/{path}").content.decode().partition("<main")[2]
        )
