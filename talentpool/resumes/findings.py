"""One value that was found, how sure it is, and the words it was found in."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from talentpool.resumes.rows import Row, Segment

T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    """`segments` are where it stands, for the place that is shown with it."""

    value: T
    confidence: float
    passage: str
    segments: Sequence[Segment] = ()


def segments_of(rows: Sequence[Row]) -> list[Segment]:
    return [segment for row in rows for segment in row]
