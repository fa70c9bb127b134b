"""Values of an organisation's own fields as JSON's own types, in and out."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import StrictBool, StrictFloat, StrictInt

from crm.permissions import Permission, may
from talentpool.api.words import MOST_VALUES, Line, Prose
from talentpool.custom_values import CustomTypes
from talentpool.queries.custom_fields import custom_fields, custom_types


class Money(Schema):
    amount: Annotated[float, Field(gt=-1e9, lt=1e9, allow_inf_nan=False)]
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""


Number = Annotated[StrictFloat, Field(gt=-1e10, lt=1e10, allow_inf_nan=False)]
Whole = Annotated[StrictInt, Field(gt=-(10**10), lt=10**10)]
Choices = Annotated[list[Line], Field(max_length=MOST_VALUES)]
CustomValue = StrictBool | Whole | Number | Money | Choices | Prose


def custom_texts(values: dict[str, Any], *, refuse: bool = False) -> dict[str, str]:
    """The values as texts. Raises for a key that no field has, and for a value that its field can't read."""
    types = custom_types(custom_fields()) if values else {}
    texts = {key: text for key, value in values.items() if value is not None and (text := _text(value)) != ""}
    if unknown := [key for key in values if key not in types]:
        raise ValidationError({"custom": f"There is no field “{unknown[0]}”; GET /custom-fields lists them."})
    for key, text in texts.items():
        if not types[key].read(text):
            raise ValidationError({"custom": f"{key}: {types[key].not_such(text)}"})
    emptied = {key: "" for key, value in values.items() if value == "" or value == []} if refuse else {}
    return texts | emptied


def types_shown(request: HttpRequest) -> CustomTypes:
    """What reads the fields that the token's member may see; asked once a request."""
    known: CustomTypes | None = getattr(request, "custom_types_shown", None)
    if known is None:
        shown = custom_fields(restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))  # type: ignore[attr-defined]
        known = request.custom_types_shown = custom_types(shown)  # type: ignore[attr-defined]
    return known


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, dict):
        return f"{value['amount']:.2f} {value['currency']}".strip()
    return "; ".join(value) if isinstance(value, list) else str(value)
