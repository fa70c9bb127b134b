"""Education, languages, certificates and skills, each from its own section."""

import re
from typing import Generic, NamedTuple, TypeVar

from talentpool.person import Education
from talentpool.resumes.dates import POINT, point, ranges, written
from talentpool.resumes.entries import Entry, entries_of, is_noise
from talentpool.resumes.rows import Row, row_text
from talentpool.resumes.sections import Sections
from talentpool.resumes.skills import known_skills_in
from talentpool.resumes.words import DEGREE, SCHOOL

_MARKS = re.compile(r"[●○◉◌★☆■□▪▫◆◇•]{2,}|[▰▱]+|\b\d{1,3}\s?%")
_GROUP = re.compile(r"^[\w &/()-]{3,45}:\s+")
_SKILL_BORDER = re.compile(r"[,;|•·]\s|\s[•·|–]\s|\s/\s|\s{2,}|[,;]$")
_LEVEL = re.compile(
    r"^(beginner|intermediate|advanced|expert|master|basic|proficient|fluent|core|tools|professional|technical|keywords|level|web"
    r"|years?)$",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r"\s[|•·]\s|\s[–—-]\s|\t|\s{3,}|,\s|\s\(|\)|:\s|\s+at\s+(?=[^,|]*\b(?:Univ|Coll|School|Instit|Academ))"
)
_MOST_SKILLS = 100
T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    value: T
    confidence: float
    passage: str


def education_of(sections: Sections) -> list[Found[Education]]:
    rows = sections.rows("education")
    entries = entries_of(rows, sections.body_size)
    if not entries:
        entries = _undated(rows)
    return [found for entry in entries if (found := _education(entry)) is not None]


def _undated(rows: list[Row]) -> list[Entry]:
    """Schools dated by one year, or not at all: each row that names a school opens one."""
    entries: list[Entry] = []
    for row in rows[:30]:
        if not entries or SCHOOL.search(row_text(row)):
            entries.append(Entry([row]))
        else:
            entries[-1].header.append(row)
    return entries


def _education(entry: Entry) -> Found[Education] | None:
    text = " | ".join(segment.text for row in entry.header for segment in row)
    bare = text
    for span in sorted(ranges(text), reverse=True):
        bare = f"{bare[: span.begin]} | {bare[span.finish :]}"
    last = point(bare) if entry.range is None else None
    pieces = [
        piece.strip(" ,;:|()–—-")
        for part in bare.split(" | ")
        for piece in _BORDER.split(part)
        if len(piece.strip(" ,;:|()–—-")) > 1 and not POINT.fullmatch(piece.strip()) and not is_noise(piece)
    ]
    school = next((piece for piece in pieces if SCHOOL.search(piece)), "")
    degree = next((piece for piece in pieces if piece != school and DEGREE.search(piece)), "")
    rest = [piece for piece in pieces if piece not in (school, degree) and not re.fullmatch(r"[\d\W]+", piece)]
    if not school and rest and degree:
        school = rest.pop(0)
    if not school and not degree:
        return None
    degree, area = _degree_and_area(degree, rest)
    dated = entry.range
    found = Education(
        school, degree, area, written(dated.start) if dated else "", written(dated.end if dated else last)
    )
    return Found(found, 0.8 if school and SCHOOL.search(school) and (degree or dated) else 0.5, text[:300])


def _degree_and_area(degree: str, rest: list[str]) -> tuple[str, str]:
    """ "Bachelor Information Technology" is a degree and its area."""
    match = DEGREE.match(degree)
    if match is not None:
        tail = re.sub(
            r"^\s*(?:of|in|en|de|di|der|im|degree in|of science in|of arts in)\s+",
            "",
            degree[match.end() :].strip(" .,:"),
        )
        if tail and not rest:
            return (degree, "") if tail.lower() in ("science", "arts") else (match.group().strip(), tail)
    return degree, rest[0] if rest else ""


def languages_of(sections: Sections) -> list[Found[str]]:
    found = []
    for row in sections.rows("languages")[:20]:
        for piece in re.split(r"[,;|•·]\s|\s{3,}", _MARKS.sub(" ", row_text(row))):
            language = piece.strip(" ,;:|•·–—-")
            if 2 < len(language) <= 60 and not _LEVEL.match(language):
                found.append(Found(language, 0.8, piece.strip()))
    return found


def certificates_of(sections: Sections) -> list[Found[str]]:
    rows = sections.rows("certificates")[:20]
    return [Found(text, 0.7, text) for row in rows if 3 < len(text := row_text(row)) <= 120]


def skills_of(sections: Sections, text: str) -> list[Found[str]]:
    """From the section.

    A résumé without one is searched for skills that are widely known, and these are only suggested.
    """
    listed: dict[str, Found[str]] = {}
    for row in sections.rows("skills"):
        for segment in row:
            for piece in _SKILL_BORDER.split(_GROUP.sub("", _MARKS.sub(" ", segment.text))):
                skill = re.sub(r"\s*\([^)]*\)$", "", piece).strip(" ,;:|•·–—()")
                if 1 <= len(skill) <= 40 and not _LEVEL.match(skill) and re.search(r"\w", skill):
                    certain = 0.85 if len(skill.split()) <= 4 else 0.5
                    listed.setdefault(skill.lower(), Found(skill, certain, segment.text[:300]))
    if listed:
        return list(listed.values())[:_MOST_SKILLS]
    return [Found(skill, 0.5, skill) for skill in known_skills_in(text)]
