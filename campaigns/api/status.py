"""Status messages: what candidates are told when their application comes to a phase, and what waits to be told."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from campaigns.actions.status import save_rule, take_back
from campaigns.actions.trying_out import rendered_status, send_status_test
from campaigns.forms import StatusRuleForm
from campaigns.models import StatusMessage, StatusRule
from campaigns.models.status_rule import LONGEST_DELAY
from campaigns.queries.status import lines_of_rules, reader_of_rule, rule_for, status_messages
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.api.words import Id, Line, Prose
from talentpool.models import Phase

router = Router()


class RuleIn(Schema):
    phase: Phase
    is_on: bool = Field(description="Turned on, it begins with what happens from then on.")
    subject: Line = Field(min_length=1)
    body: Prose = Field(min_length=1, description="Markdown with merge fields, `{{ applied_job }}` among them.")
    delay_minutes: int = Field(60, ge=0, le=LONGEST_DELAY, description="Moved on before then, nobody is told.")
    from_hour: int = Field(8, ge=0, le=23, description="Mail leaves between these hours of the organisation's day.")
    until_hour: int = Field(19, ge=0, le=24)
    source_ids: list[Id] = Field([], max_length=200, description="Only applications from there; empty: from anywhere.")
    job_ids: list[Id] = Field([], max_length=200, description="Only for these jobs; empty: for all.")


class RuleOut(RuleIn):
    on_since: datetime | None
    trouble: str = Field(description="Why its last message could not be written.")


class PreviewOut(Schema):
    subject: str
    text: str
    html: str


class TestIn(Schema):
    phase: Phase


class TestOut(Schema):
    address: str = Field(description="The token's member: nobody else gets a test.")


class MessageOut(Schema):
    id: int
    phase: Phase
    candidate_id: int
    application_id: int
    job: str
    state: str = Field(description="Planned, Sent, Held back, Cancelled, …")
    reason: str = Field(description="Why it was held or taken back.")
    moved_at: datetime
    send_at: datetime = Field(description="It leaves then or later.")
    sent_at: datetime | None

    @staticmethod
    def resolve_phase(row: StatusMessage) -> str:
        return str(row.rule.phase)

    @staticmethod
    def resolve_job(row: StatusMessage) -> str:
        return str(row.application.job)

    @staticmethod
    def resolve_state(row: StatusMessage) -> str:
        return str(row.message.get_state_display())

    @staticmethod
    def resolve_reason(row: StatusMessage) -> str:
        return str(row.message.reason)

    @staticmethod
    def resolve_sent_at(row: StatusMessage) -> datetime | None:
        return row.message.sent_at


@router.get("/rules", response=list[RuleOut], summary="List what candidates are told, phase by phase")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CAMPAIGNS)
def rule_list(request: TokenRequest) -> list[StatusRule]:
    return [line.rule for line in lines_of_rules(request.tenant)]


@router.put("/rules", response=RuleOut, summary="Change what candidates are told at a phase")
@needs(Scope.SETTINGS, Permission.SEND_CAMPAIGNS)
def rule_change(request: TokenRequest, payload: RuleIn) -> StatusRule:
    rule = rule_for(payload.phase, request.tenant)
    form = StatusRuleForm(payload.model_dump(), instance=rule, tenant=request.tenant)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return save_rule(rule, by=request.member, changed=form.changed_data)


@router.get("/rules/preview", response=PreviewOut, summary="See how a message reads")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CAMPAIGNS)
def rule_preview(request: TokenRequest, phase: Phase) -> PreviewOut:
    """As the person whose application came to the phase last would read it; without one, with example values."""
    rule = rule_for(phase, request.tenant)
    rendered = rendered_status(rule, request.tenant, reader_of_rule(rule))
    return PreviewOut(subject=rendered.subject, text=rendered.text, html=rendered.html)


@router.post("/rules/test", response=TestOut, summary="Send yourself a test of a message")
@needs(Scope.SETTINGS, Permission.SEND_CAMPAIGNS)
def rule_test(request: TokenRequest, payload: TestIn) -> TestOut:
    """To the token's member, as the preview shows it and whether it is turned on or not; its links change nothing."""
    rule = rule_for(payload.phase, request.tenant)
    return TestOut(address=send_status_test(rule, request.tenant, reader_of_rule(rule), by=request.member))


@router.get("", response=Page[MessageOut], summary="List status messages")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CAMPAIGNS)
def message_list(request: TokenRequest, asked: Query[PageQuery], waiting: bool | None = None) -> dict[str, object]:
    """`waiting=true`: only those that can still be taken back."""
    found, cursor = page_by_id(status_messages(waiting=waiting), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/{message_id}/cancel", response={200: MessageOut}, summary="Take a status message back")
@needs(Scope.SETTINGS, Permission.SEND_CAMPAIGNS)
def message_cancel(request: TokenRequest, message_id: Id) -> StatusMessage:
    found: StatusMessage = get_object_or_404(status_messages(), pk=message_id)
    take_back(found, by=request.member)
    found.message.refresh_from_db()
    return found
