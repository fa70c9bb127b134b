"""The certificates section: one certificate a line, without its date and number."""

import re

from talentpool.resumes.dates import POINT, ranges
from talentpool.resumes.entries import is_noise
from talentpool.resumes.findings import Found
from talentpool.resumes.rows import Row, row_text
from talentpool.resumes.sections import Sections

_BULLET = re.compile(r"^\s*[•◦▪●○■‣⁃∙·*➢✓–—-]\s+")
_ABOUT_ONE = re.compile(
    r"^(?:issued|expires|valid until|credential|gültig|délivré|emitido|rilasciato)\b", re.IGNORECASE
)
_MOST = 20
_LONGEST = 120


def certificates_of(sections: Sections) -> list[Found[str]]:
    found: dict[str, Found[str]] = {}
    for row in sections.rows("certificates")[:_MOST]:
        name = _name(row)
        if (
            2 < len(name) <= _LONGEST
            and re.search(r"[^\W\d_]", name)
            and not is_noise(name)
            and not _ABOUT_ONE.match(name)
        ):
            known = 0.75 if len(name.split()) <= 10 else 0.5
            found.setdefault(name.casefold(), Found(name, known, row_text(row), row))
    return list(found.values())


def _name(row: Row) -> str:
    text = _BULLET.sub("", row[0].text if len(row) == 1 or len(row[0].text) > 12 else row_text(row))
    for span in sorted(ranges(text), reverse=True):
        text = text[: span.begin] + text[span.finish :]
    return re.sub(r"\(\s*\)", "", POINT.sub("", text)).strip(" ,;:|•·–—-()")
