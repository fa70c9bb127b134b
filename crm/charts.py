"""Where the points of a chart lie. The drawing is in templates/components/, as SVG without a style or a script."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One line of a list of bars; with `url` its number opens to the people behind it."""

    label: str
    value: float
    url: str = ""
    note: str = ""
    tone: int = 1  # a series of tokens.css; 6 is the grey of what is held back
    shown: str = ""  # the value in words, where the number alone will not do


@dataclass(frozen=True)
class Series:
    name: str
    values: Sequence[float]
    url: str = ""


@dataclass(frozen=True)
class DrawnBar:
    bar: Bar
    width: str
    of_first: float | None


def draw_bars(bars: Sequence[Bar]) -> list[DrawnBar]:
    """Widths in per cent of the largest value; what is not nothing can be seen."""
    largest = max((bar.value for bar in bars), default=0)
    first = bars[0].value if bars else 0
    return [
        DrawnBar(
            bar,
            f"{max(100 * bar.value / largest, 0.5):.1f}%" if bar.value > 0 else "0",
            bar.value / first if first else None,
        )
        for bar in bars
    ]


def nice_top(largest: float) -> float:
    """The end of an axis: round, and so are its quarters."""
    if largest <= 4:
        return 4
    power = 10.0 ** math.floor(math.log10(largest))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if largest <= step * power)


def short(value: float) -> str:
    """40000 as 40k, for the axis of a chart."""
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


@dataclass(frozen=True)
class Mark:
    at: float
    words: str


@dataclass(frozen=True)
class Area:
    name: str
    number: int
    points: str


@dataclass(frozen=True)
class AreaChart:
    areas: list[Area]
    lines: list[Mark]
    ticks: list[Mark]
    left: float
    right: float
    width: int
    height: int


LEFT, RIGHT, TOP, BOTTOM = 46.0, 1080.0, 12.0, 210.0


def draw_area(series: Sequence[Series], labels: Sequence[str]) -> AreaChart:
    """Series laid on one another, the first at the foot; every label a tick as far as there is room."""
    columns = len(labels)
    totals = [sum(one.values[i] for one in series) for i in range(columns)]
    top = nice_top(max(totals, default=0))
    step = (RIGHT - LEFT) / max(columns - 1, 1)

    def point(i: int, value: float) -> str:
        return f"{LEFT + i * step:.1f},{BOTTOM - value / top * (BOTTOM - TOP):.1f}"

    areas, base = [], [0.0] * columns
    for number, one in enumerate(series, start=1):
        above = [low + value for low, value in zip(base, one.values, strict=True)]
        outline = [point(i, value) for i, value in enumerate(above)]
        outline += [point(i, base[i]) for i in reversed(range(columns))]
        areas.append(Area(one.name, min(number, 6), " ".join(outline)))
        base = above
    every = max(1, math.ceil(columns / 14))
    return AreaChart(
        areas=areas,
        lines=[Mark(BOTTOM - k / 4 * (BOTTOM - TOP), short(top * k / 4)) for k in range(5)],
        ticks=[Mark(LEFT + i * step, label) for i, label in enumerate(labels) if i % every == 0],
        left=LEFT,
        right=RIGHT,
        width=1104,
        height=236,
    )


def draw_sparkline(values: Sequence[float]) -> str:
    """Points in a box of 100 by 24."""
    if not values:
        return ""
    low, high = min(values), max(values)
    step = 100 / max(len(values) - 1, 1)
    return " ".join(
        f"{i * step:.1f},{22 - (value - low) / ((high - low) or 1) * 20:.1f}" for i, value in enumerate(values)
    )
