"""What Harvest v3 shows of each row.

The fields are those of the public clients that were made from the official OpenAPI document (names, nullability), and
of Airbyte's connector for v3. What v1 nested, v3 made resources of its own. Guessed, because no source shows a real
answer: the shape of `custom_fields` (here as in the webhooks), of `sources.type` and of the answers in `eeoc`.

A resource that the world has no rows for (the tags somebody carries, who owns a job) is spread out of its parent; its
ids are made of the parent's, so that they stay the same and descend with it.
"""

import hashlib
import hmac
from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.clock import DAY, day, iso
from tests.simulators.ats.world import World

Shown = dict[str, Any]
LINK_LASTS = 7 * DAY  # webhooks, common attributes: “Attachments expire in 7 days”
TAG_FACTOR = 1_000_000
SOCIAL = ("linkedin", "twitter", "github")


def stamps(row: Any) -> Shown:
    return {"id": row.id, "created_at": iso(row.created_at), "updated_at": iso(row.updated_at)}


def custom(world: World, of: str, values: dict[str, Any]) -> Shown:
    """Every field there is, also those without a value."""
    return {
        known.key: {"name": known.name, "type": known.type, "value": values.get(known.key)}
        for known in world.custom_fields
        if known.of == of
    }


def contacts(entries: list[rows.Contact]) -> list[Shown]:
    return [{"value": entry["value"], "type": entry.get("type", "other")} for entry in entries]


def candidate(world: World, row: rows.Candidate) -> Shown:
    return stamps(row) | {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "preferred_name": None,
        "company": row.company or None,
        "title": row.title or None,
        "last_activity_at": iso(row.last_activity_at),
        "private": row.private,
        "can_email": row.can_email,
        "time_zone": None,
        "external_id": row.external_id or None,
        "recruiter_id": row.recruiter_id,
        "coordinator_id": row.coordinator_id,
        "tags": list(row.tags),
        "linked_user_ids": [],
        "phone_numbers": contacts(row.phones),
        "email_addresses": contacts(row.emails),
        "addresses": contacts(row.addresses),
        "website_addresses": contacts([link for link in row.links if link.get("type") not in SOCIAL]),
        "social_media_addresses": [{"value": link["value"]} for link in row.links if link.get("type") in SOCIAL],
        "custom_fields": custom(world, "candidate", row.custom),
    }


def status(row: rows.Application) -> str:
    """v3 says `in_process` where webhooks say `active`. There is no withdrawing: it is a rejection with their reason."""
    return {"active": "in_process", "withdrawn": "rejected"}.get(row.status, row.status)


def application(world: World, row: rows.Application) -> Shown:
    entry = world.current_entry(row.id)
    stage = world.stages.get(row.stage_id)
    job = world.jobs.get(row.job_id)
    return stamps(row) | {
        "candidate_id": row.candidate_id,
        "job_id": None if row.prospect else row.job_id,
        "job_post_id": post_id(job) if job and not row.prospect else None,
        # A stay of this application (application_stages.id); its step in the plan is job_interview_stage_id.
        "stage_id": entry.id if entry else None,
        "job_interview_stage_id": row.stage_id,
        "stage_name": stage.name if stage else None,
        "status": status(row),
        "needs_decision": False,
        "prospect": row.prospect,
        "prospective_job_ids": [row.job_id] if row.prospect and row.job_id else [],
        "rejected_at": iso(row.rejected_at),
        "rejection_reason_id": row.reject_reason_id,
        "last_activity_at": iso(row.last_activity_at),
        "source_id": row.source_id,
        "referrer_id": row.credited_to_id,
        "recruiter_id": row.recruiter_id,
        "coordinator_id": row.coordinator_id,
        "agency_note_id": None,
        "location_address": row.location or None,
        "answers": list(row.answers),
        "custom_fields": custom(world, "application", row.custom),
    }


def application_stage(world: World, row: rows.StageEntry) -> Shown:
    stay = (row.left_at or world.clock.now()) - row.entered_at
    return stamps(row) | {
        "application_id": row.application_id,
        "job_interview_stage_id": row.stage_id,
        "entered_at": iso(row.entered_at),
        "exited_at": iso(row.left_at),
        "days_in_stage": stay // DAY,
        "current": row.left_at is None,
    }


def job(world: World, row: rows.Job) -> Shown:
    return stamps(row) | {
        "name": row.title,
        "requisition_id": row.requisition_id or None,
        "notes": None,
        "confidential": row.confidential,
        "status": row.status,
        "opened_at": iso(row.opened_at),
        "closed_at": iso(row.closed_at),
        "is_template": False,
        "copied_from_id": None,
        "department_id": row.department_id,
        "office_ids": list(row.office_ids),
        "custom_fields": custom(world, "job", row.custom),
    }


def post_id(row: rows.Job) -> int:
    return row.id * 100


def job_posts(world: World, row: rows.Job) -> list[Shown]:
    live = row.status == "open"
    post = stamps(row) | {
        "id": post_id(row),
        "job_id": row.id,
        "title": row.title,
        "content": row.text,
        "internal_content": None,
        "active": True,
        "live": live,
        "internal": False,
        "external_url": row.apply_url or None,
        "location": row.location,
        "first_published_at": iso(row.opened_at),
    }
    return [post]


def job_stage(world: World, row: rows.Stage) -> Shown:
    return stamps(row) | {"job_id": row.job_id, "name": row.name, "sort_order": row.position, "active": row.active}


def rejection_detail(world: World, row: rows.Rejection) -> Shown:
    return stamps(row) | {
        "application_id": row.application_id,
        "rejection_reason_id": row.reason_id,
        "rejected_at": iso(row.at),
        "rejected_by_id": row.by_id,
        "notes": row.note or None,
        "question_custom_fields": [],
    }


def offer(world: World, row: rows.Offer) -> Shown:
    about = world.applications.get(row.application_id)
    return stamps(row) | {
        "application_id": row.application_id,
        "candidate_id": about.candidate_id,
        "job_id": about.job_id,
        "opening_id": None,
        "version": row.version,
        "status": row.status.capitalize(),
        "starts_on": row.starts_on,
        "sent_on": day(row.sent_at),
        "resolved_at": iso(row.resolved_at),
        "custom_fields": custom(world, "offer", row.custom),
    }


def note(world: World, row: rows.Note) -> Shown:
    return stamps(row) | {
        "candidate_id": row.candidate_id,
        "application_id": row.application_id,
        "user_id": row.author_id,
        "type": {"note": "NOTE", "email": "EMAIL"}.get(row.kind, "ACTIVITY"),
        "subject": None,
        "body": row.body,
        "body_with_tags": row.body,
        "visibility": {"admin": "admin_only"}.get(row.visibility, row.visibility),
        "email_from": None,
        "email_to": None,
        "email_cc": None,
        "email_attachment_file_names": None,
    }


def link(world: World, row: rows.Attachment, base: str) -> str:
    """Signed, without credentials, good for seven days from when it was listed."""
    until = world.clock.now() + LINK_LASTS
    return f"{base}/files/{row.id}/{until}/{link_signature(row.id, until)}"


def link_signature(attachment_id: int, until: int) -> str:
    return hmac.new(b"files", f"{attachment_id}.{until}".encode(), hashlib.sha256).hexdigest()


def attachment(world: World, row: rows.Attachment) -> Shown:
    """The dialect puts the `url`, which needs its address."""
    return stamps(row) | {
        "candidate_id": row.candidate_id,
        "application_id": row.application_id,
        "type": row.kind,
        "filename": row.filename,
        "url": "",
    }


def interview(world: World, row: rows.Interview) -> Shown:
    return stamps(row) | {
        "application_id": row.application_id,
        "job_id": world.applications.get(row.application_id).job_id,
        "job_interview_id": row.stage_id,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "location": row.location or None,
        "status": row.status,
        "organizer_id": row.organizer_id,
        "scheduled_at": iso(row.created_at),
        "video_conferencing_url": None,
        "external_event_id": None,
    }


def interviewers(world: World, row: rows.Interview) -> list[Shown]:
    return [
        stamps(row) | {"id": row.id * 100 + n, "interview_id": row.id, "user_id": who, "response_status": "accepted"}
        for n, who in enumerate(row.interviewer_ids)
    ]


def scorecard(world: World, row: rows.Scorecard) -> Shown:
    return stamps(row) | {
        "application_id": row.application_id,
        "interview_id": row.interview_id,
        "interviewer_id": row.interviewer_id,
        "submitter_id": row.interviewer_id,
        "candidate_rating": row.rating,
        "status": "complete" if row.submitted_at else "draft",
        "submitted_at": iso(row.submitted_at),
    }


def eeoc(world: World, row: rows.Eeoc) -> Shown:
    return stamps(row) | {
        "application_id": row.application_id,
        "candidate_id": world.applications.get(row.application_id).candidate_id,
        "gender": row.gender,
        "race": row.race,
        "veteran_status": row.veteran_status,
        "disability_status": row.disability_status,
        "submitted_at": iso(row.submitted_at),
    }


def employments(world: World, row: rows.Candidate) -> list[Shown]:
    return [
        stamps(row)
        | {"id": row.id * 100 + n, "candidate_id": row.id, "company_name": entry["company"], "title": entry["title"]}
        | {"starts_on": entry.get("start"), "ends_on": entry.get("end"), "current": entry.get("end") is None}
        for n, entry in enumerate(row.employments)
    ]


def educations(world: World, row: rows.Candidate) -> list[Shown]:
    return [
        stamps(row)
        | {"id": row.id * 100 + 50 + n, "candidate_id": row.id, "school_name": entry["school"]}
        | {"degree": entry.get("degree"), "discipline": entry.get("discipline")}
        | {"starts_on": entry.get("start"), "ends_on": entry.get("end")}
        for n, entry in enumerate(row.educations)
    ]


def applied_tags(world: World, row: rows.Candidate) -> list[Shown]:
    tags = sorted((tag for tag in world.tags if tag.name in row.tags), key=lambda tag: tag.id)
    return [
        stamps(row) | {"id": row.id * TAG_FACTOR + tag.id, "candidate_id": row.id, "candidate_tag_id": tag.id}
        for tag in tags
    ]


def prospect_details(world: World, row: rows.Application) -> list[Shown]:
    if not row.prospect:
        return []
    about = {"application_id": row.id, "prospect_pool_id": row.pool_id, "prospect_owner_id": row.recruiter_id}
    return [stamps(row) | {"id": row.id * 100} | about]
