"""The demo's campaigns: one that left weeks ago and was read, one that is still a draft.

The past one goes through planning and the contact gate like any other, and its opens, clicks and unsubscribes through
their own actions. Only the mail server is left out: nobody is really written to.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Greatest

from campaigns.actions.campaigns import create_campaign
from campaigns.actions.tracking import Visitor, record_click, record_news, record_open
from campaigns.actions.unsubscribing import Wish, unsubscribe
from campaigns.composing.letter import Letter
from campaigns.contact_gate.rule import parameters, rule
from campaigns.contact_gate.verdicts import Verdict
from campaigns.delivery.letters import letter_of
from campaigns.delivery.planning import plan_messages
from campaigns.models import Audience, Campaign, CampaignState, EventKind, Link, Message, MessageState, SendChunk
from crm.models import Member, Tenant
from crm.models.leased import WorkState
from talentpool.actions.activities import record_activities
from talentpool.models import ActivityKind, Candidate, Schedule, Segment, Selection, Stage

SENT_BODY = """\
Hello {{ first_name | default: "there" }},

our new heart and critical care tower in Fresno opens in January. Sixty nurses will work there, on days and on nights,
with a ratio of one to two in the CVICU and a sign-on bonus that is paid in full on the first day.

[See the open positions](https://careers.st-brendan.example/critical-care)

You can also [talk with one of our charge nurses](https://careers.st-brendan.example/talk), twenty minutes, no résumé
needed.

Mara Okafor, St. Brendan Health
"""
DRAFT_BODY = """\
Hello {{ first_name | default: "there" }},

you told us that you might like to work with us one day. On the first Saturday of each month our doors are open:
[choose a morning](https://careers.st-brendan.example/open-house).

Lucía Ibáñez, St. Brendan Health
"""
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
OPENED, CLICKED, UNSUBSCRIBED, BOUNCED = 0.46, 0.14, 0.02, 0.015

_GATE = f"""
UPDATE campaigns_message m SET verdict = g.verdict, reason = g.reason, claimed_at = %(at)s, attempts = 1,
    address = CASE WHEN g.verdict = {Verdict.ALLOWED} THEN g.address ELSE m.address END,
    sent_at = CASE WHEN g.verdict = {Verdict.ALLOWED} THEN %(at)s::timestamptz END,
    state = CASE WHEN g.verdict = {Verdict.ALLOWED} THEN {MessageState.SENT} ELSE {MessageState.HELD} END
FROM answers g WHERE m.id = g.message_id
"""
_PLANNED = f"""
    SELECT m.id AS message_id, m.candidate_id, false AS twin FROM campaigns_message m
    WHERE m.campaign_id = %(campaign)s AND m.state = {MessageState.PLANNED}
"""


def write_campaigns(
    nurses: Sequence[int], *, segment: Segment, stage: Stage, by: Member, tenant: Tenant, now: datetime
) -> None:
    everyone = Selection.objects.create(candidate_ids=list(nurses), by=by)
    sent = Campaign(
        name="Critical care tower opens",
        subject="{{ first_name | default: 'Hello' }}, sixty critical care nurses are wanted in Fresno",
        preheader="Days and nights, one to two in the CVICU",
        body=SENT_BODY,
        audience=Audience.SELECTION,
        selection=everyone,
        time_zone=tenant.time_zone,
    )
    send_in_the_past(create_campaign(sent, by=by), tenant, at=now - timedelta(days=16, hours=5))
    draft = Campaign(name="Open house in December", subject="Coffee with us on a Saturday?", body=DRAFT_BODY)
    draft.audience, draft.segment, draft.follow_every = Audience.SEGMENT, segment, Schedule.Every.WEEK
    create_campaign(draft, by=by)
    waiting = Campaign(name="CVICU Fresno: would you talk with us?", subject="CVICU nights in Fresno", body=DRAFT_BODY)
    waiting.audience, waiting.stage = Audience.STAGE, stage
    create_campaign(waiting, by=by)


def send_in_the_past(campaign: Campaign, tenant: Tenant, *, at: datetime) -> None:
    letter = letter_of(campaign, tenant)
    Link.objects.bulk_create(Link(campaign=campaign, number=n, url=url) for n, url in enumerate(letter.links, 1))
    assert campaign.selection is not None
    plan_messages(campaign.pk, campaign.selection.candidate_ids, per_minute=10_000)
    Campaign.objects.filter(pk=campaign.pk).update(send_at=at, planned_at=at)
    random = Random(campaign.name)
    for message in pass_the_gate(campaign, letter, at=at):
        _answer(random, message, at, links=len(letter.links))


def pass_the_gate(campaign: Campaign, letter: Letter, *, at: datetime) -> list[Message]:
    """All that is planned, and then the campaign is over; returns what was sent."""
    with connection.cursor() as cursor:
        cursor.execute(rule(_PLANNED, letter.needed) + _GATE, {**parameters(campaign.pk), "at": at})
    SendChunk.objects.filter(campaign=campaign).update(state=WorkState.DONE)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.SENT, ended_at=at + timedelta(minutes=2))
    messages = list(Message.objects.filter(campaign=campaign, state=MessageState.SENT, sent_at=at).order_by("pk"))
    written_to = [message.candidate_id for message in messages]
    words: dict[str, Any] = {"campaign_id": campaign.pk, "campaign": campaign.name}
    record_activities(written_to, ActivityKind.MESSAGE_SENT, at=at, **words)
    Candidate.objects.filter(pk__in=written_to).update(last_contact_at=Greatest("last_contact_at", Value(at)))
    return messages


def _answer(random: Random, message: Message, at: datetime, *, links: int) -> None:
    """What this person did with it: most of it in the first two days."""
    if random.random() < BOUNCED:
        reply = "550 5.1.1 The mailbox does not exist"
        record_news(message.pk, EventKind.BOUNCED, at=at + timedelta(minutes=1), detail=reply, hard=True)
        return
    record_news(message.pk, EventKind.DELIVERED, at=at + timedelta(seconds=40))
    if random.random() > OPENED:
        return
    visitor = Visitor(method="GET", agent=BROWSER, address=f"192.0.2.{message.pk % 250}", headers={})
    opened = at + timedelta(minutes=min(20 + random.expovariate(1 / 900), 20_000))
    record_open(message.pk, visitor, now=opened)
    if random.random() < CLICKED / OPENED:
        record_click(message.pk, random.randint(1, links), visitor, now=opened + timedelta(seconds=30))
    elif random.random() < UNSUBSCRIBED / OPENED:
        unsubscribe(message.pk, Wish.STOP, how="page", now=opened + timedelta(minutes=1))
