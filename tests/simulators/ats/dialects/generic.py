"""A plain REST ATS of nobody's: lists with pages of a kind that is chosen, one address for each record, signed webhooks.

It stands for the many systems that are mapped by whoever uses them. Options: `paging` (page, offset, cursor or link),
`size` of a page. Webhooks are signed as standardwebhooks.com describes, and so are the messages that it takes at /inbox.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from tests.simulators.ats.clock import iso
from tests.simulators.ats.dialect import Answer, Dialect, Event, Refusal, Request, route
from tests.simulators.ats.rows import Row
from tests.simulators.ats.world import Change, World

Shown = dict[str, Any]
STATES = {"active": "in progress", "rejected": "declined", "hired": "hired", "withdrawn": "withdrawn"}


class Generic(Dialect):
    title = "Generic"
    world_options: ClassVar[dict[str, Any]] = {"stages_per_job": False}
    retries = (5.0, 300.0, 1800.0)

    def __init__(self, world: World, *, token: str = "generic-token", paging: str = "page", size: int = 100) -> None:
        super().__init__(world)
        self.token, self.paging, self.size = token, paging, size
        self.inbox: dict[str, Shown] = {}
        self.shapes: dict[str, tuple[str, Callable[[Any], Shown]]] = {
            "people": ("candidates", self.person),
            "applications": ("applications", self.application),
            "jobs": ("jobs", self.job),
            "stages": ("stages", lambda row: {"id": row.id, "name": row.name}),
            "reasons": ("reject_reasons", lambda row: {"id": row.id, "name": row.name}),
            "users": ("users", lambda row: {"id": row.id, "name": row.name, "email": row.email}),
            "notes": ("notes", self.note),
            "files": ("attachments", self.file),
            "offers": ("offers", lambda row: {"id": row.id, "application": row.application_id, "status": row.status}),
        }

    def credentials(self) -> dict[str, Any]:
        return {"token": self.token}

    def authenticate(self, request: Request) -> str:
        if request.bearer != self.token:
            raise Refusal(401, "Unknown token")
        return self.token

    def refused(self, refusal: Refusal) -> Answer:
        return Answer(refusal.body or {"error": refusal.message}, refusal.status, dict(refusal.headers))

    @route("GET", "/api/{list}")
    def listed(self, request: Request, list: str) -> Answer:
        table, show = self.shape(list)
        since = moment(request)
        rows = [row for row in self.world.tables[table].descending() if row.updated_at >= since]
        return self.page(request, rows, show)

    def page(self, request: Request, rows: list[Row], show: Callable[[Any], Shown]) -> Answer:
        size, start = int(request.arg("size") or self.size), 0
        if self.paging == "page":
            start = (int(request.arg("page") or 1) - 1) * size
        elif self.paging == "offset":
            start = int(request.arg("offset") or 0)
        elif cursor := request.arg("cursor"):
            if self.faults.strikes("invalid_offset", request.path) or not cursor.startswith("after-"):
                raise Refusal(400, "Unknown cursor")
            below = int(cursor.removeprefix("after-"))
            rows = [row for row in rows if row.id < below]
        part, rest = rows[start : start + size], rows[start + size :]
        body: Shown = {"items": [show(row) for row in part], "total": len(rows)}
        if rest and self.paging == "cursor":
            body["next"] = f"after-{part[-1].id}"
        elif rest and self.paging == "link":
            body["next"] = f"{self.base}{request.path}?size={size}&cursor=after-{part[-1].id}"
        return Answer(body)

    @route("GET", "/api/{list}/{id}")
    def one(self, request: Request, list: str, id: str) -> Answer:
        table, show = self.shape(list)
        row = self.world.tables[table].get(int(id)) if id.isdigit() else None
        if row is None:
            raise Refusal(404, "There is no such record")
        return Answer({"item": show(row)})

    @route("GET", "/content/{id}")
    def content(self, request: Request, id: str) -> Answer:
        row = self.world.attachments.get(int(id))
        if row is None:
            raise Refusal(404, "There is no such file")
        return Answer(row.content, 200, {"Content-Type": row.content_type})

    def shape(self, name: str) -> tuple[str, Callable[[Any], Shown]]:
        if name not in self.shapes:
            raise Refusal(404, "There is no such list")
        return self.shapes[name]

    def person(self, row: Any) -> Shown:
        return {
            "id": row.id,
            "names": {"first": row.first_name, "last": row.last_name},
            "emails": row.emails,
            "phones": row.phones,
            "urls": [one["value"] for one in row.links],
            "city": row.location or None,
            "labels": [{"text": tag} for tag in row.tags],
            "more": dict(row.custom),
            "gender": "not said",
            "anonymised": row.anonymised,
            "updated": iso(row.updated_at),
        }

    def application(self, row: Any) -> Shown:
        stage, reason = self.world.stages.get(row.stage_id), self.world.reject_reasons.get(row.reject_reason_id)
        return {
            "id": row.id,
            "who": {"id": row.candidate_id},
            "vacancy": row.job_id,
            "step": {"id": row.stage_id, "title": stage.name} if stage else None,
            "status": STATES[row.status],
            "reason": reason.name if reason else None,
            "applied": row.applied_at,
            "updated": iso(row.updated_at),
        }

    def job(self, row: Any) -> Shown:
        about = {"id": row.id, "title": row.title, "open": row.status == "open", "place": row.location}
        return about | {"description": row.text, "updated": iso(row.updated_at)}

    def note(self, row: Any) -> Shown:
        author = self.world.users.get(row.author_id)
        about = {"id": row.id, "person": row.candidate_id, "body": row.body, "by": author.name if author else None}
        return about | {"written": row.created_at // 1000}

    def file(self, row: Any) -> Shown:
        about = {"id": row.id, "person": row.candidate_id, "file_name": row.filename, "kind": row.kind}
        return about | {"href": f"/content/{row.id}"}

    # What is sent here, and what it tells

    @route("POST", "/inbox", open=True)
    def take(self, request: Request) -> Answer:
        """The same id again is nothing new."""
        key, at = request.headers.get("webhook-id") or "", request.headers.get("webhook-timestamp") or ""
        if request.headers.get("webhook-signature") != signed(self.token, key, at, request.body):
            raise Refusal(401, "The signature is wrong")
        if key not in self.inbox:
            self.inbox[key] = request.json
            if request.json["type"] == "note.add":
                data = request.json["data"]
                self.world.add_note(int(data["person"]), data["text"])
        return Answer({"taken": key}, 202)

    def events(self, change: Change) -> list[Event]:
        return list(self.told(change))

    def told(self, change: Change) -> Iterable[Event]:
        noun, _, verb = change.kind.partition(".")
        name = {"candidate": "people", "application": "applications", "note": "notes"}.get(noun)
        kind = {"candidate": "person"}.get(noun, noun)
        row = self.world.tables[self.shape(name)[0]].get(change.row_id) if name else None
        if row is not None and name:
            yield Event(f"{kind}.{verb}", {"type": f"{kind}.{verb}", "data": self.shape(name)[1](row)})
        elif verb == "deleted":
            yield Event(f"{kind}.deleted", {"type": f"{kind}.deleted", "data": {"id": change.row_id}})

    def envelope(self, secret: str, event: Event) -> tuple[dict[str, str], bytes]:
        key, at = f"msg_{secrets.token_hex(12)}", str(self.world.clock.exact() // 1000)
        body = Answer(event.body).payload()
        about = {"webhook-id": key, "webhook-timestamp": at, "webhook-signature": signed(secret, key, at, body)}
        return about, body


def signed(secret: str, key: str, at: str, body: bytes) -> str:
    plain = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    return "v1," + base64.b64encode(hmac.new(plain, f"{key}.{at}.".encode() + body, hashlib.sha256).digest()).decode()


def moment(request: Request) -> int:
    text = request.arg("updated_since")
    if text is None:
        return 0
    if not text.isdigit():
        raise Refusal(400, "updated_since must be milliseconds")
    return int(text)


DIALECT = Generic
