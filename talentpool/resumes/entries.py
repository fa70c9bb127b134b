"""Which rows of a section begin an entry, which are its text, and where one entry ends.

Every date range in a header opens one.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from talentpool.resumes.dates import RANGE, DateRange, ranges
from talentpool.resumes.grids import by_column
from talentpool.resumes.rows import Row, Segment, row_text
from talentpool.resumes.words import ORGANISATION, is_prose, title_score

_BULLET = re.compile(r"^\s*[•◦▪●○■‣⁃∙·*\-–—o►➢✓]\s+|^[•◦▪●○■‣]")
_NOISE = re.compile(
    r"^(at|to|bei|chez|en|bij|presso|@|highlights?|responsibilities|achievements|key achievements|tasks"
    r"|aufgaben|logros"
    r"|tâches|location|website|url|company|position|dates?|keywords|technologies|remote)\W*$",
    re.IGNORECASE,
)
_LONGEST_HEADER = 95  # characters
_MOST_WORDS = 13
_FIRST_PIECE = re.compile(r"\s[|•·–—]\s|,\s")
_MOST_DESCRIPTION = 2  # rows
_Edges = dict[tuple[int, int, int], float]  # how far to the right a column's lines reach
_Group = tuple[list[Row], list[Row]]  # header and text


@dataclass(slots=True)
class Entry:
    header: list[Row]
    body: list[Row] = field(default_factory=list)
    range: DateRange | None = None


def is_noise(text: str) -> bool:
    """Labels that say nothing: "at", "Responsibilities:"."""
    return _NOISE.match(text) is not None


def entries_of(rows: list[Row], body_size: float) -> list[Entry]:
    rows = _with_floated_dates_raised(by_column(rows))
    rows = [row for row in rows if not (len(row) == 1 and is_noise(row[0].text))]
    edges = _right_edges(rows)
    groups = _over_descriptions(_grouped(_marked(rows, edges), edges), body_size)
    entries = [entry for header, body in groups for entry in _cut_at_ranges(header, body)]
    return _with_headless_joined(entries, body_size)


def _with_floated_dates_raised(rows: list[Row]) -> list[Row]:
    """Dates that float at the right and found no room beside their header stand level with the first bullet."""
    raised: list[Row] = []
    for row in rows:
        above = raised[-1] if raised else None
        floated = len(row) > 1 and _is_bullet(row) and RANGE.fullmatch(row[-1].text.strip())
        if floated and above and not _is_bullet(above) and not _has_range([above]):
            raised[-1] = [*above, row[-1]]
            raised.append(row[:-1])
        else:
            raised.append(row)
    return raised


def _is_bullet(row: Row) -> bool:
    return row[0].bullet or _BULLET.match(row[0].text) is not None


def _is_body(row: Row) -> bool:
    text = row_text(row)
    if _BULLET.match(text) or any(segment.bullet for segment in row[:2]):
        return True
    core = " ".join(_without_ranges(segment.text) for segment in row)
    words = core.split()
    if len(core) > _LONGEST_HEADER or len(words) > _MOST_WORDS or (core == text and is_prose(text)):
        return True
    return text.rstrip().endswith((".", ";")) and len(words) > 4 and not ORGANISATION.search(words[-1])


def _without_ranges(text: str) -> str:
    for span in sorted(ranges(text), reverse=True):
        text = text[: span.begin] + text[span.finish :]
    return text


def _right_edges(rows: list[Row]) -> _Edges:
    edges: _Edges = defaultdict(float)
    for row in rows:
        edges[_column(row[0])] = max(edges[_column(row[0])], row[0].x1)
    return edges


def _marked(rows: list[Row], edges: _Edges) -> list[tuple[Row, bool]]:
    """Each row with whether it is text. A row that goes on where the one above was full is text, and so is that one."""
    marked: list[tuple[Row, bool]] = []
    for row in rows:
        body = _is_body(row)
        if marked and _is_wrapped(marked[-1][0], row, edges, after_body=marked[-1][1]):
            marked[-1] = (marked[-1][0], True)
            body = True
        marked.append((row, body))
    return marked


def _column(segment: Segment) -> tuple[int, int, int]:
    return segment.page, round(segment.x0), round(segment.size)


def _is_wrapped(above: Row, row: Row, edges: _Edges, *, after_body: bool) -> bool:
    upper, lower = above[0], row[0]
    if (
        upper.ends_paragraph
        or len(above) != 1
        or len(row) != 1
        or upper.page != lower.page
        or lower.bullet
        or lower.after_blank
    ):
        return False
    if abs(lower.x0 - upper.x0) >= 1.5 or lower.bold != upper.bold or abs(lower.size - upper.size) >= 0.3:
        return False
    if (
        not 0 < lower.y0 - upper.y0 < lower.size * 2.1
        or ranges(lower.text)
        or ranges(upper.text)
        or len(upper.text) <= 25
    ):
        return False
    return _was_full(upper, lower, edges) and (after_body or lower.text[:1].islower() or lower.text.endswith("."))


def _was_full(upper: Segment, lower: Segment, edges: _Edges) -> bool:
    """Whether the first word of the line below would not have fitted on the upper one."""
    first_word = (len(lower.text.split()[0]) + 1) * (upper.x1 - upper.x0) / max(len(upper.text), 1)
    return upper.x1 + first_word > edges[_column(lower)] - 1


def _grouped(marked: list[tuple[Row, bool]], edges: _Edges) -> list[_Group]:
    groups: list[_Group] = []
    header: list[Row] = []
    last_body: Row | None = None
    for row, body in marked:
        if body or (not header and last_body is not None and groups and _continues(last_body, row, edges)):
            if header:
                groups.append((header, []))
                header = []
            if groups:
                groups[-1][1].append(row)
            last_body = row
        else:
            header.append(row)
    if header:
        groups.append((header, []))
    return groups


def _over_descriptions(groups: list[_Group], body_size: float) -> list[_Group]:
    """A line or two that tell what an employer does may stand inside a header, above its dates or above its title."""
    whole: list[_Group] = []
    for header, body in groups:
        above, between = whole[-1] if whole else ([], [])
        described = 0 < len(between) <= _MOST_DESCRIPTION and not any(s.bullet for row in between for s in row)
        if described and _belongs_above(above, header, body_size):
            whole[-1] = (above + header, between + body)
        else:
            whole.append((header, body))
    return whole


def _belongs_above(above: list[Row], header: list[Row], body_size: float) -> bool:
    if not _has_range(above):
        return _has_range(header) and _stands_out(above, body_size)
    return not _has_range(header) and _names_title(header) and not _names_title(above)


def _has_range(rows: list[Row]) -> bool:
    return any(ranges(segment.text) for row in rows for segment in row)


def _names_title(rows: list[Row]) -> bool:
    return any(title_score(segment.text) >= 1 for row in rows for segment in row)


def _stands_out(rows: list[Row], body_size: float) -> bool:
    return any(s.bold or s.size > body_size * 1.05 or s.after_blank for row in rows for s in row)


def _continues(body: Row, row: Row, edges: _Edges) -> bool:
    """A last line of a paragraph that by itself would pass for a header."""
    first, above = row[0], body[-1]
    if len(row) != 1 or first.bold or first.after_blank or ranges(first.text):
        return False
    if above.ends_paragraph or title_score(_FIRST_PIECE.split(first.text)[0]) >= 1:
        return False
    if first.text[:1].islower():
        return True
    below = (
        first.page == body[0].page and abs(first.x0 - above.x0) < 1.5 and 0 < first.y0 - above.y0 < first.size * 1.75
    )
    return below and not above.text.rstrip().endswith(".") and _was_full(above, first, edges)


def _cut_at_ranges(header: list[Row], body: list[Row]) -> list[Entry]:
    """One entry a range; each takes as many rows above its range as the first one had."""
    found = [(index, span) for index, row in enumerate(header) for segment in row for span in ranges(segment.text)]
    found = found or [(index, span) for index, row in enumerate(header) for span in ranges(row_text(row))]
    found = found or _wrapped_ranges(header)
    if len(found) <= 1:
        return [Entry(header, body, found[0][1] if found else None)]
    above = found[0][0]
    starts = [0]
    for (index, _), (following, _) in pairwise(found):
        starts.append(min(following, max(index + 1, following - above)) if following > index else following)
    entries = []
    for number, (index, span) in enumerate(found):
        end = starts[number + 1] if number + 1 < len(starts) else len(header)
        is_last = number == len(found) - 1
        entries.append(Entry(header[starts[number] : end] or [header[index]], body if is_last else [], span))
    return entries


def _wrapped_ranges(header: list[Row]) -> list[tuple[int, DateRange]]:
    return [
        (index, span)
        for index, (row, below) in enumerate(pairwise(header))
        for upper in row
        for lower in below
        if abs(upper.x0 - lower.x0) < 2
        for span in ranges(f"{upper.text} {lower.text}")
    ]


def _with_headless_joined(entries: list[Entry], body_size: float) -> list[Entry]:
    """Rows without a range: the employer above several roles goes to the next entry, the rest is text of the last."""
    kept: list[Entry] = []
    waiting: list[Row] = []
    for entry in entries:
        if entry.range is not None:
            kept.append(Entry(waiting + entry.header, entry.body, entry.range))
            waiting = []
            continue
        if kept and (entry.body or not _stands_out(entry.header, body_size)):
            kept[-1].body += entry.header + entry.body
        elif not entry.body:
            waiting = entry.header
    return kept
