"""What others may change in Odoo, and the mail that goes out by it.

From mail.thread and hr.applicant: creating somebody in a stage, or moving them there, posts the stage's template to the
person, unless the context says `tracking_disable`. A many2many is written by commands, `[4, id]` adding one. What a
module of somebody else's would do is not simulated.
"""

import base64
import binascii
from typing import Any

from tests.simulators.ats.dialect import Dialect, Refusal
from tests.simulators.ats.dialects._odoo_models import HIRED_STAGE, LINKEDIN, Models

Values = dict[str, Any]
OF_PERSON = ("partner_name", "email_from", "partner_phone", "partner_mobile", "linkedin_profile")
ADD, SET = 4, 6


class Crash(Exception):
    """Odoo answers with a traceback."""


class Writes(Dialect):
    """`mails` holds what was sent to people."""

    models: Models
    mails: list[dict[str, Any]]
    uid: int

    def create(self, model: str, values: Values, context: Values) -> int:
        makers = {
            "hr.applicant": self.create_applicant,
            "hr.candidate": self.create_candidate,
            "hr.applicant.category": lambda values, context: self.world.tag_named(values["name"]).id,
            "ir.attachment": self.create_file,
        }
        if model not in makers:
            raise Refusal(403, f"You are not allowed to create '{model}' records.")
        self.check_fields(model, values)
        return makers[model](values, context)

    def check_fields(self, model: str, values: Values) -> None:
        known = {*self.models.all[model].fields, "type"}
        if unknown := sorted(set(values) - known):
            raise Crash(f"ValueError: Invalid field {unknown[0]!r} on model {model!r}")

    def create_candidate(self, values: Values, context: Values) -> int:
        if not values.get("partner_name"):
            raise Refusal(422, "You must define a Contact Name for this applicant.")
        new = self.world.add_candidate(by=self.uid, **of_person(values, None))
        self.set_tags(new, values.get("categ_ids", []))
        return int(new.id)

    def create_applicant(self, values: Values, context: Values) -> int:
        if self.models.version < 18 and not values.get("name"):
            raise Refusal(422, "The operation cannot be completed: Subject / Application is required.")
        person = values.get("candidate_id") or self.create_candidate(values, context)
        notes = values.get("applicant_notes") or values.get("description")
        application = self.world.apply(
            person,
            values.get("job_id") or None,
            by=self.uid,
            source_id=values.get("source_id") or None,
            custom={"notes": notes} if notes else {},
        )
        self.mail(application, context)
        return int(application.id)

    def mail(self, application: Any, context: Values) -> None:
        person = self.world.candidates.get(application.candidate_id)
        if application.stage_id and person.emails and not context.get("tracking_disable"):
            stage = self.world.stages.get(application.stage_id)
            self.mails.append({"to": person.emails[0]["value"], "template": stage.name})

    def create_file(self, values: Values, context: Values) -> int:
        try:
            content = base64.b64decode(values.get("datas", ""), validate=True)
        except binascii.Error:
            raise Crash("binascii.Error: Invalid base64") from None
        person, application = self.person_of(values["res_model"], values["res_id"])
        kinds = {"kind": "other", "content_type": values.get("mimetype") or "application/octet-stream"}
        new = self.world.attach(person, values["name"], content, by=self.uid, application_id=application, **kinds)
        return int(new.id)

    def person_of(self, model: str, row_id: int) -> tuple[int, int | None]:
        """The person, and the application where one is meant."""
        if model == "hr.candidate":
            return self.world.row("candidates", row_id).id, None
        return self.world.row("applications", row_id).candidate_id, row_id

    def write(self, model: str, ids: list[int], values: Values, context: Values) -> bool:
        self.check_fields(model, values)
        for row_id in ids:
            person_id, _ = self.person_of(model, row_id)
            person = self.world.candidates.get(person_id)
            if fields := of_person(values, person):
                self.world.edit_candidate(person_id, by=self.uid, **fields)
            self.set_tags(person, values.get("categ_ids", []))
            if main := values.get("message_main_attachment_id"):
                self.world.edit(self.world.row("attachments", main), kind="resume")
            if model == "hr.applicant":
                self.write_applicant(self.world.row("applications", row_id), values, context)
        return True

    def write_applicant(self, row: Any, values: Values, context: Values) -> None:
        world, by = self.world, self.uid
        if (job := values.get("job_id")) and row.job_id != job:
            world.transfer(row.id, job, by=by)
            self.mail(row, context)
        if stage := values.get("stage_id"):
            self.enter(row, stage, context)
        if values.get("active") is False and row.status == "active":
            reason = values.get("refuse_reason_id") or None
            theirs = reason and world.row("reject_reasons", reason).kind == "them"
            world.reject(row.id, reason, by=by, status="withdrawn" if theirs else "rejected")
        if values.get("active") is True and row.status in ("rejected", "withdrawn"):
            world.unreject(row.id, by=by)

    def enter(self, row: Any, stage: int, context: Values) -> None:
        if stage == HIRED_STAGE:
            self.world.hire(row.id, by=self.uid)
            return
        if row.status == "hired":
            self.world.unhire(row.id, by=self.uid)
        if stage != row.stage_id:
            self.world.row("stages", stage)
            self.world.move(row.id, stage, by=self.uid)
            self.mail(row, context)

    def set_tags(self, person: Any, commands: list[Any]) -> None:
        tags = self.world.tables["tags"]
        for command in commands:
            if command[0] == ADD:
                self.world.tag(person.id, tags.get(command[1]).name, by=self.uid)
            elif command[0] == SET:
                names = [tags.get(tag).name for tag in command[2]]
                self.world.edit_candidate(person.id, by=self.uid, tags=names)
            else:
                raise Crash(f"ValueError: command {command!r} is not simulated")

    def message_post(self, model: str, ids: list[int], body: str = "", **how: Any) -> int:
        """Since 17 a body that comes from outside is text, unless `body_is_html` says otherwise."""
        if "body_is_html" in how and self.models.version < 17:
            raise Crash("TypeError: message_post() got an unexpected keyword argument 'body_is_html'")
        if self.models.version >= 17 and not how.get("body_is_html"):
            body = body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        person, application = self.person_of(model, ids[0])
        note = self.world.add_note(person, body, by=self.uid, application_id=application)
        if how.get("subtype_xmlid") != "mail.mt_note":
            self.mails.append({"to": "followers", "template": "discussion"})
        return int(note.id)


def of_person(values: Values, before: Any) -> Values:
    fields: Values = {}
    if values.get("partner_name"):
        fields["first_name"], _, fields["last_name"] = str(values["partner_name"]).partition(" ")
    if values.get("email_from"):
        fields["emails"] = [{"value": values["email_from"].strip(), "type": "personal"}]
    phones = [values[name] for name in ("partner_phone", "partner_mobile") if values.get(name)]
    if phones:
        fields["phones"] = [{"value": phone, "type": "mobile"} for phone in phones]
    if values.get("linkedin_profile"):
        others = [link for link in (before.links if before else []) if link["type"] != LINKEDIN]
        fields["links"] = [*others, {"value": values["linkedin_profile"], "type": LINKEDIN}]
    return fields
