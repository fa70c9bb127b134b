"""Any ATS with a REST interface, by a mapping; and any that can send and take signed webhooks.

Profiles (`profiles/*.json`) are mappings for systems whose interface is open to customers only. They are written from
what is published and say what nobody could try out.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote, urljoin, urlsplit

from ats_sync.providers._generic_mapping import AtsMapping, Listing, found, profile_text, read_mapping
from ats_sync.providers._generic_records import record
from ats_sync.providers._generic_signed import heard_in, send, verified
from ats_sync.providers.base import Ability, Access, Credential, Delivery, NewPerson, Provider, Rate, Right
from ats_sync.providers.client import basic, json_of
from ats_sync.providers.errors import Forbidden, NotThere, PlaceLost, Refused, SignInRefused
from ats_sync.vocabulary import UNLISTED, Change, FileRecord, Gone, Heard, How, Kind, Page
from talentpool.person import PersonFields


class Generic(Provider):
    key = "generic"
    name = "Another ATS"
    credentials = (
        Credential(
            "profile",
            "Profile",
            help="icims, smartrecruiters, taleo or workday; empty, if you write a mapping afterwards.",
            required=False,
        ),
        Credential("url", "Address of the API", help="In the place of the profile’s.", required=False),
        Credential("account", "Account", help="What stands for {account} in addresses.", required=False),
        Credential("user", "User name", required=False),
        Credential("token", "Password, token or key", secret=True, required=False),
        Credential("webhook_secret", "Secret that they sign with", secret=True, required=False),
        Credential("send_to", "Address for what we send", help="Takes signed webhooks.", required=False),
        Credential("send_secret", "Secret that we sign with", secret=True, required=False),
    )
    rate = Rate(requests=5, seconds=1, burst=10)
    kinds = tuple(kind for kind in Kind if kind not in UNLISTED)
    abilities: ClassVar = frozenset(Ability)

    def __init__(self, access: Access) -> None:
        """What comes in files or by webhook only can’t be asked for: a sweep would take it for gone."""
        super().__init__(access)
        with suppress(Refused):  # said when something is read
            self.kinds = tuple(kind for kind, listing in self.mapping.lists.items() if not listing.file)

    @cached_property
    def mapping(self) -> AtsMapping:
        """The one that was written for this connection, or its profile’s."""
        known = self.access.credentials
        text = known.get("mapping") or (profile_text(known["profile"]) if known.get("profile") else "")
        if not text:
            raise Refused("Choose a profile, or write a mapping.")
        return read_mapping(text)

    # Reading

    def check(self) -> list[Right]:
        return [
            Right(kind, True) if listing.file else self._right(kind) for kind, listing in self.mapping.lists.items()
        ]

    def _right(self, kind: Kind) -> Right:
        try:
            self.changed(kind, since="", place="")
        except Forbidden as error:
            return Right(kind, False, error.sentence)
        return Right(kind, True)

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        """Nothing of what the mapping doesn't know."""
        if kind not in self.mapping.lists or self.mapping.lists[kind].file:
            return Page(())
        rows, following, total = self._page(self.mapping.lists[kind], since, place)
        return Page(self._records(kind, rows), place=following, total=total)

    def sample(self, kind: Kind, most: int = 3) -> list[tuple[Any, Change | None]]:
        """The first rows and what becomes of them, for the page that shows a mapping."""
        listing = self.mapping.lists[kind]
        rows, _, _ = self._page(listing, "", "")
        return [(row, self._record(kind, row)) for row in self._whole(listing, rows[:most])]

    def from_row(self, kind: Kind, row: Mapping[str, str]) -> Change | None:
        """What a row of a file says; None for one without an id."""
        return self._record(kind, row)

    def _page(self, listing: Listing, since: str, place: str) -> tuple[list[Any], str, int | None]:
        query: dict[str, Any] = dict(listing.query)
        if since and listing.since:
            query[listing.since] = _since(since, listing.since_as)
        paging, url = listing.paging, self._url(listing.path)
        if paging.size_parameter:
            query[paging.size_parameter] = paging.size
        if paging.kind == "link" and place:
            url, query = self._own(place), {}
        elif paging.kind in ("page", "offset"):
            query[paging.parameter] = place or (paging.first if paging.kind == "page" else 0)
        elif place:
            query[paging.parameter] = place
        try:
            said = self._ask("GET", url, query=query)
        except (Refused, NotThere) as error:
            if place and paging.kind in ("cursor", "link"):
                raise PlaceLost("The ATS no longer knows this place in the list.") from error
            raise
        rows = found(listing.rows, said)
        totals = [each for each in (found(paging.total, said) if paging.total else ()) if isinstance(each, int)]
        return rows, _following(listing, said, rows, place, totals), next(iter(totals), None)

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """Nothing of what has no address of its own: the sweep takes for gone what it doesn't meet in the list."""
        listing = self.mapping.lists.get(kind)
        if listing is None or not listing.one:
            return []
        changes: list[Change] = []
        for each in dict.fromkeys(ids):
            one = [self._record(kind, row) for row in self._one(listing, each)]
            changes.append(next((it for it in one if it), None) or Gone(what=kind, id=each, how=How.DELETED))
        return changes

    def _one(self, listing: Listing, key: str) -> Iterator[Any]:
        """Some don’t say in the answer which record it is."""
        with suppress(NotThere):
            address = self._url(listing.one.replace("{id}", quote(key, safe="")))
            for row in found(listing.one_row, self._ask("GET", address))[:1]:
                yield {**row, "id": key} if isinstance(row, dict) and not listing.fields["id"].all(row) else row

    def _whole(self, listing: Listing, rows: Sequence[Any]) -> Iterator[Any]:
        if not listing.whole:
            yield from rows
            return
        for row in rows:
            for key in listing.fields["id"].all(row)[:1]:
                yield from self._one(listing, str(key))

    def _records(self, kind: Kind, rows: Sequence[Any]) -> list[Change]:
        made = (self._record(kind, row) for row in self._whole(self.mapping.lists[kind], rows))
        return [each for each in made if each]

    def _record(self, kind: Kind, row: Any) -> Change | None:
        listing = self.mapping.lists.get(kind)
        return record(kind, listing, row, wants_eeo=self.access.wants_eeo) if listing else None

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        url = urljoin(self._base + "/", file.url)
        is_theirs = urlsplit(url)[:2] == urlsplit(self._base)[:2]
        headers = self._headers() if is_theirs else {}
        return self.client.ask("GET", url, headers=headers, most_bytes=most_bytes).content

    # Asking

    @cached_property
    def _base(self) -> str:
        url = self._filled(self.access.credentials.get("url") or self.mapping.url).rstrip("/")
        if not url.startswith(("http://", "https://")):
            raise Refused("The address of the API is missing.")
        return url

    def _url(self, path: str) -> str:
        return f"{self._base}/{self._filled(path).lstrip('/')}"

    def _own(self, url: str) -> str:
        """An address that the ATS named. The key goes to no other server."""
        whole = urljoin(self._base + "/", url)
        if urlsplit(whole)[:2] != urlsplit(self._base)[:2]:
            raise Refused("The next page would be on another server.")
        return whole

    def _filled(self, text: str, **more: str) -> str:
        for name, value in {**{key: self.access.credentials.get(key, "") for key in _STAND_INS}, **more}.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _ask(self, method: str, url: str, **options: Any) -> Any:
        """A session that has run out is begun anew, once."""
        try:
            return json_of(self.client.ask(method, url, headers=self._headers(), **options))
        except SignInRefused:
            if self.mapping.auth["kind"] != "login" or not self.access.session:
                raise
            self._sign_in()
            return json_of(self.client.ask(method, url, headers=self._headers(), **options))

    def _headers(self) -> dict[str, str]:
        auth, known = self.mapping.auth, self.access.credentials
        if auth["kind"] == "bearer":
            return {"Authorization": f"Bearer {known.get('token', '')}"}
        if auth["kind"] == "basic":
            return {"Authorization": basic(known.get("user", ""), known.get("token", ""))}
        if auth["kind"] == "none":
            return {}
        session = (self._session or self._sign_in()) if auth["kind"] == "login" else ""
        return {str(auth["name"]): self._filled(str(auth["value"]), session=session)}

    @property
    def _session(self) -> str:
        return self._signed_in or str(self.access.session.get("session", ""))

    _signed_in = ""

    def _sign_in(self) -> str:
        """OAuth’s client credentials, or a form with name and password: where, what and the path to the token."""
        auth = self.mapping.auth
        form = {str(key): self._filled(str(value)) for key, value in dict(auth.get("form") or {}).items()}
        said = json_of(self.client.ask("POST", self._filled(str(auth["url"])), form=form))
        token = next((str(each) for each in found(str(auth["token"]), said)), "")
        if not token:
            raise SignInRefused("The ATS gave no token for these credentials.")
        self._signed_in = token
        self.access.remember({"session": token})
        return token

    # Webhooks

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
        key, at = verified(headers, body, self.access.credentials.get("webhook_secret") or secret)
        heard: Sequence[Heard] = tuple(heard_in(body, self._record, self._reads))
        return Delivery(key, heard, at=at, is_ping=b'"ping"' in body and not heard)

    def _reads(self, kind: Kind) -> bool:
        return kind in self.mapping.lists and bool(self.mapping.lists[kind].one)

    # Writing: all of it as signed messages, which a second attempt repeats under the same id.

    def _send(self, about: str, **data: Any) -> str:
        known = self.access.credentials
        return send(self.client, known.get("send_to", ""), known.get("send_secret", ""), about, data)

    def find_person(self, fields: PersonFields, mark: str) -> str:
        """Nobody can be looked for; the receiver knows whom it made by the mark."""
        return ""

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        about = {"fields": person.fields.to_json(), "job": person.job, "source": person.source}
        self._send("person.add", mark=person.mark, **about)
        return ()

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        self._send("application.add", person=person, job=job, source=source)
        return ()

    def find_note(self, person: str, text: str) -> str:
        return ""

    def add_note(self, person: str, text: str) -> str:
        return self._send("note.add", person=person, text=text)

    def move(self, application: str, stage: str) -> None:
        self._send("application.move", application=application, stage=stage)

    def reject(self, application: str, reason: str) -> None:
        self._send("application.reject", application=application, reason=reason)

    def tag(self, person: str, tags: Sequence[str]) -> None:
        self._send("person.tag", person=person, tags=list(tags))

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        data = base64.b64encode(content).decode()
        return self._send("file.add", person=person, name=name, content=data, is_resume=is_resume)


_STAND_INS = ("account", "user", "token")


def _following(listing: Listing, said: Any, rows: Sequence[Any], place: str, totals: Sequence[int]) -> str:
    """A place that doesn't move would be read for ever."""
    paging = listing.paging
    if paging.kind in ("cursor", "link"):
        following = next((str(each) for each in found(paging.next, said) if each not in ("", False)), "")
        return following if following != place else ""
    if paging.kind == "none" or not rows:
        return ""
    if paging.kind == "page":
        number = int(place or paging.first)
        is_last = totals and (number - paging.first + 1) * paging.size >= totals[0]
        return "" if is_last or (not totals and len(rows) < paging.size) else str(number + 1)
    seen = int(place or 0) + len(rows)
    return "" if (seen >= totals[0] if totals else len(rows) < paging.size) else str(seen)


def _since(since: str, shape: str) -> str:
    at = datetime.fromisoformat(since)
    if shape == "iso":
        return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return str(int(at.timestamp() * (1000 if shape == "milliseconds" else 1)))
