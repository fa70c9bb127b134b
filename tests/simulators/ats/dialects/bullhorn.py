"""Bullhorn's REST API: OAuth, then a login that gives a session, then lists by start and count, and a queue of events.

Where the facts are from: bullhorn/rest-api-docs (reference, Getting Started, Event Subscriptions), the answers that
bullhorn-rest-client and sdk-rest were tested with, Bullhorn's pages on usage limits, and its support on 429.

| what | how |
|---|---|
| where | GET rest-services/loginInfo?username= says which data centre: `oauthUrl`, `restUrl` |
| OAuth | POST authorize with name and password and `action=Login` is redirected to …?code=; POST token, good 10 minutes |
| session | POST login?access_token= gives `BhRestToken` and the `restUrl` of the company; when it is gone: 401 with |
| | `errors.authentication.invalidRestToken`, of older servers 412 |
| lists | /search (Lucene; `total`, `sort`) and /query (SQL-like; `orderBy`), start and count, at most 500 |
| index | Lucene's lags behind the database |
| deletions | soft: `isDeleted` |
| events | a queue for each subscription, of at most 100 at a time: who gets them takes them out; `requestId` gets those of |
| | the last request again; nothing new is an empty answer |
| limits | 1,500 a minute; 429 without a Retry-After, wait a second |
| settings | words of statuses: jobResponseStatusList, rejectedJobResponseStatus, submissionPlacedStatus and the like |

Guessed: that only the last request's events can be had again (`batches` may say more), that an older `requestId` is a
400, how the lists of statuses are written, and the words of errors.
"""

import base64
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.simulators.ats.clock import MINUTE
from tests.simulators.ats.dialect import Answer, Refusal, Request, route
from tests.simulators.ats.dialects import _bullhorn_queries as queries
from tests.simulators.ats.dialects._bullhorn_rows import PLACED, REJECTED, WEB_RESPONSE, WITHDREW, Entities, Shown
from tests.simulators.ats.dialects._bullhorn_writes import Writes
from tests.simulators.ats.limits import FixedWindow, Limiter
from tests.simulators.ats.world import Change, World

CORP = "/rest-services/e999"
MOST, SEARCHED, QUERIED = 500, 20, 15
ENTITY_OF = {
    "candidate": "Candidate",
    "application": "JobSubmission",
    "job": "JobOrder",
    "note": "Note",
    "interview": "Appointment",
}


@dataclass
class Subscription:
    names: set[str]
    waiting: deque[Shown] = field(default_factory=deque)
    batches: dict[int, list[Shown]] = field(default_factory=dict)
    last: int = 0


class Bullhorn(Writes):
    title = "Bullhorn"
    world_options: ClassVar[dict[str, Any]] = {"stages_per_job": False}

    def __init__(
        self,
        world: World,
        *,
        username: str = "rapport.api",
        password: str = "bullhorn-password",
        client_id: str = "bullhorn-client",
        client_secret: str = "bullhorn-secret",
        limit: int = 1500,
        lag: float = 0,
        zone: int = -5,
        batches: int = 1,
        gone_status: int = 401,
    ) -> None:
        """`lag`: seconds until Lucene finds a new row; `zone` of its times; `batches` that can be had again;
        `gone_status` of a session that is over."""
        super().__init__(world)
        self.username, self.password, self.client_id, self.client_secret = username, password, client_id, client_secret
        self.limiter = FixedWindow(limit, 60)
        self.lag, self.zone, self.batches, self.gone_status = lag, zone, batches, gone_status
        self.entities = Entities(world)
        self.uid = next((user.id for user in world.users if not user.service), 0)
        self.forbidden: set[str] = set()  # entities
        self.external_files: dict[int, str] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self._codes: set[str] = set()
        self._access: dict[str, int] = {}
        self._sessions: set[str] = set()
        world.listeners.append(self.tell)

    def credentials(self) -> dict[str, Any]:
        return {
            "username": self.username,
            "password": self.password,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }

    def forget_tokens(self) -> None:
        self._sessions.clear()

    def limiter_for(self, request: Request) -> Limiter:
        return self.limiter

    def too_many(self, retry_after: float) -> Answer:
        return Answer({"errorMessage": "API rate limit exceeded", "errorCode": 429}, 429)

    def refused(self, refusal: Refusal) -> Answer:
        body = {"errorMessage": refusal.message, "errorCode": refusal.status} if refusal.body is None else refusal.body
        return Answer(body, refusal.status, dict(refusal.headers))

    # Signing in

    @route("GET", "/rest-services/loginInfo", open=True)
    def login_info(self, request: Request) -> Answer:
        if request.arg("username") != self.username:
            raise queries.refused("There is no user of this name")
        return Answer({"oauthUrl": f"{self.base}/oauth", "restUrl": f"{self.base}/rest-services"})

    @route("POST", "/oauth/authorize", open=True)
    def authorize(self, request: Request) -> Answer:
        wish = {**{name: values[-1] for name, values in request.query.items()}, **request.form}
        if wish.get("client_id") != self.client_id:
            return Answer(b"<html>Invalid Client Id</html>", 200, {"Content-Type": "text/html"})
        if (wish.get("username"), wish.get("password")) != (self.username, self.password):
            return Answer(b'<html><p class="error">Invalid credentials</p></html>', 200, {"Content-Type": "text/html"})
        code = f"26:{secrets.token_hex(8)}"
        self._codes.add(code)
        where = "http://www.bullhorn.example/?" + urlencode({"code": code, "client_id": self.client_id})
        return Answer(None, 302, {"Location": where})

    @route("POST", "/oauth/token", open=True)
    def token(self, request: Request) -> Answer:
        wish = {**{name: values[-1] for name, values in request.query.items()}, **request.form}
        if (wish.get("client_id"), wish.get("client_secret")) != (self.client_id, self.client_secret):
            raise Refusal(401, body={"error": "invalid_client"})
        if wish.get("code", "") not in self._codes:
            raise Refusal(400, body={"error": "invalid_grant"})
        self._codes.discard(wish["code"])
        access = f"26:{secrets.token_hex(8)}"
        self._access[access] = self.world.clock.exact() + 10 * MINUTE
        return Answer({"access_token": access, "token_type": "Bearer", "expires_in": 600, "refresh_token": "26:once"})

    @route("POST", "/rest-services/login", open=True)
    def login(self, request: Request) -> Answer:
        if self._access.get(request.arg("access_token") or "", 0) < self.world.clock.exact():
            raise Refusal(400, body={"errorMessage": "Invalid or expired OAuth access token.", "errorCode": 400})
        session = secrets.token_hex(16)
        self._sessions.add(session)
        return Answer({"BhRestToken": session, "restUrl": f"{self.base}{CORP}/"})

    def authenticate(self, request: Request) -> str:
        if (request.headers.get("BhRestToken") or request.arg("BhRestToken")) not in self._sessions:
            body = {
                "errorMessage": "Bad 'BhRestToken' or timed-out.",
                "errorMessageKey": "errors.authentication.invalidRestToken",
                "errorCode": self.gone_status,
            }
            raise Refusal(self.gone_status, body=body)
        return self.username

    # Reading

    def entity(self, name: str) -> Any:
        if name not in self.entities.all:
            raise Refusal(404, f"There is no entity {name}")
        if name in self.forbidden:
            raise Refusal(403, f"You may not see {name}")
        return self.entities.all[name]

    @route("GET", CORP + "/search/{name}")
    def search(self, request: Request, name: str) -> Answer:
        entity = self.entity(name)
        if not entity.is_searched:
            raise queries.refused(f"{name} is not indexed")
        test = queries.lucene(request.arg("query") or "", self.zone)
        known = self.world.clock.exact() - self.lag * 1000
        rows = [shown for row in entity.rows() if row.created_at <= known and test(shown := entity.show(row))]
        page = self.page(request, rows, request.arg("sort"), SEARCHED)
        return Answer({"total": len(rows), **page, "data": [{**row, "_score": 1.0} for row in page["data"]]})

    @route("GET", CORP + "/query/{name}")
    def query(self, request: Request, name: str) -> Answer:
        entity = self.entity(name)
        test = queries.sql(request.arg("where") or "")
        rows = [shown for row in entity.rows() if test(shown := entity.show(row))]
        return Answer(self.page(request, rows, request.arg("orderBy"), QUERIED))

    def page(self, request: Request, rows: list[Shown], order: str | None, usual: int) -> Shown:
        names = queries.field_names(request.arg("fields") or "")
        for part in reversed((order or "").split(",")):
            name = part.strip().removeprefix("-").removeprefix("+")
            if name:
                rows.sort(key=lambda row: queries.found(row, name) or 0, reverse=part.strip().startswith("-"))
        start, count = int(request.arg("start") or 0), min(int(request.arg("count") or usual), MOST)
        cut = rows[start : start + count]
        return {"start": start, "count": len(cut), "data": [queries.chosen(row, names) for row in cut]}

    @route("GET", CORP + "/entity/{name}/{ids}")
    def read(self, request: Request, name: str, ids: str) -> Answer:
        entity = self.entity(name)
        wanted = {int(one) for one in ids.split(",")}
        names = queries.field_names(request.arg("fields") or "")
        rows = [entity.show(row) for row in entity.rows() if (row["id"] if isinstance(row, dict) else row.id) in wanted]
        if not rows:
            raise Refusal(404, f"{name} {ids} was not found")
        data = [queries.chosen(row, names) for row in rows]
        return Answer({"data": data if "," in ids else data[0]})

    @route("GET", CORP + "/entity/{name}/{ids}/{many}")
    def associated(self, request: Request, name: str, ids: str, many: str) -> Answer:
        whose = [int(one) for one in ids.split(",")]
        self.entity(name)
        if (name, many) == ("Candidate", "fileAttachments"):
            files = [file for one in whose for file in self.world.attachments.where(candidate_id=one)]
            rows = [self.entities.file(file) | {"externalID": self.external_files.get(file.id)} for file in files]
        elif (name, many) == ("Candidate", "notes"):
            rows = [self.entities.note(note) for one in whose for note in self.world.notes.where(candidate_id=one)]
        else:
            raise Refusal(404, f"{name} has no {many}")
        return Answer(self.page(request, rows, request.arg("orderBy"), QUERIED))

    @route("GET", CORP + "/settings/{names}")
    def settings(self, request: Request, names: str) -> Answer:
        stages = [stage.name for stage in sorted(self.world.stages, key=lambda stage: stage.position)]
        known = {
            "jobResponseStatusList": [WEB_RESPONSE, *stages, PLACED, REJECTED, WITHDREW],
            "rejectedJobResponseStatus": [REJECTED, WITHDREW],
            "submissionPlacedStatus": PLACED,
            "interviewScheduledJobResponseStatus": ["Interview"],
            "commentActionList": ["Appointment", "Other", "Prescreen"],
        }
        return Answer({name: known.get(name) for name in names.split(",")})

    @route("GET", CORP + "/file/Candidate/{person}/{file}")
    def file(self, request: Request, person: str, file: str) -> Answer:
        found = self.world.attachments.get(int(file))
        if found is None or found.candidate_id != int(person):
            raise Refusal(404, "There is no such file")
        content = base64.b64encode(found.content).decode()
        return Answer({"File": {"contentType": found.content_type, "fileContent": content, "name": found.filename}})

    # Writing

    @route("PUT", CORP + "/entity/{name}")
    def put(self, request: Request, name: str) -> Answer:
        self.entity(name)
        made = self.make(name, request.json)
        return Answer({"changedEntityType": name, "changedEntityId": made, "changeType": "INSERT"})

    @route("POST", CORP + "/entity/{name}/{row}")
    def post(self, request: Request, name: str, row: str) -> Answer:
        self.change(name, int(row), request.json)
        return Answer({"changedEntityType": name, "changedEntityId": int(row), "changeType": "UPDATE"})

    @route("PUT", CORP + "/file/Candidate/{person}")
    def put_file(self, request: Request, person: str) -> Answer:
        return self.add_file(int(person), request)

    # Events

    def tell(self, change: Change) -> None:
        kind, _, act = change.kind.partition(".")
        ids = {(ENTITY_OF[kind], change.row_id)} if kind in ENTITY_OF else set()
        if kind in ("offer", "interview", "scorecard") and change.application_id:
            ids.add(("JobSubmission", change.application_id))  # whose dateLastModified moves with them
        if change.kind == "candidate.deleted":
            ids |= {("JobSubmission", row_id) for row_id in change.data["application_ids"]}
        if change.kind == "candidate.merged":
            winner = change.data["winner_id"]
            ids |= {("JobSubmission", row.id) for row in self.world.applications.where(candidate_id=winner)}
            ids |= {("Candidate", winner)} | {("Note", row.id) for row in self.world.notes.where(candidate_id=winner)}
        for name, row_id in sorted(ids):
            told = "INSERTED" if act == "created" else "DELETED" if change.kind == "job.deleted" else "UPDATED"
            event = {
                "eventId": f"ID:JBM-{change.number}",
                "eventType": "ENTITY",
                "eventTimestamp": change.at,
                "eventMetadata": {"PERSON_ID": str(change.by_id or 0)},
                "entityName": name,
                "entityId": row_id,
                "entityEventType": told,
            }
            for subscription in self.subscriptions.values():
                if name in subscription.names:
                    subscription.waiting.append(event)

    def subscription(self, name: str) -> Subscription:
        if name not in self.subscriptions:
            raise Refusal(404, f"There is no subscription {name}")
        return self.subscriptions[name]

    @route("PUT", CORP + "/event/subscription/{name}")
    def subscribe(self, request: Request, name: str) -> Answer:
        names = set((request.arg("names") or "").split(","))
        if request.arg("type") != "entity" or not names <= set(self.entities.all):
            raise queries.refused("type and names are required")
        self.subscriptions.setdefault(name, Subscription(names))
        return Answer({"lastRequestId": 0, "subscriptionId": name, "createdOn": self.world.clock.now()})

    @route("GET", CORP + "/meta/Candidate")
    def meta(self, request: Request) -> Answer:
        """What fields are called; one that nobody uses by its own name."""
        called = {"customText1": "Shift", "customText2": "Licence state"}
        names = (request.arg("fields") or "").split(",")
        fields = [
            {"name": name, "type": "SCALAR", "dataType": "String", "label": called.get(name, name)} for name in names
        ]
        return Answer({"entity": "Candidate", "label": "Candidate", "fields": fields})

    @route("GET", CORP + "/event/subscription/{name}")
    def events_of(self, request: Request, name: str) -> Answer:
        queue, again = self.subscription(name), request.arg("requestId")
        if again:
            if int(again) not in queue.batches:
                raise queries.refused("The requestId is not known, or no longer")
            return Answer({"requestId": int(again), "events": queue.batches[int(again)]})
        most = min(int(request.arg("maxEvents") or 0), 100)
        batch = [queue.waiting.popleft() for _ in range(min(most, len(queue.waiting)))]
        if not batch:
            return Answer({})
        queue.last += 1
        queue.batches[queue.last] = batch
        queue.batches.pop(queue.last - self.batches, None)
        return Answer({"requestId": queue.last, "events": batch})

    @route("GET", CORP + "/event/subscription/{name}/lastRequestId")
    def last_request(self, request: Request, name: str) -> Answer:
        return Answer({"result": self.subscription(name).last})

    @route("DELETE", CORP + "/event/subscription/{name}")
    def unsubscribe(self, request: Request, name: str) -> Answer:
        return Answer({"result": self.subscriptions.pop(name, None) is not None})


DIALECT = Bullhorn
