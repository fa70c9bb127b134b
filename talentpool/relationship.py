"""How strong our relationship with a person is, and how it fades with silence. Pure; `actions.warmth` says it in SQL.

Each event of a person's story is worth something, and half of it 60 days later:

    strength(now) = Σ weight(event) · ½ ^ (age of the event / 60 days)

A reply, or a letter of the person that a member brought in, is worth 5, a telephone call 6, a meeting 8, a step
through a pipeline 2. What a person does with a message without answering counts little (a link followed 0.5, a message
opened 0.25) and all of it together never more than 1. Opens and clicks of machines are no events of a story and so
count nothing; neither does what we do alone: writing, tagging, adding to a pipeline.

Levels: under 0.5 cold, from 0.5 cool, from 2 lukewarm, from 5 warm, from 10 hot. So one reply is warm for a moment,
lukewarm for eleven weeks, and forgotten after half a year; a reply and a call keep somebody warm for two months.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HALF_LIFE = timedelta(days=60)
HORIZON = 8 * HALF_LIFE  # what is older weighs less than 1/256 and is not counted
WEIGHTS = {
    "message_replied": 5.0,
    "mail_received": 5.0,
    "called": 6.0,
    "met": 8.0,
    "pipeline_moved": 2.0,
    "message_clicked": 0.5,
    "message_opened": 0.25,
}
LITTLE = frozenset({"message_clicked", "message_opened"})
MOST_OF_LITTLE = 1.0
LEVELS = (0.5, 2.0, 5.0, 10.0)  # from this strength on the level is 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    at: datetime


def strength_of(events: Iterable[Event], now: datetime) -> float:
    """What lies ahead of `now` counts as happening now."""
    much = little = 0.0
    for event in events:
        age = max(now - event.at, timedelta())
        if age > HORIZON:
            continue
        value = WEIGHTS.get(event.kind, 0.0) * 0.5 ** (age / HALF_LIFE)
        if event.kind in LITTLE:
            little += value
        else:
            much += value
    return much + min(little, MOST_OF_LITTLE)


def level_of(strength: float) -> int:
    """0 cold to 4 hot."""
    return sum(strength >= threshold for threshold in LEVELS)


def cools_at(events: Sequence[Event], now: datetime) -> datetime | None:
    """When the level falls by itself if nothing happens any more, to the day; None for who is cold already."""
    level = level_of(strength_of(events, now))
    if level == 0:
        return None
    early, late = 0, HORIZON.days + 1
    while late - early > 1:
        middle = (early + late) // 2
        if level_of(strength_of(events, now + timedelta(days=middle))) < level:
            late = middle
        else:
            early = middle
    return now + timedelta(days=late)
