"""The education section as schools.

Pieces of text fill three slots, school, degree and dates, in whatever order the document has them; a slot that is
already filled begins the next school.
"""

import re
from dataclasses import dataclass, field

from talentpool.person import Education
from talentpool.resumes.contact_points import EMAIL
from talentpool.resumes.dates import DURATION, POINT, Moment, point, ranges, written
from talentpool.resumes.entries import is_noise
from talentpool.resumes.findings import Found
from talentpool.resumes.grids import by_column
from talentpool.resumes.places import is_place, is_town
from talentpool.resumes.rows import Row, Segment
from talentpool.resumes.sections import Sections
from talentpool.resumes.words import AREA, DEGREE, ORGANISATION, SCHOOL

_BORDER = re.compile(
    r"\s[|•·]\s|\s[–—-]\s|\t|\s{3,}|,\s|\s\(|\)|:\s|;\s|\s+(?:at|an der|an|bei|à|presso"
    r"|aan)\s+(?=(?:the\s+)?[A-ZÀ-Ý])"
)
_LINKING = re.compile(r"^(?:in|of|en|em|de|d'|di|der|im|degree in|major in|mention|specialisation)\s+", re.IGNORECASE)
_GRADE = re.compile(
    r"\b(?:gpa|grade|note|noten|score|average|honou?rs|cum laude|distinction|média|voto|schnitt|\d[.,]\d+\s*/\s*\d)",
    re.IGNORECASE,
)
_NEEDS_TOWN = re.compile(  # universities of a state of the USA, which have several seats
    r"(?:\bState University|\bUniversity of (?:Alabama|Arkansas|California|Colorado|Hawaii|Illinois|Louisiana|Maryland"
    r"|Massachusetts|Michigan|Minnesota|Missouri|Nebraska|North Carolina|Tennessee|Texas|Washington|Wisconsin))$"
)
_LONE_YEAR = re.compile(r"(?:19|20)\d\d")
_BULLET = re.compile(r"^\s*[•◦▪●○■‣⁃∙·*–—-]\s+")
_MOST_WORDS = 11
_MOST_ROWS = 60


@dataclass(slots=True)
class _Piece:
    text: str
    row: int
    segment: Segment


@dataclass(slots=True)
class _School:
    school: _Piece | None = None
    degree: _Piece | None = None
    dated: bool = False
    start: Moment | None = None
    end: Moment | None = None
    current: bool = False
    others: list[_Piece] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.school is not None and self.degree is not None

    @property
    def wants_area(self) -> bool:
        degree = self.degree.text if self.degree else ""
        match = DEGREE.match(degree)
        named = match is not None and len(degree) > match.end() + 3
        return not named and not any(AREA.search(piece.text) for piece in self.others)

    def holds(self, segment: Segment) -> bool:
        return any(each is segment for each in self.segments)


def education_of(sections: Sections) -> list[Found[Education]]:
    rows = _with_years_joined([row for row in by_column(sections.rows("education"))[:_MOST_ROWS] if _may_speak(row)])
    schools: list[_School] = []
    waiting: list[_Piece] = []  # what stands above a school and may belong to it
    for number, row in enumerate(rows):
        for segment in row:
            _add_dates(schools, segment, waiting)
            for text in _texts(segment):
                _add_piece(schools, waiting, _Piece(text, number, segment))
    return [found for school in schools if (found := _found(school)) is not None]


def _may_speak(row: Row) -> bool:
    text = " ".join(segment.text for segment in row)
    return not EMAIL.search(text) and not re.search(r"https?://|www\.", text)


def _with_years_joined(rows: list[Row]) -> list[Row]:
    """Two years, one below the other, are from and to."""
    joined: list[Row] = []
    for row in rows:
        above = joined[-1] if joined else None
        if above and len(above) == len(row) == 1:
            first, last = above[0], row[0]
            if _LONE_YEAR.fullmatch(first.text) and _LONE_YEAR.fullmatch(last.text) and first.text <= last.text:
                joined[-1] = [Segment(f"{first.text} – {last.text}", first.page, first.x0, last.x1, first.y0, last.y1)]
                continue
        joined.append(row)
    return joined


def _texts(segment: Segment) -> list[str]:
    """The stretches of a line between marks, without dates, grades and labels."""
    text = DURATION.sub(" | ", _BULLET.sub("", segment.text))
    for span in sorted(ranges(text), reverse=True):
        text = f"{text[: span.begin]} | {text[span.finish :]}"
    texts: list[str] = []
    for piece in _BORDER.split(text):
        bare = piece.strip(" ,;:.|()–—-•·") if piece else ""
        if texts and _NEEDS_TOWN.search(texts[-1]) and is_town(bare):
            texts[-1] += f", {bare}"
        elif len(bare) > 1 and re.search(r"[^\W\d_]", bare) and not _says_nothing(bare):
            texts.append(bare)
    return texts


def _says_nothing(text: str) -> bool:
    return POINT.fullmatch(text) is not None or is_noise(text) or _GRADE.search(text) is not None


def _add_dates(schools: list[_School], segment: Segment, waiting: list[_Piece]) -> None:
    spans = ranges(segment.text)
    lone = None if spans else point(segment.text)
    if not spans and lone is None:
        return
    dates_first = bool(spans) and spans[0].begin < 3 and len(segment.text) > spans[0].finish + 3
    if not schools or schools[-1].dated or (dates_first and schools[-1].is_full):
        _open(schools, waiting)
    school = schools[-1]
    school.dated = True
    school.start, school.end = (spans[0].start, spans[0].end) if spans else (None, lone)
    school.current = bool(spans and spans[0].current)
    school.segments.append(segment)


def _open(schools: list[_School], waiting: list[_Piece]) -> None:
    schools.append(_School(others=list(waiting)))
    waiting.clear()


def _add_piece(schools: list[_School], waiting: list[_Piece], piece: _Piece) -> None:
    named = SCHOOL.search(piece.text) is not None and len(piece.text.split()) <= _MOST_WORDS
    degree = DEGREE.search(piece.text) is not None and len(piece.text.split()) <= _MOST_WORDS
    if named and degree:  # "Associate Degree, Community College" is two; "High School Diploma" is a degree
        named, degree = not DEGREE.match(piece.text), DEGREE.match(piece.text) is not None
    if not named and not degree:
        current = schools[-1] if schools else None
        if current is None or (current.is_full and not current.wants_area and not current.holds(piece.segment)):
            waiting.append(piece)
        else:
            current.others.append(piece)
        return
    if not schools or (named and schools[-1].school) or (degree and schools[-1].degree):
        _open(schools, waiting)
    school = schools[-1]
    if named:
        school.school = piece
    else:
        school.degree = piece
    school.segments.append(piece.segment)


def _found(entry: _School) -> Found[Education] | None:
    others = [piece for piece in entry.others if not is_place(piece.text) and len(piece.text.split()) <= _MOST_WORDS]
    school = entry.school
    if school is None and entry.degree is not None:
        school = _likely_school(others, entry.degree)
        others = [piece for piece in others if piece is not school]
    if school is None and entry.degree is None:
        return None
    degree, area = _degree_and_area(entry.degree, others)
    value = Education(
        school.text if school else "", degree, area, written(entry.start), "" if entry.current else written(entry.end)
    )
    known = school is not None and SCHOOL.search(school.text) is not None
    segments = [*entry.segments, *(piece.segment for piece in others)]
    passage = " · ".join(dict.fromkeys(segment.text for segment in segments))[:300]
    return Found(value, 0.85 if known and (degree or entry.dated) else 0.5, passage, segments)


def _likely_school(others: list[_Piece], degree: _Piece) -> _Piece | None:
    """The one that names an organisation or at least no subject."""

    def likeness(piece: _Piece) -> tuple[bool, bool, bool]:
        return ORGANISATION.search(piece.text) is not None, AREA.search(piece.text) is None, piece.row != degree.row

    return max(others, key=likeness, default=None)


def _degree_and_area(degree: _Piece | None, others: list[_Piece]) -> tuple[str, str]:
    """ "Bachelor Information Technology" is a degree and its area; so is what stands beside it."""
    if degree is None:
        subject = next((piece.text for piece in others if AREA.search(piece.text)), "")
        return "", subject
    match = DEGREE.match(degree.text)
    tail = _LINKING.sub("", degree.text[match.end() :].strip(" .,:'’")) if match else ""
    if match and tail:
        return match.group().strip(), tail
    beside = sorted(others, key=lambda piece: (AREA.search(piece.text) is None, abs(piece.row - degree.row)))
    return degree.text, _LINKING.sub("", beside[0].text) if beside else ""
