"""Lever's objects: a contact is a person, an opportunity one of their ways to a job, with at most one application.

The fields are those that Airbyte's connector reads, and Lever's documentation by way of public clients. An id is a UUID
that holds the row's number, so that it can be read back; what Lever counts apart but the world does not (an
opportunity and its application) differs in its first digits.
"""

from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.clock import from_iso
from tests.simulators.ats.world import World

Shown = dict[str, Any]
NAMES = (
    *("opportunity", "application", "contact", "posting", "stage", "reason", "user", "note", "file", "offer"),
    *("interview", "panel", "feedback", "webhook", "question"),
)
KINDS = {name: number for number, name in enumerate(NAMES, start=0xA0)}
HIRED = 1  # the archive reason that means hired, which no row of the world holds


def uid(kind: str, number: int | None) -> str | None:
    return None if number is None else f"{KINDS[kind]:08x}-0000-4000-8000-{number:012x}"


def number_of(kind: str, text: Any) -> int | None:
    """None when it is no id of that kind."""
    head = f"{KINDS[kind]:08x}-0000-4000-8000-"
    tail = str(text).removeprefix(head)
    try:
        return int(tail, 16) if str(text).startswith(head) and len(tail) == 12 else None
    except ValueError:
        return None


def updated(world: World, row: rows.Application) -> int:
    """A change of the person counts for each opportunity; a note or feedback does not (reported by clients)."""
    return max(row.updated_at, world.candidates.get(row.candidate_id).updated_at)


def archived(row: rows.Application) -> Shown | None:
    if row.status == "active":
        return None
    reason, at = (HIRED, row.hired_at) if row.status == "hired" else (row.reject_reason_id, row.rejected_at)
    return {"reason": uid("reason", reason), "archivedAt": at}


def opportunity(world: World, base: str, row: rows.Application) -> Shown:
    person, source = world.candidates.get(row.candidate_id), world.sources.get(row.source_id)
    entries = world.stage_entries.where(application_id=row.id)
    resumes = world.attachments.where(candidate_id=person.id, kind="resume")
    return {
        "id": uid("opportunity", row.id),
        "name": person.name,
        "headline": person.company,
        "contact": uid("contact", person.id),
        "emails": [one["value"] for one in person.emails],
        "phones": [{"type": one.get("type", "mobile"), "value": one["value"]} for one in person.phones],
        "links": [one["value"] for one in person.links],
        "location": person.location or None,
        "confidentiality": "confidential" if person.private else "non-confidential",
        "stage": uid("stage", row.stage_id),
        "stageChanges": [
            {
                "toStageId": uid("stage", entry.stage_id),
                "toStageIndex": world.stages.get(entry.stage_id).position,
                "updatedAt": entry.entered_at,
                "userId": uid("user", entry.by_id),
            }
            for entry in entries
        ],
        "archived": archived(row),
        "tags": list(person.tags),
        "sources": [source.name] if source else [],
        "origin": "sourced" if row.prospect else "applied",
        "sourcedBy": uid("user", row.credited_to_id),
        "owner": uid("user", person.recruiter_id),
        "followers": [],
        "applications": [uid("application", row.id)] if row.job_id else [],
        "createdAt": row.created_at,
        "updatedAt": updated(world, row),
        "lastInteractionAt": max(row.last_activity_at, person.last_activity_at),
        "lastAdvancedAt": entries[-1].entered_at if entries else None,
        "snoozedUntil": None,
        "urls": {"list": f"{base}/", "show": f"{base}/desk/candidate/{person.id}"},
        "resume": uid("file", resumes[-1].id) if resumes else None,
        "dataProtection": None,
        "isAnonymized": person.anonymised,
        "deletedBy": None,
    }


def application(world: World, row: rows.Application) -> Shown:
    person, job = world.candidates.get(row.candidate_id), world.jobs.get(row.job_id)
    return {
        "id": uid("application", row.id),
        "opportunityId": uid("opportunity", row.id),
        "candidateId": uid("opportunity", row.id),
        "type": "posting",
        "posting": uid("posting", row.job_id),
        "postingOwner": uid("user", job.recruiter_ids[0]) if job.recruiter_ids else None,
        "postingHiringManager": uid("user", job.hiring_manager_ids[0]) if job.hiring_manager_ids else None,
        "user": None,
        "name": person.name,
        "email": person.emails[0]["value"] if person.emails else None,
        "phone": {"type": None, "value": person.phones[0]["value"]} if person.phones else None,
        "company": person.company or None,
        "links": [one["value"] for one in person.links],
        "comments": None,
        "customQuestions": questions(world, person),
        "createdAt": row.applied_at,
        "archived": archived(row),
        "requisitionForHire": None,
    }


def questions(world: World, person: rows.Candidate) -> list[Shown]:
    """A form that everybody filled in: what the world knows as fields of a candidate’s own."""
    asked = [
        {"id": uid("question", known.id), "type": "text", "text": known.name, "value": person.custom[known.key]}
        for known in world.custom_fields
        if known.of == "candidate" and person.custom.get(known.key) is not None
    ]
    return [{"type": "posting", "text": "A few questions", "fields": asked}] if asked else []


def eeo(world: World, row: rows.Eeoc) -> Shown:
    names = {
        "gender": "gender",
        "race": "race",
        "veteran_status": "veteran",
        "disability_status": "disability",
    }
    person = world.applications.get(row.application_id).candidate_id
    about = {"opportunityId": uid("opportunity", row.application_id), "contact": uid("contact", person)}
    return about | {theirs: getattr(row, ours) for ours, theirs in names.items()}


def contact(world: World, row: rows.Candidate) -> Shown:
    return {
        "id": uid("contact", row.id),
        "name": row.name,
        "headline": row.company,
        "isAnonymized": row.anonymised,
        "location": {"name": row.location} if row.location else None,
        "emails": [one["value"] for one in row.emails],
        "phones": [{"type": one.get("type", "mobile"), "value": one["value"]} for one in row.phones],
    }


def stage(world: World, row: rows.Stage) -> Shown:
    return {"id": uid("stage", row.id), "text": row.name}


def reason(world: World, row: rows.RejectReason) -> Shown:
    return {"id": uid("reason", row.id), "text": row.name, "status": "active", "type": "non-hired"}


HIRED_REASON = {"id": uid("reason", HIRED), "text": "Hired", "status": "active", "type": "hired"}


def posting(world: World, row: rows.Job) -> Shown:
    department = world.departments.get(row.department_id)
    return {
        "id": uid("posting", row.id),
        "text": row.title,
        "state": {"open": "published", "draft": "draft"}.get(row.status, "closed"),
        "distributionChannels": ["public"],
        "confidentiality": "confidential" if row.confidential else "non-confidential",
        "user": uid("user", row.recruiter_ids[0]) if row.recruiter_ids else None,
        "owner": uid("user", row.recruiter_ids[0]) if row.recruiter_ids else None,
        "hiringManager": uid("user", row.hiring_manager_ids[0]) if row.hiring_manager_ids else None,
        "categories": {
            "team": department.name if department else None,
            "department": department.name if department else None,
            "location": row.location,
            "allLocations": [row.location],
            "commitment": row.employment_type,
            "level": None,
        },
        "content": {
            "description": row.text,
            "descriptionHtml": row.text,
            "lists": [],
            "closing": "",
            "closingHtml": "",
        },
        "tags": [],
        "followers": [],
        "reqCode": row.requisition_id or None,
        "requisitionCodes": [],
        "urls": {"list": "", "show": "", "apply": row.apply_url},
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def user(world: World, row: rows.User) -> Shown:
    return {
        "id": uid("user", row.id),
        "name": row.name,
        "username": row.email.partition("@")[0],
        "email": row.email or None,
        "accessRole": "super admin" if row.admin else "team member",
        "photo": None,
        "createdAt": row.created_at,
        "deactivatedAt": None if row.active else row.updated_at,
        "externalDirectoryId": row.employee_id or None,
        "linkedContactIds": [],
        "jobTitle": row.title or None,
        "managerId": None,
    }


def note(world: World, row: rows.Note) -> Shown:
    about = {"type": "note", "text": row.body, "value": row.body, "user": uid("user", row.author_id)}
    return {
        "id": uid("note", row.id),
        "text": row.body,
        "fields": [about | {"score": None, "stage": None, "createdAt": row.created_at}],
        "user": uid("user", row.author_id),
        "secret": row.visibility != "public",
        "completedAt": row.created_at,
        "createdAt": row.created_at,
        "deletedAt": None,
    }


def file(world: World, base: str, row: rows.Attachment, path: str) -> Shown:
    extension = row.filename.rpartition(".")[2].lower()
    return {
        "id": uid("file", row.id),
        "name": row.filename,
        "ext": extension,
        "status": "processed",
        "size": len(row.content),
        "uploadedAt": row.created_at,
        "downloadUrl": f"{base}{path}/{uid('file', row.id)}/download",
    }


def resume(world: World, base: str, row: rows.Attachment, path: str) -> Shown:
    about = file(world, base, row, path)
    return {"id": about["id"], "createdAt": row.created_at, "file": about, "parsedData": None}


def offer(world: World, row: rows.Offer) -> Shown:
    states = {"created": "draft", "accepted": "signed", "rejected": "denied"}
    fields = [{"identifier": "start_date", "text": "Start date", "value": row.starts_on and from_iso(row.starts_on)}]
    return {
        "id": uid("offer", row.id),
        "posting": uid("posting", world.applications.get(row.application_id).job_id),
        "createdAt": row.created_at,
        "status": "sent" if row.sent_at and row.status == "created" else states.get(row.status, row.status),
        "creator": uid("user", row.user_id),
        "fields": fields,
        "signatures": None,
        "approved": None,
        "approvedAt": None,
        "sentAt": row.sent_at,
        "sentDocument": None,
        "signedDocument": None,
    }


def interview(world: World, row: rows.Interview) -> Shown:
    length = (row.ends_at or 0) - (row.starts_at or 0)
    return {
        "id": uid("interview", row.id),
        "panel": uid("panel", row.id),
        "subject": row.name,
        "note": "",
        "interviewers": [interviewer(world, who) for who in row.interviewer_ids],
        "timezone": "America/Los_Angeles",
        "createdAt": row.created_at,
        "date": row.starts_at,
        "duration": length // 60_000,
        "location": row.location or None,
        "feedbackTemplate": None,
        "feedbackForms": [],
        "feedbackReminder": "once",
        "user": uid("user", row.organizer_id),
        "stage": uid("stage", row.stage_id),
        "canceledAt": row.updated_at if row.status == "cancelled" else None,
        "postings": [],
        "gcalEventUrl": None,
    }


def interviewer(world: World, user_id: int) -> Shown:
    who = world.users.get(user_id)
    return {"id": uid("user", user_id), "name": who.name if who else "", "email": who.email if who else None}


def feedback(world: World, row: rows.Scorecard) -> Shown:
    return {
        "id": uid("feedback", row.id),
        "type": "interview",
        "text": "Interview feedback",
        "instructions": "",
        "fields": [{"type": "score-system", "text": "Rating", "value": row.rating}],
        "baseTemplateId": None,
        "interview": uid("interview", row.interview_id),
        "panel": uid("panel", row.interview_id),
        "user": uid("user", row.interviewer_id),
        "createdAt": row.created_at,
        "completedAt": row.submitted_at,
        "updatedAt": row.updated_at,
        "deletedAt": None,
    }
