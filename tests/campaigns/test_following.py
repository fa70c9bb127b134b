"""Campaigns that go on: whoever comes to their audience later is written to, once, and so many each time."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.actions.campaigns import cancel_campaign, pause_campaign, resume_campaign
from campaigns.actions.following import follow_due, stop_following, take_turn
from campaigns.actions.sending import tenants_with_mail_to_send
from campaigns.contact_gate.verdicts import Verdict
from campaigns.delivery.sending import send_chunk
from campaigns.models import Audience, Campaign, CampaignState, CampaignTurn, Message, MessageState
from crm.models import AuditEntry
from crm.tenancy.scope import tenant_scope
from sourcing.models import SearchLogEntry
from talentpool.actions.merges import merge_candidates
from talentpool.actions.segments import save_search
from talentpool.search.index.outbox import drain
from tests.factories.mail import make_campaign, make_people, start

DAY = timedelta(days=1)


@pytest.fixture
def nurses(tenant, member):
    """A segment of two nurses."""
    people = make_people(2)
    drain()
    return save_search("Nurses", text="title:nurse", facets={}, by=member), people


def following(member, segment, **fields):
    values = {"audience": Audience.SEGMENT, "segment": segment, "selection": None, "follow_every": "day"} | fields
    return make_campaign(member, [], **values)


def come(number):
    people = make_people(number)
    drain()
    return people


def send_all(campaign):
    while send_chunk(campaign.pk):
        pass
    campaign.refresh_from_db()


def turns(campaign):
    return list(campaign.turns.order_by("pk").values_list("taken", "left_over"))


def test_whoever_comes_later_gets_it_once_and_so_many_each_time(nurses, member, worker, smtp):
    segment, people = nurses
    campaign = start(following(member, segment, follow_most=2), member)
    send_all(campaign)
    assert (campaign.state, campaign.follow_at) == (CampaignState.SENDING, campaign.planned_at + DAY)
    people += come(3)
    now = campaign.follow_at
    assert [follow_due(now=now - timedelta(minutes=1)), follow_due(now=now), follow_due(now=now)] == [0, 1, 0]
    send_all(campaign)
    assert smtp.recipients == Counter(person.email for person in people[:4])
    assert [follow_due(now=now + DAY), follow_due(now=now + 2 * DAY)] == [1, 1]
    send_all(campaign)
    assert smtp.recipients == Counter(person.email for person in people)
    assert turns(campaign) == [(2, 1), (1, 0), (0, 0)]
    assert AuditEntry.objects.filter(verb="campaign.went_on").count() == 2


def test_it_begins_with_nobody_and_waits_for_the_first(tenant, member, worker, smtp):
    segment = save_search("Nurses", text="title:nurse", facets={}, by=member)
    campaign = start(following(member, segment), member)
    assert campaign.state == CampaignState.SENDING
    assert list(tenants_with_mail_to_send()) == [tenant.pk]
    (person,) = come(1)
    assert follow_due(now=campaign.follow_at) == 1
    send_all(campaign)
    assert smtp.recipients == {person.email: 1}


def test_gate_is_asked_when_it_leaves_and_nobody_held_is_tried_again(nurses, member, worker, smtp):
    segment, _ = nurses
    campaign = start(following(member, segment), member)
    send_all(campaign)
    make_people(1, email="")
    drain()
    now = campaign.follow_at
    assert [follow_due(now=now), follow_due(now=now + DAY)] == [1, 1]
    send_all(campaign)
    assert turns(campaign) == [(1, 0), (0, 0)]
    assert Counter(Message.objects.values_list("state", flat=True)) == {MessageState.SENT: 2, MessageState.HELD: 1}


def test_who_was_merged_with_somebody_written_to_is_no_newcomer(nurses, member, worker, smtp):
    segment, (first, _) = nurses
    campaign = start(following(member, segment), member)
    send_all(campaign)
    (late,) = come(1)
    merge_candidates(late, first, by=member)
    drain()
    assert follow_due(now=campaign.follow_at) == 1
    assert turns(campaign) == [(0, 0)]


def test_one_mailbox_gets_it_once_under_whatever_name(nurses, member, worker, smtp):
    segment, (first, _) = nurses
    campaign = start(following(member, segment), member)
    send_all(campaign)
    make_people(1, email=first.email.upper())
    drain()
    assert follow_due(now=campaign.follow_at) == 1
    send_all(campaign)
    assert smtp.recipients[first.email] == 1
    held = Message.objects.get(state=MessageState.HELD)
    assert (held.verdict, held.reason) == (Verdict.SAME_ADDRESS, "Gets it under another name with the same address")


def test_paused_it_looks_for_nobody_and_goes_on_where_it_stood(nurses, member, worker, smtp):
    segment, _ = nurses
    campaign = start(following(member, segment), member)
    pause_campaign(campaign, by=member)
    come(1)
    assert follow_due(now=campaign.follow_at) == 0
    resume_campaign(campaign, by=member)
    assert follow_due(now=campaign.follow_at) == 1
    assert turns(campaign) == [(1, 0)]


def test_ended_it_is_sent_and_cancelled_it_stays_so(nurses, member, worker, smtp):
    segment, _ = nurses
    ended, cancelled = (start(following(member, segment, name=name), member) for name in ("One", "Two"))
    send_all(ended)
    stop_following(ended, by=member)
    cancel_campaign(cancelled, by=member)
    come(1)
    assert follow_due(now=timezone.now() + 2 * DAY) == 0
    states = Campaign.objects.order_by("name").values_list("state", "follow_at")
    assert list(states) == [(CampaignState.SENT, None), (CampaignState.CANCELLED, None)]


def test_search_log_says_who_was_found_and_written_to_in_whose_name(nurses, member, worker, smtp):
    segment, _ = nurses
    campaign = start(following(member, segment), member)
    send_all(campaign)
    (person,) = come(1)
    follow_due(now=campaign.follow_at)
    entries = SearchLogEntry.objects.filter(kind__in=["searched", "considered"], member=None).order_by("pk")
    assert [(entry.kind, entry.candidate_ids, entry.act) for entry in entries] == [
        ("searched", [person.pk], ""),
        ("considered", [person.pk], "campaign"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_one_turn(nurses, tenant, member):
    segment, _ = nurses
    campaign = start(following(member, segment), member)
    come(2)
    taken, both = [], threading.Barrier(2)

    def work():
        with tenant_scope(tenant.pk):
            both.wait()
            taken.append(take_turn(campaign, now=campaign.follow_at))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    [thread.start() for thread in workers]
    [thread.join() for thread in workers]
    assert sorted(turn is None for turn in taken) == [False, True]
    assert (CampaignTurn.objects.count(), Message.objects.count()) == (1, 4)


def test_it_is_begun_shown_and_ended_on_its_pages(nurses, client, member, worker, smtp):
    segment, _ = nurses
    client.force_login(member.user)
    campaign = following(member, segment, follow_every="")
    url = f"/o/acme/campaigns/{campaign.pk}/"
    said = {"when": "now", "time_zone": "Europe/Berlin", "per_minute": "", "follow_every": "week", "follow_most": "40"}
    answer = client.post(url + "when/", said, follow=True)
    assert "gets it too: every week, at most 40 each time" in answer.text
    client.post(url + "schedule/")
    campaign.refresh_from_db()
    send_all(campaign)
    assert "Next time" in client.get(url + "report/").text
    assert "goes on: every week" in client.get(f"/o/acme/segments/{segment.pk}/").text
    assert "Goes on" in client.get("/o/acme/campaigns/").text
    answer = client.post(url + "unfollow/", follow=True)
    assert "Next time" not in answer.text
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENT


def test_those_picked_by_hand_are_nobody_that_others_come_to(nurses, client, member):
    _, people = nurses
    client.force_login(member.user)
    campaign = make_campaign(member, people)
    url = f"/o/acme/campaigns/{campaign.pk}/when/"
    assert "follow_every" not in client.get(url).text
    client.post(url, {"when": "now", "time_zone": "Europe/Berlin", "follow_every": "day", "follow_most": "5"})
    campaign.refresh_from_db()
    assert campaign.follow_every == ""
