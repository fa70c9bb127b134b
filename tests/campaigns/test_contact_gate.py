"""Every reason not to write, in its order; and what the preview says is what the claim does."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from campaigns.contact_gate.preview import Answer, answers, verdict_counts
from campaigns.contact_gate.verdicts import Verdict
from campaigns.delivery.claiming import claim_chunk
from campaigns.models import Campaign, Message, MessageState
from campaigns.queries.audiences import audience_ids
from crm.models import Member, Role
from talentpool.actions.activities import record_activity
from talentpool.models import (
    ActivityKind,
    Application,
    Candidate,
    Consent,
    Job,
    Profile,
    ProfileKind,
    Source,
    SourceKind,
    Suppression,
    SuppressionReason,
)
from tests.conftest import make_member
from tests.factories.mail import make_campaign, make_people, start

BY_NAME = {"city", "first_name"}


def suppress(person, reason, until=None):
    Suppression.objects.create(address=person.email, reason=reason, at=timezone.now(), until=until)


def erase(person):
    Candidate.objects.filter(pk=person.pk).update(erased_at=timezone.now())


def apply_for_a_job(person, state="open"):
    job, _ = Job.objects.get_or_create(title="PACU Nurse")
    Application.objects.create(candidate=person, origin=person, job=job, state=state)


def write_before(person, member, *, days, state=MessageState.SENT):
    earlier = Campaign.objects.create(name="Earlier", by=member)
    at = timezone.now() - timedelta(days=days)
    Message.objects.create(
        campaign=earlier, candidate=person, origin=person, address=person.email, state=state,
        claimed_at=at, sent_at=at if state == MessageState.SENT else None,
    )  # fmt: skip


def talk(person, tenant, *, days=3, kind=ActivityKind.CALLED):
    """A colleague and the person."""
    email = f"priya@{tenant.slug}.example"
    colleague = Member.objects.filter(user__email=email).first() or make_member(tenant, Role.RECRUITER, email)
    record_activity(person.pk, kind, by=colleague, at=timezone.now() - timedelta(days=days))
    return colleague


def day(moment, tenant):
    return f"{moment.astimezone(tenant.zone):%-d %B %Y}"


def come_from_an_ats(person, *, minutes):
    """Whose state there is known as of so many minutes ago; thirty are not too old."""
    synced_at = timezone.now() - timedelta(minutes=minutes)
    state = {"kind": SourceKind.ATS, "synced_at": synced_at, "stale_after": 30}
    source, _ = Source.objects.get_or_create(name="Greenhouse", defaults=state)
    Profile.objects.create(
        candidate=person,
        origin=person,
        source=source,
        kind=ProfileKind.ATS,
        fingerprint=f"of {person.pk}",
        observed_at=synced_at,
    )


REASONS = {
    Verdict.ERASED: lambda p, m: erase(p),
    Verdict.NO_ADDRESS: lambda p, m: Candidate.objects.filter(pk=p.pk).update(email=" "),
    Verdict.INVALID_ADDRESS: lambda p, m: Candidate.objects.filter(pk=p.pk).update(email="a\r\nBcc: x@y.example"),
    Verdict.UNSUBSCRIBED: lambda p, m: suppress(p, SuppressionReason.UNSUBSCRIBED),
    Verdict.COMPLAINED: lambda p, m: suppress(p, SuppressionReason.COMPLAINED),
    Verdict.BOUNCED: lambda p, m: suppress(p, SuppressionReason.BOUNCED),
    Verdict.QUIET: lambda p, m: suppress(p, SuppressionReason.QUIET, timezone.now() + timedelta(days=30)),
    Verdict.IN_PROCESS: lambda p, m: apply_for_a_job(p),
    Verdict.HIRED: lambda p, m: apply_for_a_job(p, state="hired"),
    Verdict.STALE: lambda p, m: come_from_an_ats(p, minutes=31),
    Verdict.IN_CONVERSATION: lambda p, m: talk(p, m.tenant),
    Verdict.NO_CONSENT: lambda p, m: Consent.objects.filter(candidate=p).update(withdrawn_at=timezone.now()),
    Verdict.CONTACTED: lambda p, m: write_before(p, m, days=13),
    Verdict.MISSING_VALUE: lambda p, m: Candidate.objects.filter(pk=p.pk).update(location="", given_name=" "),
}


def test_gate_has_a_reason_for_every_verdict_that_holds():
    assert set(REASONS) | {Verdict.NOT_ASKED, Verdict.ALLOWED, Verdict.SAME_ADDRESS} == set(Verdict)


@pytest.mark.parametrize("verdict", REASONS)
def test_gate_holds_a_person_for_each_reason_and_lets_the_other_pass(tenant, member, verdict):
    held, free = make_people(2)
    REASONS[verdict](held, member)
    campaign = make_campaign(member, [held, free])
    found = answers(campaign.pk, [held.pk, free.pk], BY_NAME)
    assert [(answer.candidate_id, answer.verdict) for answer in found] == [
        (held.pk, verdict),
        (free.pk, Verdict.ALLOWED),
    ]


def test_gate_says_its_reasons_in_words(tenant, member):
    now = timezone.now()
    people = make_people(6)
    suppress(people[0], SuppressionReason.UNSUBSCRIBED)
    suppress(people[1], SuppressionReason.QUIET, now + timedelta(days=30))
    apply_for_a_job(people[2])
    write_before(people[3], member, days=3)
    Candidate.objects.filter(pk=people[4].pk).update(location="", given_name="")
    campaign = make_campaign(member, people)
    assert [answer.reason for answer in answers(campaign.pk, [person.pk for person in people], BY_NAME)] == [
        f"Unsubscribed on {day(now, tenant)}",
        f"Asked for a pause until {day(now + timedelta(days=30), tenant)}",
        "In process: PACU Nurse",
        f"Written to on {day(now - timedelta(days=3), tenant)}, less than 14 days ago",
        "Lacks: City, First name",
        "",
    ]


def test_gate_lets_pass_what_only_looks_like_a_reason(tenant, member):
    people = make_people(6)
    suppress(people[0], SuppressionReason.QUIET, timezone.now() - timedelta(days=1))
    apply_for_a_job(people[1], state="rejected")
    write_before(people[2], member, days=15)
    write_before(people[3], member, days=1, state=MessageState.HELD)
    Candidate.objects.filter(pk=people[4].pk).update(current_employer="")  # the campaign doesn't need it
    Consent.objects.filter(candidate=people[5]).update(expires_at=timezone.now() + timedelta(days=1))
    campaign = make_campaign(member, people)
    assert verdict_counts(campaign.pk, [person.pk for person in people], BY_NAME) == {Verdict.ALLOWED: 6}


def test_gate_waits_for_an_ats_that_was_not_read_lately(tenant, member):
    people = make_people(2)
    come_from_an_ats(people[0], minutes=29)
    campaign = make_campaign(member, people)
    asked = [person.pk for person in people]
    assert verdict_counts(campaign.pk, asked, BY_NAME) == {Verdict.ALLOWED: 2}
    Source.objects.filter(kind=SourceKind.ATS).update(synced_at=timezone.now() - timedelta(minutes=40))
    [waiting, free] = answers(campaign.pk, asked, BY_NAME)
    assert waiting.verdict == Verdict.STALE
    assert waiting.reason.startswith("Waits until the ATS is read again: its state is known as of ")
    assert free.verdict == Verdict.ALLOWED
    Source.objects.filter(kind=SourceKind.ATS).update(stale_after=None)  # disconnected
    assert verdict_counts(campaign.pk, asked, BY_NAME) == {Verdict.ALLOWED: 2}


def test_gate_leaves_people_to_the_colleague_who_talks_with_them(tenant, member):
    kinds = (ActivityKind.CALLED, ActivityKind.MET, ActivityKind.MAIL_RECEIVED, ActivityKind.MAIL_SENT)
    people = make_people(8)
    for person, kind in zip(people, kinds, strict=False):
        priya = talk(person, tenant, kind=kind)
    talk(people[0], tenant, days=9)
    talk(people[4], tenant, days=31)
    talk(people[5], tenant, kind=ActivityKind.NOTED)
    record_activity(people[6].pk, ActivityKind.MET, by=member, at=timezone.now())  # the author herself
    record_activity(people[7].pk, ActivityKind.MESSAGE_REPLIED, by=None, at=timezone.now())
    campaign = make_campaign(member, people)
    asked = [person.pk for person in people]
    assert verdict_counts(campaign.pk, asked, BY_NAME) == {Verdict.IN_CONVERSATION: 4, Verdict.ALLOWED: 4}
    words = f"{priya.name} is talking with them, last on {day(timezone.now() - timedelta(days=3), tenant)}"
    assert [each.reason for each in answers(campaign.pk, asked[:4], BY_NAME)] == [words] * 4
    of_priya = make_campaign(priya, people)
    assert verdict_counts(of_priya.pk, asked[:4], BY_NAME) == {Verdict.ALLOWED: 4}
    tenant.hold_conversations = False
    tenant.save()
    assert verdict_counts(campaign.pk, asked, BY_NAME) == {Verdict.ALLOWED: 8}


def test_gate_does_not_wait_for_a_colleague_who_has_left(tenant, member):
    (person,) = make_people(1)
    priya = talk(person, tenant)
    Member.objects.filter(pk=priya.pk).update(removed_at=timezone.now())
    campaign = make_campaign(member, [person])
    assert verdict_counts(campaign.pk, [person.pk], ()) == {Verdict.ALLOWED: 1}


def test_gate_counts_messages_of_unknown_fate_and_on_their_way_as_written(tenant, member):
    people = make_people(2)
    write_before(people[0], member, days=1, state=MessageState.UNKNOWN)
    write_before(people[1], member, days=0, state=MessageState.SENDING)
    campaign = make_campaign(member, people)
    assert verdict_counts(campaign.pk, [person.pk for person in people], ()) == {Verdict.CONTACTED: 2}


def test_gate_asks_for_no_consent_where_the_organisation_does_not(tenant, member):
    (person,) = make_people(1)
    Consent.objects.all().delete()
    campaign = make_campaign(member, [person])
    assert verdict_counts(campaign.pk, [person.pk], ()) == {Verdict.NO_CONSENT: 1}
    tenant.consent_required = False
    tenant.save()
    assert verdict_counts(campaign.pk, [person.pk], ()) == {Verdict.ALLOWED: 1}


def test_gate_writes_once_to_an_address_that_two_people_share(tenant, member):
    first, second = make_people(1, email="family@people.example") + make_people(1, email="Family@people.example ")
    campaign = make_campaign(member, [first, second])
    assert answers(campaign.pk, [first.pk, second.pk], ()) == [
        Answer(first.pk, Verdict.ALLOWED, ""),
        Answer(second.pk, Verdict.SAME_ADDRESS, "Gets it under another name with the same address"),
    ]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reasons=st.lists(st.lists(st.sampled_from(list(REASONS)), max_size=3, unique=True), min_size=1, max_size=14),
    twins=st.integers(0, 3),
)
def test_claim_does_what_the_preview_said(tenant, member, settings, reasons, twins):
    Message.objects.all().delete()
    people = make_people(len(reasons))
    for person, several in zip(people, reasons, strict=True):
        for verdict in several:
            REASONS[verdict](person, member)
    people += make_people(twins, email=people[0].email)
    campaign = make_campaign(member, people, body="{{ first_name }} in {{ city }}")
    audience = audience_ids(campaign)
    assume(audience)
    foreseen = answers(campaign.pk, audience, BY_NAME)
    start(campaign, member)
    claimed = claim_chunk(campaign.pk, BY_NAME, worker="test")
    stored = [
        Answer(message.candidate_id, Verdict(message.verdict), message.reason)
        for message in Message.objects.filter(campaign=campaign).order_by("candidate_id")
    ]
    assert stored == foreseen
    sending = [answer.candidate_id for answer in foreseen if answer.verdict == Verdict.ALLOWED]
    assert [message.candidate_id for message in claimed.messages] == sending
    states = Counter(Message.objects.filter(campaign=campaign).values_list("state", flat=True))
    waiting = sum(answer.verdict == Verdict.STALE for answer in foreseen)
    held = len(audience) - len(sending) - waiting
    expected = {MessageState.SENDING: len(sending), MessageState.HELD: held, MessageState.DEFERRED: waiting}
    assert states == Counter(expected) + Counter()
