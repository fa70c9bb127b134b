"""Values as the API takes them: text that PostgreSQL can keep, and lists that end."""

import re
from datetime import UTC, datetime
from typing import Annotated

from ninja import Field
from pydantic import AfterValidator

from talentpool.search.language.lexer import LONGEST_QUERY

MOST_VALUES = 200
BIGGEST_ID = 2**63 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise ValueError("Text may not hold the character NUL or half a surrogate pair.")
    return text.strip()


def _filled(text: str) -> str:
    if not text:
        raise ValueError("There is nothing in it.")
    return text


def _in_utc(moment: datetime) -> datetime:
    """PostgreSQL knows offsets up to sixteen hours, and no year before the first."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("There is no such time.") from None


Line = Annotated[str, Field(max_length=300), AfterValidator(_storable)]
Prose = Annotated[str, Field(max_length=20_000), AfterValidator(_storable)]
NoteText = Annotated[str, Field(pattern=r"\S", max_length=10_000), AfterValidator(_storable), AfterValidator(_filled)]
Query = Annotated[str, Field(max_length=LONGEST_QUERY), AfterValidator(_storable)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
Lines = Annotated[list[Line], Field(max_length=MOST_VALUES)]
PartialDate = Annotated[str, Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$", description="YYYY, YYYY-MM or YYYY-MM-DD")]
Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
