"""Positioned text: the one shape in which every kind of file is read.

A Segment is a stretch of one line in one column; a Row is what stands level, left to right. PDF files give true
positions in points; files that only know paragraphs get made-up ones, one line below the other, so that the same rules
read both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

LINE = 12.0  # height given to a line of a file that has no geometry
_LONGEST_RUN = 10_000  # characters; no line of a résumé is longer
BODY = 10.0  # size given to its text


class Style(NamedTuple):
    bold: bool
    font: str
    size: float


class Run(NamedTuple):
    text: str
    style: Style


PLAIN = Style(False, "", BODY)


@dataclass(slots=True)
class Segment:
    text: str
    page: int = 0
    x0: float = 0.0
    x1: float = 0.0
    y0: float = 0.0
    y1: float = 0.0
    size: float = BODY
    bold: bool = False
    runs: list[Run] = field(default_factory=list)
    bullet: bool = False
    after_blank: bool = False  # an empty line stands above
    ends_paragraph: bool = False  # what stands below is no continuation
    column: str = ""  # "L", "R", "RL" … where the page was cut; empty across the whole page
    gaps: list[int] = field(default_factory=list)  # places in the text where more than a space is left free

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


Row = list[Segment]


@dataclass(slots=True)
class Document:
    """A file as rows in reading order. `links` are the addresses behind its link texts."""

    rows: list[Row]
    links: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    has_geometry: bool = False
    recognised: bool = False  # from pictures: nothing in it is certain
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(row_text(row) for row in self.rows)


def row_text(row: Row) -> str:
    return " ".join(segment.text for segment in row)


def rows_text(rows: Iterable[Row]) -> str:
    return "\n".join(row_text(row) for row in rows)


class Lines:
    """Collects the lines of a file without geometry and gives each the place below the last."""

    def __init__(self, limit: int) -> None:
        self.rows: list[Row] = []
        self.column = ""  # of what comes next
        self._y = 0.0
        self._blank = False
        self._left = limit

    @property
    def full(self) -> bool:
        return self._left <= 0

    def blank(self) -> None:
        self._blank = True
        self._y += LINE

    def add(
        self, cells: Iterable[str], *, style: Style = PLAIN, bullet: bool = False, ends_paragraph: bool = True
    ) -> None:
        self.add_runs(([Run(cell, style)] for cell in cells), bullet=bullet, ends_paragraph=ends_paragraph)

    def add_runs(self, cells: Iterable[list[Run]], *, bullet: bool = False, ends_paragraph: bool = True) -> None:
        """One line, its cells side by side, each in runs of one look."""
        row = [runs for cell in cells if (runs := _tidied(Run(run.text[:_LONGEST_RUN], run.style) for run in cell))]
        if not row or self.full:
            return
        self._y += LINE
        x = 0.0
        segments = []
        for runs in row:
            text = "".join(run.text for run in runs)
            self._left -= len(text)
            size = max(run.style.size for run in runs)
            bold = sum(len(run.text) for run in runs if run.style.bold) * 2 > len(text)
            width = len(text) * size * 0.5
            segments.append(
                Segment(
                    *(text, 0, x, x + width, self._y, self._y + BODY, size, bold, runs),
                    bullet=bullet,
                    after_blank=self._blank,
                    ends_paragraph=ends_paragraph,
                    column=self.column,
                )
            )
            x += width + 5 * BODY
        self._blank = False
        self.rows.append(segments)

    def document(self, links: Iterable[str] = ()) -> Document:
        return Document(self.rows, list(links), [segment for row in self.rows for segment in row])


def _tidied(runs: Iterable[Run]) -> list[Run]:
    """White space as one space, none at the ends, runs of one look joined."""
    tidy: list[Run] = []
    for run in runs:
        text = " ".join(f"x{run.text}x".split())[1:-1]
        if not text or (text == " " and (not tidy or tidy[-1].text.endswith(" "))):
            continue
        text = text.lstrip() if not tidy or tidy[-1].text.endswith(" ") else text
        if tidy and (tidy[-1].style == run.style or not text.strip()):
            tidy[-1] = Run(tidy[-1].text + text, tidy[-1].style)
        else:
            tidy.append(Run(text, run.style))
    if tidy:
        tidy[-1] = Run(tidy[-1].text.rstrip(), tidy[-1].style)
    return [run for run in tidy if run.text]
