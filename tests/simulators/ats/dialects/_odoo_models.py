"""Odoo's models as the world fills them: which rows, and their fields, by version.

From addons/hr_recruitment of odoo/odoo. A person has no row of its own but in Odoo 18 (`hr.candidate`): before and
after, each application holds its person's name and addresses. What the neutral world has and Odoo has not – more than
one address, offers, scorecards, EEO answers, merges, anonymisation – is not shown. Guessed: nothing of these shapes;
made up are the ids of contacts and degrees, and a job's address by the office's name.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.dialects._odoo_domains import Field
from tests.simulators.ats.world import World

HIRED_STAGE = 7  # “Contract Signed”, which no world has: its hired ones are in it
ODOOBOT, ODOOBOT_CONTACT = 1, 2
USER_CONTACT, PERSON_CONTACT, DEGREE = 500_000, 600_000, 700_000
LINKEDIN = "linkedin"


@dataclass(frozen=True)
class Model:
    rows: Callable[[], Iterable[Any]]
    fields: dict[str, Field]


@dataclass(frozen=True)
class Message:
    """Of the chatter: what people wrote, and what the system logged."""

    id: int
    about: tuple[str, int]
    body: str
    kind: str
    author: tuple[int, str] | None
    created_at: int
    updated_at: int


@dataclass(frozen=True)
class Plain:
    """A row that only Odoo has."""

    id: int
    name: str
    created_at: int = 1
    updated_at: int = 1


def named(row: Any) -> tuple[int, str] | None:
    return (row.id, row.name) if row else None


def first(contacts: list[dict[str, str]], place: int = 0) -> str:
    return contacts[place]["value"] if len(contacts) > place else ""


class Models:
    def __init__(self, world: World, version: int) -> None:
        self.world, self.version = world, version
        self.has_candidates = version == 18
        makers = (self.applicants, self.jobs, self.stages, self.words, self.users, self.messages, self.files)
        self.all: dict[str, Model] = {}
        for make in (*makers, self.events):
            self.all |= make()
        if self.has_candidates:
            self.all["hr.candidate"] = Model(lambda: self.world.candidates, self.person(lambda row: row))

    def stamps(self, updated: Callable[[Any], int] = lambda row: row.updated_at) -> dict[str, Field]:
        return {
            "id": Field("integer", lambda row: row.id),
            "create_date": Field("datetime", lambda row: row.created_at),
            "write_date": Field("datetime", updated),
        }

    def person(self, whose: Callable[[Any], rows.Candidate]) -> dict[str, Field]:
        world = self.world
        mobile = {"partner_mobile": Field("char", lambda row: first(whose(row).phones, 1))}
        return {
            **self.stamps(),
            "active": Field("boolean", lambda row: True),
            "partner_id": Field("many2one", lambda row: (whose(row).id + PERSON_CONTACT, whose(row).name)),
            "partner_name": Field("char", lambda row: whose(row).name),
            "email_from": Field("char", lambda row: first(whose(row).emails)),
            "email_normalized": Field("char", lambda row: first(whose(row).emails).lower()),
            "partner_phone": Field("char", lambda row: first(whose(row).phones)),
            **(mobile if self.version < 18 else {}),
            "linkedin_profile": Field(
                "char", lambda row: next((x["value"] for x in whose(row).links if x["type"] == LINKEDIN), "")
            ),
            "type_id": Field("many2one", lambda row: degree(whose(row))),
            "availability": Field("date", lambda row: whose(row).custom.get("availability")),
            "salary_expected": Field("float", lambda row: float(whose(row).custom.get("desired_salary") or 0)),
            "x_studio_shift": Field("selection", lambda row: whose(row).custom.get("shift"), "Shift"),
            "x_gender": Field("char", lambda row: "Not asked for", "Gender"),
            "categ_ids": Field("many2many", lambda row: [world.tag_named(name).id for name in whose(row).tags if name]),
            "message_main_attachment_id": Field("many2one", lambda row: main_file(world, whose(row).id)),
            "application_count": Field(
                "integer", lambda row: len(world.applications.where(candidate_id=whose(row).id))
            ),
        }

    def applicants(self) -> dict[str, Model]:
        world = self.world

        def whose(row: rows.Application) -> rows.Candidate:
            return world.candidates.get(row.candidate_id)  # type: ignore[no-any-return]

        def updated(row: rows.Application) -> int:
            return row.updated_at if self.has_candidates else max(row.updated_at, whose(row).updated_at)

        notes = "applicant_notes" if self.version >= 18 else "description"
        fields = {
            **self.person(whose),
            **self.stamps(updated),
            "active": Field("boolean", lambda row: row.status in ("active", "hired")),
            "job_id": Field("many2one", lambda row: (job := world.jobs.get(row.job_id)) and (job.id, job.title)),
            "stage_id": Field("many2one", self.stage),
            "last_stage_id": Field("many2one", lambda row: None),
            "date_last_stage_update": Field("datetime", self.moved_at),
            "date_closed": Field("datetime", lambda row: row.hired_at),
            "refuse_reason_id": Field(
                "many2one", lambda row: named_reason(world.reject_reasons.get(row.reject_reason_id))
            ),
            "source_id": Field("many2one", lambda row: named(world.sources.get(row.source_id))),
            "application_status": Field("selection", status),
            notes: Field("html", lambda row: row.custom.get("notes")),
            "priority": Field("selection", lambda row: "0"),
        }
        if self.version >= 18:
            fields["refuse_date"] = Field("datetime", lambda row: row.rejected_at)
        if self.version < 18:
            fields["name"] = Field("char", lambda row: whose(row).name)
        if self.has_candidates:
            fields["candidate_id"] = Field("many2one", lambda row: named(whose(row)))
        return {"hr.applicant": Model(lambda: world.applications, fields)}

    def stage(self, row: rows.Application) -> tuple[int, str] | None:
        if row.status == "hired":
            return HIRED_STAGE, "Contract Signed"
        return named(self.world.stages.get(row.stage_id))

    def moved_at(self, row: rows.Application) -> int:
        entry = self.world.current_entry(row.id)
        return row.hired_at or (entry.entered_at if entry else row.created_at)

    def jobs(self) -> dict[str, Model]:
        world = self.world
        recruiter = "user_id" if self.version < 19 else "recruiter_id"
        fields = {
            **self.stamps(),
            "name": Field("char", lambda row: row.title),
            "active": Field("boolean", lambda row: row.status == "open"),
            "department_id": Field("many2one", lambda row: named(world.departments.get(row.department_id))),
            recruiter: Field("many2one", lambda row: named(world.users.get(next(iter(row.recruiter_ids), None)))),
            "address_id": Field(
                "many2one", lambda row: (row.id + PERSON_CONTACT, row.location) if row.location else None
            ),
            "description": Field("html", lambda row: row.text),
            "website_url": Field("char", lambda row: f"/jobs/{row.id}"),
            "is_published": Field("boolean", lambda row: row.status == "open" and not row.confidential),
            "no_of_recruitment": Field("integer", lambda row: row.openings),
        }
        return {"hr.job": Model(lambda: world.jobs, fields)}

    def stages(self) -> dict[str, Model]:
        def all_stages() -> Iterable[Any]:
            yield from self.world.stages
            yield Plain(HIRED_STAGE, "Contract Signed")

        first = next(iter(self.world.stages)).name if list(self.world.stages) else ""
        fields = {
            **self.stamps(),
            "name": Field("char", lambda row: row.name),
            "sequence": Field("integer", lambda row: getattr(row, "position", 99)),
            "fold": Field("boolean", lambda row: row.id == HIRED_STAGE),
            "hired_stage": Field("boolean", lambda row: row.id == HIRED_STAGE),
            "job_ids": Field("many2many", lambda row: []),
            "template_id": Field("many2one", lambda row: template(row.name == first)),
        }
        return {"hr.recruitment.stage": Model(all_stages, fields)}

    def words(self) -> dict[str, Model]:
        world, name = self.world, Field("char", lambda row: row.name)
        active = Field("boolean", lambda row: True)
        reason = Field("char", lambda row: named_reason(row)[1])  # type: ignore[index]
        first = next((row.name for row in world.reject_reasons), "")
        return {
            "hr.department": Model(lambda: world.departments, {**self.stamps(), "name": name, "active": active}),
            "utm.source": Model(lambda: world.sources, {**self.stamps(), "name": name}),
            "hr.applicant.category": Model(lambda: world.tables["tags"], {**self.stamps(), "name": name}),
            "hr.applicant.refuse.reason": Model(
                lambda: world.reject_reasons,
                {
                    **self.stamps(),
                    "name": reason,
                    "active": active,
                    "template_id": Field("many2one", lambda row: template(row.name == first)),
                },
            ),
        }

    def users(self) -> dict[str, Model]:
        def all_users() -> Iterable[rows.User]:
            yield rows.User(id=ODOOBOT, first_name="OdooBot", active=False, created_at=1, updated_at=1)
            yield from (user for user in self.world.users if not user.service)

        def login(row: rows.User) -> str:
            return "__system__" if row.id == ODOOBOT else row.email

        fields = {
            **self.stamps(),
            "name": Field("char", lambda row: row.name),
            "login": Field("char", login),
            "email": Field("char", lambda row: row.email),
            "active": Field("boolean", lambda row: row.active),
            "share": Field("boolean", lambda row: False),
            "partner_id": Field("many2one", author),
        }
        return {"res.users": Model(all_users, fields)}

    def about(self, row: Any) -> tuple[str, int] | None:
        """Whose chatter or files it belongs to: an application's, or in Odoo 18 the person's."""
        if row.application_id:
            return "hr.applicant", row.application_id
        if self.has_candidates:
            return "hr.candidate", row.candidate_id
        applications = self.world.applications.where(candidate_id=row.candidate_id)
        return ("hr.applicant", applications[0].id) if applications else None

    def messages(self) -> dict[str, Model]:
        def all_messages() -> Iterable[Message]:
            yield from (self.message(note, about) for note in self.world.notes if (about := self.about(note)))
            for entry in self.world.stage_entries:
                by = author(self.world.users.get(entry.by_id)) or (ODOOBOT_CONTACT, "OdooBot")
                about = "hr.applicant", entry.application_id
                yield Message(entry.id, about, "Stage changed", "notification", by, entry.created_at, entry.created_at)

        fields = {
            **self.stamps(),
            "model": Field("char", lambda row: row.about[0]),
            "res_id": Field("many2one_reference", lambda row: row.about[1]),
            "body": Field("html", lambda row: row.body),
            "message_type": Field("selection", lambda row: row.kind),
            "author_id": Field("many2one", lambda row: row.author),
            "date": Field("datetime", lambda row: row.created_at),
        }
        return {"mail.message": Model(all_messages, fields)}

    def message(self, note: rows.Note, about: tuple[str, int]) -> Message:
        kind = {"note": "comment", "email": "email", "system": "comment"}[note.kind]
        by = author(self.world.users.get(note.author_id)) if note.author_id else None
        if note.kind == "system":
            by = ODOOBOT_CONTACT, "OdooBot"
        return Message(note.id, about, note.body, kind, by, note.created_at, note.updated_at)

    def files(self) -> dict[str, Model]:
        world = self.world
        fields = {
            **self.stamps(),
            "name": Field("char", lambda row: row.filename),
            "res_model": Field("char", lambda row: self.about(row)[0]),  # type: ignore[index]
            "res_id": Field("many2one_reference", lambda row: self.about(row)[1]),  # type: ignore[index]
            "mimetype": Field("char", lambda row: row.content_type),
            "file_size": Field("integer", lambda row: len(row.content)),
            "checksum": Field("char", lambda row: hashlib.sha1(row.content).hexdigest()),
            "datas": Field("binary", lambda row: base64.b64encode(row.content).decode()),
        }
        return {"ir.attachment": Model(lambda: [row for row in world.attachments if self.about(row)], fields)}

    def events(self) -> dict[str, Model]:
        world = self.world
        fields = {
            **self.stamps(),
            "name": Field("char", lambda row: row.name),
            "active": Field("boolean", lambda row: row.status != "cancelled"),
            "applicant_id": Field("many2one", lambda row: (row.application_id, "Applicant")),
            "start": Field("datetime", lambda row: row.starts_at),
            "stop": Field("datetime", lambda row: row.ends_at),
            "location": Field("char", lambda row: row.location),
            "user_id": Field("many2one", lambda row: named(world.users.get(row.organizer_id))),
        }
        return {"calendar.event": Model(lambda: world.interviews, fields)}


def author(user: rows.User | None) -> tuple[int, str] | None:
    if user is None:
        return None
    return ODOOBOT_CONTACT if user.id == ODOOBOT else user.id + USER_CONTACT, user.name


def template(has_one: bool) -> tuple[int, str] | None:
    """The mail that Odoo sends to whoever comes to a stage or is refused for a reason."""
    return (1, "Recruitment: e-mail") if has_one else None


def named_reason(row: rows.RejectReason | None) -> tuple[int, str] | None:
    """As the reasons are called that come with Odoo."""
    if row is None:
        return None
    return row.id, row.name if row.kind == "us" else f"Refused by applicant: {row.name}"


def degree(person: rows.Candidate) -> tuple[int, str] | None:
    name = person.educations[0].get("degree") if person.educations else ""
    return (DEGREE + len(name), name) if name else None


def main_file(world: World, candidate_id: int) -> tuple[int, str] | None:
    resumes = world.attachments.where(candidate_id=candidate_id, kind="resume")
    return (resumes[-1].id, resumes[-1].filename) if resumes else None


def status(row: rows.Application) -> str:
    if row.reject_reason_id:
        return "refused"
    return {"active": "ongoing", "hired": "hired"}.get(row.status, "archived")
