"""Ashby. Facts: developers.ashbyhq.com; what is guessed there stands in ats_sync/docs/ashby.md.

Everything is a POST to `resource.verb`, and most refusals come as a 200 that says `success: false`. Lists end in a
`syncToken`, which is where the next round begins; there is none for notes and feedback, which are read for those whose
candidates and interviews have changed.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from ats_sync.providers import _ashby_records as records
from ats_sync.providers._ashby_talk import CURSOR_LOST, TOKEN_LOST, TYPES, Failed, heard_of
from ats_sync.providers._ashby_writing import Writing
from ats_sync.providers.base import Ability, Credential, Delivery, Rate, Right
from ats_sync.providers.errors import Forbidden, NotThere, PlaceLost, Refused, SignInRefused
from ats_sync.vocabulary import Change, FileRecord, Gone, How, Kind, Page

STAGES_STAY = timedelta(minutes=15)  # between two looks at the stages, which cost a request for each interview plan
Row = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """`limit` is low where each row costs a request of its own, so that a page does not take too long."""

    name: str
    body: Row = field(default_factory=dict)
    limit: int = 100


ARCHIVED_TOO = {"includeArchived": True}
LISTS = {
    Kind.DEPARTMENT: Listing("department.list", ARCHIVED_TOO),
    Kind.SOURCE: Listing("source.list", ARCHIVED_TOO),
    Kind.REASON: Listing("archiveReason.list", ARCHIVED_TOO),
    Kind.USER: Listing("user.list", {"includeDeactivated": True}),
    Kind.STAGE: Listing("interviewPlan.list", ARCHIVED_TOO),
    Kind.JOB: Listing("job.list", limit=50),
    Kind.PERSON: Listing("candidate.list"),
    Kind.APPLICATION: Listing("application.list", limit=50),
    Kind.STEP: Listing("application.list", limit=25),
    Kind.NOTE: Listing("candidate.list", limit=25),
    Kind.FILE: Listing("candidate.list"),
    Kind.OFFER: Listing("offer.list"),
    Kind.INTERVIEW: Listing("interviewSchedule.list"),
    Kind.SCORECARD: Listing("interviewSchedule.list", limit=25),
}
# How one is asked for, by the name that its id has there.
SINGLE = {
    Kind.JOB: ("job.info", "id"),
    Kind.PERSON: ("candidate.info", "id"),
    Kind.APPLICATION: ("application.info", "applicationId"),
    Kind.STEP: ("application.info", "applicationId"),
    Kind.OFFER: ("offer.info", "offerId"),
}
OF_APPLICATION = {Kind.INTERVIEW: "interviewSchedule.list", Kind.SCORECARD: "applicationFeedback.list"}


class Ashby(Writing):
    key = "ashby"
    name = "Ashby"
    credentials = (
        Credential("api_key", "API key", secret=True, help="Admin, Integrations, API keys."),
        Credential("url", "Address of the API", help="Leave it empty for Ashby itself.", required=False),
    )
    rate = Rate(requests=1000, seconds=60, burst=100)
    kinds = tuple(LISTS)
    abilities: ClassVar = frozenset(Ability)
    makes_hooks = True
    by_hand = "Admin, Integrations, Webhooks; open each one with this request URL and delete it"

    # Reading

    def check(self) -> list[Right]:
        """Notes and feedback need the same rights as people and interviews."""
        missing: dict[str, str] = {}
        for name in dict.fromkeys(listing.name for listing in LISTS.values()):
            try:
                self.talk.ask(name, {"limit": 1})
            except Forbidden as error:
                missing[name] = error.sentence
        return [Right(kind, it.name not in missing, missing.get(it.name, "")) for kind, it in LISTS.items()]

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        """A place is the cursor, and whether the list is read from its beginning although there was a token."""
        if kind == Kind.STAGE:
            return self._stages(since)
        cursor, is_full = json.loads(place) if place else ("", not since)
        try:
            said = self._ask_for(kind, cursor, "" if is_full else since)
        except Failed as error:
            if error.codes & CURSOR_LOST:
                raise PlaceLost("Ashby no longer knows this place in the list.") from error
            if is_full or not error.codes & TOKEN_LOST:
                raise
            said, is_full = self._ask_for(kind, "", ""), True
        changes = self._records(kind, said["results"])
        if said.get("moreDataAvailable") and said.get("nextCursor"):
            return Page(changes, place=json.dumps([said["nextCursor"], is_full]))
        return Page(changes, since=said.get("syncToken") or since)

    def _ask_for(self, kind: Kind, cursor: str, token: str) -> Row:
        """The cursor knows the token of the list it is in."""
        listing = LISTS[kind]
        where = {"cursor": cursor} if cursor else {"syncToken": token} if token else {}
        return self.talk.ask(listing.name, {**listing.body, "limit": listing.limit, **where})

    def _stages(self, since: str) -> Page:
        now = datetime.now(UTC)
        if since and now - datetime.fromisoformat(since) < STAGES_STAY:
            return Page((), since=since)
        return Page([records.lookup(Kind.STAGE, row) for row in self._all_stages()], since=now.isoformat())

    def _all_stages(self) -> Iterator[Row]:
        for plan in self.talk.all("interviewPlan.list", ARCHIVED_TOO):
            yield from self.talk.all("interviewStage.list", {"interviewPlanId": plan["id"]})

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """Ashby gives notes and files by their candidate only: nothing is said of them here, and the sweep takes for
        gone what it does not meet with any candidate."""
        if kind in (Kind.NOTE, Kind.FILE):
            return []
        made = (each for part in self._read(kind, ids) for each in self._records(kind, [part]))
        found = [each for each in made if each.id in ids]
        there = {each.id for each in found}
        return [*found, *(Gone(what=kind, id=each, how=How.DELETED) for each in ids if each not in there)]

    def _read(self, kind: Kind, ids: Sequence[str]) -> Iterator[Row]:
        if kind in SINGLE:
            name, parameter = SINGLE[kind]
            for each in dict.fromkeys(each.partition(":")[0] for each in ids):
                with suppress(NotThere):
                    yield self.talk.results(name, {parameter: each})
        elif kind in OF_APPLICATION:
            for application in dict.fromkeys(each.partition(":")[0] for each in ids):
                with suppress(NotThere):
                    yield from self.talk.all(OF_APPLICATION[kind], {"applicationId": application})
        else:
            rows = self._all_stages() if kind == Kind.STAGE else self.talk.all(LISTS[kind].name, LISTS[kind].body)
            yield from (row for row in rows if row["id"] in ids)

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        """From the storage behind Ashby, which wants no credentials."""
        url = self.talk.results("file.info", {"fileHandle": file.url})["url"]
        return self.client.ask("GET", url, most_bytes=most_bytes, is_metered=False).content

    # How rows become records

    def _records(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        make: dict[Kind, Callable[[Row], Iterable[Change]]] = {
            Kind.JOB: lambda row: [self._job(row)],
            Kind.PERSON: lambda row: [self._person(row)],
            Kind.APPLICATION: self._application,
            Kind.STEP: self._steps,
            Kind.NOTE: self._notes,
            Kind.FILE: records.files,
            Kind.OFFER: lambda row: [records.offer(row)],
            Kind.INTERVIEW: lambda row: [records.interview(row)],
        }
        if kind == Kind.SCORECARD:
            return [records.scorecard(row) for row in self._feedback(rows)]
        if kind in make:
            return [each for row in rows for each in make[kind](row)]
        return [records.lookup(kind, row) for row in rows]

    def _person(self, row: Row) -> Change:
        return records.person(row, self._answers.get(row["id"], ()), wants_eeo=self.access.wants_eeo)

    def _job(self, row: Row) -> Change:
        posting: Row = {}
        for each in (row.get("jobPostingIds") or ())[:1]:
            with suppress(NotThere):
                posting = self.talk.results("jobPosting.info", {"jobPostingId": each})
        department = self._names("department.list").get(row.get("departmentId") or "", "")
        location = "" if posting else self._names("location.list").get(row.get("locationId") or "", "")
        return records.job(row, posting, location=location, department=department)

    def _application(self, row: Row) -> Iterable[Change]:
        if found := self._with_history(row) if records.needs_history(row) else row:
            yield records.application(found)

    def _steps(self, row: Row) -> Iterable[Change]:
        if found := self._with_history(row):
            yield from records.steps(found)

    def _with_history(self, row: Row) -> Row:
        """Nothing of an application that was deleted since the page was made."""
        if "applicationHistory" not in row:
            try:
                row = self.talk.results("application.info", {"applicationId": row["id"]})
            except NotThere:
                return {}
        return row

    def _notes(self, candidate: Row) -> Iterable[Change]:
        with suppress(NotThere):
            for row in self.talk.all("candidate.listNotes", {"candidateId": candidate["id"]}):
                yield records.note(candidate["id"], row)

    def _feedback(self, rows: Sequence[Row]) -> Iterable[Row]:
        """Of interview schedules, or of itself."""
        if any("submittedAt" in row for row in rows):
            yield from rows
            return
        for application in dict.fromkeys(row["applicationId"] for row in rows):
            with suppress(NotThere):
                yield from self.talk.all("applicationFeedback.list", {"applicationId": application})

    @cached_property
    def _answers(self) -> Mapping[str, Sequence[Row]]:
        """Answers to questions on equal opportunity, by candidate; never asked for unless they are wanted."""
        found: dict[str, list[Row]] = defaultdict(list)
        if self.access.wants_eeo:
            with suppress(Forbidden):
                for row in self.talk.all("surveySubmission.list", {"surveyType": "EEOC"}):
                    found[row["candidateId"]].append(row)
        return found

    def _names(self, listing: str) -> dict[str, str]:
        if listing not in self._known_names:
            self._known_names[listing] = {row["id"]: row["name"] for row in self.talk.all(listing, ARCHIVED_TOO)}
        return self._known_names[listing]

    @cached_property
    def _known_names(self) -> dict[str, dict[str, str]]:
        return {}

    # Webhooks

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
        """One act tells of itself in several messages, which share its id: they differ by their name and object."""
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(headers.get("ashby-signature", "").encode(), f"sha256={signature}".encode()):
            raise SignInRefused("The signature is wrong.")
        try:
            said = json.loads(body)
            action, data = str(said["action"]), said["data"]
            if action == "ping":
                return Delivery("ping", (), is_ping=True)
            heard = tuple(heard_of(action, data))
            about = ",".join(each.id for each in heard)
            return Delivery(f"{said['webhookActionId']}:{action}:{about}", heard)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused("This is no message of Ashby’s.") from error

    def sign_on(self, webhook_url: str, secret: str) -> Iterator[tuple[str, str]]:
        """Ashby tries an address out at once; one that it could not reach it makes all the same, and never uses."""
        for each in TYPES:
            if each in self.access.hooks:
                continue
            wish = {"webhookType": each, "requestUrl": webhook_url, "secretToken": secret}
            made = self.talk.results("webhook.create", wish)
            if made.get("enabled") is False:
                self.talk.ask("webhook.delete", {"webhookId": made["id"]})
                raise Refused(f"Ashby could not reach {webhook_url}, so it made no webhook.")
            yield each, made["id"]

    def sign_off(self, webhook_url: str) -> str:
        """No list says which webhooks there are: those that were made by hand go by hand."""
        for each in self.access.hooks.values():
            with suppress(NotThere):
                self.talk.ask("webhook.delete", {"webhookId": each})
        return self.left_by_hand(webhook_url)

    @property
    def removes_hooks(self) -> bool:
        return bool(self.access.hooks)
