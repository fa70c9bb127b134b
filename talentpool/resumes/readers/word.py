"""DOCX, ODT and RTF.

Paragraphs with their weight and level, cells of tables side by side, headers first (people put their address there).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXException

import docx
from docx.exceptions import PythonDocxError
from docx.oxml.ns import qn
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from docx.text.run import Run as DocxRun
from odf import opendocument, teletype
from odf.element import Element
from odf.namespaces import TABLENS, TEXTNS
from odf.text import A, H, P
from striprtf.striprtf import rtf_to_text

from talentpool.resumes.headings import heading
from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.readers.plain import read_lines
from talentpool.resumes.rows import BODY, Document, Lines, Run, Style

MAX_CHARACTERS = 200_000
_HEADING, _PARAGRAPH, _LIST = (TEXTNS, "h"), (TEXTNS, "p"), (TEXTNS, "list")
_TABLE_ROW, _CELL = (TABLENS, "table-row"), (TABLENS, "table-cell")
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError)
_MAX_UNPACKED = 64 * 1024 * 1024
_LEVEL = re.compile(r"(?:heading|überschrift|titre|título|kop|titolo)\s*(\d)", re.IGNORECASE)


def read_docx(data: bytes) -> Document:
    _refuse_bombs(data)
    try:
        document = docx.Document(io.BytesIO(data))
        lines = Lines(MAX_CHARACTERS)
        for section in document.sections:
            for part in (section.first_page_header, section.header):
                if not part.is_linked_to_previous:
                    _add_docx_blocks(part._element, part, lines)
        _add_docx_blocks(document.element.body, document, lines)
        links = [
            rel.target_ref for rel in document.part.rels.values() if rel.is_external and "hyperlink" in rel.reltype
        ]
    except (
        KeyError,
        ValueError,
        AttributeError,
        SyntaxError,
        *_BROKEN_ZIP,
        PythonDocxError,
    ) as error:
        raise ResumeError(Unreadable.DAMAGED) from error
    return _with_text(lines.document(links))


def _add_docx_blocks(parent: Any, owner: Any, lines: Lines) -> None:
    for block in parent.iterchildren():
        if lines.full:
            return
        if block.tag == qn("w:p"):
            _add_docx_paragraph(Paragraph(block, owner), lines)
            for box in block.iter(qn("w:txbxContent")):
                if not any(ancestor.tag.endswith("}Fallback") for ancestor in box.iterancestors()):
                    _add_docx_blocks(box, owner, lines)
        elif block.tag == qn("w:tbl"):
            for row in block.iter(qn("w:tr")):
                _add_docx_row(row, owner, lines)
        elif block.tag == qn("w:sdt"):
            for content in block.iterchildren(qn("w:sdtContent")):
                _add_docx_blocks(content, owner, lines)


def _add_docx_row(row: Any, owner: Any, lines: Lines) -> None:
    """Cells of one line each stand level.

    A cell of several lines is read by itself; where several such cells have headings, the table is a page in columns.
    """
    cells = list(row.iterchildren(qn("w:tc")))
    filled = [[p for p in cell.iter(qn("w:p")) if "".join(p.itertext()).strip()] for cell in cells]
    if all(len(paragraphs) <= 1 for paragraphs in filled):
        level = [run for p in filled if p for run in _lines_of(Paragraph(p[0], owner))[:1]]
        lines.add_runs(cell for line in level for cell in line)
        return
    with_headings = [any(heading("".join(p.itertext())) for p in paragraphs) for paragraphs in filled]
    before = lines.column
    for index, cell in enumerate(cells):
        if sum(with_headings) > 1 and filled[index]:
            lines.column = f"{before}{'LR'[min(index, 1)]}"
        _add_docx_blocks(cell, owner, lines)
    lines.column = before


def _add_docx_paragraph(paragraph: Paragraph, lines: Lines) -> None:
    if not paragraph.text.strip():
        lines.blank()
        return
    properties = paragraph._p.pPr
    name = _style_name(paragraph)
    bullet = (properties is not None and properties.numPr is not None) or "list" in name.lower()
    for cells in _lines_of(paragraph):
        lines.add_runs(cells, bullet=bullet)


def _lines_of(paragraph: Paragraph) -> list[list[list[Run]]]:
    """A paragraph as lines of cells: a break ends a line, a tab or three spaces end a cell."""
    base = _docx_style(paragraph)
    lines: list[list[list[Run]]] = [[[]]]
    for piece in paragraph.iter_inner_content():
        for run in piece.runs if isinstance(piece, Hyperlink) else [piece]:
            style = _run_style(run, base)
            for part in re.split(r"(\n|\t+| {3,})", run.text):
                if part == "\n":
                    lines.append([[]])
                elif part.startswith("\t") or (part.isspace() and len(part) > 2):
                    lines[-1].append([])
                elif part:
                    lines[-1][-1].append(Run(part, style))
    return lines


def _run_style(run: DocxRun, base: Style) -> Style:
    """What the run says itself, else what its paragraph's style says."""
    bold = base.bold if run.bold is None else bool(run.bold)
    italic = "italic" if run.italic else ""
    size = run.font.size.pt if run.font.size is not None and not base.font.startswith("heading") else base.size
    return Style(bold, base.font or italic, size)


def _style_name(paragraph: Paragraph) -> str:
    return (paragraph.style.name or "") if paragraph.style is not None else ""


def _docx_style(paragraph: Paragraph) -> Style:
    name = _style_name(paragraph)
    font = paragraph.style.font if paragraph.style is not None else None
    size = font.size.pt if font is not None and font.size is not None else BODY
    if name.lower() in ("title", "titel", "titre", "título", "titolo"):
        return Style(True, "heading title", max(size, 20.0))
    if level := _LEVEL.match(name):
        return Style(True, f"heading {level[1]}", max(size, 16.0 - int(level[1])))
    return Style(bool(font is not None and font.bold), "", size)


def read_odt(data: bytes) -> Document:
    _refuse_bombs(data)
    try:
        document = opendocument.load(io.BytesIO(data))
    except (KeyError, ValueError, SAXException, AttributeError, *_BROKEN_ZIP) as error:
        raise ResumeError(Unreadable.DAMAGED) from error
    lines = Lines(MAX_CHARACTERS)
    _add_odt_blocks(document.text, lines, in_list=False)
    links = [str(link.getAttribute("href")) for link in document.text.getElementsByType(A)]
    return _with_text(lines.document(links))


def _add_odt_blocks(parent: Element, lines: Lines, *, in_list: bool) -> None:
    for block in parent.childNodes:
        kind = getattr(block, "qname", None)
        if lines.full or kind is None:
            continue
        if kind == _HEADING:
            lines.add([teletype.extractText(block)], style=Style(True, "heading", 14.0))
        elif kind == _PARAGRAPH:
            _add_odt_paragraph(block, lines, in_list=in_list)
        elif kind == _TABLE_ROW:
            _add_odt_row([c for c in block.childNodes if getattr(c, "qname", None) == _CELL], lines)
        else:
            _add_odt_blocks(block, lines, in_list=in_list or kind == _LIST)


def _add_odt_row(cells: list[Element], lines: Lines) -> None:
    """As rows of DOCX: level while each cell is one line, else cell by cell, in columns where cells have headings."""
    filled = [
        [text for kind in (H, P) for p in cell.getElementsByType(kind) if (text := teletype.extractText(p)).strip()]
        for cell in cells
    ]
    if all(len(texts) <= 1 for texts in filled):
        lines.add([text for texts in filled for text in texts])
        return
    in_columns = sum(any(heading(text) for text in texts) for texts in filled) > 1
    before = lines.column
    for index, cell in enumerate(cells):
        if in_columns and filled[index]:
            lines.column = f"{before}{'LR'[min(index, 1)]}"
        _add_odt_blocks(cell, lines, in_list=False)
    lines.column = before


def _add_odt_paragraph(block: Element, lines: Lines, *, in_list: bool) -> None:
    content = teletype.extractText(block)
    if not content.strip():
        lines.blank()
    for line in content.split("\n"):
        lines.add(re.split(r"\t|\s{3,}", line), bullet=in_list)


def read_rtf(data: bytes) -> Document:
    try:
        content = rtf_to_text(data.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, UnicodeError, LookupError) as error:
        raise ResumeError(Unreadable.DAMAGED) from error
    return read_lines(content)


def _members(data: bytes) -> Iterator[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from archive.infolist()
    except _BROKEN_ZIP as error:
        raise ResumeError(Unreadable.DAMAGED) from error


def _refuse_bombs(data: bytes) -> None:
    members = list(_members(data))
    if any(member.flag_bits & 1 for member in members):
        raise ResumeError(Unreadable.PROTECTED)
    if sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise ResumeError(Unreadable.TOO_HEAVY)


def _with_text(document: Document) -> Document:
    if not document.rows:
        raise ResumeError(Unreadable.PICTURES)
    return document
