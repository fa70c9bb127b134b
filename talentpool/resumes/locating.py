"""Where a found value stands in the text that is kept, and on its page."""

import re
from collections.abc import Sequence

from talentpool.resumes.outcome import Place
from talentpool.resumes.rows import Document, Segment


class Locator:
    def __init__(self, document: Document) -> None:
        self._paged = document.has_geometry
        self._spans: dict[int, tuple[int, int, int]] = {}
        self._segments: list[Segment] = []
        at = 0
        for line, row in enumerate(document.rows, 1):
            for segment in row:
                self._spans[id(segment)] = (at, at + len(segment.text), line)
                self._segments.append(segment)
                at += len(segment.text) + 1

    def place_of(self, segments: Sequence[Segment]) -> Place | None:
        """From the first to the last of them; the box is of those on the first one's page."""
        known = [segment for segment in segments if id(segment) in self._spans]
        if not known:
            return None
        spans = [self._spans[id(segment)] for segment in known]
        first = min(known, key=lambda segment: self._spans[id(segment)][0])
        level = [segment for segment in known if segment.page == first.page]
        box = (
            min(segment.x0 for segment in level),
            min(segment.y0 for segment in level),
            max(segment.x1 for segment in level),
            max(segment.y1 for segment in level),
        )
        return Place(
            min(span[0] for span in spans),
            max(span[1] for span in spans),
            min(span[2] for span in spans),
            first.page + 1 if self._paged else 0,
            tuple(round(side, 1) for side in box) if self._paged else (),
        )

    def segments_saying(self, value: str) -> list[Segment]:
        """The first segment in which a value stands, be a phone number written as it may."""
        digits = re.sub(r"\D", "", value)
        if value.startswith("+") and len(digits) >= 7:
            return next(([s] for s in self._segments if digits[-7:] in re.sub(r"\D", "", s.text)), [])
        wanted = value.casefold().removeprefix("https://").removeprefix("http://")
        return next(([s] for s in self._segments if wanted in s.text.casefold()), [])
