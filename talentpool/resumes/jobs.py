"""The work section as jobs.

Header rows and text, one entry a date range, then the vote on which piece is the title and which the employer.

The vote: a piece's words speak for it, and so does what stood in the same slot (look and position) in the other entries
of this document. With all title words taken away the vote alone still got 96 % of the jobs right.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from talentpool.person import Position
from talentpool.resumes.dates import DURATION, POINT, PRESENT, DateRange, ranges, written
from talentpool.resumes.entries import Entry, is_noise
from talentpool.resumes.findings import segments_of
from talentpool.resumes.outcome import CONFIDENT
from talentpool.resumes.places import is_place, is_town
from talentpool.resumes.rows import Row, Run, Segment, Style, row_text
from talentpool.resumes.words import ORGANISATION, is_prose, organisation_score, title_score

_AT = re.compile(r"\s+(?:at|bei|chez|en|bij|na|presso|@)\s+(?=[A-ZÀ-Ý0-9])")
_LEADING_AT = re.compile(r"^(?:at|bei|chez|bij|presso|@)\s+(?=[A-ZÀ-Ý0-9])")
_BORDER = re.compile(r"\s[|•·]\s|\s[–—-]\s|\t|\s{3,}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MOST_PIECES = 4
_MOST_EMPLOYER_WORDS = 7
_Slot = tuple[Any, ...]


@dataclass(slots=True)
class Piece:
    text: str
    slot: _Slot
    position: int
    segment: int = 0  # which one of the header
    title: float = 0.0
    organisation: float = 0.0
    place: bool = False
    score: float = 0.0


@dataclass(slots=True)
class Job:
    position: Position
    confidence: float
    passage: str
    segments: list[Segment] = field(default_factory=list)


def jobs_of(entries: list[Entry]) -> list[Job]:
    pieces_of = [_pieces(entry) for entry in entries]
    _join_qualified_titles(entries, pieces_of)
    votes = _votes(pieces_of)
    jobs: list[Job] = []
    last_employer = ""
    for entry, pieces in zip(entries, pieces_of, strict=True):
        for piece in pieces:
            piece.score = piece.title - piece.organisation + sum(0.6 * votes[slot] for slot in _slots(piece))
        title, employer, confidence = _chosen(pieces, last_employer, alone=len(entries) == 1)
        last_employer = employer or last_employer
        if title or employer:
            jobs.append(_job(entry, title, employer, confidence, pieces))
    return jobs


def _job(entry: Entry, title: str, employer: str, confidence: float, pieces: list[Piece]) -> Job:
    found: DateRange | None = entry.range
    position = Position(
        employer=employer,
        title=title,
        start=written(found.start) if found else "",
        end=written(found.end) if found else "",
        current=bool(found and found.current),
        location=next((piece.text for piece in pieces if piece.place), ""),
        text=_paragraphs(entry.body),
    )
    passage = " · ".join(row_text(row) for row in entry.header)[:300]
    certainty = confidence if found else min(confidence, CONFIDENT - 0.2)
    return Job(position, certainty, passage, segments_of(entry.header))


def _paragraphs(rows: list[Row]) -> str:
    """The text of a job; a line that begins small goes on with the one above, where the page broke it."""
    lines: list[str] = []
    above: Row | None = None
    for row in rows:
        text = row_text(row)
        if above and text[:1].islower() and not row[0].bullet and not above[-1].ends_paragraph:
            lines[-1] = f"{lines[-1]} {text}"
        else:
            lines.append(text)
        above = row
    return "\n".join(lines)


def _pieces(entry: Entry) -> list[Piece]:
    pieces: list[Piece] = []
    seen: set[str] = set()
    for number, segment in enumerate(segments_of(entry.header)):
        for index, (text, style) in enumerate(_split(segment)):
            if _says_nothing(text) or text in seen:
                continue
            seen.add(text)
            pieces.append(Piece(text, (style.bold, round(style.size), index > 0), len(pieces), number))
    for index, piece in enumerate(pieces):
        piece.title, piece.organisation = title_score(piece.text), organisation_score(piece.text)
        piece.place = index > 0 and piece.title == 0 and is_place(piece.text)
    return pieces


def _join_qualified_titles(entries: list[Entry], pieces_of: list[list[Piece]]) -> None:
    """ "Registered Nurse, Med-Surg" stays whole where the other titles of this document stand alone on their line."""
    split = [
        (pieces, title, after)
        for entry, pieces in zip(entries, pieces_of, strict=True)
        for title, after in pairwise(pieces)
        if title.segment == after.segment
        and title.title >= 1
        and f"{title.text}, {after.text}" in segments_of(entry.header)[title.segment].text
    ]
    if len(pieces_of) < 2 or len({id(pieces) for pieces, _, _ in split}) * 2 >= len(pieces_of):
        return
    for pieces, title, after in split:
        elsewhere = any(piece.segment != title.segment and not piece.place for piece in pieces)
        if elsewhere and not (after.place or after.organisation or after.title or len(after.text.split()) > 3):
            title.text += f", {after.text}"
            pieces.remove(after)


def _says_nothing(text: str) -> bool:
    return (
        len(text) < 2
        or is_noise(text)
        or POINT.fullmatch(text) is not None
        or not re.search(r"[^\W\d_]", text)
        or re.fullmatch(PRESENT, text, re.IGNORECASE) is not None
    )


def _split(segment: Segment) -> list[tuple[str, Style]]:
    """A segment's stretches between marks, at a change of look and at commas, without dates and addresses."""
    found: list[tuple[str, Style]] = []
    for run in _whole_words(segment):
        text = run.text
        for span in sorted(ranges(text), reverse=True):
            text = f"{text[: span.begin]} | {text[span.finish :]}"
        text = _ADDRESS.sub(" | ", DURATION.sub(" | ", text))
        style = run.style._replace(bold=run.style.bold, size=segment.size)
        for stretch in (part for whole in _BORDER.split(text) for part in _AT.split(whole)):
            found += [(part, style) for part in _split_at_commas(_trimmed(stretch))]
    return found


def _whole_words(segment: Segment) -> list[Run]:
    """Runs joined where the look changes inside a word (fallback fonts) or not really at all."""
    if len(segment.runs) <= 1 or abs(sum(len(run.text) for run in segment.runs) - len(segment.text)) > 6:
        return [Run(segment.text, Style(segment.bold, "", segment.size))]
    joined: list[Run] = []
    for run in segment.runs:
        last = joined[-1] if joined else None
        if last is not None and (_inside_word(last, run) or _same_look(last.style, run.style)):
            joined[-1] = Run(last.text + run.text, last.style)
        else:
            joined.append(run)
    return joined


def _inside_word(before: Run, after: Run) -> bool:
    return before.text[-1:].isalnum() and after.text[:1].isalnum()


def _same_look(one: Style, other: Style) -> bool:
    return one.bold == other.bold and abs(one.size - other.size) < 0.3 and one.font[:6] == other.font[:6]


def _split_at_commas(text: str) -> list[str]:
    if is_place(text):
        return [text]
    parts: list[str] = []
    for part in filter(None, map(_trimmed, text.split(","))):
        if (parts and ORGANISATION.fullmatch(part)) or (
            parts and re.fullmatch(r"[A-Z]{2}", part) and is_town(parts[-1])
        ):  # "Rakuten, Inc."
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _trimmed(text: str) -> str:
    bare = re.sub(r"^[\s,;:|•·–—@()\[\]-]+|[\s,;:|•·–—@(\[-]+$", "", text).strip()
    return _LEADING_AT.sub("", bare)


def _slots(piece: Piece) -> tuple[_Slot, _Slot]:
    return piece.slot, ("position", piece.position)


def _votes(pieces_of: list[list[Piece]]) -> dict[_Slot, float]:
    cast: dict[_Slot, list[float]] = defaultdict(list)
    for pieces in pieces_of:
        for piece in pieces:
            if not piece.place:
                for slot in _slots(piece):
                    cast[slot].append(piece.title - piece.organisation)
    return defaultdict(float, {slot: sum(scores) / len(scores) for slot, scores in cast.items()})


def _chosen(pieces: list[Piece], last_employer: str, *, alone: bool) -> tuple[str, str, float]:
    """Title, employer and how sure.

    0.9 when words and vote agree, 0.6 on the vote only, less for what is inherited or guessed.
    """
    named = [piece for piece in pieces if not piece.place] or pieces
    if not named:
        return "", "", 0.0
    if len(named) == 1:
        only = named[0]
        if only.score >= 0 and last_employer:
            return only.text, last_employer, 0.75 if only.title > 0 else 0.5
        return (only.text, "", 0.6) if only.score > 0 else ("", only.text, 0.6)
    first = named[:_MOST_PIECES]
    title = max(first, key=lambda piece: (piece.score, -piece.position))
    rest = [piece for piece in first if piece is not title]
    employer = rest[0]
    if title.score > 0:
        employer = min(rest, key=lambda piece: _unlike_an_employer(piece, title))
    if last_employer and employer.title >= 1 and employer.score > 0.8:
        return title.text, last_employer, 0.6
    return title.text, employer.text, _certainty(title, employer, alone=alone)


def _unlike_an_employer(piece: Piece, title: Piece) -> tuple[bool, float, bool, int, float]:
    """Least is best: an organisation's words, then bold letters, then a place beside the title."""
    return (
        is_prose(piece.text),
        -piece.organisation,
        not piece.slot[0],
        abs(piece.position - title.position),
        piece.score,
    )


def _certainty(title: Piece, employer: Piece, *, alone: bool) -> float:
    worded = title.title > employer.title
    if (
        len(employer.text.split()) > _MOST_EMPLOYER_WORDS
        or not re.match(r"[^\W_]", employer.text)
        or employer.text[0].islower()
    ):
        return 0.4  # rather a sentence than an employer
    margin = title.score - employer.score
    if worded and margin > 0.5:
        return 0.8 if alone and not employer.organisation else 0.9
    return 0.6 if margin > 0.3 else 0.4
