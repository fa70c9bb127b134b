"""Telling candidates where their application stands: once for each phase that is turned on, only while it is news."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.actions.campaigns import queue_sending
from campaigns.delivery.letters import letter_of
from campaigns.models import Campaign, CampaignState, Link, Message, MessageState, SendChunk, StatusMessage, StatusRule
from crm.audit import record
from crm.models import Member, Tenant
from crm.models.leased import WorkState
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.applications import Move
from talentpool.models import Application, Job
from talentpool.models.job import reached

NEWS = timedelta(days=1)  # what we learn of later than that is no news to whom it happened to
MOVED_ON = "The application has moved on"
GONE = "The application is no more in the ATS"
STOPPED = "Taken back by hand"
_GOING = (CampaignState.SENDING, CampaignState.SENT, CampaignState.PAUSED)


@transaction.atomic
def save_rule(rule: StatusRule, *, by: Member, changed: Collection[str]) -> StatusRule:
    """ValidationError when it is on and can't be sent. Turned on, it begins with what happens from now on."""
    tenant = _tenant()
    if rule.is_on:
        if problems := problems_of_rule(rule, tenant):
            raise ValidationError(problems)
        if "is_on" in changed or rule.on_since is None:
            rule.on_since = timezone.now()
    rule.by, rule.trouble = by, ""
    rule.save()
    if not rule.is_on:
        for waiting in _waiting().filter(rule=rule):
            _take_back(waiting, f"Messages for “{rule}” were turned off")
    record("status_rule.changed", rule, by=by, fields=sorted(changed), is_on=rule.is_on)
    return rule


def problems_of_rule(rule: StatusRule, tenant: Tenant) -> list[str]:
    """What keeps its messages from leaving, each in a sentence."""
    problems = []
    if not tenant.postal_address.strip():
        problems.append("The organisation’s postal address is missing; it stands beneath every message.")
    if not tenant.sender_email:
        problems.append("The organisation has no sender address yet.")
    try:
        letter_of(sample_of(rule, "…"), tenant)
    except ValidationError as problem:
        problems += problem.messages
    return problems


def sample_of(rule: StatusRule, job: str) -> Campaign:
    """The campaign that would carry it, not saved: to compose by."""
    return Campaign(name=str(rule), subject=rule.subject, body=rule.body, status_job=Job(title=job))


def follow_moves(moves: Sequence[Move], *, now: datetime) -> None:
    """What waits for a phase that was left is taken back; who came to one is told. History has nothing to tell, and
    nothing waits."""
    moves = [move for move in moves if move.before is not None or move.at is not None]
    reached_by = {move.application.pk: move.application.reached for move in moves}
    for waiting in _waiting().filter(application__in=reached_by).select_related("rule"):
        if waiting.rule.phase != reached_by[waiting.application_id]:
            _take_back(waiting, MOVED_ON)
    news = [(move, move.at) for move in moves if move.at is not None and now - move.at <= NEWS and not _stays(move)]
    rules = {rule.phase: rule for rule in StatusRule.objects.filter(is_on=True)} if news else {}
    for move, at in news:
        rule = rules.get(move.application.reached)
        if rule is not None and rule.on_since and at >= rule.on_since and is_meant(rule, move.application):
            _plan(rule, move.application, at=at, now=now)


def _stays(move: Move) -> bool:
    """In another stage of the same phase."""
    return move.before is not None and reached(move.before.phase, move.before.state) == move.application.reached


def forget_application(application_id: int) -> None:
    for waiting in _waiting().filter(application=application_id):
        _take_back(waiting, GONE)


@transaction.atomic
def take_back(status: StatusMessage, *, by: Member) -> None:
    """ValidationError once it has left, or was held."""
    if not _take_back(status, STOPPED):
        raise ValidationError("It is no longer waiting.")
    record("status_message.cancelled", status, by=by)


def is_meant(rule: StatusRule, application: Application) -> bool:
    return (not rule.source_ids or application.source_id in rule.source_ids) and (
        not rule.job_ids or application.job_id in rule.job_ids
    )


def _plan(rule: StatusRule, application: Application, *, at: datetime, now: datetime) -> None:
    """Once for each phase of an application: what was taken back before it left was not told."""
    told = StatusMessage.objects.select_related("message").filter(rule=rule, application=application).first()
    if told is not None:
        if told.message.state != MessageState.CANCELLED:
            return
        told.message.delete()
    try:
        campaign = _carrier(rule, application)
    except ValidationError as problem:  # what the ATS says is taken over all the same
        StatusRule.objects.filter(pk=rule.pk).update(trouble=" ".join(problem.messages)[:500])
        return
    whose = {"candidate_id": application.candidate_id, "origin_id": application.origin_id}
    message = Message.objects.create(campaign=campaign, **whose)
    send_at = rule.earliest(max(now, at + timedelta(minutes=rule.delay_minutes)), _tenant().zone)
    SendChunk.objects.create(
        campaign=campaign,
        first_id=message.pk,
        last_id=message.pk,
        size=1,
        not_before=send_at if send_at > now else None,
    )
    StatusMessage.objects.create(
        rule=rule, application=application, message=message, moved_at=at, send_at=send_at, **whose
    )
    if send_at <= now:
        transaction.on_commit(lambda: queue_sending(campaign.pk, workers=1))


def _carrier(rule: StatusRule, application: Application) -> Campaign:
    """The campaign of these words and this job, locked. Who had a message of it gets the next one of another."""
    had = Message.objects.filter(origin_id=application.origin_id).values("campaign")
    alike = Campaign.objects.filter(
        status_rule=rule, status_job=application.job, subject=rule.subject, body=rule.body, state__in=_GOING
    )
    found: Campaign | None = alike.exclude(pk__in=had).order_by("pk").select_for_update(of=("self",)).first()
    if found is not None:
        if found.state == CampaignState.SENT:
            Campaign.objects.filter(pk=found.pk).update(state=CampaignState.SENDING, ended_at=None)
        return found
    made = Campaign(
        name=f"{rule}: {application.job}"[:200], subject=rule.subject, body=rule.body, by=rule.by,
        status_rule=rule, status_job=application.job, state=CampaignState.SENDING, planned_at=timezone.now(),
    )  # fmt: skip
    links = letter_of(made, _tenant()).links
    made.save()
    Link.objects.bulk_create(Link(campaign=made, number=number, url=url) for number, url in enumerate(links, 1))
    return made


def _waiting() -> QuerySet[StatusMessage]:
    states = [MessageState.PLANNED, MessageState.DEFERRED]
    waiting: QuerySet[StatusMessage] = StatusMessage.objects.filter(message__state__in=states)
    return waiting.select_related("message")


def _take_back(status: StatusMessage, why: str) -> bool:
    """False when a worker has it. Its chunk is what both want, so one of them gets it."""
    message = status.message
    chunk = SendChunk.objects.filter(campaign=message.campaign_id, first_id=message.pk, state=WorkState.QUEUED)
    if not chunk.update(state=WorkState.CANCELLED):
        return False
    Message.objects.filter(pk=message.pk).update(state=MessageState.CANCELLED, reason=why)
    return True


def _tenant() -> Tenant:
    return Tenant.objects.get(pk=current_tenant_id())
