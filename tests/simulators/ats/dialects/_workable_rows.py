"""What Workable's answers hold, as its reference (workable.readme.io, v3.19 to 3.21) and Nango's templates show it.

A candidate is somebody's application: who applies for two jobs is two candidates, with the same name and address. Ids are
hexadecimal, jobs are known by their shortcode, stages by their slug. All jobs share the account's pipeline, which ends in
Hired. Guessed: what an anonymised candidate looks like, that comments and files touch the candidate's `updated_at`, that
an offer says when it was made, and which questions a form asks.
"""

import hashlib
import hmac
from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.clock import SECOND, iso
from tests.simulators.ats.world import World

Shown = dict[str, Any]
LINKS_LAST = 60_000 * SECOND  # of files; Nango: “expires in ~16h40m (60,000s)”
KINDS = {"applied": "applied", "screening": "phone-screen", "interview": "interview", "offer": "offer"}
HIRED = {"slug": "hired", "name": "Hired", "kind": "hired"}
JOB_STATES = {"open": "published", "closed": "closed", "draft": "draft"}
OFFERS = {"created": "sent", "accepted": "accepted", "rejected": "rejected", "deprecated": "cancelled"}
SCORES = {"definitely_not": 0, "no": 0, "mixed": 50, "yes": 50, "strong_yes": 100}


def moment(at: int | None) -> str | None:
    return iso(at, milliseconds=False)


def id_of(number: int | None) -> str | None:
    return None if number is None else f"{number:x}"


def number_of(text: Any) -> int:
    """0 for what is no such id."""
    try:
        return int(str(text), 16)
    except ValueError:
        return 0


def shortcode(job_id: int) -> str:
    return f"{job_id:X}"


def slug(name: str) -> str:
    return "-".join(name.lower().split())


def stages(world: World) -> list[Shown]:
    own = [{"slug": slug(row.name), "name": row.name, "kind": KINDS[row.kind]} for row in world.stages_of(None)]
    return [one | {"position": position} for position, one in enumerate([*own, HIRED])]


def stage_of(world: World, row: rows.Application) -> Shown:
    """Of who was disqualified the stage in which that was; of somebody in the talent pool the first."""
    if row.status == "hired":
        return HIRED
    found = world.stages.get(row.stage_id) or world.stages_of(None)[0]
    return {"slug": slug(found.name), "name": found.name, "kind": KINDS[found.kind]}


def changed(world: World, row: rows.Application) -> int:
    about = world.candidates.get(row.candidate_id)
    return max(row.updated_at, about.updated_at, about.last_activity_at)


def candidate(world: World, row: rows.Application) -> Shown:
    """As lists show it."""
    about, job, stage = world.candidates.get(row.candidate_id), world.jobs.get(row.job_id), stage_of(world, row)
    reason, resume = world.reject_reasons.get(row.reject_reason_id), resume_of(world, row)
    source = world.sources.get(row.source_id)
    return {
        "id": id_of(row.id),
        "name": about.name,
        "firstname": about.first_name,
        "lastname": about.last_name,
        "headline": about.title or None,
        "account": {"subdomain": "simulated", "name": "Simulated Health"},
        "job": {"shortcode": shortcode(job.id), "title": job.title} if job and not row.prospect else None,
        "stage": stage["name"],
        "stage_kind": stage["kind"],
        "disqualified": row.status in ("rejected", "withdrawn"),
        "withdrew": row.status == "withdrawn",
        "disqualification_reason": reason.name if reason else None,
        "hired_at": moment(row.hired_at),
        "sourced": row.prospect,
        "profile_url": f"https://simulated.workable.com/backend/jobs/1/candidates/{id_of(row.id)}",
        "address": about.location or None,
        "phone": about.phones[0]["value"] if about.phones else None,
        "email": about.emails[0]["value"] if about.emails else None,
        "domain": source.name if source else None,
        "created_at": moment(row.applied_at or row.created_at),
        "updated_at": moment(changed(world, row)),
        "resume_metadata": resume
        and {"filename": resume.filename, "filetype": resume.content_type}
        | {"created_at": moment(resume.created_at), "updated_at": moment(resume.updated_at)},
    }


def detailed(world: World, row: rows.Application, base: str) -> Shown:
    about, resume = world.candidates.get(row.candidate_id), resume_of(world, row)
    return candidate(world, row) | {
        "image_url": None,
        "disqualified_at": moment(row.rejected_at),
        "outbound_mailbox": None,
        "uploader_id": None,
        "cover_letter": None,
        "summary": None,
        "education_entries": [education(entry) for entry in about.educations],
        "experience_entries": [experience(entry) for entry in about.employments],
        "skills": [],
        "answers": answers(world, row),
        "resume_url": link(world, resume, base) if resume else None,
        "social_profiles": [social(entry) for entry in about.links],
        "tags": list(about.tags),
        "location": {"location_str": about.location, "city": about.location.partition(",")[0]}
        | {"country": "United States", "country_code": "US", "region": about.location.partition(", ")[2]},
        "originating_candidate_id": None,
    }


def education(entry: dict[str, Any]) -> Shown:
    about = {"id": id_of(entry.get("id", 0)), "degree": entry.get("degree"), "school": entry["school"]}
    dates = {"start_date": entry.get("start"), "end_date": entry.get("end")}
    return about | {"field_of_study": entry.get("discipline")} | dates


def experience(entry: dict[str, Any]) -> Shown:
    about = {"id": id_of(entry.get("id", 0)), "title": entry["title"], "company": entry["company"], "industry": None}
    dates = {"start_date": entry.get("start"), "end_date": entry.get("end"), "current": not entry.get("end")}
    return about | {"summary": None} | dates


def social(entry: rows.Contact) -> Shown:
    kind = entry.get("type") or "website"
    return {"type": kind, "name": kind.capitalize(), "username": None, "url": entry["value"]}


def answers(world: World, row: rows.Application) -> list[Shown]:
    """A form may ask about anything, equal opportunity too."""
    given = world.eeoc.where(application_id=row.id)
    own = world.candidates.get(row.candidate_id).custom
    others = [
        {"question": {"body": known.name}, "answer": {"body": own[known.key]}}
        for known in world.custom_fields
        if known.of == "candidate" and own.get(known.key) is not None
    ]
    return others + [
        {"question": {"body": name.replace("_", " ").capitalize()}, "answer": {"body": getattr(one, name)}}
        for one in given
        for name in ("gender", "race", "veteran_status", "disability_status")
    ]


def resume_of(world: World, row: rows.Application) -> Any:
    """The newest; there is one at a time."""
    found = world.attachments.where(candidate_id=row.candidate_id, kind="resume")
    return found[-1] if found else None


def link(world: World, file: rows.Attachment, base: str) -> str:
    until = world.clock.now() + LINKS_LAST
    return f"{base}/files/{file.id}/{until}/{link_signature(file.id, until)}"


def link_signature(file_id: int, until: int) -> str:
    return hmac.new(b"files", f"{file_id}.{until}".encode(), hashlib.sha256).hexdigest()[:24]


def files(world: World, row: rows.Application, base: str) -> list[Shown]:
    return [
        {"name": file.filename, "preview_url": link(world, file, base), "source": "upload", "kind": file.kind}
        for file in world.attachments.where(candidate_id=row.candidate_id)
    ]


def job(world: World, row: rows.Job) -> Shown:
    department = world.departments.get(row.department_id)
    city, _, region = row.location.partition(", ")
    return {
        "id": id_of(row.id),
        "title": row.title,
        "full_title": f"{row.title} - {row.requisition_id}" if row.requisition_id else row.title,
        "shortcode": shortcode(row.id),
        "code": row.requisition_id or None,
        "state": JOB_STATES[row.status],
        "department": department.name if department else None,
        "department_hierarchy": [{"id": department.id, "name": department.name}] if department else [],
        "url": f"https://simulated.workable.com/jobs/{row.id}",
        "application_url": row.apply_url or None,
        "shortlink": f"https://apply.workable.com/j/{shortcode(row.id)}",
        "location": {"location_str": row.location, "country": "United States", "country_code": "US"}
        | {"region": region, "region_code": region, "city": city, "zip_code": None, "telecommuting": False},
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
    }


def description(row: rows.Job) -> Shown:
    parts = {"description": row.text, "requirements": "", "benefits": ""}
    return {"full_description": row.text} | parts


def member(world: World, row: rows.User) -> Shown:
    about = {"id": id_of(row.id), "name": row.name, "headline": row.title or None, "email": row.email}
    return about | {"roles": ["admin" if row.admin else "simple"], "active": row.active}


def recruiter(world: World, row: rows.User) -> Shown:
    return {"id": id_of(row.id), "name": row.name, "email": row.email}


def department(world: World, row: rows.Department) -> Shown:
    return {"id": id_of(row.id), "name": row.name, "parent_id": id_of(row.parent_id), "sample": False}


def reason(world: World, row: rows.RejectReason) -> Shown:
    return {
        "id": id_of(row.id),
        "description": row.name,
        "candidate_withdrew": row.kind == "them",
        "position": row.id,
    }


def event(world: World, row: rows.Interview) -> Shown:
    about = world.applications.get(row.application_id)
    person, job_row = world.candidates.get(about.candidate_id), world.jobs.get(about.job_id)
    members = [world.users.get(who) for who in row.interviewer_ids]
    return {
        "id": id_of(row.id),
        "title": row.name,
        "description": None,
        "type": "interview",
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at or row.starts_at),
        "cancelled": row.status == "cancelled",
        "job": {"shortcode": shortcode(job_row.id), "title": job_row.title} if job_row else None,
        "members": [{"id": id_of(one.id), "name": one.name, "status": "accepted"} for one in members if one],
        "candidate": {"id": id_of(about.id), "name": person.name},
        "conference": None,
    }


def offer(world: World, row: rows.Application) -> Shown | None:
    """The latest."""
    found = world.offers.where(application_id=row.id)
    if not found:
        return None
    about = world.candidates.get(row.candidate_id)
    shown = {"candidate": {"id": id_of(row.id), "name": about.name}, "state": OFFERS[found[-1].status]}
    return shown | {"created_at": moment(found[-1].created_at), "documents": [], "document_variables": []}


# What was done with a candidate


def activities(world: World, row: rows.Application) -> list[tuple[int, Shown]]:
    """By the number that pages go by, oldest first: comments, moves, ratings, disqualifications."""
    cards, gone = (table.where(application_id=row.id) for table in (world.scorecards, world.rejections))
    found = [
        *((one.id, "comment", one.created_at, one.author_id, {"body": one.body}) for one in notes_of(world, row)),
        *(stay(world, one) for one in world.stage_entries.where(application_id=row.id) if stays(world, one)),
        *((one.id, "rating", one.submitted_at or one.created_at, one.interviewer_id, rated(one)) for one in cards),
        *((one.id, "disqualified", one.at, one.by_id, {"body": one.note or None}) for one in gone),
    ]
    return [(number, activity(world, number, *rest)) for number, *rest in sorted(found, key=lambda one: one[0])]


def stays(world: World, row: rows.StageEntry) -> bool:
    return world.stages.get(row.stage_id) is not None


def stay(world: World, row: rows.StageEntry) -> tuple[Any, ...]:
    stage = world.stages.get(row.stage_id)
    more = {"stage_name": stage.name, "target_stage": {"id": stage.id, "name": stage.name}}
    return row.id, "moved" if stage.position or row.by_id else "applied", row.entered_at, row.by_id, more


def rated(row: rows.Scorecard) -> Shown:
    return {"rating": {"score": SCORES.get(row.rating, 50), "scale": "thumbs"}}


def notes_of(world: World, row: rows.Application) -> list[rows.Note]:
    """A person's notes stand with the first of her candidates, unless one says otherwise."""
    first = min(one.id for one in world.applications.where(candidate_id=row.candidate_id))
    return [
        note
        for note in world.notes.where(candidate_id=row.candidate_id)
        if note.kind == "note" and (note.application_id or first) == row.id
    ]


def activity(world: World, number: int, action: str, at: int, by: int | None, more: Shown) -> Shown:
    who = world.users.get(by)
    shown = {"id": id_of(number), "action": action, "stage_name": None, "created_at": moment(at)}
    member_shown = {"id": id_of(who.id), "name": who.name} if who else None
    return shown | {"updated_at": moment(at), "member": member_shown, "body": None} | more
