"""Ashby's notes, offers, interview schedules, feedback and surveys; see _ashby_rows.py."""

from typing import Any

from tests.simulators.ats import rows
from tests.simulators.ats.clock import iso
from tests.simulators.ats.dialects._ashby_rows import EVENT, OFFERS, RATINGS, VERSION, Shown, user, uuid_of
from tests.simulators.ats.world import World

SCHEDULES = {"scheduled": "Scheduled", "complete": "WaitingOnFeedback", "cancelled": "Cancelled"}


def note(world: World, row: rows.Note) -> Shown:
    author = world.users.get(row.author_id)
    about = {"id": uuid_of(row.id), "createdAt": iso(row.created_at), "isPrivate": row.visibility != "public"}
    return about | {"content": row.body, "author": author_of(author) if author else None}


def author_of(row: rows.User) -> Shown:
    return {"id": uuid_of(row.id), "firstName": row.first_name, "lastName": row.last_name, "email": row.email}


def offer(world: World, row: rows.Offer) -> Shown:
    status, acceptance = OFFERS[row.status]
    return {
        "id": uuid_of(row.id),
        "applicationId": uuid_of(row.application_id),
        "offerStatus": status,
        "acceptanceStatus": acceptance,
        "decidedAt": iso(row.resolved_at) if row.status in ("accepted", "rejected") else None,
        "latestVersion": {
            "id": uuid_of(row.id, VERSION),
            "startDate": row.starts_on,
            "salary": {"currencyCode": "USD", "value": 90000},
            "createdAt": iso(row.created_at),
            "customFields": [],
            "approvalStatus": "Approved",
        },
    }


def schedule_changed(world: World, row: rows.Interview) -> int:
    cards = world.scorecards.where(application_id=row.application_id)
    return max([row.updated_at, *(card.updated_at for card in cards if card.interview_id in (row.id, None))])


def schedule(world: World, row: rows.Interview) -> Shown:
    """One event each."""
    has_feedback = any(
        card.interview_id == row.id for card in world.scorecards.where(application_id=row.application_id)
    )
    people = [world.users.get(who) for who in row.interviewer_ids]
    event = {
        "id": uuid_of(row.id, EVENT),
        "interviewId": uuid_of(row.stage_id, EVENT),
        "interviewScheduleId": uuid_of(row.id),
        "startTime": iso(row.starts_at),
        "endTime": iso(row.ends_at),
        "interviewerUserIds": [uuid_of(who) for who in row.interviewer_ids],
        "interviewers": [user(world, one) for one in people if one],
        "interview": {"id": uuid_of(row.stage_id, EVENT), "title": row.name, "isDebrief": False},
        "location": row.location or None,
        "hasSubmittedFeedback": has_feedback,
        "createdAt": iso(row.created_at),
        "updatedAt": iso(row.updated_at),
    }
    return {
        "id": uuid_of(row.id),
        "status": "Complete" if has_feedback else SCHEDULES[row.status],
        "applicationId": uuid_of(row.application_id),
        "candidateId": uuid_of(world.applications.get(row.application_id).candidate_id),
        "interviewStageId": uuid_of(row.stage_id),
        "interviewEvents": [event] if row.starts_at else [],
        "createdAt": iso(row.created_at),
        "updatedAt": iso(schedule_changed(world, row)),
    }


def feedback(world: World, row: rows.Scorecard) -> Shown:
    who = world.users.get(row.interviewer_id)
    return {
        "id": uuid_of(row.id),
        "applicationId": uuid_of(row.application_id),
        "interviewId": None,
        "interviewEventId": uuid_of(row.interview_id, EVENT),
        "submittedAt": iso(row.submitted_at),
        "submittedByUser": user(world, who) if who else None,
        "formDefinition": {"sections": []},
        "submittedValues": {"_systemfield_overall_recommendation": RATINGS[row.rating]}
        if row.rating in RATINGS
        else {},
    }


def survey(world: World, row: rows.Eeoc) -> Shown:
    answers = {name: getattr(row, name) for name in ("gender", "race", "veteran_status", "disability_status")}
    return {
        "id": uuid_of(row.id),
        "candidateId": uuid_of(world.applications.get(row.application_id).candidate_id),
        "applicationId": uuid_of(row.application_id),
        "surveyType": "EEOC",
        "submittedAt": iso(row.submitted_at),
        "submittedValues": {f"_systemfield_eeoc_{name}": value for name, value in answers.items()},
    }


def feedback_form(world: World, row: Any) -> Shown:
    return {"id": uuid_of(row.id, EVENT), "title": row.name, "isArchived": False, "formDefinition": {"sections": []}}
