"""Workable's API v3. Facts: workable.readme.io; what is guessed there stands in ats_sync/docs/workable.md.

One of its candidates is somebody's application: a person on two jobs is two of them, which come as two people and are
brought together by identity like those of any source. With ten requests in ten seconds each one counts: lists are read
where they say enough, and what was done with candidates by job for everything, by candidate for what has changed.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from ats_sync.providers import _workable_records as records
from ats_sync.providers._workable_writing import Writing, next_query
from ats_sync.providers.base import Ability, Credential, Delivery, Rate, Right
from ats_sync.providers.errors import Forbidden, NotThere, PlaceLost, Refused, SignInRefused
from ats_sync.vocabulary import UNLISTED, Change, FileRecord, Gone, Heard, How, Kind, Page

LOOKUPS = {
    Kind.DEPARTMENT: "departments",
    Kind.REASON: "disqualification_reasons",
    Kind.USER: "members",
    Kind.STAGE: "stages",
}
LISTS = {Kind.JOB: "jobs", Kind.PERSON: "candidates", Kind.APPLICATION: "candidates", Kind.FILE: "candidates"}
STREAMS = {Kind.STEP: "moved", Kind.NOTE: "comment", Kind.SCORECARD: "rating"}
FEW = 15  # of a page whose rows cost a request each
SOME = 50  # of a page of which some do
MANY = 100
LATE = timedelta(days=7)  # how far back interviews are looked for that nothing told of
BEGINNING = "2000-01-01T00:00:00Z"
WITH_TEXT = {"include_fields": "description,full_description,requirements,benefits"}
Row = dict[str, Any]


class Workable(Writing):
    key = "workable"
    name = "Workable"
    credentials = (
        Credential("subdomain", "Subdomain", help="Of subdomain.workable.com."),
        Credential("token", "API access token", secret=True, help="Settings, Integrations, Apps, API access tokens."),
        Credential("member", "Member", help="E-mail address of whom Rapport writes as; else an admin.", required=False),
        Credential("url", "Address of the API", help="Leave it empty for Workable itself.", required=False),
    )
    rate = Rate(requests=10, seconds=10, burst=10)
    kinds = tuple(kind for kind in Kind if kind not in (Kind.SOURCE, *UNLISTED))
    abilities: ClassVar = frozenset(Ability)
    removes_hooks = True

    # Reading

    def check(self) -> list[Right]:
        missing: dict[str, str] = {}
        for path in (*LOOKUPS.values(), "jobs", "candidates", "events"):
            try:
                self._get(path, {"limit": 1})
            except Forbidden:
                missing[path] = f"The token lacks the scope for /{path}."
        named = LOOKUPS | LISTS | {Kind.INTERVIEW: "events"}
        where = {kind: named.get(kind, "candidates") for kind in self.kinds}
        return [Right(kind, where[kind] not in missing, missing.get(where[kind], "")) for kind in self.kinds]

    def since(self, began: datetime) -> str:
        return (began - self.overlap).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        """A place is the query of Workable's own next page, and for streams of all jobs also whose job it is."""
        try:
            return self._changed(kind, since, place)
        except Refused as error:
            if place:
                raise PlaceLost("Workable no longer knows this place in the list.") from error
            raise

    def _changed(self, kind: Kind, since: str, place: str) -> Page:
        if kind in LOOKUPS:
            return Page([records.lookup(kind, row) for row in self._lookups(kind)])
        if kind in STREAMS and not since:
            return self._streams_of_jobs(kind, place)
        if kind == Kind.INTERVIEW:
            begins = records.moment(since)
            start = (begins - LATE).strftime("%Y-%m-%dT%H:%M:%SZ") if begins else BEGINNING
            query = {"start_date": start, "include_cancelled": "true", "limit": MANY}
            return self._page("events", place, query, lambda row: [records.interview(row)] if row["candidate"] else [])
        if kind == Kind.OFFER:
            return self._offers(since, place)
        query = {"limit": FEW if kind in (Kind.PERSON, *STREAMS) else MANY} | (
            {"updated_after": since} if since else {}
        )
        if kind == Kind.JOB:
            return self._page("jobs", place, query | WITH_TEXT, self._job)
        return self._page("candidates", place, query, lambda row: self._of_candidate(kind, row, since))

    def _page(self, path: str, place: str, query: Row, make: Callable[[Row], Sequence[Change]]) -> Page:
        said = self._get(path, dict(parse_qsl(place)) if place else query)
        changes = [change for row in said[path] for change in make(row)]
        return Page(changes, place=next_query(said))

    def _of_candidate(self, kind: Kind, row: Row, since: str) -> Sequence[Change]:
        if kind == Kind.APPLICATION:
            return [records.application(row, self._slugs)]
        if kind == Kind.FILE:
            return [file] if (file := records.resume(row)) else []
        with suppress(NotThere):  # deleted since the page was made
            if kind == Kind.PERSON:
                return [self._person(self._candidate(row["id"]))]
            return [*self._stream(kind, row["id"], {"updated_after": since} if since else {})]
        return []

    def _person(self, row: Row) -> Change:
        return records.person(row, wants_eeo=self.access.wants_eeo, wanted=self.access.own_fields())

    def _job(self, row: Row) -> Sequence[Change]:
        return [records.job(row, self._get(f"jobs/{row['shortcode']}/members")["members"])]

    def _stream(self, kind: Kind, candidate: str, query: Row | None = None) -> Iterator[Change]:
        wanted = {"actions": STREAMS[kind], "limit": MANY, **(query or {})}
        for row in self._all(f"candidates/{candidate}/activities", "activities", wanted):
            if (made := records.activity(candidate, row)) and records.ACTIONS[row["action"]] == kind:
                yield made

    def _streams_of_jobs(self, kind: Kind, place: str) -> Page:
        """Everything: a hundred activities a request instead of one candidate's. After the jobs the talent pool."""
        code, query = json.loads(place) if place else (next(iter(self._shortcodes), ""), "")
        if not code:
            return self._streams_of_pool(kind, query)
        changes, more = [], ""
        with suppress(NotThere):
            said = self._get(f"jobs/{code}/activities", dict(parse_qsl(query)) if query else {"limit": MANY})
            rows = [row for row in said["activities"] if row.get("candidate")]
            made = [records.activity(row["candidate"]["id"], row) for row in rows if row["action"] == STREAMS[kind]]
            changes, more = [each for each in made if each], next_query(said)
        following = code if more else next((each for each in self._shortcodes if each > code), "")
        return Page(changes, place=json.dumps([following, more]))

    def _streams_of_pool(self, kind: Kind, query: str) -> Page:
        """Nothing lists those who have no job alone."""
        said = self._get("candidates", dict(parse_qsl(query)) if query else {"limit": SOME})
        pool = [row["id"] for row in said["candidates"] if not row.get("job")]
        changes = [change for candidate in pool for change in self._of_candidate(kind, {"id": candidate}, "")]
        more = next_query(said)
        return Page(changes, place=json.dumps(["", more]) if more else "")

    def _offers(self, since: str, place: str) -> Page:
        """Of candidates whose stage is one in which there can be an offer, which are few."""
        kinds = [row["slug"] for row in self._lookups(Kind.STAGE) if row.get("kind") in ("offer", "hired")]
        query = dict(parse_qsl(place)) if place else {"stage": next(iter(kinds), ""), "limit": FEW}
        if not query["stage"]:
            return Page(())
        query |= {"updated_after": since} if since else {}
        said = self._get("candidates", query)
        changes = [change for row in said["candidates"] for change in self._offer(row["id"])]
        later = kinds[kinds.index(query["stage"]) + 1 :] if query["stage"] in kinds else []
        return Page(changes, place=next_query(said) or (f"stage={later[0]}&limit={FEW}" if later else ""))

    def _offer(self, candidate: str) -> Sequence[Change]:
        with suppress(NotThere):
            said = self._get(f"candidates/{candidate}/offer")
            return [records.offer(said)] if said and said.get("state") else []
        return []

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        found: list[Change] = []
        if kind in LOOKUPS:
            found += [records.lookup(kind, row) for row in self._lookups(kind)]
        else:
            parts = dict.fromkeys(
                each.partition(":")[0] for each in ids
            )  # what hangs on a candidate begins with her id
            found += [each for part in parts for each in self._read(kind, part)]
        here = [each for each in found if each.id in ids]
        there = {each.id for each in here}
        return [*here, *(Gone(what=kind, id=each, how=How.DELETED) for each in ids if each not in there)]

    def _read(self, kind: Kind, part: str) -> Sequence[Change]:
        with suppress(NotThere):
            if kind == Kind.JOB:
                return self._job(self._get(f"jobs/{part}"))
            if kind == Kind.INTERVIEW:
                return [records.interview(self._get(f"events/{part}"))]
            if kind == Kind.OFFER:
                return self._offer(part)
            if kind in STREAMS:
                return [*self._stream(kind, part)]
            row = self._candidate(part)
            if kind == Kind.PERSON:
                return [self._person(row)]
            return self._of_candidate(kind, row, "")
        return []

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        """From the storage behind Workable, which wants no credentials."""
        url = self._candidate(file.person).get("resume_url")
        if not url:
            raise NotThere("The candidate has no résumé any more.")
        return self.client.ask("GET", url, most_bytes=most_bytes, is_metered=False).content

    def _lookups(self, kind: Kind) -> list[Row]:
        """Some of them are bare lists, and one comes in pages."""
        path = LOOKUPS[kind]
        if kind == Kind.USER:
            return list(self._all(path, path, {"status": "all", "limit": MANY}))
        said = self._get(path)
        found: list[Row] = said if isinstance(said, list) else said[path]
        return found

    @cached_property
    def _slugs(self) -> Mapping[str, str]:
        return {row["name"]: row["slug"] for row in self._lookups(Kind.STAGE)}

    @cached_property
    def _shortcodes(self) -> Sequence[str]:
        return sorted(row["shortcode"] for row in self._all("jobs", "jobs", {"limit": MANY}))

    # Webhooks

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
        """Workable signs with the API token; `secret` stands in the address only. What a message says of the candidate
        is the state when it was sent, and is read instead."""
        key = self.access.credentials.get("token", "")
        signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        if not key or not hmac.compare_digest(headers.get("x-workable-signature", "").encode(), signature.encode()):
            raise SignInRefused("The signature is wrong.")
        try:
            said = json.loads(body)
            event, candidate = str(said["event_type"]), said["data"]["id"]
            mark = str(said.get("id") or hashlib.sha256(body).hexdigest())
            at = records.moment(said.get("fired_at"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused("This is no message of Workable’s.") from error
        heard = _HEARD[event](str(candidate)) if event in _HEARD else ()
        return Delivery(f"{event}:{mark}", heard, at=at)

    def sign_off(self, webhook_url: str) -> str:
        """A subscription is of one event, and takes each address once: `target` is ours, with something after a `?`."""
        for row in self._subscriptions():
            if records.text(row.get("target")).partition("?")[0] == webhook_url:
                with suppress(NotThere):
                    self._ask("DELETE", f"subscriptions/{row['id']}")
        return ""

    def _subscriptions(self) -> list[Row]:
        """All of them, before one is taken away. Workable answers “not found” when there are none."""
        found: list[Row] = []
        query: Row = {}
        with suppress(NotThere):
            while True:
                said = self._get("subscriptions", query)
                found += said["subscriptions"]
                if not (following := next_query(said)):
                    break
                query = dict(parse_qsl(following))
        return found


def _deleted(candidate: str) -> Sequence[Heard]:
    return [
        Heard(what, candidate, Gone(what=what, id=candidate, how=How.DELETED))
        for what in (Kind.APPLICATION, Kind.PERSON)
    ]


_HEARD: dict[str, Callable[[str], Sequence[Heard]]] = {
    "candidate_created": lambda candidate: [Heard(Kind.PERSON, candidate), Heard(Kind.APPLICATION, candidate)],
    "candidate_moved": lambda candidate: [Heard(Kind.APPLICATION, candidate)],
    "candidate_deleted": _deleted,
}
