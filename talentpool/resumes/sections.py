"""Rows cut at headings into sections."""

import re
from collections import Counter
from dataclasses import dataclass, field

from talentpool.resumes.dates import ranges
from talentpool.resumes.headings import heading
from talentpool.resumes.reading_order import body_size
from talentpool.resumes.rows import Row, Segment
from talentpool.resumes.words import DEGREE, ORGANISATION, SCHOOL, title_score

_MARK = re.compile(r"\s[–—|•·-]\s|@")
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
    columns = _Columns()
    for row in rows:
        place = _heading_in(row, body)
        if place is not None:
            index, kind = place
            found.append(Section(kind, [row[index + 1 :]] if row[index + 1 :] else []))
        elif (resumed := columns.section_for(row[0], found[-1])) is not None:
            if all(each is not resumed for each in found):
                found.append(resumed)
            resumed.rows.append(row)
            columns.enter(row[0], resumed)
            continue
        elif len(found) > 1 and found[-1].rows and _looks_like_unlisted_heading(row, heading_looks):
            found.append(Section("other"))
        else:
            found[-1].rows.append(row)
        columns.enter(row[0], found[-1])
    return Sections([section for section in found if section.rows or section.kind != "top"], body)


class _Columns:
    """Which section each column of a page was in.

    A column that begins without a heading goes on with what it held on the page before; on the first page it speaks of
    the person.
    """

    def __init__(self) -> None:
        self._open: dict[str, tuple[int, Section]] = {}
        self._now = ""

    def section_for(self, first: Segment, last: Section) -> Section | None:
        """The section of a row that enters another column; None where the row goes on in the same one."""
        if first.column == self._now:
            current = self._open.get(first.column)
            return current[1] if current and current[1] is not last else None
        if len(first.column) < len(self._now) or first.column == "":
            return None  # what stands below two columns goes on where they ended
        before = self._open.get(first.column)
        return before[1] if before and before[0] < first.page else Section("top")

    def enter(self, first: Segment, section: Section) -> None:
        self._now = first.column
        self._open[first.column] = (first.page, section)


def _heading_in(row: Row, body: float) -> tuple[int, str] | None:
    """A heading stands alone in its row, or first in it and set apart."""
    for index, segment in enumerate(row):
        kind = heading(segment.text)
        if kind is None:
            continue
        strong = segment.size > body * 1.06 or segment.bold or segment.text.isupper()
        beside = min((s.x0 for s in row[1:] if s.x0 > segment.x1), default=0.0)
        apart = len(row) > 1 and index == 0 and (strong or beside - segment.x1 > 1.5 * segment.size)
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
    text = row[0].text
    return (
        len(row) == 1
        and len(text) < 40
        and _look(row[0]) in looks
        and not ranges(text)
        and not any(names.search(text) for names in (ORGANISATION, SCHOOL, DEGREE, _MARK))
        and title_score(text) == 0
    )
