"""A career as a picture: where each post and course of study lies on a line of years, and where nothing is known.

Pure geometry and words, apart from the template tag that draws it, so that odd careers can be tried without a page.
Dates are those of `talentpool.person`: "YYYY", "YYYY-MM" or "YYYY-MM-DD", any of them missing or wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
OLDEST_YEARS = 75  # a date further back is a mistake or a birthday, and would squeeze everything else to nothing
FUTURE_YEARS = 5  # an expected degree is worth showing; the year 2099 is not
GAP_MONTHS = 6
NOMINAL_MONTHS = 6  # how long something is drawn whose other date is unknown
LANES_PER_KIND = 3
CHARACTER_WIDTH = 6.2
BAR, LANE, AXIS, MARGIN = 20, 24, 20, 20


@dataclass(frozen=True)
class Span:
    """One stretch of a life as a source told it."""

    kind: str  # "work" or "study"
    label: str
    start: str = ""
    end: str = ""
    current: bool = False


@dataclass(frozen=True)
class Bar:
    kind: str
    x: float
    y: int
    width: float
    text: str
    title: str

    @property
    def text_x(self) -> float:
        return round(self.x + 8, 1)

    @property
    def text_y(self) -> int:
        return self.y + 14


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    label: str
    left_out: int

    @property
    def axis_y(self) -> int:
        return self.height - AXIS

    @property
    def text_y(self) -> int:
        return self.height - 4


@dataclass(frozen=True)
class _Placed:
    span: Span
    begin: int
    finish: int


def month_of(text: str) -> int | None:
    """Months since the year 0, or None for what is no date; the year alone counts as its January."""
    parts = text.strip().split("-") if text else []
    if not parts or not all(p.isascii() and p.isdigit() for p in parts) or len(parts[0]) != 4:
        return None
    month = int(parts[1]) if len(parts) > 1 else 1
    return int(parts[0]) * 12 + month - 1 if 1 <= month <= 12 and int(parts[0]) else None


def date_in_words(text: str) -> str:
    """ "Mar 2022" or "2022"; what can't be read stays as it came."""
    month = month_of(text)
    if month is None:
        return text.strip()
    return f"{MONTHS[month % 12]} {month // 12}" if "-" in text else str(month // 12)


def period_in_words(start: str, end: str, *, current: bool = False) -> str:
    begin, finish = date_in_words(start), "today" if current else date_in_words(end)
    if begin and finish:
        return begin if begin == finish else f"{begin} – {finish}"
    if begin:
        return f"from {begin}"
    if not finish:
        return "dates unknown"
    return "today" if current else f"until {finish}"


def length_in_words(start: str, end: str, *, current: bool, today: date) -> str:
    """ "4 yr 8 mo", counting the first and the last month; only the years where a source gave only years."""
    begin, finish = month_of(start), _month_index(today) if current else month_of(end)
    if begin is None or finish is None or finish < begin:
        return ""
    exact = "-" in start and (current or "-" in end)
    years, months = divmod(finish - begin + 1 if exact else finish - begin, 12)
    if not exact:
        return f"{years} yr" if years else ""
    return " ".join(f"{n} {unit}" for n, unit in ((years, "yr"), (months, "mo")) if n)


def years_of_work(spans: Iterable[Span], today: date) -> int:
    """Whole years in which at least one post is known; posts side by side count once."""
    return months_of_work(spans, today) // 12


def months_of_work(spans: Iterable[Span], today: date) -> int:
    placed = sorted(_places([s for s in spans if s.kind == "work"], today), key=lambda p: p.begin)
    total, reached = 0, 0
    for place in placed:
        finish = min(place.finish, _month_index(today) + 1)
        total += max(0, finish - max(place.begin, reached))
        reached = max(reached, finish)
    return total


def picture(spans: Sequence[Span], *, today: date, width: int = 720) -> Picture | None:
    """The picture of a career, or None when no date is known that could be drawn."""
    placed = _places(spans, today)
    if not placed:
        return None
    first = min(p.begin for p in placed) // 12 * 12
    last = max(_month_index(today) + 1, *(p.finish for p in placed))
    scale = (width - 2 * MARGIN) / max(12, last - first)
    lanes, left_out = _lanes(placed)
    bars = [_bar(place, y=2 + LANE * row, first=first, scale=scale) for row, lane in enumerate(lanes) for place in lane]
    gaps = _gaps(placed)
    work_row = next((row for row, lane in enumerate(lanes) if lane[0].span.kind == "work"), 0)
    bars += [_gap_bar(gap, y=2 + LANE * work_row, first=first, scale=scale) for gap in gaps]
    return Picture(
        width=width,
        height=LANE * len(lanes) + AXIS + 4,
        bars=tuple(bars),
        ticks=_ticks(first, last, scale, width),
        label=_label(placed, gaps, today),
        left_out=left_out,
    )


def _month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _places(spans: Iterable[Span], today: date) -> list[_Placed]:
    places = (_place(span, today) for span in spans)
    return [place for place in places if place is not None]


def _place(span: Span, today: date) -> _Placed | None:
    now = _month_index(today)
    begin, finish = month_of(span.start), now if span.current else month_of(span.end)
    if begin is None and (finish is None or span.current):
        return None
    if begin is None:
        begin = (finish or 0) - NOMINAL_MONTHS
    elif finish is None:
        finish = begin + NOMINAL_MONTHS
    assert finish is not None
    begin, finish = min(begin, finish), max(begin, finish)
    if begin < now - OLDEST_YEARS * 12 or begin > now + FUTURE_YEARS * 12:
        return None
    exact = span.current or "-" in span.end
    return _Placed(span, begin, min(max(finish + exact, begin + 1), now + FUTURE_YEARS * 12))


def _lanes(placed: Sequence[_Placed]) -> tuple[list[list[_Placed]], int]:
    """Rows in which nothing overlaps, study above work; what finds no room in the rows of its kind is counted."""
    rows: list[list[_Placed]] = []
    left_out = 0
    for kind in ("study", "work"):
        lanes: list[list[_Placed]] = []
        for place in sorted((p for p in placed if p.span.kind == kind), key=lambda p: (p.begin, -p.finish)):
            # Whoever changes jobs in a month counts it twice; that is no overlap.
            lane = next((row for row in lanes if row[-1].finish - 1 <= place.begin < place.finish - 1), None)
            lane = lane or next((row for row in lanes if row[-1].finish <= place.begin), None)
            if lane is not None:
                lane.append(replace(place, begin=max(place.begin, lane[-1].finish)))
            elif len(lanes) < LANES_PER_KIND:
                lanes.append([place])
            else:
                left_out += 1
        rows += lanes
    return rows, left_out


def _gaps(placed: Sequence[_Placed]) -> list[tuple[int, int]]:
    """Stretches of half a year and more between two known things in which nothing is known."""
    gaps: list[tuple[int, int]] = []
    reached: int | None = None
    for place in sorted(placed, key=lambda p: p.begin):
        if reached is not None and place.begin - reached >= GAP_MONTHS:
            gaps.append((reached, place.begin))
        reached = place.finish if reached is None else max(reached, place.finish)
    return gaps


def _bar(place: _Placed, *, y: int, first: int, scale: float) -> Bar:
    span, wide = place.span, max(2.0, (place.finish - place.begin) * scale - 2)
    when = period_in_words(span.start, span.end, current=span.current)
    return Bar(
        kind=span.kind,
        x=round(MARGIN + (place.begin - first) * scale, 1),
        y=y,
        width=round(wide, 1),
        text=_fitting(span.label, wide - 12),
        title=f"{span.label}, {when}" if span.label else when,
    )


def _gap_bar(gap: tuple[int, int], *, y: int, first: int, scale: float) -> Bar:
    begin, finish = gap
    return Bar(
        kind="gap",
        x=round(MARGIN + (begin - first) * scale + 1, 1),
        y=y,
        width=round(max(2.0, (finish - begin) * scale - 4), 1),
        text="",
        title=f"Nothing known, {_span_of_gap(gap)}",
    )


def _fitting(text: str, room: float) -> str:
    """As much of a label as its bar can hold; nothing rather than a letter or two."""
    letters = int(room / CHARACTER_WIDTH)
    if len(text) <= letters:
        return text
    return text[: letters - 1].rstrip(" ,") + "…" if letters >= 5 else ""


def _ticks(first: int, last: int, scale: float, width: int) -> tuple[Tick, ...]:
    most = max(3, width // 80)
    years = range(first // 12, (last - 1) // 12 + 1)
    step = next(n for n in (1, 2, 5, 10, 20) if len(years) / n <= most or n == 20)
    return tuple(Tick(round(MARGIN + (y * 12 - first) * scale, 1), str(y)) for y in years[::step])


def _span_of_gap(gap: tuple[int, int]) -> str:
    begin, finish = gap[0] // 12, (gap[1] - 1) // 12
    return str(begin) if begin == finish else f"{begin} to {finish}"


def _label(placed: Sequence[_Placed], gaps: Sequence[tuple[int, int]], today: date) -> str:
    """What a screen reader says instead of the picture."""
    now = _month_index(today)
    until = max(p.finish for p in placed)
    end = "today" if now <= until <= now + 1 else str((until - 1) // 12)
    counts = [
        _counted(sum(p.span.kind == "study" for p in placed), "course of study", "courses of study"),
        _counted(sum(p.span.kind == "work" for p in placed), "post", "posts"),
        "a gap in " + " and ".join(map(_span_of_gap, gaps)) if gaps else "",
    ]
    return f"Career from {min(p.begin for p in placed) // 12} to {end}: {', '.join(c for c in counts if c)}"


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}" if n else ""
