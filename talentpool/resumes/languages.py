"""The languages section: names of languages, each with the level that is written beside or below it."""

import re

from talentpool.resumes.findings import Found, segments_of
from talentpool.resumes.rows import Row, row_text, rows_text
from talentpool.resumes.sections import Sections
from talentpool.vocabulary.languages import language_names

_MARKS = re.compile(r"[●○◉◌★☆■□▪▫◆◇]+|[▰▱]+|\b\d{1,3}\s?%|(?<!\w)[•·|]")
_MOST_ROWS = 30
_LONGEST_LEVEL = 40
_LEVEL_FIRST = re.compile(
    r"^(?:fluent|native|basic|good|excellent|conversational|working)\s+(?:in\s+)?$", re.IGNORECASE
)


def languages_of(sections: Sections) -> list[Found[str]]:
    rows = sections.rows("languages")[:_MOST_ROWS]
    named = [found for group in _columns(rows) for found in _named_in(group)]
    if not rows:
        named = _in_passing(sections)
    if named or not rows:
        return list({found.value.partition(" (")[0].casefold(): found for found in named}.values())
    return _as_written(rows)


def _in_passing(sections: Sections) -> list[Found[str]]:
    """Beside the address of a résumé without a section of languages: "English, French" and nothing else."""
    found: list[Found[str]] = []
    for segment in segments_of(sections.rows("top", "contact")):
        names = language_names(segment.text)
        rest = re.sub(r"[\s,;|•·/&()-]|\band\b|\bund\b", "", _without(segment.text, names))
        if names and not rest:
            found += [Found(name.group(), 0.75, segment.text, [segment]) for name in names]
    return found


def _without(text: str, names: list[re.Match[str]]) -> str:
    for name in reversed(names):
        text = text[: name.start()] + text[name.end() :]
    return text


def _columns(rows: list[Row]) -> list[list[Row]]:
    """A language with its level below it may stand beside another one: then each column is read by itself."""
    names = [len(language_names(segment.text)) for row in rows for segment in row]
    beside = any(sum(bool(language_names(segment.text)) for segment in row) > 1 for row in rows)
    if not beside or len(rows) < 2 or sum(names) >= len(names):
        return [rows]
    edges: list[float] = []
    for segment in segments_of(rows):
        if all(abs(segment.x0 - edge) > 3 for edge in edges):
            edges.append(segment.x0)
    return [[[s] for row in rows for s in row if abs(s.x0 - edge) <= 3] for edge in edges]


def _named_in(rows: list[Row]) -> list[Found[str]]:
    text = _MARKS.sub(" ", rows_text(rows))
    names = language_names(text)
    found = []
    for index, name in enumerate(names):
        end = names[index + 1].start() if index + 1 < len(names) else len(text)
        level = _level(text[name.end() : end])
        before = text[names[index - 1].end() if index else 0 : name.start()].split("\n")[-1].strip(" ,;")
        if not level and _LEVEL_FIRST.match(f"{before} "):
            level = before
        written = name.group() if not name.group().islower() else name.group().capitalize()
        segments = [s for row in rows for s in row if name.group() in s.text]
        found.append(Found(f"{written} ({level})" if level else written, 0.85, name.group(), segments))
    return found


def _level(text: str) -> str:
    """What is said right after a language: "– fluent", "(B2)", "⏎Native speaker"."""
    lines = [line.strip(" ,;:|()–—-•·\t") for line in text.split("\n")]
    first = next((line for line in lines[:2] if line), "")
    first = re.split(r"[,;]\s", first)[0].strip(" ,;:|()–—-")
    return first if 1 < len(first) <= _LONGEST_LEVEL else ""


def _as_written(rows: list[Row]) -> list[Found[str]]:
    """A section that names no language we know is taken by its lines, as suggestions."""
    return [
        Found(piece, 0.6, row_text(row), row)
        for row in rows[:10]
        for part in re.split(r"[,;|•·]\s|\s{3,}", _MARKS.sub(" ", row_text(row)))
        if 2 < len(piece := part.strip(" ,;:|•·–—-")) <= 30
    ]
