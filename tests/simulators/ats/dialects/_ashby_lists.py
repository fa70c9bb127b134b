"""Ashby's lists: pages by `cursor`, and `syncToken` for what has changed since a list was read to its end.

From its guide “Pagination and Incremental Synchronization” and the changelog: at most 100 a page; the last page alone
carries the token; the codes sync_token_invalid, sync_token_expired, invalid_next_cursor, next_cursor_expired; an
incremental sync of too many pages is incremental_sync_too_large and has to be a full one. Unknown fields are ignored
(Airbyte's connector sends `per_page`). What changes while a list is read comes with the next token, for the token says
when the first page was asked for. Guessed: newest first, 30 days for tokens (Estuary: “~1 month”), an hour for cursors.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tests.simulators.ats.clock import DAY, HOUR, from_iso
from tests.simulators.ats.dialect import Refusal
from tests.simulators.ats.dialects import _ashby_rows as shapes
from tests.simulators.ats.dialects import _ashby_steps as steps
from tests.simulators.ats.world import World

MOST_A_PAGE = 100
TOKENS_LAST, CURSORS_LAST = 30 * DAY, HOUR


def failure(code: str, sentence: str = "") -> Refusal:
    """The way Ashby says no: 200, and success is false."""
    info = {"code": code, "message": sentence or code, "requestId": "01SIMULATED"}
    return Refusal(200, code, body={"success": False, "errors": [code], "errorInfo": info})


@dataclass(frozen=True)
class Listed:
    """`filters` are fields of the request and the columns of the row that they compare."""

    table: str
    show: Callable[[World, Any], Any]
    filters: dict[str, str] = field(default_factory=dict)
    changed: Callable[[World, Any], int] = lambda world, row: row.updated_at
    includes: Callable[[World, Any, dict[str, Any]], bool] = lambda world, row, body: True
    needs: str = ""


def has_job(world: World, row: Any, body: dict[str, Any]) -> bool:
    wanted = body.get("status")
    shown = {"active": "Active", "hired": "Hired"}.get(row.status, "Archived")
    return bool(row.job_id) and not row.prospect and wanted in (None, shown)


def job_is_wanted(world: World, row: Any, body: dict[str, Any]) -> bool:
    """Drafts only when they are asked for."""
    return shapes.JOB_STATES[row.status] in (body.get("status") or ["Open", "Closed", "Archived"])


OF_JOB = {"jobId": "job_id"}
OF_APPLICATION = {"applicationId": "application_id"}
LISTS: dict[str, Listed] = {
    "candidate.list": Listed("candidates", shapes.candidate, changed=shapes.candidate_changed),
    "application.list": Listed("applications", shapes.application, OF_JOB, includes=has_job),
    "job.list": Listed("jobs", shapes.job, includes=job_is_wanted),
    "offer.list": Listed("offers", steps.offer, OF_APPLICATION),
    "interviewSchedule.list": Listed("interviews", steps.schedule, OF_APPLICATION, changed=steps.schedule_changed),
    "applicationFeedback.list": Listed("scorecards", steps.feedback, OF_APPLICATION, needs="applicationId"),
    "candidate.listNotes": Listed(
        "notes",
        steps.note,
        {"candidateId": "candidate_id"},
        includes=lambda world, row, body: row.kind == "note" and row.visibility == "public",
        needs="candidateId",
    ),
    "surveySubmission.list": Listed("eeoc", steps.survey, needs="surveyType"),
    "user.list": Listed("users", shapes.user, includes=lambda world, row, body: not row.service),
    "source.list": Listed("sources", shapes.source_of),
    "archiveReason.list": Listed("reject_reasons", shapes.archive_reason),
    "department.list": Listed("departments", shapes.department),
    "location.list": Listed("offices", shapes.office),
    "candidateTag.list": Listed("tags", shapes.tag),
    "customField.list": Listed("custom_fields", shapes.custom_field),
    "feedbackFormDefinition.list": Listed(
        "stages", steps.feedback_form, includes=lambda world, row, body: row.kind == "interview"
    ),
}


@dataclass(frozen=True)
class Position:
    """Where a list is read: since when, when its first page was asked for, below which id, and the how manieth page."""

    since: int = 0
    began: int = 0
    below: int | None = None
    page: int = 1


def encode(name: str, kind: str, *values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([name, kind, *values]).encode()).decode().rstrip("=")


def decode(text: Any, name: str, kind: str) -> list[int]:
    """ValueError for anything else than such a text for this list."""
    known, of, *values = json.loads(base64.urlsafe_b64decode(f"{text}{'=' * (-len(str(text)) % 4)}"))
    if (known, of) != (name, kind):
        raise ValueError
    return values


def position(name: str, body: dict[str, Any], now: int) -> Position:
    if body.get("cursor"):
        try:
            since, began, below, page = decode(body["cursor"], name, "cursor")
        except (ValueError, TypeError):
            raise failure("invalid_next_cursor", "Start the list again without a cursor.") from None
        if now - began > CURSORS_LAST:
            raise failure("next_cursor_expired", "Start the list again without a cursor.")
        return Position(since, began, below, page)
    if not body.get("syncToken"):
        return Position(began=now)
    try:
        (since,) = decode(body["syncToken"], name, "token")
    except (ValueError, TypeError):
        raise failure("sync_token_invalid", "Do a full sync.") from None
    if now - since > TOKENS_LAST:
        raise failure("sync_token_expired", "Do a full sync.")
    return Position(since, now)


def answer(world: World, name: str, body: dict[str, Any], *, most_pages: int, empty: bool = False) -> dict[str, Any]:
    """`empty`: a page that holds nothing although more follows."""
    listed = LISTS[name]
    if listed.needs and not body.get(listed.needs):
        raise failure("invalid_input", f"{listed.needs} is required")
    at = position(name, body, world.clock.now())
    if at.since and at.page > most_pages:
        raise failure("incremental_sync_too_large", "Do a full sync.")
    size = 0 if empty else page_size(body)
    found = list(islice(matching(world, listed, body, at), size + 1))
    results = {"success": True, "results": [listed.show(world, row) for row in found[:size]]}
    if empty or len(found) > size:
        below = found[size - 1].id if size else at.below
        onward = encode(name, "cursor", at.since, at.began, below, at.page + 1)
        return results | {"moreDataAvailable": True, "nextCursor": onward}
    return results | {"moreDataAvailable": False, "syncToken": encode(name, "token", at.began)}


def page_size(body: dict[str, Any]) -> int:
    limit = body.get("limit") or MOST_A_PAGE
    if not isinstance(limit, int) or limit < 1:
        raise failure("invalid_input", "limit must be a whole number")
    return min(limit, MOST_A_PAGE)


def matching(world: World, listed: Listed, body: dict[str, Any], at: Position) -> Iterator[Any]:
    wanted = {column: shapes.row_id(body[name]) for name, column in listed.filters.items() if body.get(name)}
    table = world.tables[listed.table]
    after = created_after(body)
    candidates = reversed(table.where(**wanted)) if wanted else table.descending(at.below)
    for row in candidates:
        if at.below is not None and row.id >= at.below:
            continue
        if (after and row.created_at < after) or (at.since and listed.changed(world, row) < at.since):
            continue
        if listed.includes(world, row, body):
            yield row


def created_after(body: dict[str, Any]) -> int:
    """Milliseconds since 1970; a moment is taken, too."""
    given = body.get("createdAfter")
    try:
        return from_iso(given) if isinstance(given, str) and not given.isdigit() else int(given or 0)
    except (ValueError, TypeError):
        raise failure("invalid_input", "createdAfter must be milliseconds since 1970") from None
