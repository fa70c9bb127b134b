"""What the demo's candidates heard when they were not chosen: one status message, turned on a year ago."""

from datetime import datetime, timedelta

from analytics.demo.letters import pass_the_gate
from campaigns.actions.status import follow_moves, save_rule
from campaigns.delivery.letters import letter_of
from campaigns.models import StatusMessage, StatusRule
from campaigns.queries.status import rule_for
from crm.models import Member, Tenant
from talentpool.actions.applications import Move, Standing
from talentpool.models import ApplicationState, ApplicationStep, Phase, StepKind

SINCE = timedelta(days=400)
DELAY = 24 * 60  # minutes: a decision may be taken back


def tell_of_rejections(*, by: Member, tenant: Tenant, now: datetime) -> None:
    """Each by the rule that news follow, at the time when it was news; only the mail server is left out."""
    rule = rule_for(Phase.REJECTED, tenant)
    rule.is_on, rule.delay_minutes = True, DELAY
    save_rule(rule, by=by, changed=["is_on", "delay_minutes"])
    StatusRule.objects.filter(pk=rule.pk).update(on_since=now - SINCE)
    rejected = ApplicationStep.objects.filter(kind=StepKind.REJECTED, application__state=ApplicationState.REJECTED)
    told_by_now = rejected.filter(at__gt=now - SINCE, at__lt=now - timedelta(days=3))
    for step in told_by_now.select_related("application__job").order_by("at", "pk"):
        follow_moves([Move(step.application, Standing(phase=Phase.APPLIED), step.at)], now=step.at)
        told = StatusMessage.objects.select_related("message__campaign__status_job").get(
            application=step.application_id
        )
        campaign = told.message.campaign
        pass_the_gate(campaign, letter_of(campaign, tenant), at=told.send_at)
