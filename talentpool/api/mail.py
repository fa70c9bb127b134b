"""E-mail: hand in a mail as it came, see what became of it, and decide about what waits for review."""

from datetime import datetime
from typing import Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.incoming_mail import keep_mail
from talentpool.actions.mail_review import accept_mail, discard_mail
from talentpool.api.words import Id, Line
from talentpool.intake.sizes import words_for_bytes
from talentpool.models import IncomingMail, MailDoor, MailLetter

router = Router()


class MailOut(Schema):
    id: int
    door: str
    sender: str
    sender_name: str
    subject: str
    size: int
    received_at: datetime
    outcome: str = Field(description="waiting, taken, review, refused, ignored or discarded")
    reason: str
    problems: list[str]
    candidate_ids: list[int]

    @staticmethod
    def resolve_candidate_ids(mail: IncomingMail) -> list[int]:
        people = MailLetter.objects.filter(mail=mail, candidate__erased_at=None)
        return sorted(set(people.values_list("candidate_id", flat=True)))


class MailQuery(PageQuery):
    outcome: Literal["waiting", "taken", "review", "refused", "ignored", "discarded"] | None = None


class AcceptIn(Schema):
    as_whom: Literal["sender", "inside", "other"] = Field(
        description="The sender's own mail, one that was forwarded, or about the person named."
    )
    name: Line = ""
    email: Line = ""


@router.get("", response=Page[MailOut], summary="List mail that came in")
@needs(Scope.MAIL, Permission.IMPORT_CANDIDATES)
def mail_list(request: TokenRequest, asked: Query[MailQuery]) -> dict[str, object]:
    """With `outcome=review` what waits for somebody to look at it."""
    rows = IncomingMail.objects.all()
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    found, cursor = page_by_id(rows, asked)
    return {"items": found, "next_cursor": cursor}


@router.post("", response={200: MailOut, 201: MailOut}, summary="Hand in a mail")
@needs(Scope.MAIL, Permission.EDIT_CANDIDATES)
def mail_hand_in(request: TokenRequest, file: File[UploadedFile]) -> Status[IncomingMail]:
    """The whole message (RFC 5322) as a file. A member's is read as forwarded, anybody else's as the candidate's own.

    It is taken in shortly: read it until `outcome` is no more `waiting`. The same mail again is answered with 200.
    """
    if (file.size or 0) > settings.INBOUND_MAX_BYTES:
        raise ValidationError(f"A mail may have {words_for_bytes(settings.INBOUND_MAX_BYTES)}.")
    raw = file.read()
    if not raw.strip():
        raise ValidationError("The mail is empty.")
    mail, is_new = keep_mail(raw, door=MailDoor.API, member=request.member)
    return Status(201 if is_new else 200, mail)


@router.get("/{mail_id}", response=MailOut, summary="Read what became of a mail")
@needs(Scope.MAIL, Permission.IMPORT_CANDIDATES)
def mail_read(request: TokenRequest, mail_id: Id) -> IncomingMail:
    return _mail(mail_id)


@router.post("/{mail_id}/accept", response=MailOut, summary="Let a mail in")
@needs(Scope.MAIL, Permission.IMPORT_CANDIDATES)
def mail_accept(request: TokenRequest, mail_id: Id, payload: AcceptIn) -> IncomingMail:
    accept_mail(_mail(mail_id), payload.as_whom, name=payload.name, email=payload.email, by=request.member)
    return _mail(mail_id)


@router.post("/{mail_id}/discard", response=MailOut, summary="Discard a mail")
@needs(Scope.MAIL, Permission.IMPORT_CANDIDATES)
def mail_discard(request: TokenRequest, mail_id: Id) -> IncomingMail:
    discard_mail(_mail(mail_id), by=request.member)
    return _mail(mail_id)


def _mail(mail_id: int) -> IncomingMail:
    return get_object_or_404(IncomingMail, pk=mail_id)
