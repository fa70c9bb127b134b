"""Pages by cursor: stable while rows come and change, for a page begins after a row and not after a number of rows."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from ninja import Field, Schema

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
MOST = 100


class PageQuery(Schema):
    cursor: str | None = Field(None, description="The `next_cursor` of the page before.", max_length=500)
    limit: int = Field(25, ge=1, le=MOST, description="How many items a page holds.")


class Page(Schema, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = Field(None, description="Ask for the next page with it; null on the last page.")


def page_by_id(rows: QuerySet[Row], asked: PageQuery) -> tuple[Sequence[Row], str | None]:
    """Rows in the order they were made, and the cursor of the next page."""
    after = place_after(asked.cursor)
    found = list(rows.filter(pk__gt=after).order_by("pk")[: asked.limit + 1])
    shown = found[: asked.limit]
    return shown, cursor_after(shown[-1].pk) if len(found) > asked.limit else None


def cursor_after(pk: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": pk}).encode()).decode().rstrip("=")


def place_after(cursor: str | None) -> int:
    """The id that the page before ended with, or 0; ValidationError for a cursor that is none of ours."""
    if not cursor:
        return 0
    try:
        stored: Any = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        after = stored["after"]
    except (binascii.Error, ValueError, TypeError, KeyError):
        after = None
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after < 2**63:
        raise ValidationError("This cursor is none of ours. Begin again without one.")
    return after
