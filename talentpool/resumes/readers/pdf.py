"""PDF through pdfium, character by character with its box and font.

The one way that kept every word and address whole when engines were compared.
"""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from talentpool.resumes.headings import heading
from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.readers.scans import read_scan
from talentpool.resumes.reading_order import in_reading_order
from talentpool.resumes.rows import Document, Run, Segment, Style
from talentpool.resumes.running_heads import without_running_heads

MAX_PAGES = 8
MAX_CHARACTERS = 200_000
_HYPHENS = {0xFFFE, 0x02, 0xAD}  # how pdfium gives a hyphen at the end of a line
_BOLD = re.compile(rb"bold|black|semi|demi|heavy", re.IGNORECASE)
_COLUMN_EDGE_LINES = 4
_FEWEST_CHARACTERS = 20  # less than this on all pages is a scan with a stamp on it


class Glyph(NamedTuple):
    char: str
    x0: float
    x1: float
    y0: float
    y1: float
    size: float
    bold: bool
    font: str
    spaced: bool  # pdfium saw a space before it

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


Line = list[Glyph]


def read_pdf(data: bytes, most_pages: int) -> Document:
    """The first pages; a file of more than `most_pages` is no résumé and is refused."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        protected = "password" in str(error).lower()
        raise ResumeError(Unreadable.PROTECTED if protected else Unreadable.DAMAGED) from error
    try:
        if len(pdf) > most_pages:
            raise ResumeError(Unreadable.TOO_LONG)
        return _document(pdf)
    except pypdfium2.PdfiumError as error:
        raise ResumeError(Unreadable.DAMAGED) from error
    finally:
        pdf.close()


def _document(pdf: pypdfium2.PdfDocument) -> Document:
    segments: list[Segment] = []
    links: list[str] = []
    warnings: list[str] = []
    left, pages, height = MAX_CHARACTERS, len(pdf), 0.0
    for number in range(min(pages, MAX_PAGES)):
        page = pdf[number]
        text_page = page.get_textpage()  # kept in a variable: freed too early it reads as empty
        turns = _quarter_turns(text_page)
        glyph_lines = _lines(_glyphs(page, text_page, left, turns))
        left -= text_page.count_chars()
        text_page.close()
        on_page = [s for line in _cut_at_column_edges(glyph_lines) if (s := _segment(line, number)) is not None]
        on_page = on_page if turns else _inside(on_page, page.get_height())
        _mark_drawn_bullets(page, on_page, turns)
        segments += on_page
        height = max(height, page.get_height())
        links += _links(pdf, page)
        page.close()
    if sum(len(s.text) for s in segments) < _FEWEST_CHARACTERS:
        if not pages:
            raise ResumeError(Unreadable.DAMAGED)
        return read_scan(pdf)
    if pages > MAX_PAGES:
        warnings.append(f"Only the first {MAX_PAGES} of {pages} pages were read.")
    if left <= 0:
        warnings.append("The text is longer than a résumé may be; only its beginning was read.")
    segments = without_running_heads(segments, height)
    return Document(in_reading_order(segments), links, segments, has_geometry=True, warnings=warnings)


def _inside(segments: list[Segment], height: float) -> list[Segment]:
    """Browsers print a line that a page break cuts on both pages; it counts where its middle is."""
    inside = [segment for segment in segments if 0 <= segment.middle < height]
    return inside if len(inside) > 0.8 * len(segments) else segments


def _glyphs(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, limit: int, turns: int) -> Iterator[Glyph]:
    height, raw = _height(page, turns), text_page.raw
    box, font, flags = pdfium.FS_RECTF(), ctypes.create_string_buffer(96), ctypes.c_int()
    spaced = False
    for index in range(min(text_page.count_chars(), limit)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        char = "-" if code in _HYPHENS else chr(code)
        if char in "\r\n" or pdfium.FPDFText_IsGenerated(raw, index):
            spaced = True
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        pdfium.FPDFText_GetFontInfo(raw, index, font, 96, flags)
        left, right, low, high = _turned(box.left, box.right, box.bottom, box.top, turns)
        size = abs(high - low) / 1.15  # pdfium's own font size ignores the matrix
        bold = bool(_BOLD.search(font.value))
        name = font.value.rpartition(b"+")[2].decode("latin-1")
        yield Glyph(char, left, right, height - high, height - low, size, bold, name, spaced)
        spaced = False


def _quarter_turns(text_page: pypdfium2.PdfTextPage) -> int:
    """How the page's letters lie: 0 upright, 1 rising, 2 upside down, 3 falling; most of a sample decide.

    pdfium measures the angle clockwise.
    """
    count = text_page.count_chars()
    sample = range(0, count, max(1, count // 60))
    angles = Counter(round(-pdfium.FPDFText_GetCharAngle(text_page.raw, index) / (math.pi / 2)) % 4 for index in sample)
    return angles.most_common(1)[0][0] if angles else 0


def _turned(left: float, right: float, low: float, high: float, turns: int) -> tuple[float, float, float, float]:
    """The box as it lies when the page is held so that its text can be read."""
    return (
        (left, right, low, high),
        (low, high, -right, -left),
        (-right, -left, -high, -low),
        (-high, -low, left, right),
    )[turns]


def _height(page: pypdfium2.PdfPage, turns: int) -> float:
    return (page.get_height(), 0.0, 0.0, max(page.get_size()))[turns]


def _lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Glyphs of one base line without a wide gap."""
    lines: list[Line] = []
    current: Line = []
    for glyph in glyphs:
        if current and _breaks(current[-1], glyph):
            lines.append(current)
            current = []
        if current or not glyph.char.isspace():
            current.append(glyph)
    if current:
        lines.append(current)
    return lines


def _breaks(last: Glyph, glyph: Glyph) -> bool:
    return (
        abs(glyph.middle - last.middle) > 0.5 * max(glyph.size, last.size)
        or glyph.x0 - last.x1 > 1.3 * glyph.size
        or glyph.x0 < last.x0 - 2 * glyph.size
    )


def _is_letter_spaced(line: Line) -> tuple[bool, float]:
    gaps = [after.x0 - before.x1 for before, after in pairwise(line)]
    base = median(gaps) if len(gaps) > 2 else 0.0
    return base > 0.08 * median(glyph.size for glyph in line), base


def _cut_at_column_edges(lines: list[Line]) -> list[Line]:
    """A line is cut at a small gap too, where its right part starts level with at least four other lines."""
    starts = sorted(line[0].x0 for line in lines)
    cut: list[Line] = []
    for line in lines:
        edges = [] if _is_letter_spaced(line)[0] else _edges(line, starts)
        if len(edges) == 1 and len(line) < 200:
            cut += [line[: edges[0]], line[edges[0] :]]
        else:
            cut.append(line)
    return cut


def _edges(line: Line, starts: list[float]) -> list[int]:
    size = line[0].size
    solid = [(index, glyph) for index, glyph in enumerate(line) if not glyph.char.isspace()]
    label = _end_of_label(line, solid)
    if label:
        return [label]
    return [
        index
        for (_, before), (index, glyph) in pairwise(solid)
        if glyph.x0 - before.x1 > 0.55 * size and sum(abs(x - glyph.x0) < 1.2 for x in starts) >= _COLUMN_EDGE_LINES
    ]


def _end_of_label(line: Line, solid: list[tuple[int, Glyph]]) -> int:
    """Where a section's heading ends that stands close beside the first line of its text, in another look."""
    for (_, before), (index, glyph) in pairwise(solid):
        changes = (before.bold, before.font) != (glyph.bold, glyph.font) or abs(before.size - glyph.size) > 1
        if changes and glyph.x0 - before.x1 > 0.15 * glyph.size and index <= 40:
            return index if heading("".join(each.char for each in line[:index])) else 0
    return 0


def _segment(line: Line, page: int) -> Segment | None:
    size = median(glyph.size for glyph in line)
    spaced_out, base = _is_letter_spaced(line)
    small = _small_capitals(line)
    runs: list[Run] = []
    wide: list[int] = []  # letters before each wide gap
    letters = 0
    last: Glyph | None = None
    for glyph in line:
        if glyph.char.isspace():
            runs = _with_space(runs)
            last = last if spaced_out and last else glyph
            continue
        gap = glyph.x0 - last.x1 if last else 0.0
        apart = gap > base + 0.22 * size if spaced_out else (glyph.spaced or gap > 0.25 * size)
        if last and apart:
            runs = _with_space(runs)
        if last and not spaced_out and gap > 0.5 * size:
            wide.append(letters)
        letters += 1
        style = Style(glyph.bold, glyph.font, round(small or glyph.size, 1))
        if runs and runs[-1].style == style:
            runs[-1] = Run(runs[-1].text + glyph.char, style)
        else:
            runs.append(Run(glyph.char, style))
        last = glyph
    text = _legible("".join(run.text for run in runs))
    if not text:
        return None
    bold = sum(glyph.bold for glyph in line) * 2 > len(line)
    top, foot = min(glyph.y0 for glyph in line), max(glyph.y1 for glyph in line)
    runs = _smoothed([Run(_legible(run.text, strip=False), run.style) for run in runs if run.text.strip()])
    gaps = _places_in(text, wide) if wide else []
    return Segment(text, page, line[0].x0, line[-1].x1, top, foot, small or size, bold, runs, gaps=gaps)


def _small_capitals(line: Line) -> float:
    """The size of the large letters of a line set in capitals and small capitals; 0 for any other line."""
    letters = [glyph for glyph in line if glyph.char.isalpha()]
    largest = max((glyph.size for glyph in letters), default=0.0)
    smaller = [glyph.size for glyph in letters if glyph.size < largest * 0.9]
    larger = [glyph for glyph in letters if glyph.size >= largest * 0.9]
    if not smaller or len(larger) > len(smaller) or min(smaller) < largest * 0.35 or max(smaller) - min(smaller) > 0.3:
        return 0.0
    return largest if all(glyph.char.isupper() for glyph in larger) else 0.0


def _smoothed(runs: list[Run]) -> list[Run]:
    """Ligatures have boxes of their own height; what stands between two runs of one look is of that look."""
    smooth: list[Run] = []
    for index, run in enumerate(runs):
        after = runs[index + 1] if index + 1 < len(runs) else None
        short = len(run.text.strip()) <= 3 and run.style.bold == (smooth[-1].style.bold if smooth else None)
        if smooth and short and (after is None or after.style == smooth[-1].style):
            smooth[-1] = Run(smooth[-1].text + run.text, smooth[-1].style)
        elif smooth and run.style == smooth[-1].style:
            smooth[-1] = Run(smooth[-1].text + run.text, run.style)
        else:
            smooth.append(run)
    return smooth


def _places_in(text: str, letters: list[int]) -> list[int]:
    """Where in the text so many letters have passed; ligatures make it inexact by a letter, so a space decides."""
    places, passed, wanted = [], 0, set(letters)
    for index, char in enumerate(text):
        if char.isspace():
            if not wanted.isdisjoint((passed - 1, passed, passed + 1)):
                places.append(index)
        else:
            passed += 1
    return places


def _with_space(runs: list[Run]) -> list[Run]:
    if runs and not runs[-1].text.endswith(" "):
        return [*runs[:-1], Run(runs[-1].text + " ", runs[-1].style)]
    return runs


def _legible(text: str, *, strip: bool = True) -> str:
    """Ligatures taken apart; icons of private fonts and control characters dropped."""
    whole = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Co", "Cc", "Cn", "Cs")
    )
    return whole.strip() if strip else whole


def _mark_drawn_bullets(page: pypdfium2.PdfPage, segments: list[Segment], turns: int) -> None:
    """Browsers and Word draw the marks of a list as small discs that are no characters."""
    height = _height(page, turns)
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        x0, y0, x1, y1 = drawn.get_bounds()
        left, right, low, high = _turned(x0, x1, y0, y1, turns)
        width, tall = right - left, high - low
        if not (1 < width < 7 and 1 < tall < 7 and abs(width - tall) < 1.5):
            continue
        middle = height - (low + high) / 2
        beside = [s for s in segments if s.y0 - 1 < middle < s.y1 + 1 and 0 < s.x0 - right < 26]
        if beside:
            min(beside, key=lambda s: s.x0).bullet = True


def _links(pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[str]:
    found: list[str] = []
    position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    while pdfium.FPDFLink_Enumerate(page.raw, position, link) and len(found) < 100:
        action: Any = pdfium.FPDFLink_GetAction(link)
        if action:
            length = pdfium.FPDFAction_GetURIPath(pdf.raw, action, None, 0)
            buffer = ctypes.create_string_buffer(length)
            pdfium.FPDFAction_GetURIPath(pdf.raw, action, buffer, length)
            found.append(buffer.value.decode("utf-8", "replace"))
    return found
