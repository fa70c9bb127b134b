"""When something is due, as members say it: a day, or a day and a time, in their own zone. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)  # what else somebody types is a slip
MORNING = time(9)  # when a day's reminder comes


@dataclass(frozen=True)
class Due:
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    whole_day: bool = False


NEVER = Due()


def due_on(day: date | None, at: time | None, zone: tzinfo) -> Due:
    """Only a day: reminded that morning, overdue when the day is over. A time that a change of clocks skips or
    repeats is the first that the zone knows for it."""
    if day is None:
        return NEVER
    if at is not None:
        moment = datetime.combine(day, at, zone)
        return Due(moment, moment)
    return Due(datetime.combine(day, MORNING, zone), datetime.combine(day + timedelta(days=1), time(), zone), True)


def snoozed(words: str, now: datetime, zone: tzinfo) -> Due:
    """ "hour", "tomorrow" or "week" from now."""
    if words == "hour":
        moment = (now + timedelta(hours=1)).replace(second=0, microsecond=0)
        return Due(moment, moment)
    return due_on(now.astimezone(zone).date() + timedelta(days=7 if words == "week" else 1), None, zone)
