"""Lever's Data API v1: opportunities and contacts, pages by an offset, limits by the second, webhooks that say ids.

Where the facts are from: hire.lever.co/developer/documentation by way of public clients and surveys of it, Airbyte's
connector (whose manifest reads this simulator), and what maintainers of connectors report.

| what | how |
|---|---|
| key | HTTP Basic, the key as the name without a password; 401 otherwise |
| lists | `{data, hasNext, next}`; `limit` 1 to 100, 100 unless told otherwise; send `next` as `offset`, which can go bad: 400 |
| changed | `updated_at_start` and `_end` in milliseconds, both inclusive; a note or feedback does not move `updatedAt` |
| limit | 10 requests a second with a burst of 20, applying 2 a second; 429 without any header |
| errors | `{"code": …, "message": …}` |
| writing | `perform_as` says in whose name; **no idempotency key**: the same POST twice makes two opportunities |
| person | a POST with a known e-mail adds an opportunity to that contact |
| rejecting, hiring | `PUT …/archived` with a reason, whose type is non-hired or hired; without a reason it is undone |
| deleted | `/opportunities/deleted`, by `deleted_at_start` and `_end` |
| webhooks | signature HMAC-SHA256(signatureToken, token + triggeredAt) in the body; a token for each hook and event; |
| | 5 retries; two of them for a hire: candidateArchiveChange and candidateHired |

Guessed: newest first in lists, the seconds between retries, the code words of errors, the fields of a deleted
opportunity, and that merging tells of the winner by contactUpdated. Left out: OAuth, requisitions, forms.
"""

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, ClassVar

from tests.simulators.ats.dialect import Answer, Event, Refusal, Request, route
from tests.simulators.ats.dialects import _lever_rows as shapes
from tests.simulators.ats.dialects._lever_events import told
from tests.simulators.ats.dialects._lever_writes import Writes
from tests.simulators.ats.limits import Limiter, TokenBucket
from tests.simulators.ats.rows import Application
from tests.simulators.ats.world import Change, World

MOST_A_PAGE = 100
WEEK = 7 * 86_400_000
CODES = {400: "BadRequestError", 401: "UnauthorizedError", 403: "ForbiddenError", 404: "ResourceNotFound"}
CODES |= {429: "TooManyRequests", 503: "ServiceUnavailable"}
SUBLISTS = {
    "offers": ("offers", shapes.offer),
    "interviews": ("interviews", shapes.interview),
    "feedback": ("scorecards", shapes.feedback),
}


class Lever(Writes):
    title = "Lever"
    world_options: ClassVar[dict[str, Any]] = {"stages_per_job": False}
    retries = (60.0, 300.0, 1800.0, 7200.0, 21600.0)

    def __init__(self, world: World, *, key: str = "lever-key", rate: float = 10, burst: int = 20) -> None:
        super().__init__(world)
        self.key = key
        self.limiter = TokenBucket(rate, burst)
        self.apply_limiter = TokenBucket(2, 2)

    def credentials(self) -> dict[str, Any]:
        writer = next((user.email for user in self.world.users if user.active and not user.service), "")
        return {"key": self.key, "user": writer}

    def authenticate(self, request: Request) -> str:
        if request.basic != (self.key, ""):
            raise Refusal(401, "Invalid API key")
        return self.key

    def limiter_for(self, request: Request) -> Limiter:
        return self.apply_limiter if request.path.endswith("/apply") else self.limiter

    def too_many(self, retry_after: float) -> Answer:
        return self.refused(Refusal(429, "API rate limit exceeded"))

    def refused(self, refusal: Refusal) -> Answer:
        status = 400 if refusal.status == 422 else refusal.status
        body = {"code": CODES.get(status, "InternalServerError"), "message": refusal.message}
        return Answer(refusal.body or body, status, dict(refusal.headers))

    # Pages

    def page(self, request: Request, rows: Iterable[Any], show: Callable[[Any], Any]) -> Answer:
        """Newest first; the offset is the last id that was seen, wrapped so that nobody relies on it."""
        limit = number(request, "limit", MOST_A_PAGE)
        if not 1 <= limit <= MOST_A_PAGE:
            raise Refusal(400, f"limit must be between 1 and {MOST_A_PAGE}")
        below = self.offset(request)
        found = list(islice((row for row in rows if below is None or row.id < below), limit + 1))
        body: dict[str, Any] = {"data": [show(row) for row in found[:limit]], "hasNext": len(found) > limit}
        if len(found) > limit:
            body["next"] = base64.urlsafe_b64encode(json.dumps([request.path, found[limit - 1].id]).encode()).decode()
        return Answer(body)

    def offset(self, request: Request) -> int | None:
        text = request.arg("offset")
        if not text:
            return None
        try:
            path, below = json.loads(base64.urlsafe_b64decode(text))
        except ValueError:
            path, below = "", 0
        if path != request.path or self.faults.strikes("invalid_offset", request.path):
            raise Refusal(400, "Invalid offset token")
        return int(below)

    # Opportunities

    @route("GET", "/v1/opportunities")
    def opportunities(self, request: Request) -> Answer:
        tests = list(self.filters(request))
        rows = (row for row in self.world.applications.descending() if all(test(row) for test in tests))
        return self.page(request, rows, lambda row: self.shown(request, row))

    def filters(self, request: Request) -> Iterable[Callable[[Application], bool]]:
        world = self.world
        person = world.candidates.get
        yield from self.window(request, "updated_at", lambda row: shapes.updated(world, row))
        yield from self.window(request, "created_at", lambda row: row.created_at)
        yield from self.window(request, "archived_at", lambda row: row.hired_at or row.rejected_at)
        if (wanted := request.arg("archived")) is not None:
            yield lambda row: (row.status != "active") == (wanted == "true")
        for name, kind, column in (
            ("stage_id", "stage", "stage_id"),
            ("posting_id", "posting", "job_id"),
            ("archive_reason_id", "reason", "reject_reason_id"),
            ("contact_id", "contact", "candidate_id"),
        ):
            if ids := {shapes.number_of(kind, one) for one in request.query.get(name, ())}:
                yield lambda row, ids=ids, column=column: getattr(row, column) in ids
        if email := request.arg("email"):
            yield lambda row: email.lower() in {one["value"].lower() for one in person(row.candidate_id).emails}
        if tags := set(request.query.get("tag", ())):
            yield lambda row: bool(tags & set(person(row.candidate_id).tags))

    def window(
        self, request: Request, name: str, moment: Callable[[Application], int | None]
    ) -> Iterable[Callable[[Application], bool]]:
        start, end = number(request, f"{name}_start", 0), number(request, f"{name}_end", 0)
        if start:
            yield lambda row: (moment(row) or 0) >= start
        if end:
            yield lambda row: 0 < (moment(row) or 0) <= end

    def shown(self, request: Request, row: Application) -> dict[str, Any]:
        """`include` leaves all others out, `expand` puts the object in the place of its id."""
        about = shapes.opportunity(self.world, self.base, row)
        expand, include = set(request.query.get("expand", ())), set(request.query.get("include", ()))
        if "contact" in expand:
            about["contact"] = shapes.contact(self.world, self.world.candidates.get(row.candidate_id))
        if "stage" in expand and row.stage_id:
            about["stage"] = shapes.stage(self.world, self.world.stages.get(row.stage_id))
        if "applications" in expand and row.job_id:
            about["applications"] = [shapes.application(self.world, row)]
        return {name: value for name, value in about.items() if name in include | {"id"}} if include else about

    @route("GET", "/v1/opportunities/deleted")
    def deleted(self, request: Request) -> Answer:
        start, end = number(request, "deleted_at_start", 0), number(request, "deleted_at_end", 0)
        stones = (
            stone
            for stone in self.world.tombstones.descending()
            if stone.kind == "application" and stone.at >= start and (not end or stone.at <= end)
        )
        return self.page(
            request,
            stones,
            lambda stone: {
                "id": shapes.uid("opportunity", stone.gone_id),
                "contact": shapes.uid("contact", stone.candidate_id),
                "deletedAt": stone.at,
            },
        )

    @route("GET", "/v1/opportunities/{id}")
    def one_opportunity(self, request: Request, id: str) -> Answer:
        return Answer({"data": self.shown(request, self.found("applications", "opportunity", id))})

    @route("GET", "/v1/opportunities/{id}/{list}")
    def sublist(self, request: Request, id: str, list: str) -> Answer:
        row, world = self.found("applications", "opportunity", id), self.world
        if list in SUBLISTS:
            table, show = SUBLISTS[list]
            return self.page(
                request, newest(world.tables[table].where(application_id=row.id)), lambda one: show(world, one)
            )
        if list == "notes":
            notes = [one for one in world.notes.where(candidate_id=row.candidate_id) if belongs(world, one, row)]
            return self.page(request, newest(notes), lambda one: shapes.note(world, one))
        if list == "applications":
            return self.page(request, [row] if row.job_id else [], lambda one: shapes.application(world, one))
        if list in ("files", "resumes"):
            show_file = shapes.resume if list == "resumes" else shapes.file
            files = [one for one in self.files_of(row) if (one.kind == "resume") == (list == "resumes")]
            return self.page(request, newest(files), lambda one: show_file(world, self.base, one, request.path))
        if list == "referrals":
            return self.page(request, [], lambda one: one)
        raise Refusal(404, "Resource not found")

    def files_of(self, row: Application) -> list[Any]:
        files = self.world.attachments.where(candidate_id=row.candidate_id)
        return [file for file in files if belongs(self.world, file, row)]

    @route("GET", "/v1/opportunities/{id}/{list}/{file}/download")
    def download(self, request: Request, id: str, list: str, file: str) -> Answer:
        self.found("applications", "opportunity", id)
        found = self.found("attachments", "file", file)
        return Answer(found.content, 200, {"Content-Type": found.content_type})

    # Everything else

    @route("GET", "/v1/eeo/responses/pii")
    def eeo(self, request: Request) -> Answer:
        """Not in pages; of the last week, unless another beginning is asked for."""
        (began,) = request.query.get("created_at_start") or (self.world.clock.now() - WEEK,)
        since = int(began)
        rows = [row for row in self.world.eeoc.descending() if row.created_at >= since]
        return Answer({"data": {"eeoResponses": [shapes.eeo(self.world, row) for row in rows]}})

    @route("GET", "/v1/contacts/{id}")
    def contact(self, request: Request, id: str) -> Answer:
        return Answer({"data": shapes.contact(self.world, self.found("candidates", "contact", id))})

    @route("GET", "/v1/stages")
    def stages(self, request: Request) -> Answer:
        return Answer({"data": [shapes.stage(self.world, stage) for stage in self.world.stages_of(None)]})

    @route("GET", "/v1/archive_reasons")
    def archive_reasons(self, request: Request) -> Answer:
        reasons = [shapes.reason(self.world, one) for one in self.world.reject_reasons] + [shapes.HIRED_REASON]
        wanted = request.arg("type")
        return Answer({"data": [one for one in reasons if wanted in (None, one["type"])]})

    @route("GET", "/v1/postings")
    def postings(self, request: Request) -> Answer:
        start, end = number(request, "updated_at_start", 0), number(request, "updated_at_end", 0)
        rows = (
            row
            for row in self.world.jobs.descending()
            if row.updated_at >= start
            and (not end or row.updated_at <= end)
            and request.arg("state") in (None, shapes.posting(self.world, row)["state"])
        )
        return self.page(request, rows, lambda row: shapes.posting(self.world, row))

    @route("GET", "/v1/postings/{id}")
    def one_posting(self, request: Request, id: str) -> Answer:
        return Answer({"data": shapes.posting(self.world, self.found("jobs", "posting", id))})

    @route("GET", "/v1/users")
    def users(self, request: Request) -> Answer:
        everybody = request.arg("includeDeactivated", "").lower() == "true"
        rows = (row for row in self.world.users.descending() if not row.service and (row.active or everybody))
        return self.page(request, rows, lambda row: shapes.user(self.world, row))

    @route("GET", "/v1/users/{id}")
    def one_user(self, request: Request, id: str) -> Answer:
        return Answer({"data": shapes.user(self.world, self.found("users", "user", id))})

    @route("GET", "/v1/tags")
    def tags(self, request: Request) -> Answer:
        return self.page(request, self.world.tags.descending(), lambda row: {"text": row.name, "count": None})

    @route("GET", "/v1/sources")
    def sources(self, request: Request) -> Answer:
        return self.page(request, self.world.sources.descending(), lambda row: {"text": row.name, "count": None})

    # Webhooks

    def events(self, change: Change) -> list[Event]:
        return list(told(self.world, change))

    def envelope(self, secret: str, event: Event) -> tuple[dict[str, str], bytes]:
        token, at = secrets.token_hex(24), self.world.clock.exact()
        signature = hmac.new(secret.encode(), f"{token}{at}".encode(), hashlib.sha256).hexdigest()
        about = {"id": str(uuid.uuid4()), "triggeredAt": at, "event": event.name, "token": token}
        return {}, json.dumps(about | {"signature": signature, "data": event.body}).encode()


def belongs(world: World, row: Any, application: Application) -> bool:
    """What hangs on the person without an application is shown with the first of theirs."""
    if row.application_id is not None:
        return bool(row.application_id == application.id)
    return bool(world.applications.where(candidate_id=application.candidate_id)[0].id == application.id)


def newest(rows: list[Any]) -> list[Any]:
    return rows[::-1]


def number(request: Request, name: str, usual: int) -> int:
    text = request.arg(name)
    if text is not None and not text.isdigit():
        raise Refusal(400, f"{name} must be a whole number of milliseconds" if "_at_" in name else f"{name} is invalid")
    return usual if text is None else int(text)


DIALECT = Lever
