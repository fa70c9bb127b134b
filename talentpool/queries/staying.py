"""What was added to a merged person since: undoing the merge leaves it with the survivor."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from talentpool.models import (
    Activity,
    ActivityKind,
    Application,
    Candidate,
    CandidateTag,
    Consent,
    FieldEdit,
    File,
    Merge,
    Note,
    PipelineEntry,
    Profile,
)
from talentpool.queries.merges import group_of

EXAMPLES = 3
# Table, when it came, one, many, and what a reader knows each by. The story's lines come with what they tell of.
_KINDS: tuple[tuple[Any, str, str, str, str], ...] = (
    (Profile, "received_at", "profile from a source", "profiles from sources", "source__name"),
    (FieldEdit, "at", "edited field", "edited fields", "field"),
    (Note, "at", "note", "notes", "text"),
    (File, "at", "file", "files", "name"),
    (CandidateTag, "at", "tag", "tags", "tag__name"),
    (PipelineEntry, "added_at", "place in a pipeline", "places in pipelines", "pipeline__name"),
    (Application, "applied_at", "application", "applications", "job__title"),
    (Consent, "granted_at", "consent", "consents", "basis"),
)


@dataclass(frozen=True)
class Staying:
    number: int
    words: str  # "2 notes"
    examples: tuple[str, ...]


def staying_of(merge: Merge, survivor: Candidate) -> list[Staying]:
    """What would stay with the survivor, were the merge undone now."""
    leaving = set(group_of(merge.absorbed_id))
    return staying_rows(survivor.pk, set(group_of(survivor.pk)) - leaving, since=merge.at)


def staying_rows(survivor_id: int, origins: Collection[int], *, since: datetime) -> list[Staying]:
    found = []
    for model, came, one, many, known_by in _KINDS:
        rows = model.objects.filter(candidate=survivor_id, origin__in=origins, **{f"{came}__gt": since})
        if number := rows.count():
            examples = rows.order_by("-pk").values_list(known_by, flat=True)[:EXAMPLES]
            found.append(
                Staying(
                    number, f"{number:,} {one if number == 1 else many}", tuple(str(each)[:80] for each in examples)
                )
            )
    written = Activity.objects.filter(
        candidate=survivor_id, origin__in=origins, kind=ActivityKind.MESSAGE_SENT, at__gt=since
    ).count()
    if written:
        found.append(Staying(written, f"{written:,} {'message' if written == 1 else 'messages'}", ()))
    return found
