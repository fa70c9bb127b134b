"""Bullhorn's REST API: signing in by OAuth and login, lists in its two query languages, and its queue of events.

Facts from bullhorn.github.io/rest-api-docs and the articles beside it. A new authorisation is made for each session, by
the user's name and password: Bullhorn's refresh tokens are good for one use, and two workers would void each other's.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ats_sync.providers.base import Access
from ats_sync.providers.client import MOST_BYTES
from ats_sync.providers.errors import Down, NotThere, Refused, SignInRefused

HOME = "https://rest.bullhornstaffing.com"
MOST, EVENTS_AT_ONCE, IDS_AT_ONCE = 500, 100, 100
MOST_REQUESTS = 50  # for events, in one round; the others wait for the next one
GONE = 412  # how older servers say that the session is over
Row = Mapping[str, Any]


class Rest:
    """Calls as one user. Where the company's data is and the session's token are remembered."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.session: dict[str, Any] = dict(access.session)

    def sign_in(self) -> None:
        """Raises SignInRefused."""
        given, ask = self.access.credentials, self.access.client.json
        home = (given.get("url") or HOME).strip().rstrip("/")
        try:
            where = ask("GET", f"{home}/rest-services/loginInfo", query={"username": given["username"]})
            code = self._code(where["oauthUrl"])
            about = {"grant_type": "authorization_code", "code": code, "client_id": given["client_id"]}
            secret = {"client_secret": given["client_secret"]}
            token = ask("POST", f"{where['oauthUrl']}/token", form=about | secret)["access_token"]
            query = {"version": "*", "access_token": token}
            found = ask("POST", f"{where['restUrl']}/login", query=query)
            self.remember(token=str(found["BhRestToken"]), rest=str(found["restUrl"]).rstrip("/"))
        except Refused as error:
            raise SignInRefused(f"Bullhorn does not accept these credentials. {error.sentence}") from error
        except (KeyError, TypeError) as error:
            raise Down("Bullhorn’s answer to signing in is not as expected.") from error

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Signs in once more when the session is over. `path` is below the company's address."""
        if "token" in self.session:
            try:
                return self._ask(method, path, options)
            except SignInRefused:
                pass
            except Refused as error:
                if error.status != GONE:
                    raise
        self.sign_in()
        return self._ask(method, path, options)

    def search(self, entity: str, query: str, fields: str, *, start: int = 0, count: int = MOST) -> Any:
        """Lucene, from the index, which lags a little."""
        options = {"query": query, "fields": fields, "sort": "id", "start": start, "count": count}
        return self._list(self.call("GET", f"search/{entity}", query=options))

    def query(
        self, entity: str, where: str, fields: str, *, start: int = 0, count: int = MOST, order: str = "id"
    ) -> Any:
        """SQL-like, from the database."""
        options = {"where": where, "fields": fields, "orderBy": order, "start": start, "count": count}
        return self._list(self.call("GET", f"query/{entity}", query=options))

    def all_of(self, entity: str, where: str, fields: str) -> Iterable[Row]:
        start = 0
        while True:
            rows = self.query(entity, where, fields, start=start, count=MOST)["data"]
            yield from rows
            start += len(rows)
            if len(rows) < MOST:
                return

    def by_ids(self, entity: str, ids: Sequence[int], fields: str) -> list[Row]:
        rows: list[Row] = []
        for start in range(0, len(ids), IDS_AT_ONCE):
            some = ",".join(map(str, ids[start : start + IDS_AT_ONCE]))
            try:
                found = self.call("GET", f"entity/{entity}/{some}", query={"fields": fields, "count": MOST})["data"]
            except NotThere:
                continue
            rows += found if isinstance(found, list) else [found]
        return rows

    def associated(self, entity: str, ids: Sequence[int], many: str, fields: str, order: str = "id") -> list[Row]:
        rows: list[Row] = []
        for begin in range(0, len(ids), IDS_AT_ONCE):
            some, start = ",".join(map(str, ids[begin : begin + IDS_AT_ONCE])), 0
            while True:
                options = {"fields": fields, "orderBy": order, "start": start, "count": MOST}
                try:
                    found = self._list(self.call("GET", f"entity/{entity}/{some}/{many}", query=options))["data"]
                except NotThere:
                    break
                rows += found
                start += len(found)
                if len(found) < MOST:
                    break
        return rows

    def settings(self, *names: str) -> Mapping[str, Any]:
        found = self.call("GET", f"settings/{','.join(names)}")
        return found if isinstance(found, dict) else {}

    def labels(self, entity: str, names: Sequence[str]) -> dict[str, str]:
        """Of these fields those that there are, with what they are called; one that nobody gave a label is not used."""
        told = self.call("GET", f"meta/{entity}", query={"fields": ",".join(names), "meta": "basic"})
        fields = told.get("fields", ()) if isinstance(told, dict) else ()
        return {
            str(each["name"]): str(each["label"])
            for each in fields
            if each.get("name") in names and each.get("label") and each["label"] != each["name"]
        }

    # Events

    def subscribe(self, entities: Sequence[str], *, is_exact: bool) -> tuple[str, int]:
        """The queue's name and the number of its last request, which is only asked for when it has to be exact. The
        queue is made when there is none yet."""
        name = self.session.get("queue") or f"rapport-{secrets.token_hex(8)}"
        options = {"type": "entity", "names": ",".join(entities), "eventTypes": "INSERTED,UPDATED,DELETED"}
        if "queue" not in self.session:
            self.call("PUT", f"event/subscription/{name}", query=options)
            self.remember(queue=name)
        if is_exact or "newest" not in self.session:
            self.remember(newest=self.last_request(name))
        return name, int(self.session["newest"])

    def unsubscribe(self) -> None:
        if name := self.session.get("queue"):
            with suppress(NotThere):
                self.call("DELETE", f"event/subscription/{name}")
            self.forget_queue()

    def last_request(self, name: str) -> int:
        return int((self.call("GET", f"event/subscription/{name}/lastRequestId") or {}).get("result") or 0)

    def events(self, name: str, request: int | None = None) -> tuple[int, list[Row]]:
        """The next ones, which are taken out of the queue by that, or again those of a request. (0, []): none."""
        again = {"requestId": request} if request else {}
        found = self.call("GET", f"event/subscription/{name}", query={"maxEvents": EVENTS_AT_ONCE, **again}) or {}
        number, events = int(found.get("requestId") or 0), list(found.get("events") or ())
        if events and not request:
            self.remember(newest=number)
        return number, events

    def forget_queue(self) -> None:
        self.session.pop("queue", None)
        self.session.pop("newest", None)
        self.access.remember(self.session)

    # Parts

    def remember(self, **told: Any) -> None:
        self.session |= told
        self.access.remember(self.session)

    def _code(self, oauth: str) -> str:
        """POST, which is not led on to the address to which the code is sent."""
        given = self.access.credentials
        form = {
            "client_id": given["client_id"],
            "response_type": "code",
            "action": "Login",
            "username": given["username"],
            "password": given["password"],
        }
        answer = self.access.client.ask("POST", f"{oauth}/authorize", form=form)
        codes = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("code")
        if codes:
            return codes[0]
        if b"Invalid Client" in answer.content:
            raise SignInRefused("Bullhorn does not know this client id.")
        raise SignInRefused("Bullhorn does not accept this user name and password, or wants its terms agreed to first.")

    def _ask(self, method: str, path: str, options: Mapping[str, Any]) -> Any:
        headers = {"BhRestToken": self.session["token"]}
        limits = {"most_bytes": options.get("most_bytes", MOST_BYTES)}
        return self.access.client.json(
            method, f"{self.session['rest']}/{path}", headers=headers, **{**options, **limits}
        )

    def _list(self, answer: Any) -> Any:
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise Down("Bullhorn’s answer is no list.")
        return answer
