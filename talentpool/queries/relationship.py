"""Why a person is as warm as the page says, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from crm.templatetags.rapport import WARMTH
from talentpool import relationship
from talentpool.models import Activity, ActivityKind, Candidate
from talentpool.relationship import Event

MOST_EVENTS = 1000
FRESH = timedelta(days=14)
# Of each group the newest is told.
GROUPS = (
    ("reply", (ActivityKind.MESSAGE_REPLIED, ActivityKind.MAIL_RECEIVED)),
    ("conversation", (ActivityKind.CALLED, ActivityKind.MET)),
    ("step", (ActivityKind.PIPELINE_MOVED,)),
    ("interest", (ActivityKind.MESSAGE_CLICKED, ActivityKind.MESSAGE_OPENED)),
)


@dataclass(frozen=True)
class Reason:
    words: str
    at: datetime
    number: int  # of such events that count


@dataclass(frozen=True)
class Relationship:
    strength: float
    level: int
    word: str
    reasons: tuple[Reason, ...]
    fading_since: datetime | None  # the last event, where it is more than two weeks ago
    cools_at: datetime | None
    cools_to: str


def relationship_with(person: Candidate, *, now: datetime | None = None) -> Relationship:
    now = now or timezone.now()
    lines = list(
        Activity.objects.filter(
            candidate=person, kind__in=list(relationship.WEIGHTS), at__gte=now - relationship.HORIZON
        )
        .select_related("by")
        .order_by("-at", "-pk")[:MOST_EVENTS]
    )
    events = [Event(line.kind, line.at) for line in lines]
    strength = relationship.strength_of(events, now)
    level = relationship.level_of(strength)
    last = events[0].at if events else None
    return Relationship(
        strength=round(strength, 2),
        level=level,
        word=WARMTH[level],
        reasons=tuple(_reasons(lines)),
        fading_since=last if last and now - last > FRESH else None,
        cools_at=relationship.cools_at(events, now),
        cools_to=WARMTH[max(level - 1, 0)],
    )


def _reasons(lines: list[Activity]) -> list[Reason]:
    reasons = []
    for _, kinds in GROUPS:
        theirs = [line for line in lines if line.kind in kinds]
        if theirs:
            reasons.append(Reason(_words(theirs[0]), theirs[0].at, len(theirs)))
    return reasons


def _words(line: Activity) -> str:
    who = f" with {line.by.name}" if line.by else ""
    stage, campaign = line.data.get("to", ""), line.data.get("campaign", "")
    about = f" “{campaign}”" if campaign else " a message"
    return {
        ActivityKind.MESSAGE_REPLIED: f"Replied to{about}",
        ActivityKind.MAIL_RECEIVED: f"Wrote “{line.data.get('subject') or 'an e-mail'}”",
        ActivityKind.CALLED: f"Last conversation: a call{who}",
        ActivityKind.MET: f"Last conversation: a meeting{who}",
        ActivityKind.PIPELINE_MOVED: f"Moved to {stage} in {line.data.get('pipeline', 'a pipeline')}",
        ActivityKind.MESSAGE_CLICKED: f"Followed a link in{about}",
        ActivityKind.MESSAGE_OPENED: f"Opened{about}",
    }[ActivityKind(line.kind)]
