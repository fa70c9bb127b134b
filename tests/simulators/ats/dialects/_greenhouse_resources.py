"""The resources of Harvest v3: which rows they show, how, and what they may be filtered by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.ats.dialects import _greenhouse_rows as shapes
from tests.simulators.ats.dialects import _greenhouse_setup as setup
from tests.simulators.ats.dialects._greenhouse_rows import TAG_FACTOR, Shown
from tests.simulators.ats.world import World


@dataclass(frozen=True)
class Resource:
    """`filters` are the query parameters beyond those that all have, and the fields they compare."""

    table: str
    show: Callable[[World, Any], Shown | list[Shown]]
    filters: dict[str, str] = field(default_factory=dict)
    factor: int = 1  # above 1: show answers a list, with ids of parent × factor + n
    dates: tuple[str, ...] = ("created_at", "updated_at")
    hidden: tuple[str, str] = ("", "")  # rows with the second are left out unless the first parameter is true


OF_CANDIDATE = {"candidate_ids": "candidate_id"}
OF_APPLICATION = {"application_ids": "application_id"}
OF_JOB = {"job_ids": "job_id"}
RESOURCES: dict[str, Resource] = {
    "candidates": Resource(
        "candidates", shapes.candidate, {"private": "private", "email": "email_addresses", "tag": "tags"}
    ),
    "candidate_employments": Resource("candidates", shapes.employments, OF_CANDIDATE, 100),
    "candidate_educations": Resource("candidates", shapes.educations, OF_CANDIDATE, 100),
    "candidate_tags": Resource("tags", setup.named),
    "applied_candidate_tags": Resource(
        "candidates", shapes.applied_tags, OF_CANDIDATE | {"candidate_tag_ids": "candidate_tag_id"}, TAG_FACTOR
    ),
    "applications": Resource(
        "applications",
        shapes.application,
        OF_CANDIDATE
        | OF_JOB
        | {"status": "status", "prospect": "prospect", "stage_ids": "stage_id", "source_ids": "source_id"},
        dates=("created_at", "updated_at", "last_activity_at", "rejected_at"),
    ),
    "application_stages": Resource(
        "stage_entries",
        shapes.application_stage,
        OF_APPLICATION | {"job_interview_stage_ids": "job_interview_stage_id", "current": "current"},
        dates=("created_at", "updated_at", "entered_at"),
    ),
    "prospect_details": Resource("applications", shapes.prospect_details, OF_APPLICATION, 100),
    "jobs": Resource(
        "jobs", shapes.job, {"status": "status", "department_id": "department_id", "office_id": "office_ids"}
    ),
    "job_posts": Resource("jobs", shapes.job_posts, OF_JOB | {"active": "active", "live": "live"}, 100),
    "job_interview_stages": Resource("stages", shapes.job_stage, OF_JOB | {"active": "active"}),
    "job_owners": Resource("jobs", setup.job_owners, OF_JOB | {"type": "type"}, 100),
    "job_hiring_managers": Resource("jobs", setup.job_hiring_managers, OF_JOB, 100),
    "rejection_reasons": Resource("reject_reasons", setup.rejection_reason, hidden=("include_defaults", "default")),
    "rejection_details": Resource("rejections", shapes.rejection_detail, OF_APPLICATION),
    "offers": Resource("offers", shapes.offer, OF_APPLICATION | OF_CANDIDATE | OF_JOB | {"status": "status"}),
    "notes": Resource(
        "notes", shapes.note, OF_CANDIDATE | OF_APPLICATION | {"visibility": "visibility", "type": "type"}
    ),
    "attachments": Resource("attachments", shapes.attachment, OF_CANDIDATE | OF_APPLICATION | {"type": "type"}),
    "users": Resource(
        "users", setup.user, {"primary_email": "primary_email"}, hidden=("show_service_accounts", "service")
    ),
    "sources": Resource("sources", setup.source),
    "departments": Resource("departments", setup.department),
    "offices": Resource("offices", setup.office),
    "scorecards": Resource("scorecards", shapes.scorecard, OF_APPLICATION | {"interview_ids": "interview_id"}),
    "interviews": Resource("interviews", shapes.interview, OF_APPLICATION | OF_JOB),
    "interviewers": Resource("interviews", shapes.interviewers, {"interview_ids": "interview_id"}, 100),
    "custom_fields": Resource("custom_fields", setup.custom_field, {"field_type": "field_type"}),
    "custom_field_options": Resource(
        "custom_fields", setup.custom_field_options, {"custom_field_ids": "custom_field_id"}, 100
    ),
    "prospect_pools": Resource("pools", setup.pool),
    "prospect_pool_stages": Resource("pools", setup.pool_stages, {"prospect_pool_ids": "prospect_pool_id"}, 100),
    # No `updated_at` here: a correction after submission is not found by it.
    "eeoc": Resource("eeoc", shapes.eeoc, OF_APPLICATION | OF_CANDIDATE, dates=("created_at", "submitted_at")),
}
