"""Lever, Data API v1. Facts: hire.lever.co/developer/documentation; what is guessed stands in ats_sync/docs/lever.md.

A person is a contact, and contacts are only found by way of their opportunities, each of which is an application.
Notes, files, offers, interviews and feedback are lists of one opportunity, a request each, and a note does not move
`updatedAt`. So that they are found all the same, each round reads those of opportunities that were updated; every ten
minutes all opportunities that are open, and every six hours the archived ones too, are listed with nothing but their
`lastInteractionAt` (a request for a hundred), and those with a new one are read. For 10,000 open ones among 100,000
that is 3 % of the limit, and it is done once for all five kinds that one worker reads one after the other.
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ats_sync.providers import _lever_records as records
from ats_sync.providers._lever_talk import heard_in
from ats_sync.providers._lever_writing import Writing
from ats_sync.providers.base import Ability, Credential, Delivery, Rate, Right
from ats_sync.providers.errors import Forbidden, NotThere, Refused
from ats_sync.vocabulary import Change, FileRecord, Gone, How, Kind, Page

Row = dict[str, Any]
WORDS = {Kind.SOURCE: "/sources", Kind.REASON: "/archive_reasons", Kind.USER: "/users", Kind.STAGE: "/stages"}
WORDS_STAY = timedelta(minutes=10)  # between two looks at words
LISTS: dict[Kind, tuple[str, ...]] = {  # of an opportunity
    Kind.NOTE: ("notes",),
    Kind.FILE: ("resumes", "files"),
    Kind.OFFER: ("offers",),
    Kind.INTERVIEW: ("interviews",),
    Kind.SCORECARD: ("feedback",),
}
BEGINNING = 946_684_800_000  # of what Lever is asked for by time: 2000, in milliseconds
AT_ONCE = 25  # opportunities of a page, where each costs a request of its own
CONTACTS_AT_ONCE = 40  # as many ids as an address holds
LOOKS = {"open": 600, "all": 6 * 3600}  # seconds between two looks at when somebody last had to do with them
BRIEFLY = {"include": ["contact", "lastInteractionAt"], "confidentiality": "all"}
WHOLE = {"expand": "applications", "confidentiality": "all"}


class Lever(Writing):
    key = "lever"
    name = "Lever"
    credentials = (
        Credential("key", "API key", secret=True, help="Settings, Integrations and API, API credentials."),
        Credential("user", "Writes in the name of", help="E-mail address of a user of Lever.", required=False),
        Credential(
            "webhook_secret",
            "Signature tokens of the webhooks",
            secret=True,
            help="Lever makes one for each event. With spaces between.",
            required=False,
        ),
        Credential("url", "Address of the API", help="https://api.eu.lever.co for the EU, else empty.", required=False),
    )
    rate = Rate(requests=10, seconds=1, burst=20)
    kinds = (*WORDS, Kind.JOB, Kind.PERSON, Kind.APPLICATION, Kind.STEP, *LISTS)
    abilities: ClassVar = frozenset(Ability)
    removes_hooks = True

    def since(self, began: datetime) -> str:
        return str(int((began - self.overlap).timestamp() * 1000))

    def check(self) -> list[Right]:
        found = [self._right(kind, WORDS[kind]) for kind in WORDS]
        found += [self._right(Kind.JOB, "/postings"), *(self._right(kind, "/opportunities") for kind in _OF_PEOPLE)]
        some: list[Row] = []
        with suppress(Forbidden):
            some, _ = self.talk.page("/opportunities", "", limit=1)
        for kind, lists in LISTS.items():
            path = f"/opportunities/{some[0]['id']}/{lists[-1]}" if some else "/opportunities"
            found.append(self._right(kind, path))
        return found

    def _right(self, kind: Kind, path: str) -> Right:
        try:
            self.talk.page(path, "", limit=1)
        except Forbidden as error:
            return Right(kind, False, error.sentence)
        return Right(kind, True)

    # What has changed

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        if kind in WORDS:
            return self._words(kind, since)
        if kind in LISTS:
            return self._of_opportunities(kind, since, place)
        look, offset = json.loads(place) if place else ("changed", "")
        if look == "deleted":
            rows, offset = self.talk.page("/opportunities/deleted", offset, deleted_at_start=since)
            return Page(self._gone(kind, rows), place=json.dumps([look, offset]) if offset else "")
        query = {"updated_at_start": since} if since else {}
        path = "/postings" if kind == Kind.JOB else "/opportunities"
        rows, offset = self.talk.page(path, offset, **WHOLE, **query)
        following = [look, offset] if offset else ["deleted", ""] if since and kind in _DELETED else None
        return Page(self._records(kind, rows), place=json.dumps(following) if following else "")

    def _words(self, kind: Kind, since: str) -> Page:
        now = datetime.now(UTC)
        if since and now - datetime.fromtimestamp(int(since) / 1000, UTC) < WORDS_STAY:
            return Page((), since=since)
        changes = [records.lookup(kind, row) for row in self._all_words(kind)]
        return Page(changes, since=str(int(now.timestamp() * 1000)))

    def _all_words(self, kind: Kind) -> Iterable[Row]:
        return self.talk.users if kind == Kind.USER else self.talk.all(WORDS[kind])

    def _of_opportunities(self, kind: Kind, since: str, place: str) -> Page:
        """`since` is until when each look has seen everything; a place says which looks are still to come."""
        seen: dict[str, int] = json.loads(since) if since else {}
        if place:
            began, looks, offset = json.loads(place)
        else:
            began, offset = int((time.time() - self.overlap.total_seconds()) * 1000), ""
            looks = ["changed", *_due(seen, began)] if seen else ["everything"]
        rows, offset = self._look(looks[0], seen, offset)
        changes = [each for row in rows for each in self._listed(kind, row)]
        if following := looks if offset else looks[1:]:
            return Page(changes, place=json.dumps([began, following, offset]))
        return Page(changes, since=json.dumps(_seen_now(seen, began)))

    def _look(self, look: str, seen: Mapping[str, int], offset: str) -> tuple[Sequence[Row], str]:
        if look in LOOKS:
            return self._interacted(look, seen[look], offset)
        query: Row = {"updated_at_start": seen["changed"]} if look == "changed" else {}
        return self.talk.page("/opportunities", offset, limit=AT_ONCE, **BRIEFLY, **query)

    def _interacted(self, look: str, since: int, offset: str) -> tuple[Sequence[Row], str]:
        """Asked for once for all kinds that are read one after the other."""
        if (look, since // 60_000, offset) not in self._glances:
            query = {"archived": "false"} if look == "open" else {}
            rows, following = self.talk.page("/opportunities", offset, **BRIEFLY, **query)
            recent = [row for row in rows if (row.get("lastInteractionAt") or 0) >= since]
            self._glances[look, since // 60_000, offset] = recent, following
        return self._glances[look, since // 60_000, offset]

    @cached_property
    def _glances(self) -> dict[tuple[str, int, str], tuple[Sequence[Row], str]]:
        return {}

    def _gone(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        """A person whose opportunity was deleted may still be there."""
        if kind == Kind.PERSON:
            return self.read(kind, [each for row in rows if (each := records.id_of(row.get("contact")))])
        return [Gone(what=kind, id=row["id"], how=How.DELETED, at=records.moment(row.get("deletedAt"))) for row in rows]

    # Reading single ones

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        found = list(self._read(kind, list(dict.fromkeys(ids))))
        there = {each.id for each in found}
        return [*found, *(Gone(what=kind, id=each, how=How.DELETED) for each in ids if each not in there)]

    def _read(self, kind: Kind, ids: Sequence[str]) -> Iterator[Change]:
        if kind == Kind.PERSON:
            yield from self._people(ids)
        elif kind in WORDS:
            yield from (records.lookup(kind, row) for row in self._all_words(kind) if _word_id(row) in ids)
        elif kind == Kind.JOB:
            yield from (self._job(row) for row in self._each(f"/postings/{each}" for each in ids))
        else:
            opportunities = dict.fromkeys(each.partition(":")[0] for each in ids)
            rows = list(self._each((f"/opportunities/{each}" for each in opportunities), expand="applications"))
            yield from (each for each in self._records(kind, rows) if each.id in ids)

    def _each(self, paths: Iterable[str], **query: Any) -> Iterator[Row]:
        for path in paths:
            with suppress(NotThere):
                yield self.talk.get(path, **query)["data"]

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        """The key goes to Lever only, wherever a file may lie."""
        is_theirs = urlsplit(file.url)[:2] == urlsplit(self.talk.url)[:2]
        headers = self.talk.headers if is_theirs else {}
        return self.client.ask("GET", file.url, headers=headers, most_bytes=most_bytes).content

    # How rows become records

    def _records(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        if kind == Kind.PERSON:
            return list(self._people([records.id_of(row["contact"]) for row in rows]))
        if kind == Kind.JOB:
            return [self._job(row) for row in rows]
        if kind == Kind.APPLICATION:
            return [records.application(row, self._stages, self._reasons) for row in rows]
        if kind == Kind.STEP:
            return [each for row in rows for each in records.steps(row, self._stages)]
        return [each for row in rows for each in self._listed(kind, row)]

    def _people(self, contacts: Sequence[str]) -> Iterator[Change]:
        """With all their opportunities, for each holds a part of what is known; those without any by themselves."""
        wanted = list(dict.fromkeys(contacts))
        for start in range(0, len(wanted), CONTACTS_AT_ONCE):
            part, theirs = wanted[start : start + CONTACTS_AT_ONCE], defaultdict(list)
            with_forms: Row = {"expand": ["contact", "applications"], "confidentiality": "all"}
            for row in self.talk.all("/opportunities", contact_id=part, **with_forms):
                theirs[row["contact"]["id"]].append(row)
            yield from (self._person(rows[0]["contact"], rows[::-1]) for rows in theirs.values())
            alone = (f"/contacts/{each}" for each in part if each not in theirs)
            yield from (records.person(row, ()) for row in self._each(alone))

    def _person(self, contact: Row, opportunities: Sequence[Row]) -> Change:
        answers = self._eeo if self.access.wants_eeo else {}
        return records.person(
            contact,
            opportunities,
            eeo=[one for row in opportunities for one in answers.get(row["id"], ())],
            wants_eeo=self.access.wants_eeo,
            wanted=self.access.own_fields(),
        )

    @cached_property
    def _eeo(self) -> dict[str, list[Row]]:
        """Answers on equal opportunity with the person's name to them, by opportunity. Asked for only when they are
        wanted; a key that may not read them reads everything else. They come on one page, and without a beginning Lever
        tells those of the last week only."""
        found: dict[str, list[Row]] = defaultdict(list)
        with suppress(Forbidden):
            for row in self.talk.get("/eeo/responses/pii", created_at_start=BEGINNING)["data"]["eeoResponses"]:
                found[records.text(row.get("opportunityId"))].append({**row})
        return found

    def _job(self, row: Row) -> Change:
        return records.job(row, self.talk.user_names)

    def _listed(self, kind: Kind, opportunity: Row) -> Iterator[Change]:
        """Nothing, where the opportunity was deleted meanwhile."""
        with suppress(NotThere):
            for name in LISTS[kind]:
                for row in self.talk.all(f"/opportunities/{opportunity['id']}/{name}"):
                    yield self._one(kind, opportunity, row)

    def _one(self, kind: Kind, opportunity: Row, row: Row) -> Change:
        if kind == Kind.FILE:
            return records.file(opportunity, row)
        make: dict[Kind, Callable[[Row, Row, Mapping[str, str]], Change]] = {
            Kind.NOTE: records.note,
            Kind.OFFER: records.offer,
            Kind.INTERVIEW: records.interview,
            Kind.SCORECARD: records.scorecard,
        }
        return make[kind](opportunity, row, self.talk.user_names)

    @cached_property
    def _stages(self) -> dict[str, str]:
        return {row["id"]: row["text"] for row in self.talk.all("/stages")}

    @cached_property
    def _reasons(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.talk.all("/archive_reasons")}

    # Webhooks

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
        """By the tokens that Lever made, where they were given."""
        token, at, heard = heard_in(body, self.access.credentials.get("webhook_secret") or secret)
        try:
            return Delivery(token, heard, at=datetime.fromtimestamp(at, UTC))
        except (OverflowError, ValueError, OSError) as error:
            raise Refused("This is no message of Lever’s.") from error

    def sign_off(self, webhook_url: str) -> str:
        """Lever keeps a webhook for each event."""
        ours = [row["id"] for row in self.talk.all("/webhooks") if row.get("url") == webhook_url]
        for each in ours:
            with suppress(NotThere):
                self.client.ask("DELETE", f"{self.talk.url}/v1/webhooks/{each}", headers=self.talk.headers)
        return ""


_OF_PEOPLE = (Kind.PERSON, Kind.APPLICATION, Kind.STEP)
_DELETED = (Kind.PERSON, Kind.APPLICATION)


def _due(seen: Mapping[str, int], now: int) -> list[str]:
    """The rarer look takes in the other."""
    due = [look for look, seconds in LOOKS.items() if now - seen[look] >= seconds * 1000]
    return due[-1:]


def _seen_now(seen: Mapping[str, int], now: int) -> dict[str, int]:
    due = _due(seen, now) if seen else ["all"]
    looked = {*LOOKS} if "all" in due else {*due}
    return {"changed": now, **{look: now if look in looked else seen[look] for look in LOOKS}}


def _word_id(row: Row) -> str:
    return str(row.get("id") or row.get("text"))
