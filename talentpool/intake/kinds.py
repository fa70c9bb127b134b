"""Which of the three ways an upload goes, decided by its content."""

import csv
import io
import json

from django.core.exceptions import ValidationError

from talentpool.intake.encodings import certain_encoding, decode
from talentpool.intake.tables import sniff_delimiter
from talentpool.resumes.json_resume import is_json_resume
from talentpool.resumes.sniffing import Kind, kind_of

CSV, XLSX, RESUMES = "csv", "xlsx", "resumes"
SAMPLE = 64 * 1024


def import_kind(data: bytes, name: str) -> str:
    """csv, xlsx or resumes; refuses what is none of them with a sentence."""
    kind = kind_of(data, name)
    if kind is Kind.XLSX or (kind is Kind.OLE and _is_spreadsheet(data)):
        return XLSX
    if kind is Kind.CSV or (kind is Kind.TEXT and _looks_like_table(data)):
        return CSV
    if kind is Kind.JSON:
        _refuse_other_json(data)
    if kind is Kind.UNKNOWN:
        raise ValidationError(
            "This is none of the files that can be read: CSV, Excel, JSON Resume, PDF, Word, OpenDocument, RTF, HTML "
            "or text, or a zip of those.",
            code="unknown",
        )
    return RESUMES


def is_surely_table(start: bytes, name: str) -> bool:
    """Whether the start of a file says it all; what could be JSON has to be read to its end."""
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return False
    kind = kind_of(start, name)
    return kind is Kind.CSV or (kind is Kind.TEXT and _looks_like_table(start))


def _is_spreadsheet(data: bytes) -> bool:
    """Of old Excel, or of any Office with a password, where nobody can tell which."""
    return any(name.encode("utf-16-le") in data for name in ("Workbook", "EncryptedPackage"))


def _looks_like_table(data: bytes) -> bool:
    """Text is a table when its first lines part into the same number of several cells, and a résumé otherwise."""
    text = decode(data[:SAMPLE], certain_encoding([data[:SAMPLE]]) or "cp1252")
    lines = [line for line in text.splitlines() if line.strip()][:20]
    if len(lines) < 2:
        return False
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=sniff_delimiter("\n".join(lines))))
    width = len(rows[0])
    return width > 1 and sum(len(row) == width for row in rows) >= 0.8 * len(rows)


def _refuse_other_json(data: bytes) -> None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValidationError("The JSON file is damaged or incomplete.", code="damaged") from error
    documents = document if isinstance(document, list) else [document]
    if not documents or not all(map(is_json_resume, documents)):
        raise ValidationError("This JSON file holds no résumé in the JSON Resume format.", code="unknown")
