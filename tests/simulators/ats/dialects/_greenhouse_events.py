"""Bodies of Greenhouse's webhooks, as its documentation shows them (source/includes/webhooks of greenhouse-api-docs).

What no webhook tells, and only polling finds: notes, files, interviews, scorecards, EEO answers, and a candidate who
has no application. A merge tells of the loser with the winner's id and takes the place of the deletion; a deletion takes
its applications along without a word about each. `application_updated` is the name in the documentation.
"""

from collections.abc import Callable
from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.clock import day, iso
from tests.simulators.ats.dialect import Event
from tests.simulators.ats.dialects._greenhouse_rows import SOCIAL, Shown, contacts, custom, link, post_id
from tests.simulators.ats.world import Change, World

APP = "https://app.greenhouse.io"
ANONYMISED = [
    *("full_name", "current_company", "current_title", "tags", "addresses", "email_addresses", "phone_numbers"),
    *("websites", "social_media_links", "education", "employment", "attachments", "notes", "custom_candidate_fields"),
    *("application_questions", "custom_application_fields", "location"),
]


def moment(at: int | None) -> str | None:
    return iso(at, milliseconds=False)


def staff(world: World, user_id: int | None) -> Shown | None:
    user = world.users.get(user_id)
    about = user and {"id": user.id, "email": user.email, "name": user.name, "employee_id": user.employee_id or None}
    return about or None


def candidate(world: World, base: str, row: rows.Candidate) -> Shown:
    return {
        "id": row.id,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "title": row.title or None,
        "company": row.company or None,
        "created_at": moment(row.created_at),
        "external_id": row.external_id or None,
        "photo_url": None,
        "url": f"{APP}/people/{row.id}",
        "is_private": row.private,
        "can_email": row.can_email,
        "phone_numbers": contacts(row.phones),
        "email_addresses": contacts(row.emails),
        "addresses": contacts(row.addresses),
        "website_addresses": contacts([one for one in row.links if one.get("type") not in SOCIAL]),
        "social_media_addresses": [{"value": one["value"]} for one in row.links if one.get("type") in SOCIAL],
        "educations": [
            {"school_name": one["school"], "degree": one.get("degree"), "discipline": one.get("discipline")}
            | {"start_date": american(one.get("start")), "end_date": american(one.get("end"))}
            for one in row.educations
        ],
        "employments": [
            {"company_name": one["company"], "title": one["title"]}
            | {"start_date": american(one.get("start")), "end_date": american(one.get("end"))}
            for one in row.employments
        ],
        "recruiter": staff(world, row.recruiter_id),
        "coordinator": staff(world, row.coordinator_id),
        "attachments": [
            {"filename": file.filename, "url": link(world, file, base), "type": file.kind}
            for file in world.attachments.where(candidate_id=row.id)
        ],
        "tags": list(row.tags),
        "custom_fields": custom(world, "candidate", row.custom),
    }


def american(text: str | None) -> str | None:
    """`01/31/2016`."""
    year, month, date = (text or "--").split("-")
    return f"{month}/{date}/{year}" if text else None


def job(world: World, row: rows.Job) -> Shown:
    department = world.departments.get(row.department_id)
    offices = [office for office in map(world.offices.get, row.office_ids) if office]
    return {
        "id": row.id,
        "name": row.title,
        "requisition_id": row.requisition_id or None,
        "notes": None,
        "confidential": row.confidential,
        "job_post_id": post_id(row),
        "status": row.status,
        "created_at": moment(row.created_at),
        "opened_at": moment(row.opened_at),
        "closed_at": moment(row.closed_at),
        "url": f"{APP}/sdash/{row.id}",
        "departments": [{"id": department.id, "name": department.name, "external_id": None}] if department else [],
        "offices": [
            {"id": office.id, "name": office.name, "location": office.location, "external_id": None}
            for office in offices
        ],
        "hiring_team": {
            "hiring_managers": [{"user_id": user, "employee_id": None} for user in row.hiring_manager_ids],
            "sourcers": [],
            "recruiters": [{"user_id": user, "employee_id": None} for user in row.recruiter_ids],
            "coordinators": [{"user_id": user, "employee_id": None} for user in row.coordinator_ids],
        },
        "custom_fields": custom(world, "job", row.custom),
    }


def application(world: World, base: str, row: rows.Application) -> Shown:
    """The status is `active` here where v3 says `in_process`; the stage's id is the interview plan's."""
    source, stage = world.sources.get(row.source_id), world.stages.get(row.stage_id)
    pool, reason = world.pools.get(row.pool_id), world.reject_reasons.get(row.reject_reason_id)
    kind = {"us": (1, "We rejected them"), "them": (2, "They rejected us")}.get(reason.kind) if reason else None
    attached_job = world.jobs.get(row.job_id)
    return {
        "id": row.id,
        "rejected_at": moment(row.rejected_at),
        "prospect": row.prospect,
        "status": "rejected" if row.status == "withdrawn" else row.status,
        "applied_at": moment(row.applied_at),
        "last_activity_at": moment(row.last_activity_at),
        "url": f"{APP}/people/{row.candidate_id}?application_id={row.id}",
        "source": {"id": source.id, "name": source.name} if source else None,
        "credited_to": staff(world, row.credited_to_id),
        "rejection_reason": reason and {"id": reason.id, "name": reason.name, "type": {"id": kind[0], "name": kind[1]}},
        "rejection_details": {"custom_fields": {}} if reason else None,
        "current_stage": stage and {"id": stage.id, "name": stage.name, "interviews": []},
        "prospect_detail": {
            "prospect_pool": pool and {"id": pool.id, "name": pool.name},
            "prospect_stage": None,
            "prospect_owner": None,
        },
        "custom_fields": custom(world, "application", row.custom),
        "candidate": candidate(world, base, world.candidates.get(row.candidate_id)),
        "jobs": [job(world, attached_job)] if attached_job else [],
    }


def offer(world: World, row: rows.Offer) -> Shown:
    return {
        "id": row.id,
        "application_id": row.application_id,
        "job_id": world.applications.get(row.application_id).job_id,
        "user_id": row.user_id,
        "version": row.version,
        "sent_on": day(row.sent_at),
        "resolved_at": moment(row.resolved_at),
        "start_date": american(row.starts_on),
        "notes": row.notes or None,
        "offer_status": row.status.capitalize(),
        "custom_fields": custom(world, "offer", row.custom),
    }


def person(gone: dict[str, Any]) -> Shown:
    return {
        "id": gone["id"],
        "first_name": gone["first_name"],
        "last_name": gone["last_name"],
        "company": gone["company"] or None,
        "title": gone["title"] or None,
        "created_at": moment(gone["created_at"]),
        "headline": None,
        "is_private": gone["private"],
        "recruiter_user_id": gone["recruiter_id"],
        "coordinator_user_id": gone["coordinator_id"],
        "can_email": gone["can_email"],
    }


def application_created(world: World, base: str, change: Change) -> Event:
    row = world.applications.get(change.row_id)
    name = "new_prospect_application" if row.prospect else "new_candidate_application"
    return event(name, {"application": application(world, base, row)})


def of_application(name: str) -> "Teller":
    def tell(world: World, base: str, change: Change) -> Event:
        return event(name, {"application": application(world, base, world.applications.get(change.row_id))})

    return tell


def hired(world: World, base: str, change: Change) -> Event:
    about = application(world, base, world.applications.get(change.row_id))
    accepted = world.offers.where(application_id=change.row_id, status="accepted")
    offered = accepted[-1] if accepted else None
    about["offer"] = offered and {
        "id": offered.id,
        "version": offered.version,
        "created_at": moment(offered.created_at),
        "sent_at": day(offered.sent_at),
        "resolved_at": moment(offered.resolved_at),
        "starts_at": world.applications.get(change.row_id).starts_on,
        "custom_fields": custom(world, "offer", offered.custom),
    }
    about["job"] = about["jobs"][0] if about["jobs"] else None
    about["opening"] = {"opening_id": None, "custom_fields": []}
    return event("hire_candidate", {"application": about})


def application_deleted(world: World, base: str, change: Change) -> Event:
    gone = change.data["gone"]
    about = {name: gone[name] for name in ("id", "candidate_id", "job_id", "source_id", "prospect")} | {
        "created_at": moment(gone["created_at"]),
        "candidate_rejection_reason_id": gone["reject_reason_id"],
        "rejected_at": moment(gone["rejected_at"]),
        "referrer_id": gone["credited_to_id"],
    }
    return event("delete_application", {"application": about})


def candidate_updated(world: World, base: str, change: Change) -> Event:
    return event("update_candidate", {"candidate": candidate(world, base, world.candidates.get(change.row_id))})


def candidate_deleted(world: World, base: str, change: Change) -> Event:
    deleted = {"deleted_application_ids": change.data["application_ids"]}
    return event("delete_candidate", {"person": person(change.data["gone"]) | deleted})


def candidate_merged(world: World, base: str, change: Change) -> Event:
    winner = {"new_candidate_id": change.data["winner_id"]}
    return event("merge_candidate", {"person": person(change.data["gone"]) | winner})


def candidate_anonymised(world: World, base: str, change: Change) -> Event:
    return event("candidate_anonymized", {"candidate_id": change.row_id, "anonymized_fields": ANONYMISED})


def of_offer(name: str) -> "Teller":
    def tell(world: World, base: str, change: Change) -> Event:
        return event(name, offer(world, world.offers.get(change.row_id)))

    return tell


def of_job(name: str) -> "Teller":
    def tell(world: World, base: str, change: Change) -> Event:
        return event(name, {"job": job(world, world.jobs.get(change.row_id))})

    return tell


def job_deleted(world: World, base: str, change: Change) -> Event:
    gone = change.data["gone"]
    return event("job_deleted", {"job": {"id": gone["id"], "name": gone["title"]}})


def stage_deleted(world: World, base: str, change: Change) -> Event:
    gone = change.data["gone"]
    about = {name: gone[name] for name in ("id", "job_id", "name", "active")}
    stamps = {name: iso(gone[name]) for name in ("created_at", "updated_at")}
    return event("job_interview_stage_deleted", {"job_interview_stage": about | stamps})


def event(name: str, payload: Shown) -> Event:
    return Event(name, {"action": name, "payload": payload})


Teller = Callable[[World, str, Change], Event]
TELLERS: dict[str, Teller] = {
    "application.created": application_created,
    "application.updated": of_application("application_updated"),
    "application.moved": of_application("candidate_stage_change"),
    "application.rejected": of_application("reject_candidate"),
    "application.withdrawn": of_application("reject_candidate"),
    "application.unrejected": of_application("unreject_candidate"),
    "application.unhired": of_application("unhire_candidate"),
    "application.hired": hired,
    "application.deleted": application_deleted,
    "candidate.updated": candidate_updated,
    "candidate.deleted": candidate_deleted,
    "candidate.merged": candidate_merged,
    "candidate.anonymised": candidate_anonymised,
    "offer.created": of_offer("offer_created"),
    "offer.updated": of_offer("offer_updated"),
    "job.created": of_job("job_created"),
    "job.updated": of_job("job_updated"),
    "job.deleted": job_deleted,
    "stage.deleted": stage_deleted,
}
