"""What Rapport changes in Bullhorn. Looking first goes by the database, not by the index: what was made a moment ago is
not in the index yet, and would be made twice."""

import base64
import hashlib
import html
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ats_sync.providers import _bullhorn_records as records
from ats_sync.providers._bullhorn_records import Statuses
from ats_sync.providers._bullhorn_rest import Rest
from ats_sync.providers.base import Ability, NewPerson, Provider
from ats_sync.providers.errors import Refused
from ats_sync.vocabulary import Change, Kind, Lookup
from talentpool.intake.mail.html_text import text_of_html
from talentpool.models import ApplicationState
from talentpool.person import PersonFields

EMAILS, PHONES = ("email", "email2", "email3"), ("mobile", "phone", "phone2", "phone3")
LONGEST = 100  # of Bullhorn's short texts
STATUSES = ("jobResponseStatusList", "rejectedJobResponseStatus", "submissionPlacedStatus")
INTERVIEW = "interviewScheduledJobResponseStatus"
WEB_RESPONSE = "New Lead"


class Writes(Provider):
    rest: Rest
    _settings: Statuses | None
    abilities: ClassVar[frozenset[Ability]] = frozenset(
        {Ability.ADD_PERSON, Ability.ADD_NOTE, Ability.MOVE, Ability.REJECT, Ability.ADD_FILE}
    )
    mails_people: ClassVar[str] = (
        "Bullhorn itself writes to nobody whom Rapport adds. Bullhorn Automation may, where it greets new candidates "
        "or submissions: look through its automations first."
    )

    def find_person(self, fields: PersonFields, mark: str) -> str:
        """By our mark, which is the external id, else by address."""
        if mark and (found := self._one(f"externalID={_quoted(mark)}")):
            return found
        addresses = [_quoted(each.strip()) for each in fields.emails if each.strip()]
        for address in addresses:
            for name in EMAILS:
                if found := self._one(f"{name}={address}"):
                    return found
        return ""

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        made = self._id_of(self.rest.call("PUT", "entity/Candidate", send=_candidate(person)), "Candidate")
        changes = self.read(Kind.PERSON, [made])
        return [*changes, *(self.apply(made, person.job, person.source) if person.job else ())]

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        """As a web response, which is what somebody is who applied and was not put forward yet."""
        where = f"candidate.id={_number(person)} AND jobOrder.id={_number(job)} AND isDeleted=false"
        if self.rest.query("JobSubmission", where, "id", count=1)["data"]:
            return []
        first = next((each.id for each in self._stages()), WEB_RESPONSE)
        values = {
            "candidate": {"id": _number(person)},
            "jobOrder": {"id": _number(job)},
            "status": first,
            "dateWebResponse": int(time.time() * 1000),
            **({"source": source[:LONGEST]} if source else {}),
        }
        made = self._id_of(self.rest.call("PUT", "entity/JobSubmission", send=values), "JobSubmission")
        return self.read(Kind.APPLICATION, [made])

    def find_note(self, person: str, text: str) -> str:
        wanted = _plain(text)
        rows = self.rest.associated("Candidate", [_number(person)], "notes", "id,comments,isDeleted", "-dateAdded")
        same = (row for row in rows if not row.get("isDeleted") and _plain(records.text(row.get("comments"))) == wanted)
        return next((str(row["id"]) for row in same), "")

    def add_note(self, person: str, text: str) -> str:
        actions = records.words(self.rest.settings("commentActionList").get("commentActionList"))
        action = "Other" if "Other" in actions else next(iter(actions), "")
        values = {"personReference": {"id": _number(person)}, "comments": _html(text), "action": action}
        return self._id_of(self.rest.call("PUT", "entity/Note", send=values), "Note")

    def move(self, application: str, stage: str) -> None:
        self._set_status(application, stage)

    def reject(self, application: str, reason: str) -> None:
        """Bullhorn has no reasons, only statuses that say it; one of these may be named as the reason."""
        statuses = self._statuses()
        ending = [each.id for each in self._stages() if statuses.state(each.id) == ApplicationState.REJECTED]
        if not ending:
            raise Refused("None of Bullhorn’s statuses of submissions means rejected.")
        self._set_status(application, reason if reason in ending else ending[0])

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        """The same content is known by its digest, which is the file's external id."""
        digest = hashlib.sha256(content).hexdigest()
        files = self.rest.associated("Candidate", [_number(person)], "fileAttachments", "id,externalID,isDeleted")
        same = (row for row in files if row.get("externalID") == digest and not row.get("isDeleted"))
        if there := next(same, None):
            return str(there["id"])
        values = {
            "externalID": digest,
            "fileContent": base64.b64encode(content).decode(),
            "fileType": "SAMPLE",
            "name": name,
            "type": "Resume" if is_resume else "Other",
        }
        answer = self.rest.call("PUT", f"file/Candidate/{_number(person)}", send=values)
        return self._id_of({"changedEntityId": (answer or {}).get("fileId")}, "file")

    # Parts

    def _stages(self) -> list[Lookup]:
        statuses = self._statuses()
        return [records.stage(each, statuses) for each in self._status_names]

    def _statuses(self) -> Statuses:
        if self._settings is None:
            found = self.rest.settings(*STATUSES, INTERVIEW)
            self._status_names = list(dict.fromkeys(records.words(found.get(STATUSES[0]))))
            self._settings = Statuses.of(found)
        return self._settings

    def _set_status(self, application: str, status: str) -> None:
        path = f"entity/JobSubmission/{_number(application)}"
        now = self.rest.call("GET", path, query={"fields": "id,status"})
        if records.text((now.get("data") or {}).get("status")) != status:
            self.rest.call("POST", path, send={"status": status})

    def _one(self, condition: str) -> str:
        found = self.rest.query("Candidate", f"{condition} AND isDeleted=false", "id", count=1)["data"]
        return str(found[0]["id"]) if found else ""

    def _id_of(self, answer: Any, entity: str) -> str:
        made = answer.get("changedEntityId") if isinstance(answer, dict) else None
        if not made:
            raise Refused(f"Bullhorn made no {entity}.")
        return str(made)


def _candidate(person: NewPerson) -> Mapping[str, Any]:
    fields = person.fields
    given, family = fields.given_name, fields.family_name
    if not (given and family):
        given, _, family = fields.name.strip().rpartition(" ")
    values: dict[str, Any] = {
        "firstName": given or family or "Unknown",
        "lastName": family or given or "Unknown",
        "name": fields.name or f"{given} {family}".strip() or "Unknown",
        "occupation": fields.headline,
        "externalID": person.mark,
        "source": person.source,
    }
    values |= dict(zip(EMAILS, fields.emails, strict=False)) | dict(zip(PHONES, fields.phones, strict=False))
    values["companyURL"] = next((link for link in fields.links if "linkedin." in link.lower()), "")
    return {name: value[:LONGEST] for name, value in values.items() if value}


def _number(row_id: str) -> int:
    if not row_id.isdecimal():
        raise Refused(f"“{row_id}” is no id of Bullhorn’s.")
    return int(row_id)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _html(text: str) -> str:
    words = text_of_html(text) if "<" in text and ">" in text else text
    return html.escape(words).replace("\n", "<br>")


def _plain(text: str) -> str:
    return " ".join(text_of_html(text).split())
