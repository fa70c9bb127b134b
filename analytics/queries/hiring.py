"""Applications, interviews, offers and hires: how many, from where, for which jobs, how long it took.

Counted from the steps of applications that an ATS told, at each call. An application counts once for each thing that
happened to it, in the month it first did; how it ended counts as it stands now, at the last time it was told. A stage
means what it was mapped to. Months are those of the organisation's time zone. Erased people are in no number.

The touches of an application are what was known of its person before she applied: every record of a source, by when it
came here, and every campaign's message that left; whom nobody had touched came straight to the ATS.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Lower

from analytics.queries.growth import months_until
from analytics.queries.people import Month
from analytics.queries.segments import MEMBERS, within
from crm.tenancy.scope import current_tenant_id
from talentpool.models import Candidate, Job, JobFamily, Phase, Segment, Source

WHAT = (Phase.APPLIED, Phase.INTERVIEW, Phase.OFFER, Phase.HIRED)
STAYS = (Phase.APPLIED, Phase.SCREENING, Phase.INTERVIEW, Phase.OFFER)
CAMPAIGN, DIRECT = "campaign", "direct"
NO_FAMILY = 0
NONE: Mapping[str, str] = {}

_EVENTS = """
WITH meaning AS (
    SELECT c.source_id, r.name, mode() WITHIN GROUP (ORDER BY r.maps_to) AS phase
    FROM ats_sync_atsrecord r JOIN ats_sync_connection c ON c.id = r.connection_id
    WHERE r.tenant_id = %(tenant)s AND r.kind = 'stage' AND r.maps_to <> ''
    GROUP BY 1, 2
),
told AS (
    SELECT s.application_id, s.at, CASE WHEN a.state = 'open' THEN a.phase ELSE a.state END AS reached,
        CASE s.kind WHEN 'moved' THEN m.phase WHEN 'scorecard' THEN 'interview' ELSE s.kind END AS what
    FROM talentpool_applicationstep s
    JOIN talentpool_application a ON a.id = s.application_id
    JOIN talentpool_job j ON j.id = a.job_id
    LEFT JOIN meaning m ON s.kind = 'moved' AND m.source_id = a.source_id AND m.name = s.stage
    WHERE s.tenant_id = %(tenant)s AND (%(family)s::bigint IS NULL OR coalesce(j.family_id, 0) = %(family)s)
        AND (%(segment)s::bigint IS NULL OR a.candidate_id IN (MEMBERS))
),
event AS (
    SELECT application_id, what, min(at) AS at FROM told
    WHERE what IN ('applied', 'screening', 'interview', 'offer') GROUP BY 1, 2
    UNION ALL
    SELECT application_id, reached, max(at) FROM told
    WHERE what IN ('hired', 'rejected', 'withdrawn') AND reached IN ('hired', 'rejected', 'withdrawn') GROUP BY 1, 2
)
""".replace("MEMBERS", MEMBERS)
_FACTS = (
    _EVENTS
    + """,
shown AS (
    SELECT a.id, a.candidate_id, a.job_id, coalesce(j.family_id, 0) AS family_id, a.reason, e.at AS applied_at
    FROM talentpool_application a JOIN talentpool_job j ON j.id = a.job_id
    LEFT JOIN event e ON e.application_id = a.id AND e.what = 'applied'
    WHERE a.tenant_id = %(tenant)s
        AND a.id IN (SELECT application_id FROM event WHERE at >= %(begins)s AND at < %(ends)s)
),
touch AS (
    SELECT w.id, p.received_at AS at, 's' || p.source_id AS touch
    FROM shown w JOIN talentpool_profile p ON p.candidate_id = w.candidate_id AND p.received_at < w.applied_at
    WHERE p.tenant_id = %(tenant)s
    UNION ALL
    SELECT w.id, g.sent_at, 'campaign'
    FROM shown w JOIN campaigns_message g ON g.candidate_id = w.candidate_id AND g.sent_at < w.applied_at
    JOIN campaigns_campaign k ON k.id = g.campaign_id AND k.status_rule_id IS NULL
    WHERE g.tenant_id = %(tenant)s
),
touched AS (
    SELECT id, (array_agg(touch ORDER BY at, touch))[1] AS first_touch,
        (array_agg(touch ORDER BY at DESC, touch))[1] AS last_touch
    FROM touch GROUP BY id
),
fact AS (
    SELECT e.what, e.at, w.id, w.candidate_id, w.job_id, w.family_id, w.reason, w.applied_at,
        date_trunc('month', e.at AT TIME ZONE %(zone)s)::date AS month, t.id IS NOT NULL AS was_known,
        coalesce(t.first_touch, 'direct') AS first_touch, coalesce(t.last_touch, 'direct') AS last_touch
    FROM event e JOIN shown w ON w.id = e.application_id LEFT JOIN touched t ON t.id = w.id
    WHERE e.at >= %(begins)s AND e.at < %(ends)s
)
"""
)
_COUNTS = (
    _FACTS
    + """
SELECT CASE WHEN grouping(first_touch) = 0 THEN 'first' WHEN grouping(last_touch) = 0 THEN 'last'
        WHEN grouping(job_id) = 0 THEN 'job' WHEN grouping(family_id) = 0 THEN 'family'
        WHEN grouping(month) = 0 THEN 'month' WHEN grouping(reason) = 0 THEN 'reason' ELSE '' END AS cut,
    coalesce(first_touch, last_touch, job_id::text, family_id::text, to_char(month, 'YYYY-MM'), reason, '') AS part,
    what, count(*),
    count(*) FILTER (WHERE is_first AND was_known),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - applied_at)) FILTER (WHERE what = 'hired')
FROM (SELECT f.*, row_number() OVER (PARTITION BY what, candidate_id ORDER BY at, id) = 1 AS is_first FROM fact f) f
GROUP BY GROUPING SETS (
    (what), (what, first_touch), (what, last_touch), (what, job_id), (what, family_id), (what, month), (what, reason)
)
"""
)
_STAYS = (
    _EVENTS
    + """
SELECT what, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM gone_at - at))
FROM (SELECT what, at, lead(at) OVER (PARTITION BY application_id ORDER BY at, what) AS gone_at FROM event) stay
WHERE gone_at >= %(begins)s AND gone_at < %(ends)s AND what IN ('applied', 'screening', 'interview', 'offer')
GROUP BY what
"""
)
_BEHIND = _FACTS + "SELECT id, at, first_touch, last_touch, count(*) OVER () FROM fact WHERE what = %(what)s"


@dataclass
class Counts:
    """What happened in one part of a report, in numbers of applications."""

    applied: int = 0
    screening: int = 0
    interview: int = 0
    offer: int = 0
    hired: int = 0
    rejected: int = 0
    withdrawn: int = 0
    days_to_hire: float | None = None  # median, from applying to being hired

    @property
    def hire_share(self) -> float:
        return self.hired / self.applied if self.applied else 0


@dataclass(frozen=True)
class Part:
    key: str  # what a link to its people says
    name: str
    counts: Counts
    family: str = ""  # of a job


@dataclass(frozen=True)
class Conversion:
    """People, not applications: known here, of those who applied in the period, of those who were hired in it."""

    pool: int
    applied: int
    hired: int


@dataclass(frozen=True)
class Stay:
    phase: Phase
    number: int
    days: float  # median


@dataclass(frozen=True)
class Hiring:
    months: list[date]
    total: Counts
    conversion: Conversion
    by_first: list[Part]
    by_last: list[Part]
    by_job: list[Part]
    by_family: list[Part]
    by_month: list[Part]
    reasons: list[Part]
    stays: list[Stay]


@dataclass(frozen=True)
class Period:
    months: list[date]
    begins: datetime
    ends: datetime
    zone: str

    @property
    def parameters(self) -> dict[str, Any]:
        return {"tenant": current_tenant_id(), "begins": self.begins, "ends": self.ends, "zone": self.zone}


def period_until(today: date, months: int, zone: Any) -> Period:
    shown = months_until(today, months)
    return Period(shown, Month(shown[0], zone).begins, Month(shown[-1], zone).ends, str(zone))


def hiring_in(period: Period, *, family: int | None = None, segment: Segment | None = None) -> Hiring:
    """Of everything, or of the jobs of one family (NO_FAMILY are those in none), or of the people in a segment now."""
    parameters = period.parameters | {"family": family, "segment": segment and segment.pk}
    cuts, people = _counted(parameters)
    names = touch_names()
    jobs = Job.objects.select_related("family").in_bulk([int(key) for key in cuts["job"]])
    families = {str(pk): str(job.family or "") for pk, job in jobs.items()}
    applied, hired = people[Phase.APPLIED], people[Phase.HIRED]
    months = [f"{month:%Y-%m}" for month in period.months]
    return Hiring(
        months=period.months,
        total=cuts[""].get("", Counts()),
        conversion=Conversion(within(Candidate.objects.present(), segment).count(), applied, hired),
        by_first=_parts(cuts["first"], names),
        by_last=_parts(cuts["last"], names),
        by_job=_parts(cuts["job"], {str(pk): job.title for pk, job in jobs.items()}, families),
        by_family=_parts(cuts["family"], family_names()),
        by_month=[Part(key, key, cuts["month"].get(key, Counts())) for key in months],
        reasons=_reasons(cuts["reason"]),
        stays=_stays(parameters),
    )


def touch_names() -> dict[str, str]:
    names = {f"s{pk}": name for pk, name in Source.objects.values_list("pk", "name")}
    return {**names, CAMPAIGN: "A campaign", DIRECT: "Straight to the ATS"}


def family_names() -> dict[str, str]:
    """In their order; jobs without one last."""
    named = JobFamily.objects.order_by(Lower("name")).values_list("pk", "name")
    return {**{str(pk): name for pk, name in named}, str(NO_FAMILY): "No job family"}


@dataclass(frozen=True)
class Asked:
    """Which number was opened: what happened, and in which part of the report."""

    what: str
    first: str = ""
    last: str = ""
    job: int | None = None
    month: date | None = None
    reason: str | None = None
    family: int | None = None
    segment: Segment | None = None


@dataclass(frozen=True)
class Behind:
    application_id: int
    at: datetime
    first_touch: str
    last_touch: str


@dataclass(frozen=True)
class BehindPage:
    total: int
    rows: list[Behind] = field(default_factory=list)


def applications_behind(period: Period, asked: Asked, *, after: int = 0, limit: int) -> BehindPage:
    """The applications that a number counted, by id; `total` is that number."""
    wanted = {
        "first_touch": asked.first or None,
        "last_touch": asked.last or None,
        "job_id": asked.job,
        "month": asked.month,
        "reason": asked.reason,
    }
    tests = "".join(f" AND {name} = %({name})s" for name, value in wanted.items() if value is not None)
    sql = f"SELECT * FROM ({_BEHIND}{tests}) b WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
    narrowed = {"family": asked.family, "segment": asked.segment and asked.segment.pk}
    told = {"what": asked.what, **narrowed, "after": after, "limit": limit}
    rows = _rows(sql, period.parameters | wanted | told)
    return BehindPage(rows[0][4] if rows else 0, [Behind(*row[:4]) for row in rows])


def _counted(parameters: Mapping[str, Any]) -> tuple[Mapping[str, dict[str, Counts]], Mapping[str, int]]:
    """The counts of each part by the way of cutting, and how many known people each thing happened to."""
    cuts: dict[str, dict[str, Counts]] = defaultdict(dict)
    people: dict[str, int] = defaultdict(int)
    for cut, part, what, number, known, seconds in _rows(_COUNTS, parameters):
        counts = cuts[cut].setdefault(part, Counts())
        setattr(counts, what, number)
        if what == Phase.HIRED and seconds is not None:
            counts.days_to_hire = seconds / timedelta(days=1).total_seconds()
        if not cut:
            people[what] = known
    return cuts, people


def _parts(counted: Mapping[str, Counts], names: Mapping[str, str], families: Mapping[str, str] = NONE) -> list[Part]:
    """Those that bring most hires first."""
    parts = [
        Part(key, names.get(key, "No longer here"), counts, families.get(key, "")) for key, counts in counted.items()
    ]
    return sorted(parts, key=lambda part: (-part.counts.hired, -part.counts.applied, part.name))


def _reasons(counted: Mapping[str, Counts]) -> list[Part]:
    ended = {key: counts for key, counts in counted.items() if counts.rejected or counts.withdrawn}
    parts = [Part(key, key or "No reason given", counts) for key, counts in ended.items()]
    return sorted(parts, key=lambda part: (-part.counts.rejected - part.counts.withdrawn, part.name))


def _stays(parameters: Mapping[str, Any]) -> list[Stay]:
    found = {what: (number, seconds) for what, number, seconds in _rows(_STAYS, parameters)}
    day = timedelta(days=1).total_seconds()
    return [Stay(phase, found[phase][0], found[phase][1] / day) for phase in STAYS if phase in found]


@transaction.atomic
def _rows(sql: str, parameters: Mapping[str, Any]) -> list[Any]:
    """Without nested loops: how many events there are the planner takes for few, and went through all of them once for
    each application; over 30,000 that took 19 s."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(sql, parameters)
        rows: list[Any] = cursor.fetchall()
        cursor.execute("SET LOCAL enable_nestloop = on")
    return rows
