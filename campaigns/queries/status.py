"""What candidates are told of their applications: the rule of each phase, and what waits or went."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from campaigns.composing.status_words import usual_words
from campaigns.models import MessageState, StatusMessage, StatusRule
from crm.models import Tenant
from talentpool.models import Application, ApplicationState, Phase

WAITING = (MessageState.PLANNED, MessageState.SENDING, MessageState.DEFERRED)
LATEST = 50


@dataclass(frozen=True)
class Line:
    rule: StatusRule
    waiting: int = 0
    sent: int = 0
    held: int = 0


def rule_for(phase: str, tenant: Tenant) -> StatusRule:
    """The rule of a phase; one that nobody has written yet holds the usual words and is off."""
    found: StatusRule | None = StatusRule.objects.select_related("by").filter(phase=phase).first()
    words = usual_words(phase, tenant.language)
    return found or StatusRule(phase=phase, subject=words.subject, body=words.body)


def lines_of_rules(tenant: Tenant) -> list[Line]:
    """A line for each phase, in the order of a way through a job."""
    counted = StatusRule.objects.annotate(
        waiting=Count("messages", filter=Q(messages__message__state__in=WAITING)),
        sent=Count("messages", filter=Q(messages__message__state=MessageState.SENT)),
        held=Count("messages", filter=Q(messages__message__state=MessageState.HELD)),
    )
    written = {rule.phase: Line(rule, rule.waiting, rule.sent, rule.held) for rule in counted.select_related("by")}
    return [written.get(phase) or Line(rule_for(phase, tenant)) for phase in Phase.values]


def status_messages(*, waiting: bool | None = None) -> QuerySet[StatusMessage]:
    """With their people and jobs. `waiting` True: those that can still be taken back."""
    rows = StatusMessage.objects.select_related("rule", "candidate", "application__job", "message")
    if waiting is not None:
        rows = rows.filter(message__state__in=WAITING) if waiting else rows.exclude(message__state__in=WAITING)
    found: QuerySet[StatusMessage] = rows
    return found


def latest_messages() -> QuerySet[StatusMessage]:
    return status_messages().order_by("-pk")[:LATEST]


def reader_of_rule(rule: StatusRule) -> Application | None:
    """The application that came to the phase last: its person and job show how a message will read."""
    ends = {Phase.HIRED, Phase.REJECTED, Phase.WITHDRAWN}
    there = Q(state=rule.phase) if rule.phase in ends else Q(state=ApplicationState.OPEN, phase=rule.phase)
    found: Application | None = (
        Application.objects.filter(there, candidate__erased_at=None, candidate__merged_into=None)
        .select_related("candidate", "job")
        .order_by("-pk")
        .first()
    )
    return found
