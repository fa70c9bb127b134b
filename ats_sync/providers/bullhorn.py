"""Bullhorn, for staffing agencies: candidates, jobs, and submissions whose status is all there is of a process.

A round asks the queue of events, one request for all kinds, and reads what they name. Events that were taken out of the
queue by one kind are had again by their request's number for the next; where Bullhorn no longer gives them, and every
half hour anyway, what was changed is listed by its date: a queue may lose something, and Bullhorn counts requests.
"""

import base64
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any, ClassVar

from ats_sync.providers import _bullhorn_records as records
from ats_sync.providers._bullhorn_records import FIELDS, Statuses
from ats_sync.providers._bullhorn_rest import IDS_AT_ONCE, MOST, MOST_REQUESTS, Rest, Row
from ats_sync.providers._bullhorn_writes import Writes
from ats_sync.providers._equal_opportunity import is_on_equal_opportunity
from ats_sync.providers.base import Access, Credential, Delivery, Rate, Right
from ats_sync.providers.errors import AtsError, Down, Forbidden, NotThere, PlaceLost, Refused, SignInRefused, Throttled
from ats_sync.vocabulary import Change, FileRecord, Gone, How, Kind, Page

SEARCHED = {Kind.JOB: "JobOrder", Kind.PERSON: "Candidate", Kind.NOTE: "Note"}
QUERIED = {Kind.USER: "CorporateUser", Kind.APPLICATION: "JobSubmission", Kind.INTERVIEW: "Appointment"}
ENTITIES = {**SEARCHED, **QUERIED, Kind.FILE: "CandidateFileAttachment"}
TOLD = ("Candidate", "JobOrder", "JobSubmission", "Note", "Appointment")  # of which there are events
TOLD_BY = {Kind.FILE: Kind.PERSON}
UNTOLD = (Kind.USER, Kind.STAGE)
LISTED_AFTER = 1800.0  # seconds after which changes are listed by their date, whatever the queue said
LISTED_UNTOLD = 300.0  # where there is no queue; Bullhorn counts requests
INDEX_ZONE = timedelta(hours=14)  # the index's times are of a zone that Bullhorn doesn't tell
FILES_OF = 50  # people at once
MAKE: Mapping[Kind, Callable[[Row], Change | None]] = {
    Kind.USER: records.user,
    Kind.JOB: records.job,
    Kind.PERSON: records.person,
    Kind.NOTE: records.note,
    Kind.FILE: records.file,
}
SHIFT = 10  # rows by which a list may have become shorter between two pages


class Bullhorn(Writes):
    key = "bullhorn"
    name = "Bullhorn"
    credentials: ClassVar[Sequence[Credential]] = (
        Credential("username", "API user name"),
        Credential("password", "API password", secret=True),
        Credential("client_id", "Client id", help="From Bullhorn’s support, with a key for the REST API."),
        Credential("client_secret", "Client secret", secret=True),
        Credential("url", "Address", help="Only if Bullhorn gave you one of your own.", required=False),
    )
    rate: ClassVar[Rate] = Rate(requests=1200, seconds=60, burst=50)  # of the 1,500 that Bullhorn allows
    kinds: Sequence[Kind] = (
        *(Kind.USER, Kind.STAGE, Kind.JOB, Kind.PERSON, Kind.APPLICATION, Kind.NOTE, Kind.FILE, Kind.INTERVIEW),
    )
    overlap: ClassVar[timedelta] = timedelta(minutes=10)

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self.rest = Rest(access)
        self._batches: dict[int, list[Row]] = {}
        self._known: tuple[str, int] | None = None  # the queue and its last request
        self._is_empty = False
        self._settings: Statuses | None = None

    def check(self) -> list[Right]:
        self.rest.sign_in()
        return [self._right(kind) for kind in self.kinds]

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        """`since` and `place` are ours: from when to list by date, after which request to read events, where we are."""
        spot = json.loads(place) if place else self._begin(kind, json.loads(since) if since else {})
        changes, following = self._told(kind, spot) if "ids" in spot else self._listed(kind, spot)
        if following:
            return Page(changes, place=json.dumps(following), total=spot.get("total"))
        return Page(changes, since=json.dumps({"at": spot["next"], "queue": spot["queue"], "request": spot["request"]}))

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        if kind == Kind.STAGE:
            found: list[Change] = [each for each in self._stages() if each.id in ids]
        else:
            numbers = [int(each) for each in ids if each.isdecimal()]
            found = self._records(kind, self.rest.by_ids(ENTITIES[kind], numbers, self._fields(kind)))
        known = {each.id for each in found}
        return [*found, *(Gone(what=kind, id=each, how=How.DELETED) for each in ids if each not in known)]

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        room = most_bytes * 4 // 3 + (1 << 16)  # it comes in base64
        answer = self.rest.call("GET", f"file/Candidate/{file.person}/{file.id}", most_bytes=room)
        try:
            content = base64.b64decode(answer["File"]["fileContent"])
        except (KeyError, TypeError, ValueError) as error:
            raise Down("The file came broken.") from error
        if len(content) > most_bytes:
            raise Refused(f"The file is larger than {most_bytes // 2**20:,} MB.")
        return content

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
        raise Refused("Bullhorn sends no webhooks.")

    def sign_off(self, webhook_url: str) -> str:
        """A queue that nobody empties would be filled on."""
        self.rest.unsubscribe()
        return ""

    # Rounds

    def _begin(self, kind: Kind, since: Mapping[str, Any]) -> dict[str, Any]:
        """Whether this round reads events or lists by date, and where the next one begins."""
        now = time.time()
        if not since:
            queue, newest = self._queue()
            return {"at": 0, "next": now, "queue": queue, "request": newest, "start": 0}
        spot = {**since, "next": now, "start": 0}
        age = now - since["at"]
        if age < LISTED_AFTER and kind in UNTOLD:
            return {**spot, "next": since["at"], "ids": []}
        if age >= LISTED_AFTER:
            return spot
        queue, newest = self._emptied()
        if not queue:
            return {**spot, "next": since["at"], "ids": []} if age < LISTED_UNTOLD else spot
        told = self._ids_told(ENTITIES[TOLD_BY.get(kind, kind)], since["request"]) if queue == since["queue"] else None
        spot |= {"queue": queue, "request": newest}
        return spot if told is None else {**spot, "next": since["at"], "ids": told}

    def _queue(self, *, is_exact: bool = True) -> tuple[str, int]:
        """The queue and its last request, as Bullhorn says, or as far as we remember. Where there can be no queue,
        changes are only listed by date."""
        if self._known is None:
            self._known = self._asking(lambda: self.rest.subscribe(TOLD, is_exact=is_exact))
        return self._known

    def _emptied(self) -> tuple[str, int]:
        """Takes out what the queue holds, once a round; it stays here until all kinds have read it."""
        queue, newest = self._queue(is_exact=False)
        if queue and not self._is_empty:
            self._known = self._asking(lambda: self._drained(queue, newest))
        return self._queue()

    def _drained(self, queue: str, newest: int) -> tuple[str, int]:
        while len(self._batches) < MOST_REQUESTS and not self._is_empty:
            request, events = self.rest.events(queue)
            self._is_empty = not events
            if events:
                self._batches[request] = events
                newest = max(newest, request)
        return queue, newest

    def _asking(self, ask: Callable[[], tuple[str, int]]) -> tuple[str, int]:
        try:
            return ask()
        except NotThere:
            self.rest.forget_queue()  # Bullhorn drops one that nobody asks for weeks; the next round makes another
        except (Refused, Forbidden):
            pass
        return "", 0

    def _ids_told(self, entity: str, after: int) -> list[int] | None:
        """Of the events after a request; None when some of them can't be had any more."""
        queue, newest = self._queue()
        ids: dict[int, None] = {}
        for request in range(after + 1, newest + 1):
            try:
                events = self._batches.get(request) or self.rest.events(queue, request)[1]
            except (NotThere, Refused):
                events = []
            if not events:
                return None
            self._batches[request] = events
            ids |= {int(each["entityId"]): None for each in events if each.get("entityName") == entity}
        return list(ids)

    def _told(self, kind: Kind, spot: Mapping[str, Any]) -> tuple[list[Change], Mapping[str, Any]]:
        ids, rest = spot["ids"][:IDS_AT_ONCE], spot["ids"][IDS_AT_ONCE:]
        changes: list[Change] = []
        if ids:
            changes = self._files(ids) if kind == Kind.FILE else self.read(kind, [str(each) for each in ids])
        return changes, {**spot, "ids": rest} if rest else {}

    def _listed(self, kind: Kind, spot: Mapping[str, Any]) -> tuple[list[Change], Mapping[str, Any]]:
        if kind == Kind.STAGE:
            return list(self._stages()), {}
        size = spot.get("size") or (FILES_OF if kind == Kind.FILE else MOST)
        fields = "id,isDeleted" if kind == Kind.FILE else self._fields(kind)
        answer = self._page(TOLD_BY.get(kind, kind), spot, size, fields)
        rows = answer["data"]
        ids = [int(row["id"]) for row in rows]
        if spot.get("tail") and not set(spot["tail"]) & set(ids):
            raise PlaceLost("Too much was deleted while the list was read.")
        if kind == Kind.FILE:
            changes = self._files([int(row["id"]) for row in rows if not row.get("isDeleted")])
        else:
            changes = self._records(kind, rows)
        if len(rows) < size:
            return changes, {}
        following = {"start": spot["start"] + size - SHIFT, "tail": ids[-SHIFT:], "total": answer.get("total")}
        return changes, {**spot, **following}

    def _page(self, kind: Kind, spot: Mapping[str, Any], size: int, fields: str) -> Any:
        """By id, so that what changes meanwhile keeps its place; a list of all leaves out what is deleted."""
        at = datetime.fromtimestamp(spot["at"], UTC) - self.overlap if spot["at"] else None
        if kind in SEARCHED:
            query = f"dateLastModified:[{at - INDEX_ZONE:%Y%m%d%H%M%S} TO *]" if at else "isDeleted:0"
            return self.rest.search(SEARCHED[kind], query, fields, start=spot["start"], count=size)
        where = f"dateLastModified >= {int(at.timestamp() * 1000)}" if at and kind != Kind.USER else "isDeleted=false"
        return self.rest.query(QUERIED[kind], where, fields, start=spot["start"], count=size)

    # Records

    def _fields(self, kind: Kind) -> str:
        eeo = "," + ",".join(records.EEO) if kind == Kind.PERSON and self.access.wants_eeo else ""
        own = "".join(f",{name}" for name in self._labels) if kind == Kind.PERSON else ""
        return FIELDS[kind] + own + eeo

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        """The organisation’s own fields of a candidate that are shown to somebody, and what they are called. Those on
        equal opportunity are left out by their labels, unless they are wanted."""
        try:
            found = self.rest.labels("Candidate", records.OWN)
        except (Forbidden, NotThere, Refused):
            return {}
        wants = self.access.wants_eeo
        return {name: label for name, label in found.items() if wants or not is_on_equal_opportunity(label)}

    def _records(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        try:
            return self._made(kind, rows)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Down(f"Bullhorn’s answer is not as expected ({type(error).__name__}).") from error

    def _made(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        if kind == Kind.APPLICATION:
            moved, statuses = self._moves(rows), self._statuses()
            made = [
                records.unless_gone(kind, row, lambda row: records.application(row, statuses, moved.get(row["id"])))
                for row in rows
            ]
        elif kind == Kind.INTERVIEW:
            own = [row for row in rows if row.get("type") == "Interview" and not row.get("parentAppointment")]
            found = self._submissions(own)
            made = [records.unless_gone(kind, row, lambda row: self._interview(row, found)) for row in own]
        else:
            person = partial(records.person, labels=self._labels, wants_eeo=self.access.wants_eeo)
            make = person if kind == Kind.PERSON else MAKE[kind]
            made = [records.unless_gone(kind, row, make) for row in rows]
        return [each for some in made for each in some]

    def _moves(self, rows: Sequence[Row]) -> dict[int, datetime | None]:
        """When each submission came to its status: the last entry of its history."""
        ids = [int(row["id"]) for row in rows if not row.get("isDeleted")]
        found: dict[int, int] = {}
        for start in range(0, len(ids), IDS_AT_ONCE):
            some = ",".join(map(str, ids[start : start + IDS_AT_ONCE]))
            fields = "id,jobSubmission,dateAdded"
            for row in self.rest.all_of("JobSubmissionHistory", f"jobSubmission.id IN ({some})", fields):
                of = int(row["jobSubmission"]["id"])
                found[of] = max(found.get(of, 0), row["dateAdded"] or 0)
        return {row_id: records.moment(at) for row_id, at in found.items()}

    def _submissions(self, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
        """An appointment names person and job, not the submission."""
        people = sorted({records.linked(row.get("candidateReference")) for row in rows} - {""}, key=int)
        found: dict[tuple[str, str], str] = {}
        for start in range(0, len(people), IDS_AT_ONCE):
            some = ",".join(people[start : start + IDS_AT_ONCE])
            where = f"candidate.id IN ({some}) AND isDeleted=false"
            for row in self.rest.all_of("JobSubmission", where, "id,candidate,jobOrder"):
                found[records.linked(row["candidate"]), records.linked(row["jobOrder"])] = str(row["id"])
        return found

    def _interview(self, row: Row, found: Mapping[tuple[str, str], str]) -> Change | None:
        of = found.get((records.linked(row.get("candidateReference")), records.linked(row.get("jobOrder"))))
        return records.interview(row, of) if of else None

    def _files(self, people: Sequence[int]) -> list[Change]:
        rows = self.rest.associated("Candidate", people, "fileAttachments", FIELDS[Kind.FILE]) if people else []
        return [each for row in rows for each in records.unless_gone(Kind.FILE, row, records.file)]

    def _right(self, kind: Kind) -> Right:
        try:
            self._listed(kind, {"at": 0, "start": 0, "size": 1})
        except (SignInRefused, Throttled, Down):
            raise
        except AtsError as error:
            return Right(kind, is_given=False, without=error.sentence)
        return Right(kind, is_given=True)
