"""The organisation's own fields: which there are, and what they hold."""

from ninja import Field, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission, may
from crm.rest.door import TokenRequest, needs
from talentpool.models import CustomField
from talentpool.queries.custom_fields import custom_fields

router = Router()


class CustomFieldOut(Schema):
    key: str = Field(description="As in `custom` of a candidate and in custom.key: of a search.")
    label: str
    kind: str = Field(description="text, long_text, number, money, date, yes_no, choice, choices, link or member")
    help_text: str
    choices: list[str]
    is_restricted: bool = Field(description="Not shown to hiring managers.")


@router.get("", response=list[CustomFieldOut], summary="List the organisation's own fields")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def custom_field_list(request: TokenRequest) -> list[CustomField]:
    return custom_fields(restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))
