"""What Bullhorn lets others change: PUT makes, POST changes, and a deletion is a change of `isDeleted`.

From /entity and /file of the reference. Candidates must have a name, JobSubmissions a candidate, a job and a status.
"""

import base64
import binascii
from typing import Any

from tests.simulators.ats.dialect import Answer, Dialect, Refusal, Request
from tests.simulators.ats.dialects._bullhorn_queries import refused
from tests.simulators.ats.dialects._bullhorn_rows import PLACED, REJECTED, WITHDREW, Entities, Shown

PLAIN = {"firstName": "first_name", "lastName": "last_name", "occupation": "title", "companyName": "company"}
ENDED = {REJECTED: "rejected", WITHDREW: "withdrawn"}


class Writes(Dialect):
    entities: Entities
    uid: int
    external_files: dict[int, str]

    def make(self, entity: str, values: Shown) -> int:
        makers = {"Candidate": self.make_candidate, "JobSubmission": self.make_submission, "Note": self.make_note}
        if entity not in makers:
            raise Refusal(403, body={"errorMessage": f"You may not create {entity}"})
        return makers[entity](values)

    def make_candidate(self, values: Shown) -> int:
        if missing := [name for name in ("firstName", "lastName", "name") if not values.get(name)]:
            raise refused(f"error persisting an entity of type: Candidate, missing {missing[0]}")
        return int(self.world.add_candidate(by=self.uid, **of_person(values)).id)

    def make_submission(self, values: Shown) -> int:
        candidate, job = (self.linked(values, name) for name in ("candidate", "jobOrder"))
        if not values.get("status"):
            raise refused("error persisting an entity of type: JobSubmission, missing status")
        application = self.world.apply(candidate, job, by=self.uid, stage_id=self.stage(values["status"]))
        return int(application.id)

    def make_note(self, values: Shown) -> int:
        if not values.get("comments"):
            raise refused("error persisting an entity of type: Note, missing comments")
        return int(self.world.add_note(self.linked(values, "personReference"), values["comments"], by=self.uid).id)

    def linked(self, values: Shown, name: str) -> int:
        if not isinstance(values.get(name), dict) or "id" not in values[name]:
            raise refused(f"{name} must be an object with an id")
        return int(values[name]["id"])

    def stage(self, status: str) -> int | None:
        return next((stage.id for stage in self.world.stages if stage.name == status), None)

    def change(self, entity: str, row_id: int, values: Shown) -> None:
        if entity == "Candidate":
            self.world.row("candidates", row_id)
            if values.get("isDeleted"):
                self.world.delete_candidate(row_id, by=self.uid)
            elif fields := of_person(values):
                self.world.edit_candidate(row_id, by=self.uid, **fields)
        elif entity == "JobSubmission":
            self.change_submission(self.world.row("applications", row_id), values)
        else:
            raise Refusal(403, body={"errorMessage": f"You may not change {entity}"})

    def change_submission(self, row: Any, values: Shown) -> None:
        status, by = values.get("status"), self.uid
        if not status or status == self.entities.status(row):
            return
        if status == PLACED:
            self.world.hire(row.id, by=by)
        elif status in ENDED:
            self.world.reject(row.id, None, by=by, status=ENDED[status])
        elif (stage := self.stage(status)) is None:
            raise refused(f"{status} is no status of a JobSubmission")
        else:
            self.reopen(row)
            self.world.move(row.id, stage, by=by)

    def reopen(self, row: Any) -> None:
        if row.status == "hired":
            self.world.unhire(row.id, by=self.uid)
        elif row.status != "active":
            self.world.unreject(row.id, by=self.uid)

    def add_file(self, candidate_id: int, request: Request) -> Answer:
        values = request.json
        if missing := [name for name in ("externalID", "fileContent", "fileType", "name") if not values.get(name)]:
            raise refused(f"{missing[0]} is required")
        try:
            content = base64.b64decode(values["fileContent"], validate=True)
        except binascii.Error:
            raise refused("fileContent is no base64") from None
        kind = "resume" if values.get("type") == "Resume" else "other"
        new = self.world.attach(
            candidate_id, values["name"], content, by=self.uid, kind=kind, content_type=values.get("contentType") or ""
        )
        self.external_files[new.id] = values["externalID"]
        return Answer({"fileId": new.id, "changeType": "INSERT"})


def of_person(values: Shown) -> Shown:
    fields: Shown = {ours: values[name] for name, ours in PLAIN.items() if name in values}
    if emails := [values[name] for name in ("email", "email2", "email3") if values.get(name)]:
        fields["emails"] = [{"value": email, "type": "personal"} for email in emails]
    if phones := [values[name] for name in ("mobile", "phone", "phone2", "phone3") if values.get(name)]:
        fields["phones"] = [{"value": phone, "type": "mobile"} for phone in phones]
    if values.get("companyURL"):
        fields["links"] = [{"value": values["companyURL"], "type": "linkedin"}]
    if "externalID" in values:
        fields["external_id"] = values["externalID"] or ""
    return fields
