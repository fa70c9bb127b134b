"""Ashby's API: everything is a POST to `resource.verb`, and most refusals are a 200 whose `success` is false.

Where the facts are from: developers.ashbyhq.com (Authentication, Pagination and Incremental Synchronization, Setting up
Webhooks, Common Payload Data, Related Webhooks, Retries, the changelog up to autumn 2026), its OpenAPI document, and
the connectors of Airbyte (sends `per_page` and the key as password, too), Estuary and PostHog.

| what | how |
|---|---|
| key | Basic, the key as user: without one 401, with a wrong one 403, without the right 403 missing_endpoint_permission |
| errors | 200 with `success: false`, `errors: [code]`, `errorInfo` |
| lists | see _ashby_lists.py |
| limit | 429 for each key; how much is not published: 1,000 a minute is what users report |
| webhooks | `Ashby-Signature: sha256=<hex>` over the body; one hook for each type; ping; 10 attempts, (2^n - 1) × 10 s |
| | apart, none after 401, 403, 404, 405, 410; what belongs to one act shares its webhookActionId |

`webhook.create`, `.info` and `.delete` keep one each (public integrations of others send webhookType, requestUrl and
secretToken, and webhookId); none lists them. Guessed: `enabled` in the answer, which the page “Setting up Webhooks”
describes. There are no webhooks for edited, anonymised or noted candidates, nor for deleted applications. Guessed: Retry-After at
a 429, the codes of wrong keys, and what _ashby_rows.py and _ashby_lists.py say of themselves.
"""

import hashlib
import hmac
import json
from typing import Any, ClassVar

from tests.simulators.ats.dialect import Answer, Event, Refusal, Request, route
from tests.simulators.ats.dialects import _ashby_lists as lists
from tests.simulators.ats.dialects._ashby_events import TELLERS, body_of
from tests.simulators.ats.dialects._ashby_rows import link_signature, uuid_of
from tests.simulators.ats.dialects._ashby_writes import Acts, act_named, form_of, success
from tests.simulators.ats.limits import FixedWindow, Limiter
from tests.simulators.ats.world import Change, World

MODULES = {
    **dict.fromkeys(("candidate", "application", "file"), "candidates"),
    **dict.fromkeys(("job", "jobPosting"), "jobs"),
    **dict.fromkeys(("interviewSchedule", "interviewStage", "interviewPlan", "applicationFeedback"), "interviews"),
    **dict.fromkeys(
        ("source", "archiveReason", "candidateTag", "customField", "feedbackFormDefinition"), "hiringProcessMetadata"
    ),
    **dict.fromkeys(("department", "location", "user"), "organization"),
    "offer": "offers",
    "surveySubmission": "surveys",
    **dict.fromkeys(("apiKey", "webhook"), "apiKeys"),
}
FINAL = (401, 403, 404, 405, 410)  # after which a webhook is not tried again


class Ashby(Acts):
    title = "Ashby"
    world_options: ClassVar[dict[str, Any]] = {"stages_per_job": True}
    retries = tuple((2**attempt - 1) * 10.0 for attempt in range(1, 10))

    def __init__(
        self,
        world: World,
        *,
        api_key: str = "ashby-key",
        modules: set[str] | None = None,
        limit: int = 1000,
        most_pages: int = 100,
    ) -> None:
        """`modules` are those that the key may read and write, None all of them; `most_pages` of an incremental sync."""
        super().__init__(world)
        self.api_key, self.modules, self.most_pages = api_key, modules, most_pages
        self.limiter = FixedWindow(limit, 60)

    def credentials(self) -> dict[str, Any]:
        return {"api_key": self.api_key}

    def authenticate(self, request: Request) -> str:
        if request.path.startswith("/files/"):
            return ""
        if request.basic is None:
            raise Refusal(401, body=refusal("missing_api_key", "No API key was provided."))
        if not hmac.compare_digest(request.basic[0].encode(), self.api_key.encode()):
            raise Refusal(403, body=refusal("invalid_api_key", "The API key is invalid or deactivated."))
        module = MODULES.get(request.path.strip("/").partition(".")[0], "")
        if self.modules is not None and module not in self.modules:
            raise Refusal(403, "missing")
        return self.api_key

    def forget_tokens(self) -> None:
        """The key is deactivated."""
        self.api_key = f"{self.api_key}-new"

    def limiter_for(self, request: Request) -> Limiter | None:
        return self.limiter

    def refused(self, refused: Refusal) -> Answer:
        """What this API refuses by itself brings its body; the rest is the world's, or a fault."""
        if refused.body is not None:
            return Answer(refused.body, refused.status, dict(refused.headers))
        if refused.status == 403:
            sentence = "The API key lacks the permission for this endpoint."
            return Answer(refusal("missing_endpoint_permission", sentence), 403, dict(refused.headers))
        if refused.status == 429 or refused.status >= 500:
            code = "rate_limit_exceeded" if refused.status == 429 else "internal_server_error"
            return Answer(refusal(code, refused.message), refused.status, dict(refused.headers))
        return Answer(refusal("invalid_input", refused.message), 200, dict(refused.headers))

    @route("POST", "/{name}")
    def act(self, request: Request, name: str) -> Answer:
        kind = (request.headers.get("Content-Type") or "").partition(";")[0]
        if kind not in ("application/json", "multipart/form-data"):
            raise lists.failure("invalid_input", "The content type must be application/json")
        body = form_of(request) if kind == "multipart/form-data" else request.json
        if not isinstance(body, dict):
            raise lists.failure("invalid_input", "The body must be an object")
        if name in lists.LISTS:
            return self.listed(request, name, body)
        if act := act_named(self, name):
            return success(act(body))
        raise Refusal(404, body=refusal("endpoint_not_found", f"There is no {name}."))

    def listed(self, request: Request, name: str, body: dict[str, Any]) -> Answer:
        if body.get("cursor") and self.faults.strikes("invalid_offset", request.path, "POST"):
            raise lists.failure("next_cursor_expired", "Start the list again without a cursor.")
        empty = bool(self.faults.strikes("empty_page", request.path, "POST"))
        return Answer(lists.answer(self.world, name, body, most_pages=self.most_pages, empty=empty))

    @route("GET", "/files/{id}/{until}/{signature}", open=True)
    def file(self, request: Request, id: str, until: str, signature: str) -> Answer:
        """The storage behind the links: no credentials."""
        file = self.world.attachments.get(int(id)) if id.isdigit() else None
        good = until.isdigit() and id.isdigit() and hmac.compare_digest(signature, link_signature(int(id), int(until)))
        if file is None or not good or int(until) < self.world.clock.exact():
            return Answer(b"<Error><Code>AccessDenied</Code></Error>", 403, {"Content-Type": "application/xml"})
        return Answer(file.content, 200, {"Content-Type": file.content_type})

    # Webhooks

    def events(self, change: Change) -> list[Event]:
        act = uuid_of(change.number, 0x5000)
        return [
            Event(name, body_of(act, name, data))
            for name, data in TELLERS.get(change.kind, nothing)(self.world, change)
        ]

    def ping(self) -> Event:
        return Event("ping", body_of(uuid_of(0, 0x5000), "ping", {"webhookActionType": "ping"}))

    def envelope(self, secret: str, event: Event) -> tuple[dict[str, str], bytes]:
        body = json.dumps(event.body, ensure_ascii=False).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {"Ashby-Signature": f"sha256={signature}"}, body

    def gives_up(self, status: int) -> bool:
        return status in FINAL


def nothing(world: World, change: Change) -> list[Any]:
    return []


def refusal(code: str, sentence: str) -> dict[str, Any]:
    info = {"code": code, "message": sentence, "requestId": "01SIMULATED"}
    return {"success": False, "errors": [code], "errorInfo": info}


DIALECT = Ashby
