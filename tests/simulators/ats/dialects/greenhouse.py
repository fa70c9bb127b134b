"""Greenhouse's Harvest v3: OAuth2, lists by cursor, writes, and webhooks.

Where the facts are from: harvestdocs.greenhouse.io (Authentication, Pagination, List endpoints, the two migration
guides), the documentation of webhooks in grnhse/greenhouse-api-docs, and Airbyte's connector for v3, whose notes say
what they saw: the 422 for a cursor in company, 75 requests in 30 s, single-use refresh tokens, service users hidden.

| what | how |
|---|---|
| token | POST /token at auth.greenhouse.io: Basic client id and secret, `grant_type=client_credentials`, optional `sub`; |
| | good for an hour, then 401; refresh tokens (partners) are good for a day and used once |
| rights | one scope for each act, `harvest:candidates:list`; without it 403; POST /introspect says which there are |
| limit | a fixed window of 30 s for the account, told by X-RateLimit-Limit, -Remaining, -Reset; 429 with Retry-After |
| lists | see _greenhouse_lists.py; there is no address for a single row: `?ids=1` |
| deletions | nothing lists them; webhooks tell, or a sweep finds them |
| webhooks | `Signature: sha256 <hex>` over the body with its escaped Unicode; `Greenhouse-Event-ID`; 6 retries |

Guessed: the words of errors other than those, that a retry keeps its Greenhouse-Event-ID, and the body of the ping.
"""

import hashlib
import hmac
import json
import secrets
import uuid
from typing import Any, ClassVar

from tests.simulators.ats.clock import DAY, iso
from tests.simulators.ats.dialect import Answer, Event, Refusal, Request, route
from tests.simulators.ats.dialects import _greenhouse_lists as lists
from tests.simulators.ats.dialects._greenhouse_events import TELLERS
from tests.simulators.ats.dialects._greenhouse_resources import RESOURCES
from tests.simulators.ats.dialects._greenhouse_rows import link_signature
from tests.simulators.ats.dialects._greenhouse_writes import Writes
from tests.simulators.ats.limits import FixedWindow, Limiter, Verdict
from tests.simulators.ats.world import Change, World

MINUTE = 60.0
VERBS = {"GET": "list", "POST": "create", "PATCH": "update", "DELETE": "destroy"}


class Greenhouse(Writes):
    title = "Greenhouse"
    world_options: ClassVar[dict[str, Any]] = {"stages_per_job": True, "merging_drops_same_job": True}
    retries = tuple(minutes * MINUTE for minutes in (1, 15, 60, 120, 240, 480))

    def __init__(
        self,
        world: World,
        *,
        client_id: str = "greenhouse-client",
        client_secret: str = "greenhouse-secret",
        scopes: set[str] | None = None,
        limit: int = 75,
        window: float = 30,
        token_life: float = 3600,
    ) -> None:
        """`scopes` None is all of them."""
        super().__init__(world)
        self.client_id, self.client_secret, self.scopes = client_id, client_secret, scopes
        self.limiter = FixedWindow(limit, window)
        self.token_life = token_life
        self.mails: list[dict[str, Any]] = []
        self._tokens: dict[str, int] = {}
        self._refresh: dict[str, int] = {}

    def credentials(self) -> dict[str, Any]:
        return {"client_id": self.client_id, "client_secret": self.client_secret}

    # Tokens

    def check_client(self, request: Request) -> None:
        if request.basic != (self.client_id, self.client_secret):
            raise Refusal(401, body={"error": "invalid_client"}, headers={"WWW-Authenticate": "Basic"})

    @route("POST", "/token", open=True)
    def token(self, request: Request) -> Answer:
        self.check_client(request)
        wish = {**{name: values[-1] for name, values in request.query.items()}, **request.form}
        kind = wish.get("grant_type")
        if kind == "refresh_token":
            if self._refresh.pop(wish.get("refresh_token", ""), 0) < self.world.clock.exact():
                raise Refusal(400, body={"error": "invalid_grant"})
            return Answer(self.new_token(refreshed=True))
        if kind != "client_credentials":
            raise Refusal(400, body={"error": "unsupported_grant_type"})
        if wish.get("sub") and (not wish["sub"].isdigit() or not self.world.users.get(int(wish["sub"]))):
            raise Refusal(400, body={"error": "invalid_request", "error_description": "sub is not a user"})
        return Answer(self.new_token())

    def new_token(self, *, refreshed: bool = False) -> dict[str, Any]:
        now = self.world.clock.exact()
        token, until = secrets.token_urlsafe(24), now + round(self.token_life * 1000)
        self._tokens[token] = until
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": round(self.token_life)}
        answer["expires_at"] = iso(until)
        if refreshed:
            answer["refresh_token"] = self.partner_token()
        return answer

    def partner_token(self) -> str:
        """The refresh token that a partner's consent page would have ended in; good for one use within a day."""
        token = secrets.token_urlsafe(24)
        self._refresh[token] = self.world.clock.exact() + DAY
        return token

    def forget_tokens(self) -> None:
        self._tokens.clear()

    def valid(self, token: str | None) -> bool:
        return self._tokens.get(token or "", 0) > self.world.clock.exact()

    @route("POST", "/introspect", open=True)
    def introspect(self, request: Request) -> Answer:
        self.check_client(request)
        if not self.valid(request.form.get("token")):
            return Answer({"active": False})
        organisation = {"organization": {"id": 1, "name": "Simulated Health"}, "user_role": "site_admin"}
        about = {"active": True, "client_id": self.client_id, "sub": str(self.actor(request)), "token_type": "Bearer"}
        scope = {"scope": " ".join(sorted(self.all_scopes() if self.scopes is None else self.scopes))}
        return Answer(about | scope | {"https://auth.greenhouse.io/claims": organisation})

    def all_scopes(self) -> set[str]:
        listed = {f"harvest:{name}:list" for name in RESOURCES}
        return listed | {
            scope for method, path, open, _ in self._routes if (scope := scope_of_route(method, path, open))
        }

    def authenticate(self, request: Request) -> str:
        if not self.valid(request.bearer):
            raise Refusal(401, "Invalid or expired access token", headers={"WWW-Authenticate": "Bearer"})
        scope = scope_of(request.method, request.path)
        if self.scopes is not None and scope not in self.scopes:
            raise Refusal(403, f"The credential lacks the scope {scope}")
        return self.client_id

    # Limits and errors

    def limiter_for(self, request: Request) -> Limiter:
        return self.limiter

    def limit_headers(self, verdict: Verdict) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(verdict.limit),
            "X-RateLimit-Remaining": str(verdict.remaining),
            "X-RateLimit-Reset": str(round(verdict.reset_at)),
        }

    def refused(self, refusal: Refusal) -> Answer:
        body = {"errors": [refusal.message]} if refusal.body is None else refusal.body
        return Answer(body, refusal.status, dict(refusal.headers))

    # Lists

    @route("GET", "/v3/{name}")
    def listed(self, request: Request, name: str) -> Answer:
        if name not in RESOURCES:
            raise Refusal(404, "Resource not found")
        resource = RESOURCES[name]
        query, below = lists.first_query(request, name, resource)
        found, more = lists.page(self.world, resource, query, below)
        if name == "attachments":
            found = [self.with_url(one) for one in found]
        answer = Answer(found)
        if more:
            onward = f"{self.base}/v3/{name}?cursor={lists.cursor(name, query, found[-1]['id'])}"
            answer.headers["Link"] = f'<{onward}>; rel="next"'
        return answer

    def with_url(self, shown: dict[str, Any]) -> dict[str, Any]:
        return shown | {"url": self.shown_attachment(self.world.attachments.get(shown["id"]))["url"]}

    @route("GET", "/files/{id}/{until}/{signature}", open=True)
    def file(self, request: Request, id: str, until: str, signature: str) -> Answer:
        """The storage behind the links: no credentials, an XML error once they have expired."""
        file = self.world.attachments.get(int(id)) if id.isdigit() else None
        good = until.isdigit() and id.isdigit() and hmac.compare_digest(signature, link_signature(int(id), int(until)))
        if not good or int(until) < self.world.clock.exact():
            denied = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
            return Answer(denied, 403, {"Content-Type": "application/xml"})
        if file is None:
            return Answer(b"<Error><Code>NoSuchKey</Code></Error>", 404, {"Content-Type": "application/xml"})
        return Answer(file.content, 200, {"Content-Type": file.content_type})

    # Webhooks

    def events(self, change: Change) -> list[Event]:
        teller = TELLERS.get(change.kind)
        return [teller(self.world, self.base, change)] if teller else []

    def ping(self) -> Event:
        return Event("ping", {"action": "ping", "payload": {"web_hook_id": 1, "name": "Rapport"}})

    def envelope(self, secret: str, event: Event) -> tuple[dict[str, str], bytes]:
        text = json.dumps(event.body, ensure_ascii=True)
        for sign in "<>&":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        body = text.encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {"Signature": f"sha256 {signature}", "Greenhouse-Event-ID": str(uuid.uuid4())}, body

    def taken(self, status: int) -> bool:
        """“A non HTTP 200 response” is a failure."""
        return status == 200


def scope_of(method: str, path: str) -> str:
    """`harvest:applications:move` for an act with its own verb, else list, create, update or destroy."""
    parts = path.strip("/").split("/")
    resource = parts[1] if len(parts) > 1 else ""
    return f"harvest:{resource}:{parts[3] if len(parts) > 3 else VERBS.get(method, 'list')}"


def scope_of_route(method: str, pattern: Any, open: bool) -> str:
    path = pattern.pattern.replace("(?P<id>[^/]+)", "0").removesuffix("/?")
    return "" if open or "(" in path else scope_of(method, path)


DIALECT = Greenhouse
