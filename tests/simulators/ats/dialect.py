"""What a dialect is: the vendor's addresses, shapes, errors, limits and webhooks on top of a world.

A dialect is one file in `dialects/` that ends in `DIALECT = TheClass`. Its routes are methods:

    @route("GET", "/v3/candidates")
    def candidates(self, request: Request) -> Answer: ...

They run under the world's lock. A `Refusal` is answered in the dialect's own shape of errors.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs

from tests.simulators.ats import dialects
from tests.simulators.ats.faults import Faults
from tests.simulators.ats.limits import Limiter, Verdict
from tests.simulators.ats.world import Change, World

if TYPE_CHECKING:
    from tests.simulators.ats.webhooks import Webhooks


class Refusal(Exception):
    """`message` becomes the vendor's error body; whoever needs another body gives `body`."""

    def __init__(
        self, status: int, message: str = "", *, body: Any = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.body, self.headers = status, message, body, headers or {}


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: Message
    body: bytes
    base: str  # this simulator's own address, for links
    caller: str = ""  # who authenticated; limits are counted for each

    def arg(self, name: str, default: str | None = None) -> str | None:
        return self.query[name][-1] if name in self.query else default

    def ids(self, name: str) -> list[int] | None:
        """`?ids=1,2,3`, or repeated; None where it isn't given."""
        if name not in self.query:
            return None
        try:
            return [int(part) for value in self.query[name] for part in value.split(",") if part.strip()]
        except ValueError:
            raise Refusal(422, f"{name} must be whole numbers") from None

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            raise Refusal(400, "The body is not valid JSON") from None

    @cached_property
    def form(self) -> dict[str, str]:
        fields = parse_qs(self.body.decode(errors="replace"), keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}

    @cached_property
    def files(self) -> dict[str, tuple[str, str, bytes]]:
        """Of a multipart form: field → file name (empty for a plain field), type, content."""
        head = f"Content-Type: {self.headers.get('Content-Type', '')}\r\n\r\n".encode()
        parts = BytesParser(policy=default).parsebytes(head + self.body).iter_parts()
        return {
            str(part.get_param("name", header="content-disposition")): (
                part.get_filename() or "",
                part.get_content_type(),
                part.get_payload(decode=True) or b"",
            )
            for part in parts
        }

    @property
    def basic(self) -> tuple[str, str] | None:
        kind, _, value = (self.headers.get("Authorization") or "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(value).decode().partition(":")
        except ValueError:
            return None
        return name, password

    @property
    def bearer(self) -> str | None:
        kind, _, value = (self.headers.get("Authorization") or "").partition(" ")
        return value if kind.lower() == "bearer" else None


@dataclass
class Answer:
    """A `body` of bytes goes out as it is, None as nothing, anything else as JSON."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def payload(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        self.headers.setdefault("Content-Type", "application/json; charset=utf-8")
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Event:
    """What a webhook says. `hook` decides by `name` whether it wants it."""

    name: str
    body: Any


Handler = Callable[..., Answer]


def route(method: str, path: str, *, open: bool = False) -> Callable[[Handler], Handler]:
    """`/v3/candidates/{id}` hands `id` over as text. An open one needs no credentials and counts in no limit."""
    pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)) + r"/?")

    def mark(handler: Handler) -> Handler:
        handler.__dict__.setdefault("routes", []).append((method, pattern, open))
        return handler

    return mark


class Dialect:
    """Every vendor's own answers to what all of them do."""

    title = ""
    # How a World has to be for this vendor: resolution of its clock, whose the stages are, what merging does.
    resolution = 1
    world_options: ClassVar[dict[str, Any]] = {}
    # Seconds after which a webhook is tried again.
    retries: tuple[float, ...] = ()

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        # Both are given by the Simulator, which knows its port.
        self.base = ""
        self.webhooks: Webhooks
        routes = [
            (method, pattern, open, name)
            for name in dir(type(self))
            for method, pattern, open in getattr(getattr(type(self), name), "routes", ())
        ]
        # `/opportunities/deleted` before `/opportunities/{id}`.
        self._routes: list[tuple[str, re.Pattern[str], bool, str]] = sorted(routes, key=lambda one: one[1].groups)

    def credentials(self) -> dict[str, Any]:
        """What an administrator would copy into the connecting system."""
        return {}

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str], bool] | None:
        for known, pattern, open, name in self._routes:
            if known == method and (match := pattern.fullmatch(path)):
                return getattr(self, name), match.groupdict(), open
        return None

    def authenticate(self, request: Request) -> str:
        """Who it is, or a Refusal."""
        return "anybody"

    def forget_tokens(self) -> None:
        """The fault `expire_token`."""

    def limiter_for(self, request: Request) -> Limiter | None:
        return None

    def limit_headers(self, verdict: Verdict) -> dict[str, str]:
        return {}

    def too_many(self, retry_after: float) -> Answer:
        refused = self.refused(Refusal(429, "Too many requests"))
        refused.headers["Retry-After"] = str(max(1, round(retry_after)))
        return refused

    def refused(self, refusal: Refusal) -> Answer:
        body = {"error": refusal.message} if refusal.body is None else refusal.body
        return Answer(body, refusal.status, dict(refusal.headers))

    def forbidden_field(self, name: str, answer: Answer) -> Answer:
        """The fault `forbid_field`: rights that silently return less. Odoo fails the whole call instead."""
        answer.body = without_field(answer.body, name)
        return answer

    def events(self, change: Change) -> list[Event]:
        """The webhooks of a change, filled at once, while the state is the one just after it."""
        return []

    def ping(self) -> Event | None:
        return None

    def envelope(self, secret: str, event: Event) -> tuple[dict[str, str], bytes]:
        """Headers and body, signed. A retry sends the same again."""
        return {}, json.dumps(event.body).encode()

    def taken(self, status: int) -> bool:
        return 200 <= status < 300

    def gives_up(self, status: int) -> bool:
        """After which answers a webhook is not tried again."""
        return False


def without_field(body: Any, name: str) -> Any:
    if isinstance(body, list):
        return [without_field(entry, name) for entry in body]
    if isinstance(body, dict):
        return {key: without_field(value, name) for key, value in body.items() if key != name}
    return body


def known_dialects() -> list[str]:
    return [module.name for module in iter_modules(dialects.__path__) if not module.name.startswith("_")]


def dialect_named(name: str) -> type[Dialect]:
    if name not in known_dialects():
        raise ValueError(f"There is no dialect {name!r}; there are {', '.join(known_dialects())}.")
    return import_module(f"{dialects.__name__}.{name}").DIALECT  # type: ignore[no-any-return]
