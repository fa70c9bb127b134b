"""Bullhorn's entities as the world fills them.

From the entity reference (bullhorn/rest-api-docs) and recorded answers of public clients (jonathanraftery's
bullhorn-rest-client). What is deleted is still there with `isDeleted`, merged people too; what hangs on them is not.
Times are milliseconds. Rejections have no reason but the status. Not shown: prospects (a JobSubmission has a job), tags,
offers, scorecards. Guessed: that EEO answers of an application stand on its person, LinkedIn in companyURL, that mail
is a note whose action says so, and that attaching a file changes nothing of the person.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.clock import from_iso
from tests.simulators.ats.world import World

Shown = dict[str, Any]
PLACED, REJECTED, WITHDREW = "Placed", "Client Rejected", "Candidate Withdrew"
WEB_RESPONSE = "New Lead"
HISTORY = 900_000


@dataclass(frozen=True)
class Entity:
    """`show` gives every field of a row."""

    rows: Callable[[], Iterable[Any]]
    show: Callable[[Any], Shown]
    is_searched: bool = False  # by Lucene, and not only by SQL-like queries


@dataclass(frozen=True)
class Deleted:
    id: int
    candidate_id: int | None
    created_at: int
    updated_at: int


def person_link(row: Any, kind: str = "Candidate") -> Shown | None:
    names = {"firstName": row.first_name, "lastName": row.last_name} if row else {}
    return {"id": row.id, **names, "_subtype": kind} if row else None


def many(rows_: list[Shown]) -> Shown:
    return {"total": len(rows_), "data": rows_}


def value(contacts: list[dict[str, str]], place: int) -> str | None:
    return contacts[place]["value"] if len(contacts) > place else None


class Entities:
    def __init__(self, world: World) -> None:
        self.world = world
        self.all = {
            "Candidate": Entity(lambda: [*world.candidates, *self.deleted("candidate")], self.candidate, True),
            "JobOrder": Entity(lambda: world.jobs, self.job, True),
            "JobSubmission": Entity(self.submitted, self.submission),
            "JobSubmissionHistory": Entity(self.histories, lambda row: row),
            "Note": Entity(lambda: world.notes, self.note, True),
            "Appointment": Entity(lambda: world.interviews, self.appointment),
            "CandidateFileAttachment": Entity(lambda: world.attachments, self.file),
            "CorporateUser": Entity(lambda: [user for user in world.users if not user.service], self.user),
        }

    def deleted(self, kind: str) -> list[Deleted]:
        stones = self.world.tombstones.where(kind=kind)
        return [Deleted(stone.gone_id, stone.candidate_id, stone.at, stone.at) for stone in stones]

    def submitted(self) -> Iterable[Any]:
        yield from (row for row in self.world.applications if row.job_id)
        yield from self.deleted("application")

    def candidate(self, row: Any) -> Shown:
        if isinstance(row, Deleted):
            row, is_deleted = rows.Candidate(id=row.id, created_at=row.created_at, updated_at=row.updated_at), True
        else:
            is_deleted = False
        city, _, state = row.location.partition(", ")
        return {
            "id": row.id,
            "firstName": row.first_name,
            "lastName": row.last_name,
            "name": row.name,
            "occupation": row.title or None,
            "companyName": row.company or None,
            "companyURL": next((link["value"] for link in row.links if link["type"] == "linkedin"), None),
            "address": {"address1": None, "city": city, "state": state, "zip": None, "countryCode": "US"},
            **{f"email{n or ''}": value(row.emails, n - 1 if n else 0) for n in (0, 2, 3)},
            "mobile": value(row.phones, 0),
            **{f"phone{n or ''}": value(row.phones, n or 1) for n in (0, 2, 3)},
            "workPhone": None,
            "workHistories": many([self.history_of(job) for job in row.employments]),
            "educations": many([self.education(study) for study in row.educations]),
            "primarySkills": many([]),
            "dateAvailable": None,
            "salary": 0.0,
            "source": [source.name] if (source := self.world.sources.get(row.source_id)) else [],
            "status": "Active",
            "externalID": row.external_id or None,
            "isAnonymized": row.anonymised,
            "isDeleted": is_deleted,
            "dateAdded": row.created_at,
            "dateLastModified": row.updated_at,
            "dateLastComment": row.last_activity_at,
            "customText1": row.custom.get("shift"),
            "customText2": row.custom.get("licence_state"),
            **self.eeo(row.id),
        }

    def eeo(self, candidate_id: int) -> Shown:
        answers = [
            answer
            for application in self.world.applications.where(candidate_id=candidate_id)
            for answer in self.world.tables["eeoc"].where(application_id=application.id)
        ]
        told = answers[-1] if answers else rows.Eeoc()
        return {
            "gender": told.gender or None,
            "ethnicity": told.race or None,
            "veteran": told.veteran_status or None,
            "disability": told.disability_status or None,
        }

    def history_of(self, job: Shown) -> Shown:
        return {
            "id": job["id"],
            "companyName": job["company"],
            "title": job["title"],
            "startDate": midnight(job["start"]),
            "endDate": midnight(job["end"]),
        }

    def education(self, study: Shown) -> Shown:
        return {
            "id": study["id"],
            "school": study["school"],
            "degree": study["degree"],
            "major": study["discipline"],
            "startDate": midnight(study["start"]),
            "endDate": midnight(study["end"]),
        }

    def job(self, row: rows.Job) -> Shown:
        city, _, state = row.location.partition(", ")
        people = [person_link(self.world.users.get(user), "CorporateUser") for user in row.hiring_manager_ids]
        department = self.world.departments.get(row.department_id)
        return {
            "id": row.id,
            "title": row.title,
            "isOpen": row.status == "open",
            "status": "Accepting Candidates" if row.status == "open" else "Closed",
            "address": {"address1": None, "city": city, "state": state, "zip": None, "countryCode": "US"},
            "description": row.text,
            "publicDescription": row.text,
            "owner": person_link(self.world.users.get(next(iter(row.recruiter_ids), None)), "CorporateUser"),
            "assignedUsers": many([person for person in people if person]),
            "publishedCategory": None,
            "categories": many([{"id": department.id, "name": department.name}] if department else []),
            "isDeleted": False,
            "dateAdded": row.created_at,
            "dateClosed": row.closed_at,
            "dateLastModified": row.updated_at,
        }

    def status(self, row: rows.Application) -> str:
        if row.status == "active":
            return str(stage.name) if (stage := self.world.stages.get(row.stage_id)) else WEB_RESPONSE
        return {"hired": PLACED, "rejected": REJECTED, "withdrawn": WITHDREW}[row.status]

    def submission(self, row: Any) -> Shown:
        is_deleted = isinstance(row, Deleted)
        job = None if is_deleted else self.world.jobs.get(row.job_id)
        candidate = self.world.candidates.get(row.candidate_id) or rows.Candidate(id=row.candidate_id or 0)
        return {
            "id": row.id,
            "candidate": person_link(candidate),
            "jobOrder": {"id": job.id, "title": job.title} if job else None,
            "status": "Archived" if is_deleted else self.status(row),
            "source": None,
            "isDeleted": is_deleted,
            "isHidden": False,
            "dateAdded": row.created_at,
            "dateWebResponse": row.created_at,
            "dateLastModified": row.updated_at,
        }

    def histories(self) -> Iterable[Shown]:
        """A row for each status that there was."""
        world = self.world
        for entry in world.stage_entries:
            yield history(entry.id, entry.application_id, world.stages.get(entry.stage_id).name, entry.entered_at)
        for one in world.rejections:
            application = world.applications.get(one.application_id)
            yield history(one.id, one.application_id, self.status(application), one.at)
        for row in world.applications:
            if row.status == "hired":
                yield history(HISTORY + row.id, row.id, PLACED, row.hired_at)

    def note(self, row: rows.Note) -> Shown:
        return {
            "id": row.id,
            "action": {"note": "Other", "email": "Email", "system": "System"}[row.kind],
            "comments": row.body,
            "commentingPerson": person_link(self.world.users.get(row.author_id), "CorporateUser"),
            "personReference": person_link(self.world.candidates.get(row.candidate_id)),
            "isDeleted": False,
            "dateAdded": row.created_at,
            "dateLastModified": row.updated_at,
        }

    def appointment(self, row: rows.Interview) -> Shown:
        application = self.world.applications.get(row.application_id)
        job = self.world.jobs.get(application.job_id)
        return {
            "id": row.id,
            "type": "Interview",
            "subject": row.name,
            "location": row.location,
            "dateBegin": row.starts_at,
            "dateEnd": row.ends_at,
            "candidateReference": person_link(self.world.candidates.get(application.candidate_id)),
            "jobOrder": {"id": job.id, "title": job.title} if job else None,
            "parentAppointment": None,
            "isDeleted": row.status == "cancelled",
            "dateAdded": row.created_at,
            "dateLastModified": row.updated_at,
        }

    def user(self, row: rows.User) -> Shown:
        names = {"firstName": row.first_name, "lastName": row.last_name, "name": row.name}
        return {"id": row.id, **names, "email": row.email, "enabled": row.active, "isDeleted": False}

    def file(self, row: rows.Attachment) -> Shown:
        return {
            "id": row.id,
            "name": row.filename,
            "type": {"resume": "Resume", "cover_letter": "Cover Letter"}.get(row.kind, "Other"),
            "contentType": row.content_type.partition("/")[0],
            "contentSubType": row.content_type.partition("/")[2],
            "externalID": None,
            "fileSize": len(row.content),
            "candidate": person_link(self.world.candidates.get(row.candidate_id)),
            "isDeleted": False,
            "dateAdded": row.created_at,
        }


def history(row_id: int, application_id: int, status: str, at: int | None) -> Shown:
    return {"id": row_id, "jobSubmission": {"id": application_id}, "status": status, "dateAdded": at}


def midnight(day: str | None) -> int | None:
    return from_iso(day) if day else None
