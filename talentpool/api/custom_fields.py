"""The organisation's own fields: which there are, what they hold, and how they are made and changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models import BulkRun
from crm.models.api_token import Scope
from crm.permissions import Permission, may
from crm.rest.door import TokenRequest, needs
from talentpool.actions.custom_fields import archive_field, change_field, create_field, restore_field
from talentpool.api.words import Id, Line, Lines
from talentpool.custom_values import CustomKind
from talentpool.models import CustomField
from talentpool.queries.custom_fields import custom_fields, readable_as

router = Router()
KINDS = "text, long_text, number, money, date, yes_no, choice, choices, link or member"


class CustomFieldOut(Schema):
    id: int
    key: str = Field(description="As in `custom` of a candidate and in custom.key: of a search.")
    label: str
    kind: str = Field(description=KINDS)
    help_text: str
    choices: list[str]
    is_restricted: bool = Field(description="Not shown to hiring managers.")
    is_archived: bool = Field(description="No longer shown, offered or searched; values stay and come back with it.")

    @staticmethod
    def resolve_is_archived(field: CustomField) -> bool:
        return field.archived_at is not None


class CustomFieldQuery(Schema):
    archived: bool = Field(False, description="With those that are archived; for who may change fields.")


class CustomFieldIn(Schema):
    label: Line = Field(min_length=1, max_length=80)
    kind: CustomKind = Field(description=KINDS)
    key: str = Field("", pattern=r"^([a-z][a-z0-9_]{0,29})?$", description="Made of the label if you leave it out.")
    choices: Lines = []
    help_text: Line = ""
    is_restricted: bool = False


class CustomFieldChange(Schema):
    """Only what is sent is changed; the key never is."""

    label: Line | None = Field(None, min_length=1, max_length=80)
    kind: CustomKind | None = None
    choices: Lines | None = Field(None, description="One that is left out stays with whoever has it.")
    help_text: Line | None = None
    is_restricted: bool | None = None
    sure: bool = Field(False, description="Change the kind also where some values can't be read by the new one.")


class CustomFieldChanged(CustomFieldOut):
    run_id: int | None = Field(description="The background run that reads everybody's values anew; none if needless.")


@router.get("", response=list[CustomFieldOut], summary="List the organisation's own fields")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def custom_field_list(request: TokenRequest, asked: Query[CustomFieldQuery]) -> list[CustomField]:
    if asked.archived and may(request.member, Permission.MANAGE_ORGANISATION):
        return list(CustomField.objects.all())
    return custom_fields(restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))


@router.post("", response={201: CustomFieldOut}, summary="Add a field of your own")
@needs(Scope.SETTINGS, Permission.MANAGE_ORGANISATION)
def custom_field_create(request: TokenRequest, payload: CustomFieldIn) -> Status[CustomField]:
    return Status(201, create_field(**payload.model_dump(), by=request.member))


@router.patch("/{field_id}", response=CustomFieldChanged, summary="Change a field of your own")
@needs(Scope.SETTINGS, Permission.MANAGE_ORGANISATION)
def custom_field_change(request: TokenRequest, field_id: Id, payload: CustomFieldChange) -> CustomField:
    """Another kind reads all values anew; nothing that a source or a colleague said is lost by it."""
    field = get_object_or_404(CustomField, pk=field_id)
    said: dict[str, Any] = payload.model_dump(exclude_none=True, exclude={"sure"})
    if payload.kind and payload.kind != field.kind and not payload.sure:
        _refuse_unreadable(field, payload.kind, payload.choices or field.choices)
    return _with_run(field, change_field(field, **said, by=request.member))


@router.post("/{field_id}/archive", response={200: CustomFieldChanged}, summary="Archive a field of your own")
@needs(Scope.SETTINGS, Permission.MANAGE_ORGANISATION)
def custom_field_archive(request: TokenRequest, field_id: Id) -> CustomField:
    field = get_object_or_404(CustomField, pk=field_id)
    return _with_run(field, archive_field(field, by=request.member))


@router.post("/{field_id}/restore", response={200: CustomFieldChanged}, summary="Bring an archived field back")
@needs(Scope.SETTINGS, Permission.MANAGE_ORGANISATION)
def custom_field_restore(request: TokenRequest, field_id: Id) -> CustomField:
    field = get_object_or_404(CustomField, pk=field_id)
    return _with_run(field, restore_field(field, by=request.member))


def _refuse_unreadable(field: CustomField, kind: CustomKind, choices: list[str]) -> None:
    readable = readable_as(field, kind, choices)
    if readable.bad:
        such = ", ".join(f"“{each[:40]}”" for each in readable.examples)
        who = "One person has" if readable.bad == 1 else f"{readable.bad:,} people have"
        sentence = f"{who} a value that would not be read, such as {such}."
        raise ValidationError({"kind": f"{sentence} Send sure=true to change it all the same."})


def _with_run(field: CustomField, run: BulkRun | None) -> CustomField:
    field.run_id = run.pk if run else None  # type: ignore[attr-defined]
    return field
