"""Rows cut at headings into sections."""

from collections import Counter
from dataclasses import dataclass, field

from talentpool.resumes.dates import ranges
from talentpool.resumes.headings import heading
from talentpool.resumes.reading_order import body_size
from talentpool.resumes.rows import Row, Segment

_Look = tuple[float, bool, str, int, bool]


@dataclass(slots=True)
class Section:
    """`kind` is one of headings' kinds, or "top" for what stands above the first heading."""

    kind: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Sections:
    all: list[Section]
    body_size: float

    def rows(self, *kinds: str) -> list[Row]:
        return [row for section in self.all if section.kind in kinds for row in section.rows]

    def has(self, kind: str) -> bool:
        return any(section.kind == kind for section in self.all)


def cut_into_sections(rows: list[Row]) -> Sections:
    body = body_size(rows)
    heading_looks = _looks_of_headings(rows, body)
    found = [Section("top")]
    for row in rows:
        place = _heading_in(row, body)
        if place is not None:
            index, kind = place
            found.append(Section(kind, [row[index + 1 :]] if row[index + 1 :] else []))
        elif len(found) > 1 and _looks_like_unlisted_heading(row, heading_looks):
            found.append(Section("other"))
        else:
            found[-1].rows.append(row)
    return Sections([section for section in found if section.rows or section.kind != "top"], body)


def _heading_in(row: Row, body: float) -> tuple[int, str] | None:
    """A heading stands alone in its row, or first in it and set apart."""
    for index, segment in enumerate(row):
        kind = heading(segment.text)
        if kind is None:
            continue
        strong = segment.size > body * 1.06 or segment.bold or segment.text.isupper()
        apart = len(row) > 1 and index == 0 and (strong or row[1].x0 - segment.x1 > 1.5 * segment.size)
        if len(row) > 1 and not apart:
            continue
        if not strong and segment.size < body * 0.9 and len(segment.text) < 5:
            continue
        return index, kind
    return None


def _look(segment: Segment) -> _Look:
    font = segment.runs[0].style.font if segment.runs else ""
    return round(segment.size, 1), segment.bold, font, round(segment.x0 / 3), segment.text.isupper()


def _looks_of_headings(rows: list[Row], body: float) -> set[_Look]:
    """Looks that at least three known headings have and hardly anything else."""
    alone = [row[0] for row in rows if len(row) == 1]
    known = Counter(_look(s) for s in alone if heading(s.text))
    others = Counter(_look(s) for s in alone if not heading(s.text))
    return {
        look
        for look, count in known.items()
        if count >= 3 and others[look] <= 2 and (look[0] > body * 1.06 or look[1] or look[4])
    }


def _looks_like_unlisted_heading(row: Row, looks: set[_Look]) -> bool:
    return len(row) == 1 and len(row[0].text) < 40 and _look(row[0]) in looks and not ranges(row[0].text)
