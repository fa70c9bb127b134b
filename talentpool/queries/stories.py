"""What hangs on a person: where they stand, what happened with them, what is known of them from where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from talentpool.models import (
    Activity,
    ActivityKind,
    Application,
    Candidate,
    CandidateTag,
    Consent,
    File,
    Note,
    PipelineEntry,
    Profile,
    Tag,
)
from talentpool.queries.candidate import in_words
from talentpool.queries.messages import Letter

LINES = 50
LABELS = {
    "given_name": "Given name",
    "family_name": "Family name",
    "emails": "E-mail",
    "phones": "Phone",
    "links": "Link",
    "positions": "A post",
    "birth_date": "Born",
    "skills": "Skill",
    "languages": "Language",
    "certificates": "Certificate",
}


@dataclass(frozen=True)
class Counts:
    """The numbers on a person's tabs."""

    activity: int
    applications: int
    messages: int
    files: int
    sources: int


def counts_for(person: Candidate, letters: Sequence[Letter]) -> Counts:
    """One query for all tables; `letters` are those of letters_to."""
    counted = {"activity": Activity, "applications": Application, "files": File, "sources": Profile}
    numbers = Candidate.objects.filter(pk=person.pk).values_list(*map(_number_of, counted.values())).get()
    return Counts(messages=len(letters), **dict(zip(counted, numbers, strict=True)))


def _number_of(model: Any) -> Coalesce:
    rows = model.objects.filter(candidate=OuterRef("pk")).order_by().values("candidate")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def entries_of(person: Candidate) -> list[PipelineEntry]:
    """The pipelines that the person is in, each with `mover`, who put them where they stand."""
    entries = list(
        PipelineEntry.objects.filter(candidate=person, pipeline__archived_at=None)
        .select_related("stage", "pipeline")
        .order_by("-moved_at")[:5]
    )
    if entries:
        kinds = [ActivityKind.PIPELINE_ADDED, ActivityKind.PIPELINE_MOVED]
        lines = Activity.objects.filter(candidate=person, kind__in=kinds).select_related("by").order_by("at", "pk")
        movers = {line.data.get("pipeline_id"): line.by for line in lines}
        for entry in entries:
            mover = movers.get(entry.pipeline_id)
            entry.mover = mover.name if mover else ""  # type: ignore[attr-defined]
    return entries


def tags_of(person: Candidate) -> list[Tag]:
    tagged = CandidateTag.objects.filter(candidate=person)
    return list(Tag.objects.filter(pk__in=tagged.values("tag")).order_by("name"))


def consents_of(person: Candidate) -> list[Consent]:
    """Those that hold now, the newest of each purpose."""
    valid = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    given = Consent.objects.filter(valid, candidate=person, withdrawn_at=None).order_by("granted_at")
    return list({consent.purpose: consent for consent in given}.values())


def notes_of(person: Candidate) -> list[Note]:
    notes = Note.objects.filter(candidate=person).select_related("by").prefetch_related("mentions")
    return list(notes.annotate(changes=Count("versions"))[:LINES])


def activities_of(person: Candidate, *, cursor: str = "", limit: int = LINES) -> tuple[list[Activity], str]:
    """Newest first, and the cursor of what follows: `at~id` of the last one."""
    return _page(Activity.objects.filter(candidate=person).select_related("by"), "at", cursor, limit)


def profiles_of(person: Candidate, *, cursor: str = "", limit: int = LINES) -> tuple[list[Profile], str]:
    """What sources said, the freshest first, and the cursor of what follows."""
    profiles = Profile.objects.filter(candidate=person).select_related("source", "by")
    return _page(profiles.defer("raw", "fields", "suggestions"), "observed_at", cursor, limit)


def _page(rows: QuerySet[Any], at: str, cursor: str, limit: int) -> tuple[list[Any], str]:
    rows = rows.order_by(f"-{at}", "-pk")
    if after := _after(cursor):
        moment, pk = after
        rows = rows.filter(Q(**{f"{at}__lt": moment}) | Q(pk__lt=pk), **{f"{at}__lte": moment})
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], f"{getattr(last, at).isoformat()}~{last.pk}" if last else ""


def _after(cursor: str) -> tuple[datetime, int] | None:
    at, _, pk = cursor.partition("~")
    try:
        after = datetime.fromisoformat(at), int(pk)
    except ValueError:
        return None
    return after if timezone.is_aware(after[0]) and abs(after[1]) < 2**63 else None


def suggestions_of(person: Candidate) -> list[dict[str, str]]:
    """What readers found and weren't sure of, in words; `key` is what an answer names."""
    return [
        {
            "key": f"{each['profile']}-{each['number']}",
            "label": LABELS.get(each["field"], each["field"].replace("_", " ").capitalize()),
            "words": in_words(each["value"]),
            "passage": str(each.get("passage") or ""),
            "where": _where(each.get("place") or {}),
        }
        for each in person.suggestions
        if "profile" in each and "number" in each
    ]


def _where(place: Mapping[str, Any]) -> str:
    if place.get("page"):
        return f"from page {place['page']}: "
    return f"from line {place['line']}: " if place.get("line") else ""


def rows_of(stored: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A stored record as names and values, for a page that shows it as it came."""
    return [(str(name), in_words(value)) for name, value in stored.items() if value not in ("", None, [], {})]


def last_note(person: Candidate) -> Note | None:
    note: Note | None = Note.objects.filter(candidate=person).select_related("by").order_by("-at", "-id").first()
    return note


def losses_of(person: Candidate) -> list[str]:
    """What erasing the person would take away, in words."""
    points = len(person.contact_points)
    return [f"the name and {points} contact {'point' if points == 1 else 'points'}", *_counted_losses([person.pk])]


def losses_of_many(candidate_ids: Collection[int]) -> list[str]:
    return ["all names and contact points", *_counted_losses(candidate_ids)]


def _counted_losses(candidate_ids: Collection[int]) -> list[str]:
    counted: Sequence[tuple[Any, str, str]] = [
        (Profile, "profile from a source", "profiles from sources"),
        (Note, "note", "notes"),
        (File, "file", "files"),
        (Activity, "line of the story", "lines of the story"),
        (PipelineEntry, "place in a pipeline", "places in pipelines"),
        (Consent, "consent", "consents"),
    ]
    numbers = [(rows.objects.filter(candidate__in=candidate_ids).count(), one, many) for rows, one, many in counted]
    return [f"{number:,} {one if number == 1 else many}" for number, one, many in numbers if number]
