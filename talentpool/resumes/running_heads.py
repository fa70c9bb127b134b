"""Heads and feet that stand on every page: they count once, and numbers of pages not at all."""

import re

from talentpool.resumes.rows import Segment

_MARGIN = 0.1  # of the page's height, at the head and at the foot
_LEVEL = 3.0  # points
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|página|pagina|blad)\s*)?[-–]?\s*\d{1,2}\s*(?:(?:/|of|von|de|sur|di|van)\s*\d{1,2}\s*)?[-–]?",
    re.IGNORECASE,
)


def without_running_heads(segments: list[Segment], height: float) -> list[Segment]:
    if not segments or segments[-1].page == 0:
        return segments
    seen: dict[str, list[Segment]] = {}
    kept = []
    for segment in segments:
        if height * _MARGIN < segment.middle < height * (1 - _MARGIN):
            kept.append(segment)
            continue
        if _PAGE_NUMBER.fullmatch(segment.text.strip()):
            continue
        before = seen.setdefault(re.sub(r"\d+", "#", segment.text.casefold()), [])
        if not any(abs(each.y0 - segment.y0) < _LEVEL and each.page != segment.page for each in before):
            kept.append(segment)
        before.append(segment)
    return kept
