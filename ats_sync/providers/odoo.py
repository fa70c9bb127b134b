"""Odoo's recruitment, by XML-RPC. docs/odoo.md says what it can't do.

Reading goes by write_date, which is shown in whole seconds and stored with fractions, and which all records of one act
share: so a page ends at the end of a second, and a second that fills a page is read through by id. A transaction's
write_date is the time it began, so a round begins a good while before the last record of the one before.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from ats_sync.providers import _odoo_records as records
from ats_sync.providers._equal_opportunity import is_on_equal_opportunity
from ats_sync.providers._odoo_records import APPLICANT, CANDIDATE, FORMAT, OWN_FIELDS, Owner
from ats_sync.providers._odoo_rpc import LARGEST_ID, Domain, Row, Rpc
from ats_sync.providers._odoo_writes import Writes
from ats_sync.providers.base import Access, Credential, Delivery, Rate, Right
from ats_sync.providers.errors import AtsError, Down, NotThere, Refused, SignInRefused, Throttled
from ats_sync.vocabulary import LOOKUPS, Change, FileRecord, Gone, How, Kind, Page

PAGE = 200
BEGINNING = "1970-01-01 00:00:00"
MODELS = {
    Kind.DEPARTMENT: "hr.department",
    Kind.SOURCE: "utm.source",
    Kind.REASON: "hr.applicant.refuse.reason",
    Kind.USER: "res.users",
    Kind.STAGE: "hr.recruitment.stage",
    Kind.JOB: "hr.job",
    Kind.PERSON: APPLICANT,
    Kind.APPLICATION: APPLICANT,
    Kind.NOTE: "mail.message",
    Kind.FILE: "ir.attachment",
    Kind.INTERVIEW: "calendar.event",
}
NEEDED = {Kind.PERSON: {"partner_name", "email_from"}, Kind.APPLICATION: {"stage_id", "active", "job_id"}}


class Odoo(Writes):
    key = "odoo"
    name = "Odoo Recruitment"
    credentials: ClassVar[Sequence[Credential]] = (
        Credential("url", "Address", help="https://your-company.odoo.com"),
        Credential("db", "Database", help="On odoo.com the first part of the address."),
        Credential("login", "Login", help="The e-mail address of a user who may see all applicants."),
        Credential("key", "API key", secret=True, help="My profile → Account security → New API key."),
    )
    rate: ClassVar[Rate] = Rate(requests=600, seconds=60, burst=60)  # Odoo names none; its workers are few
    kinds: Sequence[Kind] = tuple(MODELS)
    overlap: ClassVar[timedelta] = timedelta(minutes=5)

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self.rpc = Rpc(access)
        self._tags: dict[int, str] = {}
        self._hired: frozenset[int] | None = None

    def check(self) -> list[Right]:
        self.rpc.sign_in()
        return [self._right(kind) for kind in self.kinds]

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        rows, following, seen = self._page(kind, since or BEGINNING, place)
        total = None if since or place else self._count(kind)
        return Page(self._records(kind, rows), place=following, since="" if following else seen, total=total)

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """A deletion leaves nothing behind: what isn't found is gone."""
        found = self._records(kind, self._by_ids(kind, ids))
        known = {each.id for each in found}
        return [*found, *(Gone(what=kind, id=each, how=How.DELETED) for each in ids if each not in known)]

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        """The size is asked for first: base64 in XML is a third longer, and all of it has to be held at once."""
        about = self.rpc.rows("ir.attachment", ["file_size"], [["id", "=", int(file.id)]])
        if not about:
            raise NotThere("Odoo has no such file.")
        if (about[0].get("file_size") or 0) > most_bytes:
            raise Refused(f"The file is larger than {most_bytes // 2**20:,} MB.")
        room = most_bytes * 4 // 3 + (1 << 16)
        found = self.rpc.rows("ir.attachment", ["datas"], [["id", "=", int(file.id)]], most_bytes=room)
        try:
            return base64.b64decode(found[0].get("datas") or b"", validate=False) if found else b""
        except ValueError as error:
            raise Down("The file came broken.") from error

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
        raise Refused("Odoo sends no webhooks.")

    # Pages

    def _page(self, kind: Kind, since: str, place: str) -> tuple[list[Row], str, str]:
        """Rows, the next place, and where the next round begins."""
        spot: dict[str, Any] = json.loads(place) if place else {"from": since}
        if "after" in spot:
            return self._page_of_second(kind, spot["from"], spot["after"])
        rows = self._rows(kind, [["write_date", ">=", spot["from"]]], order="write_date, id")
        if len(rows) < PAGE:
            latest = rows[-1]["write_date"] if rows else spot["from"]
            return rows, "", max(since, self._before(latest))
        last = rows[-1]["write_date"]
        whole = [row for row in rows if row["write_date"] != last]
        if whole:
            return whole, json.dumps({"from": last, "after": 0}), ""
        return self._page_of_second(kind, last, 0)

    def _page_of_second(self, kind: Kind, second: str, after: int) -> tuple[list[Row], str, str]:
        following = _shifted(second, timedelta(seconds=1))
        within = [["write_date", ">=", second], ["write_date", "<", following], ["id", ">", after]]
        rows = self._rows(kind, within, order="id")
        is_over = len(rows) < PAGE
        return rows, json.dumps({"from": following} if is_over else {"from": second, "after": rows[-1]["id"]}), ""

    def _before(self, latest: str) -> str:
        return _shifted(latest, -self.overlap) if latest > BEGINNING else BEGINNING

    def _rows(self, kind: Kind, domain: Domain, *, order: str, limit: int | None = None) -> list[Row]:
        domain = [*self._domain(kind), *domain]
        wanted = [*OWN_FIELDS[kind], *(self._own if kind == Kind.PERSON else ())]
        return list(self.rpc.rows(self._model(kind), wanted, domain, order=order, limit=limit or PAGE))

    @cached_property
    def _own(self) -> Mapping[str, str]:
        """The organisation’s own fields of a person, x_…, by what they are called. Those on equal opportunity are left
        out by their names, unless they are wanted."""
        found = self.rpc.own_fields(self.person_model)
        wants = self.access.wants_eeo
        return {name: label for name, label in found.items() if wants or not is_on_equal_opportunity(name, label)}

    def _by_ids(self, kind: Kind, ids: Sequence[str]) -> list[Row]:
        numbers = [int(each) for each in ids if each.isdecimal() and int(each) <= LARGEST_ID]
        return self._rows(kind, [["id", "in", numbers]], order="id", limit=len(numbers)) if numbers else []

    def _count(self, kind: Kind) -> int | None:
        found = self.rpc.call(self._model(kind), "search_count", self._domain(kind), context={"active_test": False})
        return found if isinstance(found, int) else None

    def _model(self, kind: Kind) -> str:
        return self.person_model if kind == Kind.PERSON else MODELS[kind]

    def _domain(self, kind: Kind) -> list[Any]:
        """Of messages those that people wrote: neither mail nor what the system logs, nor what its robot says."""
        models = [APPLICANT, CANDIDATE] if self.has_candidates else [APPLICANT]
        if kind == Kind.NOTE:
            wrote = [["message_type", "=", "comment"], ["author_id", "!=", False], ["author_id", "!=", self._robot]]
            return [["model", "in", models], *wrote]
        if kind == Kind.FILE:
            return [["res_model", "in", models], ["res_id", "!=", False]]
        if kind == Kind.INTERVIEW:
            return [["applicant_id", "!=", False]]
        return [["share", "=", False], ["id", "!=", 1]] if kind == Kind.USER else []

    @property
    def _robot(self) -> int:
        """OdooBot's contact: user 1, in every Odoo."""
        if "robot" not in self.rpc.session:
            found = self.rpc.rows("res.users", ["partner_id"], [["id", "=", 1]])
            self.rpc.remember(robot=found[0]["partner_id"][0] if found and found[0].get("partner_id") else 0)
        return int(self.rpc.session["robot"])

    # Records

    def _records(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        try:
            return self._made(kind, rows)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise Down(f"Odoo’s answer is not as expected ({type(error).__name__}).") from error

    def _made(self, kind: Kind, rows: Sequence[Row]) -> list[Change]:
        if kind in LOOKUPS:
            return [records.lookup(kind, row) for row in rows]
        if kind == Kind.JOB:
            return [records.job(row, self.access.credentials["url"]) for row in rows]
        if kind == Kind.PERSON:
            tags = self._names(each for row in rows for each in row.get("categ_ids") or ())
            return [records.person(row, tags, self._own, wants_eeo=self.access.wants_eeo) for row in rows]
        if kind == Kind.APPLICATION:
            hired = self._hired_stages() if rows else frozenset()
            return [records.application(row, hired) for row in rows]
        if kind == Kind.NOTE:
            owners = self._owners((row["model"], row["res_id"]) for row in rows)
            pairs = [(row, owners.get((row["model"], row["res_id"]))) for row in rows]
            return [records.note(row, owner) for row, owner in pairs if owner]
        if kind == Kind.FILE:
            owners = self._owners((row["res_model"], row["res_id"]) for row in rows)
            pairs = [(row, owners.get((row["res_model"], row["res_id"]))) for row in rows]
            return [records.file(row, owner) for row, owner in pairs if owner]
        return [records.interview(row) for row in rows]

    def _names(self, tags: Iterable[int]) -> Mapping[int, str]:
        if unknown := sorted(set(tags) - set(self._tags)):
            found = self.rpc.rows("hr.applicant.category", ["name"], [["id", "in", unknown]])
            self._tags |= {row["id"]: records.text(row.get("name")) for row in found}
        return self._tags

    def _hired_stages(self) -> frozenset[int]:
        if self._hired is None:
            stages = self.rpc.rows(MODELS[Kind.STAGE], OWN_FIELDS[Kind.STAGE], [])
            self._hired = frozenset(row["id"] for row in stages if records.is_hired(row))
        return self._hired

    def _owners(self, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Owner]:
        found: dict[tuple[str, int], Owner] = {}
        by_model: dict[str, set[int]] = {}
        for model, row_id in places:
            by_model.setdefault(model, set()).add(row_id)
        for model, ids in by_model.items():
            wanted = ["message_main_attachment_id", "candidate_id"]
            for row in self.rpc.rows(model, wanted, [["id", "in", sorted(ids)]]):
                own, main = str(row["id"]), (row.get("message_main_attachment_id") or [0])[0]
                is_application = model == APPLICANT
                person = records.key(row.get("candidate_id")) or own
                found[model, row["id"]] = Owner(person, own if is_application else "", main)
        return found

    def _right(self, kind: Kind) -> Right:
        try:
            self._rows(kind, [], order="id", limit=1)
            fields = self.rpc.fields(self._model(kind), OWN_FIELDS[kind], anew=True)
        except (SignInRefused, Throttled, Down):
            raise
        except AtsError as error:
            return Right(kind, is_given=False, without=error.sentence)
        hidden = sorted(NEEDED.get(kind, set()) - set(fields))
        return Right(kind, is_given=not hidden, without=f"The user may not read {', '.join(hidden)}." if hidden else "")


def _shifted(text: str, by: timedelta) -> str:
    moment = records.moment(text)
    assert moment
    return (moment + by).strftime(FORMAT)
