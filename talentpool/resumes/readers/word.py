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
from docx.text.paragraph import Paragraph
from odf import opendocument, teletype
from odf.element import Element
from odf.namespaces import TABLENS, TEXTNS
from odf.text import A
from striprtf.striprtf import rtf_to_text

from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.readers.plain import read_lines
from talentpool.resumes.rows import BODY, Document, Lines, Style

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
    """Cells of one line each stand level; a cell of several lines is a column and is read by itself."""
    cells = [
        [p for p in cell.iter(qn("w:p")) if "".join(p.itertext()).strip()] for cell in row.iterchildren(qn("w:tc"))
    ]
    if all(len(paragraphs) <= 1 for paragraphs in cells):
        found = [Paragraph(p[0], owner) for p in cells if p]
        if found:
            lines.add([p.text for p in found], style=_docx_style(found[0]))
        return
    for cell in row.iterchildren(qn("w:tc")):
        _add_docx_blocks(cell, owner, lines)


def _add_docx_paragraph(paragraph: Paragraph, lines: Lines) -> None:
    if not paragraph.text.strip():
        lines.blank()
        return
    properties = paragraph._p.pPr
    name = _style_name(paragraph)
    bullet = (properties is not None and properties.numPr is not None) or "list" in name.lower()
    style = _docx_style(paragraph)
    for line in paragraph.text.split("\n"):
        lines.add(re.split(r"\t|\s{3,}", line), style=style, bullet=bullet)


def _style_name(paragraph: Paragraph) -> str:
    return (paragraph.style.name or "") if paragraph.style is not None else ""


def _docx_style(paragraph: Paragraph) -> Style:
    name = _style_name(paragraph)
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    sizes = [run.font.size.pt for run in runs if run.font.size is not None]
    size = max(sizes) if sizes else BODY
    if name.lower() in ("title", "titel", "titre", "título", "titolo"):
        return Style(True, name, max(size, 20.0))
    if level := _LEVEL.match(name):
        return Style(True, name, max(size, 16.0 - int(level[1])))
    return Style(bold, name, size)


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
            cells = [c for c in block.childNodes if getattr(c, "qname", None) == _CELL]
            lines.add([teletype.extractText(cell) for cell in cells])
        else:
            _add_odt_blocks(block, lines, in_list=in_list or kind == _LIST)


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
