"""Why a person was found, in words: which of her texts holds what was asked for, with the words marked.

Made from the person's texts, not by an engine, and only for the people of one page: both engines give the same reasons.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from talentpool.search.analysis import Word, prefix_stems, stems, words
from talentpool.search.clauses import NEAR, NOTICE, Clause, Match, Near, Within, positive
from talentpool.search.concepts import Addition
from talentpool.search.index.document import BODY, Document, Segment
from talentpool.search.index.times import words_of_mark
from talentpool.search.language.near import KM_OF_A_MILE
from talentpool.search.proximity import stretches
from talentpool.vocabulary.cells import kilometres, middle_of

MOST_REASONS = 4
_AROUND = 70  # characters shown before the first and after the last marked word
_WHOLE = 160  # a text up to this length is shown whole


@dataclass(frozen=True, slots=True)
class Reason:
    label: str
    html: SafeString
    note: str = ""  # that the text has another name of what was typed


def matches_of(additions: Iterable[Addition], typed: Clause | None) -> Mapping[Match, Addition]:
    """What is looked for by another name alone."""
    asked_for = set(positive(typed))
    matches = (
        (Match(tuple(stems(each.name)), field), each)
        for each in additions
        for field in ((each.field,) if each.field else (None, "title", "skill"))
    )
    return {match: each for match, each in matches if match not in asked_for}


def reasons(clause: Clause | None, document: Document, added: Mapping[Match, Addition] | None = None) -> list[Reason]:
    """One reason for each text that holds something asked for, every match in the first text that has it."""
    named = added or {}
    asked_for = dict.fromkeys(positive(clause))
    matches = [each for each in asked_for if isinstance(each, Match)]
    marks: dict[Segment, list[tuple[int, int]]] = {}
    notes: dict[Segment, str] = {}
    for segment in _in_ranges((each for each in asked_for if isinstance(each, Within)), document):
        marks[segment] = [(0, len(segment.text))]
    for segment in _around((each for each in asked_for if isinstance(each, Near)), document):
        marks[segment] = [(0, len(segment.text))]
    said: set[str] = set()
    for segment in document.segments:
        if not matches or len(marks) == MOST_REASONS:
            break
        asked = [match for match in matches if _answers(segment, match.field)]
        found = _found(asked, segment.text) if asked else {}
        if found:
            said.update(word for match in found if match not in named for word in match.words)
            marks[segment] = sorted(mark for places in found.values() for mark in places)
            news = [
                named[match] for match in found if match in named and not said.issuperset(stems(named[match].typed))
            ]
            notes[segment] = " and ".join(dict.fromkeys(each.sentence for each in news))
            # Who has what was typed isn't explained by its other names.
            told = {match for match, each in named.items() if said.issuperset(stems(each.typed))}
            matches = [match for match in matches if match not in found and match not in told]
    return [
        Reason(segment.label, _marked(segment, places), notes.get(segment, "")) for segment, places in marks.items()
    ]


def _answers(segment: Segment, field: str | None) -> bool:
    return not segment.is_named_only if field is None else segment.field == field


def _in_ranges(ranges: Iterable[Within], document: Document) -> Iterator[Segment]:
    """What says the numbers and days that lie where they were asked for."""
    numbers = dict(document.marks)
    for each in ranges:
        number = numbers.get(each.field)
        if number is None or not each.holds(number):
            continue
        if words := words_of_mark(each.field, number):
            yield Segment(each.field, *words)
        field = "available" if each.field == NOTICE else each.field
        yield from (segment for segment in document.segments if segment.field == field)


def _around(circles: Iterable[Near], document: Document) -> Iterator[Segment]:
    """Where she lives and how far that is."""
    cell = dict(document.marks).get(NEAR)
    place = next((segment.text for segment in document.segments if segment.field == "location"), "")
    for circle in circles:
        if cell is not None and any(each.holds(cell) for each in circle.clauses if isinstance(each, Within)):
            away = kilometres(middle_of(cell), middle_of(circle.cell)) / (KM_OF_A_MILE if circle.in_miles else 1)
            far = f", {away:.0f} {'mi' if circle.in_miles else 'km'} from {circle.town}" if away >= 0.5 else ""
            yield Segment(NEAR, "Location", f"{place}{far}")


def _found(matches: list[Match], text: str) -> dict[Match, list[tuple[int, int]]]:
    in_text = list(words(text))
    found = {match: list(_places(match, in_text)) for match in matches}
    return {match: places for match, places in found.items() if places}


def _places(match: Match, in_text: list[Word]) -> Iterator[tuple[int, int]]:
    if match.between:
        yield from _near_each_other(match, in_text)
        return
    *before, last = match.words
    for index in range(len(in_text) - len(before)):
        end = in_text[index + len(before)]
        if not _is(end, last, prefix=match.prefix):
            continue
        if all(in_text[index + step].stem == word for step, word in enumerate(before)):
            yield in_text[index].start, end.end


def _near_each_other(match: Match, in_text: list[Word]) -> Iterator[tuple[int, int]]:
    places = {
        place
        for first, last in stretches([word.stem for word in in_text], match.words, match.between)
        for place in range(first, last + 1)
        if in_text[place].stem in match.words
    }
    yield from ((in_text[place].start, in_text[place].end) for place in sorted(places))


def _is(word: Word, asked: str, *, prefix: bool) -> bool:
    if not prefix:
        return word.stem == asked
    start, whole = prefix_stems(asked)
    return word.stem.startswith(start) or word.stem in whole


def _marked(segment: Segment, marks: list[tuple[int, int]]) -> SafeString:
    text = segment.text
    start, end = (0, len(text)) if segment.field != BODY and len(text) <= _WHOLE else _excerpt(text, marks[0])
    pieces: list[tuple[str, SafeString]] = []
    position = start
    for first, last in marks:
        if first >= position and last <= end:
            pieces.append((_flat(text[position:first]), format_html("<mark>{}</mark>", text[first:last])))
            position = last
    return format_html(
        "{}{}{}{}",
        "… " if start else "",
        format_html_join("", "{}{}", pieces),
        _flat(text[position:end]),
        " …" if end < len(text) else "",
    )


def _excerpt(text: str, mark: tuple[int, int]) -> tuple[int, int]:
    """A stretch around a mark, cut between words."""
    first, last = max(0, mark[0] - _AROUND), min(len(text), mark[1] + _AROUND)
    if first:
        first = next((place + 1 for place in range(first, mark[0]) if text[place].isspace()), mark[0])
    if last < len(text):
        last = next((place for place in range(last, mark[1], -1) if text[place].isspace()), mark[1])
    return first, last


def _flat(text: str) -> str:
    """Line breaks as spaces, spaces at the edges kept."""
    flat = " ".join(text.split())
    return (" " if text[:1].isspace() else "") + flat + (" " if flat and text[-1:].isspace() else "")
