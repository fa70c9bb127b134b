"""Workable's API v3: Bearer tokens, lists oldest first by `paging.next`, ten requests in ten seconds.

Where the facts are from: workable.readme.io (Rate limits, Webhook Subscriptions, Candidate Events, the reference of each
address), Nango's templates, which were made from recorded traffic, and Airbyte's connector.

| what | how |
|---|---|
| token | Bearer; scopes r_jobs, r_candidates, w_candidates: 403 without |
| limit | 10 in each interval of 10 s for an account's token, told by X-Rate-Limit-Limit, -Remaining, -Reset |
| lists | `limit` up to 100 (50), `since_id`, `max_id`, `created_after`, `updated_after`; jobs `state`; candidates `email`, |
| | `shortcode`, `stage`; `paging.next` is a whole address |
| webhooks | candidate_created, candidate_moved, candidate_deleted; X-Workable-Signature: hex HMAC-SHA256 of the body with |
| | **the API token as key** (so it is what a subscription of this simulator has as secret); anything but 200 is |
| | replayed; what is sent is the state when it is sent |

Not told by webhook: edits, comments, tags, files, jobs. Reported by others: disqualifying, reverting and hiring come as
candidate_moved. Guessed: times of replays, words of errors, that events without start_date are the coming ones, and what
_workable_rows.py says of itself.
"""

import hashlib
import hmac
import json
import zlib
from collections.abc import Callable, Iterable
from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.simulators.ats.clock import from_iso
from tests.simulators.ats.dialect import Answer, Event, Refusal, Request, route
from tests.simulators.ats.dialects import _workable_rows as shapes
from tests.simulators.ats.dialects._workable_writes import Writes
from tests.simulators.ats.limits import FixedWindow, Limiter, Verdict
from tests.simulators.ats.webhooks import Hook
from tests.simulators.ats.world import Change, World

MOST_A_PAGE, USUAL_PAGE = 100, 50
TOLD = {
    "application.created": "candidate_created",
    **dict.fromkeys(
        [f"application.{kind}" for kind in ("moved", "rejected", "withdrawn", "unrejected", "hired", "unhired")],
        "candidate_moved",
    ),
}
Listed = tuple[int, dict[str, Any]]


class Workable(Writes):
    title = "Workable"
    resolution = 1000
    world_options: ClassVar[dict[str, Any]] = {"stages_per_job": False}
    retries = (60.0, 300.0, 900.0, 3600.0)

    def __init__(
        self,
        world: World,
        *,
        token: str = "workable-token",
        scopes: set[str] | None = None,
        limit: int = 10,
    ) -> None:
        """`scopes` None is all of them."""
        super().__init__(world)
        self.token, self.scopes = token, scopes
        self.limiter = FixedWindow(limit, 10)
        self.mails = []

    def credentials(self) -> dict[str, Any]:
        return {"token": self.token, "subdomain": "simulated"}

    def authenticate(self, request: Request) -> str:
        if not request.bearer or not hmac.compare_digest(request.bearer.encode(), self.token.encode()):
            raise Refusal(401, "Not authorized")
        about_candidates = "candidate" in request.path or "disqualification" in request.path
        scope = f"{'r' if request.method == 'GET' else 'w'}_{'candidates' if about_candidates else 'jobs'}"
        if self.scopes is not None and scope not in self.scopes:
            raise Refusal(403, f"This token lacks the scope {scope}")
        return self.token

    def forget_tokens(self) -> None:
        """The token is revoked."""
        self.token = f"{self.token}-new"

    def limiter_for(self, request: Request) -> Limiter:
        return self.limiter

    def limit_headers(self, verdict: Verdict) -> dict[str, str]:
        return {
            "X-Rate-Limit-Limit": str(verdict.limit),
            "X-Rate-Limit-Remaining": str(verdict.remaining),
            "X-Rate-Limit-Reset": str(round(verdict.reset_at)),
        }

    def too_many(self, retry_after: float) -> Answer:
        """When it ends says the header of the limit alone."""
        until = self.world.clock.exact() / 1000 + retry_after
        return Answer({"error": "Rate limit exceeded"}, 429, {"X-Rate-Limit-Reset": f"{until:.3f}"})

    # Lists

    @route("GET", "/spi/v3/candidates")
    def candidates(self, request: Request) -> Answer:
        email, code, stage = (request.arg(name) for name in ("email", "shortcode", "stage"))
        table = self.world.applications
        found = table.where(job_id=self.the_job(code).id) if code else map(table.get, list(table.ids))
        rows = [
            (row.id, row)
            for row in found
            if (not stage or shapes.stage_of(self.world, row)["slug"] == stage)
            and (not email or self.has_address(row, email))
            and self.is_within(request, row.applied_at or row.created_at, shapes.changed(self.world, row))
        ]
        return self.page(request, "candidates", rows, lambda row: shapes.candidate(self.world, row))

    def has_address(self, row: Any, email: str) -> bool:
        emails = self.world.candidates.get(row.candidate_id).emails
        return bool(emails) and emails[0]["value"].lower() == email.lower()

    @route("GET", "/spi/v3/candidates/{id}")
    def candidate(self, request: Request, id: str) -> Answer:
        return Answer({"candidate": shapes.detailed(self.world, self.the_candidate(id), self.base)})

    @route("GET", "/spi/v3/candidates/{id}/activities")
    def activities(self, request: Request, id: str) -> Answer:
        wanted = (request.arg("actions") or "").split(",")
        rows = [
            (number, shown)
            for number, shown in shapes.activities(self.world, self.the_candidate(id))
            if (wanted == [""] or shown["action"] in wanted)
            and self.is_within(request, 0, from_iso(shown["updated_at"]))
        ]
        return self.page(request, "activities", rows, lambda shown: shown)

    @route("GET", "/spi/v3/candidates/{id}/files")
    def files(self, request: Request, id: str) -> Answer:
        return Answer({"files": shapes.files(self.world, self.the_candidate(id), self.base)})

    @route("GET", "/spi/v3/candidates/{id}/offer")
    def offer(self, request: Request, id: str) -> Answer:
        found = shapes.offer(self.world, self.the_candidate(id))
        if found is None:
            raise Refusal(404, "Not found")
        return Answer(found)

    @route("GET", "/spi/v3/jobs")
    def jobs(self, request: Request) -> Answer:
        more = "description" in (request.arg("include_fields") or "")
        state = request.arg("state")
        rows = [
            (row.id, row)
            for row in map(self.world.jobs.get, list(self.world.jobs.ids))
            if state in (None, shapes.JOB_STATES[row.status])
            and self.is_within(request, row.created_at, row.updated_at)
        ]
        described: Callable[[Any], dict[str, Any]] = lambda row: shapes.description(row) if more else {}  # noqa: E731
        return self.page(request, "jobs", rows, lambda row: shapes.job(self.world, row) | described(row))

    @route("GET", "/spi/v3/jobs/{code}")
    def job(self, request: Request, code: str) -> Answer:
        row = self.the_job(code)
        return Answer(shapes.job(self.world, row) | shapes.description(row))

    @route("GET", "/spi/v3/jobs/{code}/members")
    def job_members(self, request: Request, code: str) -> Answer:
        row = self.the_job(code)
        people = dict.fromkeys([*row.recruiter_ids, *row.hiring_manager_ids])
        return Answer({"members": [shapes.member(self.world, self.world.users.get(who)) for who in people]})

    @route("GET", "/spi/v3/jobs/{code}/activities")
    def job_activities(self, request: Request, code: str) -> Answer:
        """Of all its candidates; without the stages that a candidate's own stream names."""
        rows = sorted(
            (number, {key: value for key, value in shown.items() if key != "target_stage"} | {"candidate": who})
            for row in self.world.applications.where(job_id=self.the_job(code).id)
            for who in [{"id": shapes.id_of(row.id), "name": self.world.candidates.get(row.candidate_id).name}]
            for number, shown in shapes.activities(self.world, row)
        )
        return self.page(request, "activities", rows, lambda shown: shown)

    @route("GET", "/spi/v3/events")
    def events_listed(self, request: Request) -> Answer:
        start = self.when(request, "start_date") if request.arg("start_date") else self.world.now()
        cancelled_too = request.arg("include_cancelled") == "true"
        rows = [
            (row.id, row)
            for row in map(self.world.interviews.get, list(self.world.interviews.ids))
            if row.starts_at and row.starts_at >= start and (cancelled_too or row.status != "cancelled")
        ]
        return self.page(request, "events", rows, lambda row: shapes.event(self.world, row))

    @route("GET", "/spi/v3/events/{id}")
    def event(self, request: Request, id: str) -> Answer:
        row = self.world.interviews.get(shapes.number_of(id))
        if row is None:
            raise Refusal(404, "Not found")
        return Answer(shapes.event(self.world, row))

    @route("GET", "/spi/v3/stages")
    def stages(self, request: Request) -> Answer:
        return Answer({"stages": shapes.stages(self.world)})

    @route("GET", "/spi/v3/members")
    def members(self, request: Request) -> Answer:
        """The active ones, unless told otherwise."""
        all_of_them, role = request.arg("status") == "all", request.arg("role")
        rows = [
            (row.id, row)
            for row in self.world.users
            if not row.service and (all_of_them or row.active) and role in (None, "admin" if row.admin else "simple")
        ]
        return self.page(request, "members", rows, lambda row: shapes.member(self.world, row))

    @route("GET", "/spi/v3/recruiters")
    def recruiters(self, request: Request) -> Answer:
        return Answer(
            {"recruiters": [shapes.recruiter(self.world, row) for row in self.world.users if not row.service]}
        )

    @route("GET", "/spi/v3/departments")
    def departments(self, request: Request) -> Answer:
        return Answer([shapes.department(self.world, row) for row in self.world.departments])

    @route("GET", "/spi/v3/disqualification_reasons")
    def reasons(self, request: Request) -> Answer:
        return Answer([shapes.reason(self.world, row) for row in self.world.reject_reasons])

    def is_within(self, request: Request, created: int, updated: int) -> bool:
        return (not request.arg("created_after") or created >= self.when(request, "created_after")) and (
            not request.arg("updated_after") or updated >= self.when(request, "updated_after")
        )

    def when(self, request: Request, name: str) -> int:
        try:
            return from_iso(request.arg(name) or "")
        except ValueError:
            raise Refusal(422, f"{name} must be a timestamp") from None

    def page(
        self, request: Request, name: str, rows: Iterable[tuple[int, Any]], show: Callable[[Any], dict[str, Any]]
    ) -> Answer:
        """Oldest first; `since_id` is the one that the page begins with."""
        size = request.arg("limit") or str(USUAL_PAGE)
        if not size.isdigit() or not 1 <= int(size) <= MOST_A_PAGE:
            raise Refusal(422, f"limit must be between 1 and {MOST_A_PAGE}")
        if request.arg("since_id") and self.faults.strikes("invalid_offset", request.path):
            raise Refusal(422, "since_id is invalid")
        since = shapes.number_of(request.arg("since_id"))
        found = [row for number, row in sorted(rows, key=lambda one: one[0]) if number >= since]
        numbers = sorted(number for number, _ in rows if number >= since)
        body: dict[str, Any] = {name: [show(row) for row in found[: int(size)]]}
        if len(found) > int(size):
            query = {key: values[-1] for key, values in request.query.items()}
            query |= {"limit": size, "since_id": str(shapes.id_of(numbers[int(size)]))}
            body["paging"] = {"next": f"{self.base}{request.path}?{urlencode(query)}"}
        else:
            body["paging"] = {}
        return Answer(body)

    @route("GET", "/files/{id}/{until}/{signature}", open=True)
    def file(self, request: Request, id: str, until: str, signature: str) -> Answer:
        """The storage behind the links: no credentials."""
        file = self.world.attachments.get(int(id)) if id.isdigit() else None
        right = until.isdigit() and file is not None and shapes.link_signature(file.id, int(until))
        if file is None or signature != right or int(until) < self.world.clock.exact():
            return Answer(b"<Error><Code>AccessDenied</Code></Error>", 403, {"Content-Type": "application/xml"})
        return Answer(file.content, 200, {"Content-Type": file.content_type})

    # Webhooks

    @route("GET", "/spi/v3/subscriptions")
    def subscriptions(self, request: Request) -> Answer:
        """One for each event; here one hook stands for all of them."""
        if not self.webhooks.hooks:
            raise Refusal(404, "Not found")
        rows = [
            {"id": _number_of(hook), "event": "candidate_created", "target": hook.url, "state": "active"}
            for hook in self.webhooks.hooks
        ]
        return Answer({"subscriptions": rows, "paging": {}})

    @route("DELETE", "/spi/v3/subscriptions/{id}")
    def unsubscribe(self, request: Request, id: str) -> Answer:
        for hook in self.webhooks.hooks:
            if str(_number_of(hook)) == id:
                self.webhooks.unsubscribe(hook)
                return Answer(status=204)
        raise Refusal(404, "Not found")

    def events(self, change: Change) -> list[Event]:
        if change.kind == "candidate.deleted":
            return [
                self.told(change, "candidate_deleted", {"id": shapes.id_of(one)})
                for one in change.data["application_ids"]
            ]
        if change.kind == "application.deleted":
            return [self.told(change, "candidate_deleted", {"id": shapes.id_of(change.row_id)})]
        if change.kind not in TOLD:
            return []
        row = self.world.applications.get(change.row_id)
        return [self.told(change, TOLD[change.kind], shapes.detailed(self.world, row, self.base))]

    def told(self, change: Change, name: str, data: dict[str, Any]) -> Event:
        about = {"event_type": name, "resource_type": "candidate", "fired_at": shapes.moment(change.at)}
        return Event(name, about | {"id": f"{change.number:x}{data['id']}", "data": data})

    def envelope(self, secret: str, event: Event) -> tuple[dict[str, str], bytes]:
        body = json.dumps(event.body, ensure_ascii=False).encode()
        return {"X-Workable-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}, body

    def taken(self, status: int) -> bool:
        return status == 200


def _number_of(hook: Hook) -> int:
    return zlib.crc32(hook.url.encode())


DIALECT = Workable
