"""Greenhouse's Harvest v3. Facts: harvestdocs.greenhouse.io and its documentation of webhooks.

Lists come newest id first, by a cursor that stands alone; a window on `updated_at` says what changed. Nothing lists
deletions, merges and anonymisations: webhooks tell of them, and the sweep finds what they did not.
"""

import base64
import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from ats_sync.providers import _greenhouse_records as records
from ats_sync.providers.base import Ability, Credential, Delivery, NewPerson, Provider, Rate, Right
from ats_sync.providers.client import basic, json_of
from ats_sync.providers.errors import Forbidden, PlaceLost, Refused, SignInRefused
from ats_sync.vocabulary import Change, FileRecord, Gone, Heard, How, Kind, Page
from crm.outgoing import Answer
from talentpool.person import PersonFields

API = "https://harvest.greenhouse.io"
AUTH = "https://auth.greenhouse.io"
PER_PAGE, MOST_IDS = 500, 50
RESOURCES = {
    Kind.DEPARTMENT: "departments",
    Kind.SOURCE: "sources",
    Kind.REASON: "rejection_reasons",
    Kind.USER: "users",
    Kind.STAGE: "job_interview_stages",
    Kind.JOB: "jobs",
    Kind.PERSON: "candidates",
    Kind.APPLICATION: "applications",
    Kind.STEP: "application_stages",
    Kind.NOTE: "notes",
    Kind.FILE: "attachments",
    Kind.OFFER: "offers",
    Kind.INTERVIEW: "interviews",
    Kind.SCORECARD: "scorecards",
}
Row = dict[str, Any]
# Left out of lists unless one asks for them.
SHOWN: Mapping[Kind, Row] = {Kind.USER: {"show_service_accounts": "true"}, Kind.REASON: {"include_defaults": "true"}}


class Greenhouse(Provider):
    key = "greenhouse"
    name = "Greenhouse"
    credentials = (
        Credential("client_id", "Client id"),
        Credential("client_secret", "Client secret", secret=True),
        Credential("url", "Address of the API", help="Leave it empty for Greenhouse itself.", required=False),
    )
    rate = Rate(requests=75, seconds=30, burst=50)
    kinds = tuple(RESOURCES)
    abilities: ClassVar = frozenset(Ability)
    by_hand = (
        "Configure, Dev Center, Web hooks, and Web hooks again; under “Edit web hook” click the Remove icon beside "
        "each one with this endpoint, then OK"
    )
    mails_people: ClassVar = "Greenhouse may send its own confirmation to people who are added to a job."

    # Reading

    def check(self) -> list[Right]:
        self._token(fresh=True)
        rights = []
        for kind, resource in RESOURCES.items():
            try:
                self._get(f"/v3/{resource}", {"per_page": 1})
                rights.append(Right(kind, True))
            except Forbidden:
                rights.append(Right(kind, False, f"The credential lacks the scope harvest:{resource}:list."))
        return rights

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        query: Row = {"per_page": PER_PAGE} | ({"updated_at": f"gte|{since}"} if since else {})
        query |= SHOWN.get(kind, {})
        try:
            answer = self._get(f"/v3/{RESOURCES[kind]}", {"cursor": place} if place else query)
        except Refused as error:
            if place:
                raise PlaceLost("The cursor is no longer valid.") from error
            raise
        return Page(self._records(kind, json_of(answer)), place=_next_cursor(answer))

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        wanted = [each for each in ids if each.isdigit()]
        rows = list(self._by(RESOURCES[kind], "ids", wanted))
        there = {str(row["id"]) for row in rows}
        gone = [Gone(what=kind, id=each, how=How.DELETED) for each in ids if each not in there]
        return [*self._records(kind, rows), *gone]

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        """From the storage behind Greenhouse, which wants no credentials."""
        return self.client.ask("GET", file.url, most_bytes=most_bytes, is_metered=False).content

    def since(self, began: datetime) -> str:
        return (began - self.overlap).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    # Webhooks

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(headers.get("signature", ""), f"sha256 {signature}"):
            raise SignInRefused("The signature is wrong.")
        try:
            said = json.loads(body)
            action, payload = str(said["action"]), said["payload"]
            if action == "ping":
                return Delivery("ping", (), is_ping=True)
            heard = tuple(self._heard(action, payload))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused("This is no message of Greenhouse’s.") from error
        mark = headers.get("greenhouse-event-id") or hashlib.sha256(body).hexdigest()
        return Delivery(mark, heard)

    def _heard(self, action: str, payload: Row) -> Iterable[Heard]:
        if action in OF_APPLICATION:
            yield from self._told(payload["application"]["candidate"])
            way = records.told_application(payload["application"])
            yield Heard(Kind.APPLICATION, way.id, way)
        elif action == "update_candidate":
            yield from self._told(payload["candidate"])
        elif action in _HEARD:
            yield from _HEARD[action](payload)

    def _told(self, candidate: Row) -> Iterable[Heard]:
        who = records.told_person(candidate, wants_eeo=self.access.wants_eeo)
        yield Heard(Kind.PERSON, who.id, who)

    # Writing

    def find_person(self, fields: PersonFields, mark: str) -> str:
        for email in fields.emails:
            rows = json_of(self._get("/v3/candidates", {"email": email}))
            if rows:
                return str(rows[0]["id"])
        return ""

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        fields = person.fields
        given, _, family = fields.name.rpartition(" ")
        body: Row = {
            "first_name": fields.given_name or given or "–",
            "last_name": fields.family_name or family or "–",
            "external_id": person.mark,
            "email_addresses": [{"value": each, "type": "personal"} for each in fields.emails],
            "phone_numbers": [{"value": each, "type": "mobile"} for each in fields.phones],
            "website_addresses": [{"value": each, "type": "personal"} for each in fields.links],
            "application": self._application(person.job, person.source),
        }
        made = self._send("POST", "/v3/candidates", body)
        return self._made(made["candidate"]["id"], made.get("application"))

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        theirs = list(self._by("applications", "candidate_ids", [person]))
        there = [row for row in theirs if str(row.get("job_id") or "") == job and row["status"] == "in_process"]
        if there:
            return self._records(Kind.APPLICATION, there)
        made = self._send("POST", "/v3/applications", {"candidate_id": int(person), **self._application(job, source)})
        return self._records(Kind.APPLICATION, [made])

    def find_note(self, person: str, text: str) -> str:
        rows = self._by("notes", "candidate_ids", [person])
        return next((str(row["id"]) for row in rows if records.text(row.get("body")).strip() == text.strip()), "")

    def add_note(self, person: str, text: str) -> str:
        body = {"candidate_id": int(person), "body": text, "visibility": "public", "note_type": "NOTE"}
        return str(self._send("POST", "/v3/notes", body)["id"])

    def move(self, application: str, stage: str) -> None:
        row = next(self._by("applications", "ids", [application]), None)
        if row is None or str(row.get("job_interview_stage_id")) == stage:
            return
        body = {"from_stage_id": row["job_interview_stage_id"], "to_stage_id": int(stage)}
        self._send("POST", f"/v3/applications/{application}/move", body)

    def reject(self, application: str, reason: str) -> None:
        row = next(self._by("applications", "ids", [application]), None)
        if row is None or row["status"] == "rejected":
            return
        why = int(reason) if reason else min(self._reasons, default=0)
        self._send("POST", f"/v3/applications/{application}/reject", {"rejection_reason_id": why})

    def tag(self, person: str, tags: Sequence[str]) -> None:
        row: Row = next(self._by("candidates", "ids", [person]), {})
        wanted = list(dict.fromkeys([*(row.get("tags") or ()), *tags]))
        if wanted != list(row.get("tags") or ()):
            self._send("PATCH", f"/v3/candidates/{person}", {"tags": wanted})

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        kind = "resume" if is_resume else "other"
        for row in self._by("attachments", "candidate_ids", [person]):
            if row["filename"] == name and row["type"] == kind:
                return str(row["id"])
        body = {
            "candidate_id": int(person),
            "filename": name,
            "type": kind,
            "content": base64.b64encode(content).decode(),
        }
        return str(self._send("POST", "/v3/attachments", body)["id"])

    # How rows become records

    def _records(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        make: dict[Kind, Callable[[Sequence[Row]], Iterable[Change | None]]] = {
            Kind.JOB: self._jobs,
            Kind.PERSON: self._people,
            Kind.APPLICATION: self._applications,
            Kind.STEP: self._steps,
            Kind.NOTE: lambda found: (records.note(row, self._users.get(row.get("user_id") or 0, "")) for row in found),
            Kind.FILE: lambda found: (records.file(row) for row in found if row.get("candidate_id")),
        }
        if kind in make:
            return [each for each in make[kind](rows) if each]
        if kind in (Kind.OFFER, Kind.INTERVIEW, Kind.SCORECARD):
            return [records.step(kind, row) for row in rows]
        return [records.lookup(kind, row) for row in rows]

    def _jobs(self, rows: Sequence[Row]) -> Iterable[Change]:
        ids = [str(row["id"]) for row in rows]
        posts = {row["job_id"]: row for row in self._by("job_posts", "job_ids", ids)}
        team: dict[int, list[str]] = defaultdict(list)
        for resource in ("job_hiring_managers", "job_owners"):
            for row in self._by(resource, "job_ids", ids):
                team[row["job_id"]].append(self._users.get(row["user_id"], ""))
        for row in rows:
            names = list(dict.fromkeys(filter(None, team[row["id"]])))
            department = self._departments.get(row.get("department_id") or 0, "")
            yield records.job(row, posts.get(row["id"], {}), department=department, team=names)

    def _people(self, rows: Sequence[Row]) -> Iterable[Change]:
        ids = [str(row["id"]) for row in rows]
        employments, educations = (
            _grouped(self._by(resource, "candidate_ids", ids))
            for resource in ("candidate_employments", "candidate_educations")
        )
        answers = _grouped(self._by("eeoc", "candidate_ids", ids)) if self.access.wants_eeo else {}
        for row in rows:
            if records.is_anonymised(row):
                yield Gone(what=Kind.PERSON, id=str(row["id"]), how=How.ANONYMISED)
                continue
            more = {"eeoc": answers[row["id"]]} if row["id"] in answers else {}
            career = employments.get(row["id"], ()), educations.get(row["id"], ())
            yield records.person(row | more, *career, wants_eeo=self.access.wants_eeo)

    def _applications(self, rows: Sequence[Row]) -> Iterable[Change]:
        stays = [str(row["stage_id"]) for row in rows if row.get("stage_id")]
        entered = {row["id"]: row["entered_at"] for row in self._by("application_stages", "ids", stays)}
        for row in rows:
            name, kind = self._reasons.get(row.get("rejection_reason_id") or 0, ("", ""))
            yield records.application(row, name, kind, records.moment(entered.get(row.get("stage_id"))))

    def _steps(self, rows: Sequence[Row]) -> Iterable[Change]:
        for row in rows:
            yield records.step(Kind.STEP, row | {"stage_name": self._stages.get(row["job_interview_stage_id"], "")})

    @cached_property
    def _users(self) -> dict[int, str]:
        return {row["id"]: row.get("name") or "" for row in self._all("users", **SHOWN[Kind.USER])}

    @cached_property
    def _departments(self) -> dict[int, str]:
        return {row["id"]: row["name"] for row in self._all("departments")}

    @cached_property
    def _stages(self) -> dict[int, str]:
        return {row["id"]: row["name"] for row in self._all("job_interview_stages")}

    @cached_property
    def _reasons(self) -> dict[int, tuple[str, str]]:
        return {
            row["id"]: (row["name"], (row.get("type") or {}).get("key", ""))
            for row in self._all("rejection_reasons", **SHOWN[Kind.REASON])
        }

    # Requests

    def _made(self, candidate: int, application: Row | None) -> list[Change]:
        people = self.read(Kind.PERSON, [str(candidate)])
        return [*people, *(self._records(Kind.APPLICATION, [application]) if application else ())]

    def _application(self, job: str, source: str) -> Row:
        where: Row = {"job_id": int(job)} if job else {"prospect": True}
        return where | ({"source_id": int(source)} if source else {})

    def _all(self, resource: str, **query: Any) -> Iterator[Row]:
        answer = self._get(f"/v3/{resource}", {"per_page": PER_PAGE, **query})
        yield from json_of(answer)
        while cursor := _next_cursor(answer):
            answer = self._get(f"/v3/{resource}", {"cursor": cursor})
            yield from json_of(answer)

    def _by(self, resource: str, name: str, ids: Sequence[str]) -> Iterator[Row]:
        for start in range(0, len(ids), MOST_IDS):
            yield from self._all(resource, **{name: ",".join(ids[start : start + MOST_IDS])})

    def _get(self, path: str, query: Mapping[str, Any]) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(query)}")

    def _send(self, method: str, path: str, body: Row) -> Any:
        return json_of(self._ask(method, path, body))

    def _ask(self, method: str, path: str, body: Row | None = None) -> Answer:
        """A token that has run out since is replaced once."""
        url = f"{self.access.credentials.get('url') or API}{path}"
        try:
            return self.client.ask(method, url, headers={"Authorization": f"Bearer {self._token()}"}, send=body)
        except SignInRefused:
            token = self._token(fresh=True)
        return self.client.ask(method, url, headers={"Authorization": f"Bearer {token}"}, send=body)

    def _token(self, *, fresh: bool = False) -> str:
        now = datetime.now(UTC)
        if not fresh and self._session.get("until", "") > now.isoformat():
            return str(self._session["token"])
        known = self.access.credentials
        url = f"{known.get('url') or AUTH}/token"
        who = {"Authorization": basic(known.get("client_id", ""), known.get("client_secret", ""))}
        said = self.client.json("POST", url, headers=who, form={"grant_type": "client_credentials"})
        until = now + timedelta(seconds=max(30, float(said["expires_in"]) - 60))
        self._session = {"token": said["access_token"], "until": until.isoformat()}
        self.access.remember(self._session)
        return str(self._session["token"])

    @cached_property
    def _session(self) -> Row:
        return dict(self.access.session)


def _next_cursor(answer: Answer) -> str:
    """Of `Link: <…?cursor=…>; rel="next"`."""
    for part in answer.headers.get("link", "").split(","):
        address, _, rel = part.partition(";")
        if 'rel="next"' in rel and "cursor=" in address:
            return address.strip().strip("<>").partition("cursor=")[2].partition("&")[0]
    return ""


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["candidate_id"]].append(row)
    return found


# What each message says


def _gone(what: Kind, row: Row, how: How, into: Any = "") -> Iterable[Heard]:
    external_id = str(row["id"])
    yield Heard(what, external_id, Gone(what=what, id=external_id, how=how, into=str(into)))


def _to_read(what: Kind, external_id: Any) -> Iterable[Heard]:
    yield Heard(what, str(external_id))


OF_APPLICATION = frozenset(
    {
        *("new_candidate_application", "new_prospect_application", "application_updated", "update_application"),
        *("candidate_stage_change", "reject_candidate", "unreject_candidate", "hire_candidate", "unhire_candidate"),
    }
)
_HEARD: dict[str, Callable[[Row], Iterable[Heard]]] = {
    "delete_candidate": lambda payload: _gone(Kind.PERSON, payload["person"], How.DELETED),
    "merge_candidate": lambda payload: _gone(
        Kind.PERSON, payload["person"], How.MERGED, payload["person"]["new_candidate_id"]
    ),
    "candidate_anonymized": lambda payload: _gone(Kind.PERSON, {"id": payload["candidate_id"]}, How.ANONYMISED),
    "delete_application": lambda payload: _gone(Kind.APPLICATION, payload["application"], How.DELETED),
    **dict.fromkeys(("offer_created", "offer_updated"), lambda payload: _to_read(Kind.OFFER, payload["id"])),
    **dict.fromkeys(("job_created", "job_updated"), lambda payload: _to_read(Kind.JOB, payload["job"]["id"])),
    "job_deleted": lambda payload: _gone(Kind.JOB, payload["job"], How.DELETED),
    "job_interview_stage_deleted": lambda payload: _gone(Kind.STAGE, payload["job_interview_stage"], How.DELETED),
}
