"""What goes to Workable, in the name of a member. It has no keys against doubling, so each looks first."""

import base64
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ats_sync.providers import _workable_records as records
from ats_sync.providers.base import NewPerson, Provider
from ats_sync.providers.client import json_of
from ats_sync.providers.errors import Refused
from ats_sync.vocabulary import Change, Kind
from crm.outgoing import Answer
from talentpool.person import PersonFields

Row = dict[str, Any]
POLICY = ["simple", "reviewer"]  # who may read a comment, besides admins


class Writing(Provider):
    def find_person(self, fields: PersonFields, mark: str) -> str:
        """One of her candidates."""
        for email in fields.emails:
            for row in self._all("candidates", "candidates", {"email": email}):
                return str(row["id"])
        return ""

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        """Without a job into the talent pool. As somebody sourced, to whom Workable writes nothing."""
        if not person.fields.emails:
            raise Refused("Workable wants an e-mail address, and could not find her again without one.")
        path = f"jobs/{person.job}/candidates" if person.job else "talent_pool/candidates"
        body: Row = {"sourced": True, "candidate": _new_candidate(person.fields)}
        made = self._send("POST", path, body | ({"domain": person.source} if person.source else {}))
        return self._both(made["candidate"]["id"])

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        """By a copy of her candidate, unless she is a candidate for the job and not disqualified."""
        row = self._candidate(person)
        theirs = self._all("candidates", "candidates", {"email": row["email"]}) if row.get("email") else [row]
        for each in theirs:
            if (each.get("job") or {}).get("shortcode") == job and not each.get("disqualified"):
                return self._both(each["id"])
        first = next((stage["slug"] for stage in self._pipeline if stage["kind"] == "applied"), "applied")
        body = {"member_id": self._member, "target_job_shortcode": job, "target_stage": first}
        return self._both(self._send("POST", f"candidates/{person}/copy", body)["candidate"]["id"])

    def find_note(self, person: str, text: str) -> str:
        rows = self._all(f"candidates/{person}/activities", "activities", {"actions": "comment", "limit": 100})
        found = next((row for row in rows if (row.get("body") or "").strip() == text.strip()), None)
        return f"{person}:{found['id']}" if found else ""

    def add_note(self, person: str, text: str) -> str:
        return f"{person}:{self._comment(person, {'body': text})}"

    def move(self, application: str, stage: str) -> None:
        name = next((each["name"] for each in self._pipeline if each["slug"] == stage), None)
        if name is None:
            raise Refused("Workable has no such stage any more.")
        if self._candidate(application).get("stage") != name:
            self._send("POST", f"candidates/{application}/move", {"member_id": self._member, "target_stage": stage})

    def reject(self, application: str, reason: str) -> None:
        if not self._candidate(application).get("disqualified"):
            why = {"disqualify_reason_id": reason} if reason else {}
            self._send("POST", f"candidates/{application}/disqualify", {"member_id": self._member, **why})

    def tag(self, person: str, tags: Sequence[str]) -> None:
        has = self._candidate(person).get("tags") or []
        wanted = list(dict.fromkeys([*has, *tags]))
        if wanted != has:
            self._send("PUT", f"candidates/{person}/tags", {"tags": wanted})

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        """As a comment's attachment: the interface takes a résumé only together with a new candidate."""
        there = {row["name"] for row in self._get(f"candidates/{person}/files").get("files") or ()}
        if name not in there:
            attachment = {"name": name, "data": base64.b64encode(content).decode()}
            self._comment(person, {"body": name, "attachment": attachment})
        return f"{person}:{name}"[:100]

    def _comment(self, person: str, comment: Row) -> str:
        body = {"member_id": self._member, "comment": comment | {"policy": POLICY}}
        return str(self._send("POST", f"candidates/{person}/comments", body)["id"])

    def _both(self, candidate: str) -> Sequence[Change]:
        return [*self.read(Kind.PERSON, [candidate]), *self.read(Kind.APPLICATION, [candidate])]

    @cached_property
    def _pipeline(self) -> Sequence[Row]:
        found: Sequence[Row] = self._get("stages")["stages"]
        return found

    @cached_property
    def _member(self) -> str:
        """In whose name Rapport writes."""
        known = self.access.credentials.get("member", "").strip()
        query = {"email": known} if known else {"role": "admin"}
        for row in self._all("members", "members", query):
            if not known or records.text(row.get("email")).lower() == known.lower():
                return str(row["id"])
        raise Refused(f"Workable has no member {known}." if known else "Workable names no admin to write as.")

    # Requests

    def _candidate(self, candidate: str) -> Row:
        found: Row = self._get(f"candidates/{candidate}")["candidate"]
        return found

    def _all(self, path: str, name: str, query: Row) -> Iterator[Row]:
        while query:
            said = self._get(path, query)
            yield from said[name]
            query = dict(parse_qsl(next_query(said)))

    def _get(self, path: str, query: Row | None = None) -> Any:
        return json_of(self._ask("GET", path, query=query))

    def _send(self, method: str, path: str, body: Row) -> Any:
        return json_of(self._ask(method, path, send=body))

    def _ask(self, method: str, path: str, **options: Any) -> Answer:
        known = self.access.credentials
        base = known.get("url") or f"https://{known.get('subdomain', '')}.workable.com"
        told = {"Authorization": f"Bearer {known.get('token', '')}"}
        return self.client.ask(method, f"{base}/spi/v3/{path}", headers=told, **options)


def next_query(said: Row) -> str:
    """Of the next page's address only the query: the rest of it is ours."""
    return urlsplit((said.get("paging") or {}).get("next") or "").query


def _new_candidate(fields: PersonFields) -> Row:
    """Workable takes one address and one number."""
    given, _, family = fields.name.rpartition(" ")
    links = [{"type": _network(url), "url": url} for url in fields.links]
    return {
        "name": fields.name or f"{fields.given_name} {fields.family_name}".strip() or fields.emails[0],
        "firstname": fields.given_name or given or fields.name or "–",
        "lastname": fields.family_name or (family if given else "") or "–",
        "headline": fields.headline or None,
        "summary": fields.summary or None,
        "email": fields.emails[0],
        "phone": next(iter(fields.phones), None),
        "address": fields.location or None,
        "social_profiles": links,
    }


def _network(url: str) -> str:
    return next((name for name in ("linkedin", "github", "twitter", "facebook") if f"{name}.com" in url), "website")
