"""Chunks on their way: claimed once, recorded truly, retried when asked to, and never sent where the gate says no."""

import email
import email.policy
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from campaigns.actions.campaigns import (
    cancel_campaign,
    pause_campaign,
    resume_campaign,
    send_unknown_again,
    take_unknown_as_sent,
)
from campaigns.actions.unsubscribing import Wish, unsubscribe
from campaigns.contact_gate.verdicts import Verdict
from campaigns.delivery.claiming import claim_chunk
from campaigns.delivery.planning import chunk_size
from campaigns.delivery.recovery import recover_journals, release_expired_chunks
from campaigns.delivery.sending import send_chunk
from campaigns.models import Campaign, CampaignState, Message, MessageEvent, MessageState, SendChunk
from campaigns.tracking.tokens import claim_of
from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.models import Activity, ActivityKind, Candidate, Source, Suppression, SuppressionReason
from tests.campaigns.test_contact_gate import come_from_an_ats
from tests.conftest import make_member
from tests.factories.mail import make_campaign, make_people, start
from tests.simulators.smtp import CUT


def send_all(campaign):
    """As Celery would: chunk after chunk until there is none to take now."""
    while send_chunk(campaign.pk):
        pass
    campaign.refresh_from_db()


def make_due(campaign):
    SendChunk.objects.filter(campaign=campaign).update(not_before=None)


def states(campaign):
    return Counter(
        MessageState(state).label for state in Message.objects.filter(campaign=campaign).values_list("state", flat=True)
    )


def test_campaign_reaches_everyone_once_and_is_sent(tenant, member, worker, smtp):
    people = make_people(30)
    campaign = start(make_campaign(member, people), member)
    send_all(campaign)
    assert campaign.state == CampaignState.SENT
    assert smtp.recipients == Counter(person.email for person in people)
    assert states(campaign) == {"Sent": 30}
    assert Activity.objects.filter(kind=ActivityKind.MESSAGE_SENT).count() == 30
    assert Candidate.objects.filter(last_contact_at=None).count() == 0


def test_message_carries_its_own_token_and_the_headers_of_rfc_8058(tenant, member, worker, smtp, settings):
    (person,) = make_people(1, given_name="Jürgen", location="Köln, DE")
    campaign = start(make_campaign(member, [person], reply_to="mara@acme.example"), member)
    send_all(campaign)
    (mail,) = smtp.mails
    message = email.message_from_bytes(mail.content, policy=email.policy.default)
    token = message["message-id"].removeprefix("<").removesuffix("@acme.example>")
    stored = Message.objects.get()
    assert claim_of(token) == claim_of(token).__class__(tenant.pk, stored.pk)
    assert {
        name: str(message[name])
        for name in ("from", "to", "reply-to", "subject", "list-unsubscribe", "list-unsubscribe-post", "list-id")
    } == {
        "from": "Acme <jobs@acme.example>",
        "to": person.email,
        "reply-to": "mara@acme.example",
        "subject": "A post in Köln",
        "list-unsubscribe": f"<{settings.BASE_URL}/t/{token}/unsubscribe>",
        "list-unsubscribe-post": "List-Unsubscribe=One-Click",
        "list-id": "Acme Health <campaigns.acme.acme.example>",
    }
    assert mail.sender == "jobs@acme.example"
    text = message.get_body(("plain",)).get_content()
    assert text.startswith(f"Hello Jürgen, see the post ({settings.BASE_URL}/t/{token}/1).")
    assert "1 Main Street, Fresno, CA" in text
    assert [(link.number, link.url) for link in campaign.links.all()] == [(1, "https://jobs.example.org/icu?x=1&y=2")]


def test_who_unsubscribes_between_planning_and_sending_gets_nothing(tenant, member, worker, smtp):
    people = make_people(3)
    campaign = start(make_campaign(member, people), member)
    queued = Message.objects.get(candidate=people[1])
    assert unsubscribe(queued.pk, Wish.STOP, how="page")
    send_all(campaign)
    assert smtp.recipients == Counter([people[0].email, people[2].email])
    queued.refresh_from_db()
    assert (queued.state, queued.verdict) == (MessageState.HELD, Verdict.UNSUBSCRIBED)


def test_refusals_bounce_or_wait_and_only_bad_addresses_are_suppressed(tenant, member, worker, smtp):
    people = make_people(5)
    smtp.script |= {
        ("RCPT", people[1].email): "550 5.1.1 no such person",
        ("RCPT", people[2].email): "550 5.7.1 your sender is not welcome",
        ("RCPT", people[3].email): "451 4.7.1 greylisted",
    }
    campaign = start(make_campaign(member, people), member)
    send_all(campaign)
    assert states(campaign) == {"Sent": 2, "Refused": 2, "Will be tried again": 1}
    assert campaign.state == CampaignState.SENDING
    assert list(Suppression.objects.values_list("address", "reason")) == [(people[1].email, SuppressionReason.BOUNCED)]
    assert list(MessageEvent.objects.values_list("candidate_id", "kind", "detail")) == [
        (people[1].pk, "bounced", "550 5.1.1 no such person")
    ]
    assert Activity.objects.filter(kind=ActivityKind.MESSAGE_BOUNCED, candidate=people[1]).count() == 1
    chunk = SendChunk.objects.get()
    assert timedelta(minutes=4) < chunk.not_before - timezone.now() <= timedelta(minutes=5)

    smtp.script.clear()
    make_due(campaign)
    send_all(campaign)
    assert (states(campaign), campaign.state) == ({"Sent": 3, "Refused": 2}, CampaignState.SENT)
    assert smtp.recipients == Counter([people[0].email, people[3].email, people[4].email])


def test_deferred_message_is_given_up_after_eight_tries(tenant, member, worker, smtp):
    people = make_people(1)
    smtp.script["RCPT", people[0].email] = "451 4.7.1 greylisted"
    campaign = start(make_campaign(member, people), member)
    for _ in range(8):
        make_due(campaign)
        send_all(campaign)
    message = Message.objects.get()
    assert (message.state, message.attempts, message.reply) == (MessageState.FAILED, 8, "451 4.7.1 greylisted")
    assert campaign.state == CampaignState.SENT
    assert Suppression.objects.count() == 0


def test_message_to_somebody_of_an_ats_waits_until_its_state_is_fresh(tenant, member, worker, smtp):
    people = make_people(2)
    campaign = start(make_campaign(member, people), member)
    come_from_an_ats(people[0], minutes=40)
    for _ in range(9):  # waiting is no attempt, however often
        make_due(campaign)
        send_all(campaign)
    assert (states(campaign), smtp.recipients[people[0].email]) == ({"Sent": 1, "Will be tried again": 1}, 0)
    Source.objects.update(synced_at=timezone.now())
    make_due(campaign)
    send_all(campaign)
    assert (states(campaign), smtp.recipients[people[0].email]) == ({"Sent": 2}, 1)


def test_unknown_fate_is_shown_and_never_sent_again_by_itself(tenant, member, worker, smtp):
    people = make_people(3)
    smtp.script["BODY", people[1].email] = CUT
    campaign = start(make_campaign(member, people), member)
    send_all(campaign)
    make_due(campaign)
    send_all(campaign)
    assert (states(campaign), campaign.state) == ({"Sent": 2, "Fate unknown": 1}, CampaignState.SENT)
    assert smtp.recipients[people[1].email] == 1


def test_unknown_fate_is_decided_by_a_person(tenant, member, worker, smtp):
    people = make_people(4)
    smtp.script |= {("BODY", people[1].email): CUT, ("BODY", people[2].email): CUT}
    campaign = start(make_campaign(member, people), member)
    send_all(campaign)
    first, second = Message.objects.filter(state=MessageState.UNKNOWN).order_by("pk")
    smtp.script.clear()
    assert take_unknown_as_sent(campaign, by=member, message_ids=[first.pk]) == 1
    assert send_unknown_again(campaign, by=member) == 1
    send_all(campaign)
    assert (states(campaign), campaign.state) == ({"Sent": 4}, CampaignState.SENT)
    assert smtp.recipients == Counter(person.email for person in people) + Counter([second.address])


def test_server_that_is_away_delays_mail_says_so_and_loses_none(tenant, member, worker, smtp, settings):
    people = make_people(3)
    campaign = start(make_campaign(member, people), member)
    port, settings.SMTP_PORT = settings.SMTP_PORT, 1
    send_all(campaign)
    assert states(campaign) == {"Planned": 3}
    assert campaign.trouble.startswith("The mail server 127.0.0.1:1 can’t be reached: ")
    assert set(Message.objects.values_list("attempts", flat=True)) == {0}
    settings.SMTP_PORT = port
    make_due(campaign)
    send_all(campaign)
    assert (states(campaign), campaign.trouble, campaign.state) == ({"Sent": 3}, "", CampaignState.SENT)


def test_pause_resume_and_cancel_hold_before_the_next_chunk(tenant, member, worker, smtp):
    people = make_people(30)
    campaign = start(make_campaign(member, people, per_minute=60), member)
    assert SendChunk.objects.count() == 3
    assert send_chunk(campaign.pk)
    pause_campaign(campaign, by=member)
    assert not send_chunk(campaign.pk)
    resume_campaign(campaign, by=member)
    with pytest.raises(ValidationError, match="It is sending by now"):
        resume_campaign(campaign, by=member)
    assert cancel_campaign(campaign, by=member) == 20
    assert not send_chunk(campaign.pk)
    campaign.refresh_from_db()
    assert (states(campaign), campaign.state) == ({"Sent": 10, "Cancelled": 20}, CampaignState.CANCELLED)


def test_cancelled_while_a_chunk_is_under_way_sends_none_of_its_rest_later(tenant, member, worker, smtp, settings):
    campaign = start(make_campaign(member, make_people(3)), member)
    settings.SMTP_PORT = 1  # nothing of the chunk can leave
    claimed = claim_chunk(campaign.pk, (), worker="other")
    cancel_campaign(campaign, by=member)
    SendChunk.objects.filter(pk=claimed.chunk_id).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert release_expired_chunks() == 1
    assert states(campaign) == {"Fate unknown": 3}


def test_throttle_lets_a_burst_pass_and_then_asks_for_patience(tenant, member, worker, smtp):
    people = make_people(25)
    campaign = start(make_campaign(member, people, per_minute=60), member)
    send_all(campaign)
    assert (states(campaign), campaign.state) == ({"Sent": 10, "Planned": 15}, CampaignState.SENDING)


def test_throttle_per_recipient_domain_keeps_the_rest_for_later(tenant, member, worker, smtp, settings):
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 60
    slow, fast = make_people(14), [make_people(1, email=f"a@d{i}.example")[0] for i in range(5)]
    campaign = start(make_campaign(member, slow + fast), member)
    send_all(campaign)
    assert states(campaign) == {"Sent": 15, "Planned": 4}
    assert {person.email for person in fast} <= set(smtp.recipients)
    assert 0 < (SendChunk.objects.get().not_before - timezone.now()).total_seconds() < 11


@pytest.mark.parametrize(("per_minute", "size"), [(1, 1), (60, 10), (600, 100), (60_000, 500)])
def test_chunks_are_as_large_as_ten_seconds_of_sending(per_minute, size):
    assert chunk_size(per_minute) == size


def test_expired_lease_makes_what_was_under_way_unknown(tenant, member, worker, smtp):
    campaign = start(make_campaign(member, make_people(3)), member)
    claimed = claim_chunk(campaign.pk, (), worker="dead elsewhere")
    assert release_expired_chunks() == 0
    SendChunk.objects.filter(pk=claimed.chunk_id).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert release_expired_chunks() == 1
    campaign.refresh_from_db()
    assert (states(campaign), campaign.state) == ({"Fate unknown": 3}, CampaignState.SENT)
    send_all(campaign)
    assert smtp.mails == []


def test_journal_of_a_living_worker_is_left_alone(tenant, member, worker, smtp):
    campaign = start(make_campaign(member, make_people(3)), member)
    claim_chunk(campaign.pk, (), worker=worker.name, journal=worker.journal)
    assert recover_journals() == 0
    assert states(campaign) == {"Sending": 3}


def test_campaign_of_the_other_tenant_is_out_of_reach(tenant, member, other_tenant, worker, smtp):
    other_member = make_member(other_tenant)
    with tenant_scope(other_tenant.pk):
        Tenant.objects.filter(pk=other_tenant.pk).update(sender_email="a@rival.example", postal_address="Elsewhere 1")
        theirs = start(make_campaign(other_member, make_people(2)), other_member)
    assert not send_chunk(theirs.pk)
    assert Campaign.objects.count() == 0
    with tenant_scope(other_tenant.pk):
        send_all(theirs)
        assert states(theirs) == {"Sent": 2}


@pytest.mark.django_db(transaction=True)
def test_two_campaigns_at_once_write_to_each_person_once(tenant, member, smtp):
    people = make_people(60)
    campaigns = [start(make_campaign(member, people, name=f"Campaign {i}"), member) for i in range(4)]
    barrier = threading.Barrier(4)
    taken = []

    def claim(campaign):
        with tenant_scope(tenant.pk):
            barrier.wait()
            taken.append(claim_chunk(campaign.pk, (), worker=f"w{campaign.pk}"))
        connection.close()

    threads = [threading.Thread(target=claim, args=(campaign,)) for campaign in campaigns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = Counter(message.candidate_id for chunk in taken for message in chunk.messages)
    assert written == Counter(person.pk for person in people)
    assert Message.objects.filter(verdict=Verdict.CONTACTED).count() == 180
