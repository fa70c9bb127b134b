"""What Rapport changes in Odoo, so that Odoo writes to nobody and nothing is made twice.

`tracking_disable` keeps mail.thread from posting a stage's template to the person, at the price that the change is not
in the record's log either. What it can't keep off: automation rules, and modules that send by themselves.
"""

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from ats_sync.providers._odoo_records import APPLICANT, CANDIDATE, FORMAT, text
from ats_sync.providers._odoo_rpc import Row, Rpc
from ats_sync.providers.base import Ability, NewPerson, Provider
from ats_sync.providers.errors import NotThere, Refused
from ats_sync.vocabulary import Change, Kind
from talentpool.intake.mail.html_text import text_of_html
from talentpool.person import PersonFields

QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}
NOTES = ("applicant_notes", "description")  # since 18; before
ADDED = 4  # the command that adds one to a many2many
COPIED = ("partner_name", "email_from", "partner_phone", "partner_mobile", "linkedin_profile")
OF_APPLICANT = (
    *COPIED,
    *NOTES,
    *("name", "candidate_id", "job_id", "stage_id", "active", "refuse_reason_id", "refuse_date", "email_normalized"),
)
HTML_SINCE, QUOTED = 17, 20  # version since which a body from outside is text; notes that are compared


class Writes(Provider):
    rpc: Rpc
    abilities: ClassVar[frozenset[Ability]] = frozenset(
        {Ability.ADD_PERSON, Ability.ADD_NOTE, Ability.MOVE, Ability.REJECT, Ability.TAG, Ability.ADD_FILE}
    )
    mails_people: ClassVar[str] = (
        "Odoo writes to people who come to a stage that has an e-mail template. Rapport asks it not to, but automation "
        "rules and additional modules of your Odoo may write all the same. Try it with an address of your own first."
    )

    @property
    def has_candidates(self) -> bool:
        return "candidate_id" in self._applicant_fields

    @property
    def person_model(self) -> str:
        return CANDIDATE if self.has_candidates else APPLICANT

    @property
    def _applicant_fields(self) -> list[str]:
        return self.rpc.fields(APPLICANT, OF_APPLICANT)

    def find_person(self, fields: PersonFields, mark: str) -> str:
        if found := self._marked(mark):
            return found
        values = self._person_values(fields)
        if not (domain := self._same(values, fields.emails)):
            return ""
        newest = self.rpc.rows(self.person_model, ["partner_name"], domain, order="id desc", limit=1)
        return str(newest[0]["id"]) if newest else ""

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        """In Odoo 18 a prospect is a candidate without application; else an application without job."""
        values = self._person_values(person.fields)
        if not self.has_candidates:
            made = self._create(APPLICANT, self._application_values(values, person.job, person.source, person.mark))
            return [*self.read(Kind.PERSON, [str(made)]), *self.read(Kind.APPLICATION, [str(made)])]
        candidate = self._create(CANDIDATE, values)
        changes = self.read(Kind.PERSON, [str(candidate)])
        if not person.job:
            return changes
        values = {"candidate_id": candidate}
        made = self._create(APPLICANT, self._application_values(values, person.job, person.source, person.mark))
        return [*changes, *self.read(Kind.APPLICATION, [str(made)])]

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        """Where each application is a person, an application without job gets this one, and one with another job gets
        a second one beside it."""
        wanted = _number(job)
        if self.has_candidates:
            values: dict[str, Any] = {"candidate_id": _number(person)}
            there: list[Any] = [["candidate_id", "=", values["candidate_id"]]]
        else:
            row = self._row(APPLICANT, (*COPIED, "job_id", "email_normalized"), person)
            if not row.get("job_id"):
                self._write(APPLICANT, row["id"], {"job_id": wanted})
                return [*self.read(Kind.PERSON, [person]), *self.read(Kind.APPLICATION, [person])]
            values = {each: row[each] for each in COPIED if row.get(each)}
            there = self._same(values, (text(row.get("email_from")),)) or [["id", "=", row["id"]]]
        if self.rpc.rows(APPLICANT, ["job_id"], ["&", ["job_id", "=", wanted], *there], limit=1):
            return []
        made = str(self._create(APPLICANT, self._application_values(values, job, source, "")))
        people = [] if self.has_candidates else self.read(Kind.PERSON, [made])
        return [*people, *self.read(Kind.APPLICATION, [made])]

    def find_note(self, person: str, text: str) -> str:
        domain = [["model", "=", self.person_model], ["res_id", "=", _number(person)], ["message_type", "=", "comment"]]
        written = self.rpc.rows("mail.message", ["body"], domain, order="id desc", limit=QUOTED)
        wanted = _plain(text)
        return next((str(row["id"]) for row in written if _plain(str(row.get("body") or "")) == wanted), "")

    def add_note(self, person: str, text: str) -> str:
        """A log note, which no follower is sent."""
        body = "<p>" + html.escape(_words(text)).replace("\n", "<br>") + "</p>"
        how: dict[str, Any] = {"body": body, "message_type": "comment", "subtype_xmlid": "mail.mt_note"}
        if self.rpc.version >= HTML_SINCE:
            how["body_is_html"] = True
        made = self.rpc.call(self.person_model, "message_post", [_number(person)], **how)
        return str(made[0] if isinstance(made, list) else made)

    def move(self, application: str, stage: str) -> None:
        row = self._row(APPLICANT, ["stage_id"], application)
        if (row.get("stage_id") or [0])[0] != _number(stage):
            self._write(APPLICANT, row["id"], {"stage_id": _number(stage)})

    def reject(self, application: str, reason: str) -> None:
        """As Odoo's own dialog does it: a reason, and archived."""
        row = self._row(APPLICANT, ["active", "refuse_reason_id"], application)
        if not row.get("active", True):
            return
        values: dict[str, Any] = {"active": False}
        if reason:
            values["refuse_reason_id"] = _number(reason)
        if "refuse_date" in self._applicant_fields:
            values["refuse_date"] = datetime.now(UTC).strftime(FORMAT)
        self._write(APPLICANT, row["id"], values)

    def tag(self, person: str, tags: Sequence[str]) -> None:
        row = self._row(self.person_model, ["categ_ids"], person)
        ids = [self._tag(each) for each in dict.fromkeys(tags)]
        if missing := [each for each in ids if each not in (row.get("categ_ids") or ())]:
            self._write(self.person_model, row["id"], {"categ_ids": [[ADDED, each] for each in missing]})

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        """The same content at the same person is there already."""
        row = self._row(self.person_model, ["message_main_attachment_id"], person)
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # Odoo's own checksum
        domain = [["res_model", "=", self.person_model], ["res_id", "=", row["id"]], ["checksum", "=", digest]]
        found = self.rpc.rows("ir.attachment", ["name"], domain, limit=1)
        values = {
            "name": name,
            "datas": base64.b64encode(content).decode(),
            "res_model": self.person_model,
            "res_id": row["id"],
        }
        made = found[0]["id"] if found else self._create("ir.attachment", values)
        if is_resume and (row.get("message_main_attachment_id") or [0])[0] != made:
            self._write(self.person_model, row["id"], {"message_main_attachment_id": made})
        return str(made)

    # Parts

    def _person_values(self, fields: PersonFields) -> dict[str, Any]:
        linkedin = next((link for link in fields.links if "linkedin." in link.lower()), "")
        name = fields.name or f"{fields.given_name} {fields.family_name}".strip() or next(iter(fields.emails), "")
        values = {"partner_name": name, "email_from": next(iter(fields.emails), ""), "linkedin_profile": linkedin}
        values["partner_phone"] = next(iter(fields.phones), "")
        return {each: value for each, value in values.items() if value}

    def _application_values(self, values: Mapping[str, Any], job: str, source: str, mark: str) -> dict[str, Any]:
        known = self._applicant_fields
        made = dict(values)
        if "name" in known:  # the subject, which Odoo wants up to 17
            made["name"] = text(values.get("partner_name")) or "Applicant"
        if job:
            made["job_id"] = _number(job)
        if source_id := self._source(source):
            made["source_id"] = source_id
        notes = next((each for each in NOTES if each in known), "")
        if mark and notes:
            made[notes] = f"<p>Added by Rapport ({html.escape(mark)})</p>"
        return made

    def _source(self, source: str) -> int:
        if not source or source.isdecimal():
            return int(source or 0)
        found = self.rpc.rows("utm.source", ["name"], [["name", "=", source]], limit=1)
        return int(found[0]["id"]) if found else 0

    def _marked(self, mark: str) -> str:
        notes = next((each for each in NOTES if each in self._applicant_fields), "")
        if not mark or not notes:
            return ""
        whole = re.compile(re.escape(mark) + r"(?!\d)")
        for row in self.rpc.rows(APPLICANT, [notes, "candidate_id"], [[notes, "ilike", mark]]):
            if whole.search(text(row.get(notes))):
                return str((row.get("candidate_id") or [row["id"]])[0])
        return ""

    def _same(self, values: Mapping[str, Any], emails: Sequence[str]) -> list[Any]:
        """Who has one of these addresses; without any, who has this name and a phone or profile of hers."""
        if addresses := [each.strip().lower() for each in emails if each.strip()]:
            is_normal = "email_normalized" in self._applicant_fields
            return [["email_normalized" if is_normal else "email_from", "in", addresses]]
        points = [[each, "=", values[each]] for each in ("partner_phone", "linkedin_profile") if values.get(each)]
        if not points:
            return []
        return ["&", ["partner_name", "=", values.get("partner_name", "")], *["|"] * (len(points) - 1), *points]

    def _tag(self, name: str) -> int:
        found = self.rpc.rows("hr.applicant.category", ["name"], [["name", "=", name]], limit=1)
        return int(found[0]["id"]) if found else self._create("hr.applicant.category", {"name": name})

    def _row(self, model: str, wanted: Sequence[str], row_id: str) -> Row:
        found = self.rpc.rows(model, wanted, [["id", "=", _number(row_id)]], limit=1)
        if not found:
            raise NotThere("Odoo has no such record, or no longer.")
        return found[0]

    def _create(self, model: str, values: Mapping[str, Any]) -> int:
        made = self.rpc.call(model, "create", dict(values), context=QUIET)
        return int(made[0] if isinstance(made, list) else made)

    def _write(self, model: str, row_id: int, values: Mapping[str, Any]) -> None:
        self.rpc.call(model, "write", [row_id], dict(values), context=QUIET)


def _number(row_id: str) -> int:
    if not row_id.isdecimal():
        raise Refused(f"“{row_id}” is no id of Odoo’s.")
    return int(row_id)


def _words(text: str) -> str:
    return text_of_html(text) if "<" in text and ">" in text else text


def _plain(text: str) -> str:
    return " ".join(text_of_html(text).split())
