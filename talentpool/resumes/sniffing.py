"""What kind of file this is, by its first bytes; the name only decides between kinds of text."""

import io
import json
import re
import zipfile
import zlib
from enum import StrEnum

from talentpool.resumes.europass import is_europass


class Kind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    HTML = "html"
    TEXT = "text"
    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"
    ZIP = "zip"
    DOC = "doc"
    EUROPASS = "europass"
    OLE = "ole"  # other old Office files, and new ones behind a password
    UNKNOWN = "unknown"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_NO_WORD = tuple(name.encode("utf-16-le") for name in ("Workbook", "EncryptedPackage"))
_TAG = re.compile(rb"<(?:!doctype html|html|head|body|div|p|table|h1)\b", re.IGNORECASE)
_TEXT_NAMES = (".csv", ".tsv", ".txt")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(data: bytes, filename: str) -> Kind:
    start = data[:4096]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # first, for a zip may hold a PDF unpacked
        return _kind_of_zip(data)
    if b"%PDF-" in start[:1024]:
        return Kind.PDF
    if start.startswith(_OLE):
        is_word = _WORD_STREAM in data and not any(stream in data for stream in _NO_WORD)
        return Kind.DOC if is_word else Kind.OLE
    if start.lstrip().startswith(b"{\\rtf"):
        return Kind.RTF
    if _is_binary(start, stray=filename.lower().endswith(_TEXT_NAMES)):
        return Kind.UNKNOWN
    return _kind_of_text(data, start, filename.lower())


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:5000])
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, zlib.error):
        return Kind.ZIP
    if "word/document.xml" in names:
        return Kind.DOCX
    if any(name.startswith("xl/workbook") for name in names):
        return Kind.XLSX
    if b"opendocument.text" in mimetype:
        return Kind.ODT
    if b"opendocument.spreadsheet" in mimetype:
        return Kind.XLSX  # calamine reads both
    return Kind.ZIP


def _is_binary(start: bytes, *, stray: bool) -> bool:
    """`stray` forgives a few control characters, NUL too: exports of old systems have them."""
    if start.startswith(_BOMS):
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 11, 12, 13, 27) for byte in start)
    return (b"\x00" in start and not stray) or controls > len(start) * 0.02


def _kind_of_text(data: bytes, start: bytes, filename: str) -> Kind:
    stripped = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped[:1] in (b"{", b"[") and (filename.endswith(".json") or _is_json(data)):
        return Kind.JSON
    if filename.endswith((".csv", ".tsv")):
        return Kind.CSV
    if stripped[:1] == b"<" and is_europass(start):
        return Kind.EUROPASS
    if filename.endswith((".html", ".htm", ".xhtml")) or (stripped[:1] == b"<" and _TAG.search(start)):
        return Kind.HTML
    return Kind.TEXT


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
