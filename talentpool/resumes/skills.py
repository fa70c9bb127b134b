"""Skills: from the section that lists them; where there is none, from running text, and then only as suggestions."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from talentpool.resumes.findings import Found
from talentpool.resumes.places import is_place
from talentpool.resumes.rows import Row, Segment
from talentpool.resumes.sections import Sections
from talentpool.vocabulary.skills import folded, is_known, mentioned_in_prose, mentions

_MARKS = re.compile(r"[●○◉◌★☆■□▪▫◆◇⬤]{2,}|[▰▱█░]+|\b\d{1,3}\s?%|\b\d{1,2}\s?/\s?(?:5|10)\b")
_BULLET = re.compile(r"^\s*[•◦▪●○■‣⁃∙·*➢✓–—-]\s+")
_GROUP = re.compile(r"^[\w &/+()-]{3,45}:(?:\s+|$)")
_BORDER = re.compile(r"[,;](?:\s|$)|\s*[|•·▪●]\s+|\s[–—-]\s|\s/\s|\s{3,}|\t")
_LEVEL = re.compile(
    r"^(?:beginner|basic|intermediate|advanced|expert|master|proficient|fluent|good|very good|excellent"
    r"|native|core|tools?|key"
    r"|professional|technical|general|keywords|levels?|web|years?|other|soft skills|hard skills"
    r"|grundkenntnisse|fortgeschritten"
    r"|experte|sehr gut|gut|débutant|intermédiaire|avancé|confirmé|básico|intermedio|avanzado|experto|básico"
    r"|avançado|base|buono)$",
    re.IGNORECASE,
)
_LEVEL_AFTER = re.compile(
    r"\s*[(–:-]\s*(?:beginner|basic|intermediate|advanced|expert|proficient|good|very good|excellent"
    r"|grundkenntnisse|fortgeschritten"
    r"|sehr gut|gut|avancé|avanzado|avançado|\d+\+?\s*(?:years?|yrs|jahre|ans|años|anos|anni|jaar))[\w ]*\)?$",
    re.IGNORECASE,
)
_MOST_SKILLS = 100
_FEWEST_KNOWN = 2
_LONGEST = 45
_MOST_FROM_PROSE = 25


def skills_of(sections: Sections, text: str) -> list[Found[str]]:
    listed: dict[str, Found[str]] = {}
    for stretch, segments in _stretches(sections.rows("skills")):
        for skill in _items(stretch):
            passage = " ".join(segment.text for segment in segments)[:300]
            listed.setdefault(folded(skill), Found(skill, _certainty(skill), passage, segments))
    listed = listed or _without_heading(sections)
    if listed:
        return list(listed.values())[:_MOST_SKILLS]
    return _from_prose(text)


def _without_heading(sections: Sections) -> dict[str, Found[str]]:
    """Lists of short lines of which many are known skills, in a part that has no heading or another one."""
    found: dict[str, Found[str]] = {}
    run: list[Segment] = []
    for row in [*sections.rows("top", "contact", "summary", "other"), []]:
        if row and all(_is_short(segment) for segment in row):
            run += row
            continue
        known = sum(is_known(_bare(segment.text)) for segment in run)
        if known >= _FEWEST_KNOWN and known >= 0.4 * len(run):
            for segment, below in pairwise([*run, None]):
                if segment is None or (below is not None and segment.size > below.size + 0.6):
                    continue  # the name of a group
                for skill in _items(_line(segment)):
                    sure = 0.75 if is_known(skill) else 0.6
                    found.setdefault(folded(skill), Found(skill, sure, segment.text, [segment]))
        run = []
    return found


def _is_short(segment: Segment) -> bool:
    text = segment.text
    return (
        len(text) <= 35 and len(text.split()) <= 4 and not re.search(r"[@/]|\d{3}|\w\.\w", text) and not is_place(text)
    )


def _certainty(skill: str) -> float:
    if is_known(skill):
        return 0.9
    words = skill.split()
    return 0.8 if len(words) <= 4 and not skill.endswith(".") else 0.5


def _stretches(rows: list[Row]) -> Iterator[tuple[str, Sequence[Segment]]]:
    """Rows as lists: labels of groups taken off, lines joined where an item goes on in the next one."""
    text, segments = "", list[Segment]()
    for index, row in enumerate(rows):
        if any("@" in segment.text for segment in row):
            continue
        cells = _without_label(row, rows[index + 1] if index + 1 < len(rows) else None)
        alone = len(cells) == 1 and not cells[0].bullet
        line = _line(cells[0]) if alone else ""
        goes_on = (
            alone and text and _BORDER.search(text) and not _GROUP.match(line) and _is_below(segments[-1], cells[0])
        )
        if goes_on:
            text, segments = f"{text}\n{line}", [*segments, cells[0]]
            continue
        if text:
            yield text, segments
        text, segments = (line, [cells[0]]) if alone else ("", [])
        if not alone:
            yield from ((_line(cell), [cell]) for cell in cells)
    if text:
        yield text, segments


def _without_label(row: Row, below: Row | None) -> Row:
    """A short bold cell before or above a list is the name of a group; it stays when it names a skill by itself."""
    first = row[0]
    lists = len(row) == 2 and _BORDER.search(row[1].text) and not _BORDER.search(first.text)
    above = (
        below is not None
        and len(row) == 1
        and ((first.bold and not below[0].bold) or first.size > below[0].size + 0.6)
        and not _BORDER.search(first.text)
    )
    if (lists or above) and (_LEVEL.match(first.text) or not is_known(first.text)):
        return row[1:]
    return row


def _line(segment: Segment) -> str:
    """The text with wide gaps made borders."""
    text = segment.text
    for place in sorted(segment.gaps, reverse=True) if not _BORDER.search(text) else ():
        text = f"{text[:place]} | {text[place:].lstrip()}"
    return _GROUP.sub("", _BULLET.sub("", _MARKS.sub(" | ", text)).strip())


def _is_below(upper: Segment, lower: Segment) -> bool:
    return (
        upper.page == lower.page
        and abs(upper.x0 - lower.x0) < 3
        and abs(upper.size - lower.size) < 0.5
        and not upper.ends_paragraph
        and not lower.after_blank
    )


def _items(stretch: str) -> Iterator[str]:
    for piece in _BORDER.split(_outside_brackets(stretch)):
        for item in _over_lines(piece):
            yield from _apart(item)


def _outside_brackets(text: str) -> str:
    """ "AWS (EC2, S3)" lists three skills."""
    return re.sub(r"\s*\(([^()]*,[^()]*)\)", r", \1", text)


def _over_lines(piece: str) -> list[str]:
    """An item over two lines stays one, unless both lines are skills by themselves and together none."""
    lines = [line.strip() for line in piece.split("\n") if line.strip()]
    if len(lines) < 2:
        return lines
    whole = " ".join(lines)
    if not is_known(whole) and all(is_known(_bare(line)) for line in lines):
        return lines
    return [whole]


def _bare(text: str) -> str:
    without_level = _LEVEL_AFTER.sub("", text.strip())
    return re.sub(r"\s*\([^)]*\)$", "", without_level).strip(" ,;:|•·–—()*") or without_level.strip(" ,;:|•·–—()")


def _apart(item: str) -> Iterator[str]:
    """One skill, or several that only spaces part."""
    skill = _bare(item)
    if not skill or not re.search(r"[^\W\d_]", skill) or _LEVEL.match(skill):
        return
    if not is_known(skill) and len(skill.split()) > 1:
        found = list(mentions(skill))
        covered = sum(each.finish - each.begin for each in found)
        if len(found) > 1 and covered > 0.75 * len(skill.replace(" ", "")):
            yield from (skill[each.begin : each.finish] for each in found)
            return
    if len(skill) <= _LONGEST:
        yield skill


def _from_prose(text: str) -> list[Found[str]]:
    found: dict[str, Found[str]] = {}
    for each in mentioned_in_prose(text):
        begin = max(text.rfind("\n", 0, each.begin) + 1, each.begin - 80)
        passage = text[begin : each.finish + 60].split("\n")[0].strip()
        if each.modern:
            found.setdefault(each.skill, Found(each.skill, 0.5, passage))
    return list(found.values())[:_MOST_FROM_PROSE]
