"""What Ashby's answers hold: each object as its OpenAPI document (2026-01-01) shows it.

Ids are UUIDs. A job has one interview plan, made of the world's stages and of the two that every plan ends in, Hired and
Archived; so two jobs have stages of the same title with different ids. Guessed: what an anonymised candidate is called,
that notes, files and moves touch the candidate's `updatedAt`, and that feedback touches its interview schedule's.
"""

import hashlib
import hmac
from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.clock import HOUR, iso
from tests.simulators.ats.world import World

Shown = dict[str, Any]
LINK_LASTS = HOUR
ROW, PLAN, HIRED, ARCHIVED, POSTING, VERSION, EVENT = range(0x4000, 0x4007)
STAGE_TYPES = {"applied": "PreInterviewScreen", "screening": "Active", "interview": "Active", "offer": "Offer"}
SOCIAL = {"linkedin": "LinkedIn", "github": "GitHub", "twitter": "Twitter"}
JOB_STATES = {"open": "Open", "closed": "Closed", "draft": "Draft"}
OFFERS = {
    "created": ("WaitingOnCandidateResponse", "Pending"),
    "accepted": ("CandidateAccepted", "Accepted"),
    "rejected": ("CandidateRejected", "Declined"),
    "deprecated": ("OfferCancelled", "Cancelled"),
}
RATINGS = {"definitely_not": "1", "no": "1", "mixed": "2", "yes": "3", "strong_yes": "4"}


def uuid_of(row_id: int | None, what: int = ROW) -> str | None:
    """Of a row, or of something that the world has no row for and that hangs on one."""
    return None if row_id is None else f"00000000-0000-{what:04x}-8000-{row_id:012x}"


def row_id(text: Any, what: int = ROW) -> int:
    """0 for what isn't such an id."""
    head, _, number = str(text).rpartition("-")
    try:
        return int(number, 16) if head == f"00000000-0000-{what:04x}-8000" else 0
    except ValueError:
        return 0


def contact(entry: rows.Contact, first: bool) -> Shown:
    kind = {"work": "Work", "other": "Other"}.get(entry.get("type", ""), "Personal")
    return {"value": entry["value"], "type": kind, "isPrimary": first}


def contacts(entries: list[rows.Contact]) -> list[Shown]:
    return [contact(entry, number == 0) for number, entry in enumerate(entries)]


def candidate_changed(world: World, row: rows.Candidate) -> int:
    belongings = [*world.attachments.where(candidate_id=row.id), *world.notes.where(candidate_id=row.id)]
    return max([row.updated_at, row.last_activity_at, *(one.updated_at for one in belongings)])


def candidate(world: World, row: rows.Candidate) -> Shown:
    files = [file_handle(file) for file in world.attachments.where(candidate_id=row.id)]
    resumes = world.attachments.where(candidate_id=row.id, kind="resume")
    emails, phones = contacts(row.emails), contacts(row.phones)
    source = world.sources.get(row.source_id)
    shown = {
        "id": uuid_of(row.id),
        "createdAt": iso(row.created_at),
        "updatedAt": iso(candidate_changed(world, row)),
        "name": row.name,
        "primaryEmailAddress": emails[0] if emails else None,
        "emailAddresses": emails,
        "primaryPhoneNumber": phones[0] if phones else None,
        "phoneNumbers": phones,
        "socialLinks": [{"url": one["value"], "type": SOCIAL.get(one.get("type", ""), "Website")} for one in row.links],
        "tags": [tag(world, one) for one in world.tags if one.name in row.tags],
        "position": row.title or None,
        "company": row.company or None,
        "school": row.educations[0]["school"] if row.educations else None,
        "applicationIds": [uuid_of(one.id) for one in applications_of(world, row.id)],
        "resumeFileHandle": file_handle(resumes[-1]) if resumes else None,
        "fileHandles": files,
        "customFields": custom(world, "candidate", row.custom),
        "profileUrl": f"https://app.ashbyhq.com/candidate-searches/new/right-side/candidates/{uuid_of(row.id)}",
        "source": source_of(world, source) if source else None,
        "creditedToUser": user(world, world.users.get(row.recruiter_id)) if row.recruiter_id else None,
        "fraudStatus": None,
    }
    return shown | ({"location": location(row)} if row.location else {})


def location(row: rows.Candidate) -> Shown:
    city, _, region = row.location.partition(", ")
    parts = [("Country", "United States"), ("Region", region), ("City", city)]
    return {
        "id": uuid_of(row.id),
        "locationSummary": ", ".join(name for _, name in parts if name),
        "locationComponents": [{"type": kind, "name": name} for kind, name in parts if name],
    }


def applications_of(world: World, candidate_id: int) -> list[rows.Application]:
    """Ashby has no application without a job: who is only kept in mind stands in a project."""
    return [one for one in world.applications.where(candidate_id=candidate_id) if one.job_id and not one.prospect]


def file_handle(file: rows.Attachment) -> Shown:
    return {"id": uuid_of(file.id), "name": file.filename, "handle": f"handle.{file.id}.{link_signature(file.id, 0)}"}


def link_signature(file_id: int, until: int) -> str:
    return hmac.new(b"files", f"{file_id}.{until}".encode(), hashlib.sha256).hexdigest()[:24]


def custom(world: World, of: str, values: dict[str, Any]) -> list[Shown]:
    """Only fields that have a value."""
    return [
        {"id": uuid_of(known.id), "title": known.name, "value": values[known.key], "isPrivate": False}
        for known in world.custom_fields
        if known.of == of and values.get(known.key) is not None
    ]


def stage(world: World, row: rows.Stage) -> Shown:
    return {
        "id": uuid_of(row.id),
        "title": row.name,
        "type": STAGE_TYPES[row.kind],
        "orderInInterviewPlan": row.position,
        "interviewPlanId": uuid_of(row.job_id, PLAN),
    }


def last_stage(job_id: int, what: int) -> Shown:
    """The two in which every plan ends."""
    title = {HIRED: "Hired", ARCHIVED: "Archived"}[what]
    about = {"id": uuid_of(job_id, what), "title": title, "type": title}
    return about | {"orderInInterviewPlan": 100 + what - HIRED, "interviewPlanId": uuid_of(job_id, PLAN)}


def stages(world: World, job_id: int) -> list[Shown]:
    own = [stage(world, row) for row in world.stages_of(job_id)]
    return [*own, last_stage(job_id, HIRED), last_stage(job_id, ARCHIVED)]


def current_stage(world: World, row: rows.Application) -> Shown:
    ends = {"hired": HIRED, "rejected": ARCHIVED, "withdrawn": ARCHIVED}
    if row.status in ends:
        return last_stage(row.job_id or 0, ends[row.status])
    return stage(world, world.stages.get(row.stage_id))


def application(world: World, row: rows.Application) -> Shown:
    about, job = world.candidates.get(row.candidate_id), world.jobs.get(row.job_id)
    reason, source = world.reject_reasons.get(row.reject_reason_id), world.sources.get(row.source_id)
    emails, phones = contacts(about.emails), contacts(about.phones)
    shown = {
        "id": uuid_of(row.id),
        "createdAt": iso(row.applied_at or row.created_at),
        "updatedAt": iso(row.updated_at),
        "status": {"active": "Active", "hired": "Hired"}.get(row.status, "Archived"),
        "customFields": custom(world, "application", row.custom),
        "candidate": {"id": uuid_of(about.id), "name": about.name}
        | ({"primaryEmailAddress": emails[0]} if emails else {})
        | ({"primaryPhoneNumber": phones[0]} if phones else {}),
        "currentInterviewStage": current_stage(world, row),
        "source": source_of(world, source) if source else None,
        "archiveReason": archive_reason(world, reason) | {"customFields": []} if reason else None,
        "job": {"id": uuid_of(job.id), "title": job.title, "locationId": None}
        | {"departmentId": uuid_of(job.department_id)},
        "creditedToUser": user(world, world.users.get(row.credited_to_id)) if row.credited_to_id else None,
        "hiringTeam": hiring_team(world, job),
        "appliedViaJobPostingId": uuid_of(job.id, POSTING),
    }
    return shown | ({"archivedAt": iso(row.rejected_at)} if row.rejected_at else {})


def history(world: World, row: rows.Application) -> list[Shown]:
    """Every stay, and the one in Hired or Archived in which it ended."""
    stays = sorted(world.stage_entries.where(application_id=row.id), key=lambda stay: (stay.entered_at, stay.id))
    ended = row.hired_at or row.rejected_at
    shown = [
        stay_shown(uuid_of(stay.id), uuid_of(stay.stage_id), world.stages.get(stay.stage_id).name, number, stay)
        for number, stay in enumerate(stays)
        if world.stages.get(stay.stage_id)
    ]
    if ended:
        end = current_stage(world, row)
        if shown:
            shown[-1]["leftStageAt"] = iso(ended)
        last = rows.StageEntry(entered_at=ended)
        shown.append(stay_shown(uuid_of(row.id, HIRED), end["id"], end["title"], len(shown), last))
    return shown


def stay_shown(id: str | None, stage_id: str | None, title: str, number: int, stay: rows.StageEntry) -> Shown:
    times = {"enteredStageAt": iso(stay.entered_at), "leftStageAt": iso(stay.left_at)}
    return {"id": id, "stageId": stage_id, "title": title, "stageNumber": number, "allowedActions": []} | times


def hiring_team(world: World, job: rows.Job) -> list[Shown]:
    team = [("Recruiter", one) for one in job.recruiter_ids] + [
        ("Hiring Manager", one) for one in job.hiring_manager_ids
    ]
    people = [(role, world.users.get(one)) for role, one in team]
    return [
        {"userId": uuid_of(who.id), "role": role, "email": who.email}
        | {"firstName": who.first_name, "lastName": who.last_name}
        for role, who in people
        if who
    ]


def job(world: World, row: rows.Job) -> Shown:
    return {
        "id": uuid_of(row.id),
        "title": row.title,
        "confidential": row.confidential,
        "status": JOB_STATES[row.status],
        "employmentType": "FullTime",
        "locationId": uuid_of(row.office_ids[0]) if row.office_ids else None,
        "departmentId": uuid_of(row.department_id),
        "defaultInterviewPlanId": uuid_of(row.id, PLAN),
        "interviewPlanIds": [uuid_of(row.id, PLAN)],
        "customFields": custom(world, "job", row.custom),
        "jobPostingIds": [uuid_of(row.id, POSTING)],
        "customRequisitionId": row.requisition_id or None,
        "hiringTeam": hiring_team(world, row),
        "createdAt": iso(row.created_at),
        "updatedAt": iso(row.updated_at),
        "openedAt": iso(row.opened_at),
        "closedAt": iso(row.closed_at),
    }


def office(world: World, row: rows.Office) -> Shown:
    return {"id": uuid_of(row.id), "name": row.name, "isArchived": False, "isRemote": False, "type": "Location"}


def posting(world: World, row: rows.Job) -> Shown:
    department = world.departments.get(row.department_id)
    return {
        "id": uuid_of(row.id, POSTING),
        "title": row.title,
        "jobId": uuid_of(row.id),
        "departmentName": department.name if department else None,
        "locationName": row.location,
        "employmentType": "FullTime",
        "isListed": row.status == "open",
        "publishedDate": (iso(row.opened_at) or "")[:10] or None,
        "externalLink": row.apply_url or None,
        "applyLink": row.apply_url or None,
        "updatedAt": iso(row.updated_at),
    }


def archive_reason(world: World, row: rows.RejectReason) -> Shown:
    kind = "RejectedByCandidate" if row.kind == "them" else "RejectedByOrg"
    return {"id": uuid_of(row.id), "text": row.name, "reasonType": kind, "isArchived": False}


def source_of(world: World, row: rows.Source) -> Shown:
    kind = {"id": uuid_of(sum(row.kind.encode())), "title": row.kind, "isArchived": False}
    return {"id": uuid_of(row.id), "title": row.name, "isArchived": False, "sourceType": kind}


def tag(world: World, row: rows.Tag) -> Shown:
    return {"id": uuid_of(row.id), "title": row.name, "isArchived": False}


def department(world: World, row: rows.Department) -> Shown:
    return {"id": uuid_of(row.id), "name": row.name, "isArchived": False, "parentId": uuid_of(row.parent_id)}


def custom_field(world: World, row: rows.CustomField) -> Shown:
    kind = {"single_select": "ValueSelect", "boolean": "Boolean"}.get(row.type, "String")
    about = {"objectType": row.of.capitalize(), "fieldType": kind, "isArchived": False}
    return {"id": uuid_of(row.id), "title": row.name} | about


def user(world: World, row: rows.User) -> Shown:
    return {
        "id": uuid_of(row.id),
        "firstName": row.first_name,
        "lastName": row.last_name,
        "email": row.email,
        "globalRole": "Organization Admin" if row.admin else "Limited Access",
        "isEnabled": row.active,
        "updatedAt": iso(row.updated_at),
    }
