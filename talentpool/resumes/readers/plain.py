"""Text files, and the text of kinds that keep nothing but lines."""

import re

from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.rows import Document, Lines

MAX_CHARACTERS = 200_000
_SHORT_LINE = 60  # characters; a longer line may go on below
_MARK = re.compile(r"^\s*[•◦▪●○■‣⁃∙·*➢✓-]\s+")


def decoded(data: bytes) -> str:
    """BOM, then UTF-8, then Windows-1252, which reads every byte that real files hold."""
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_text(data: bytes) -> Document:
    return read_lines(decoded(data))


def read_lines(content: str) -> Document:
    lines = Lines(MAX_CHARACTERS)
    for line in content.replace("\x0c", "\n").splitlines():
        if not line.strip():
            lines.blank()
            continue
        marked = _MARK.match(line)
        kept = line[marked.end() :] if marked else line
        lines.add(re.split(r"\t+|\s{3,}", kept), bullet=bool(marked), ends_paragraph=len(kept) < _SHORT_LINE)
    if not lines.rows:
        raise ResumeError(Unreadable.EMPTY)
    return lines.document()
