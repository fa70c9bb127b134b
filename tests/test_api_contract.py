"""The API against its own OpenAPI document: no input makes it fail, and it answers nothing that it does not announce."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from talentpool.actions.pipelines import create_pipeline
from tests.api_client import program_of
from tests.factories.people import make_candidate

EXAMPLES = 10
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [
    "DELETE /api/v1/candidates/{candidate_id}/tags/{tag_id}",
    "DELETE /api/v1/candidates/{candidate_id}/watchers/{member_id}",
    "DELETE /api/v1/drops/{drop_id}",
    "DELETE /api/v1/job-families/{family_id}",
    "DELETE /api/v1/pipelines/{pipeline_id}/guests/{guest_id}",
    "DELETE /api/v1/saved-columns/{columns_id}",
    "DELETE /api/v1/segments/{segment_id}",
    "DELETE /api/v1/segments/{segment_id}/schedules/{schedule_id}",
    "DELETE /api/v1/tags/{tag_id}",
    "GET /api/v1/agencies",
    "GET /api/v1/agencies/{agency_id}",
    "GET /api/v1/agencies/{agency_id}/submissions",
    "GET /api/v1/ats/conflicts",
    "GET /api/v1/ats/connections",
    "GET /api/v1/ats/connections/{connection_id}",
    "GET /api/v1/ats/connections/{connection_id}/jobs",
    "GET /api/v1/ats/connections/{connection_id}/removal",
    "GET /api/v1/ats/connections/{connection_id}/rights",
    "GET /api/v1/ats/connections/{connection_id}/stayed",
    "GET /api/v1/ats/connections/{connection_id}/words",
    "GET /api/v1/ats/pushes",
    "GET /api/v1/ats/pushes/{push_id}",
    "GET /api/v1/candidates",
    "GET /api/v1/candidates/search",
    "GET /api/v1/candidates/{candidate_id}",
    "GET /api/v1/candidates/{candidate_id}/alike",
    "GET /api/v1/candidates/{candidate_id}/ats-records",
    "GET /api/v1/candidates/{candidate_id}/colleagues",
    "GET /api/v1/candidates/{candidate_id}/conversations",
    "GET /api/v1/candidates/{candidate_id}/history",
    "GET /api/v1/candidates/{candidate_id}/notes",
    "GET /api/v1/candidates/{candidate_id}/relationship",
    "GET /api/v1/candidates/{candidate_id}/watchers",
    "GET /api/v1/candidates/{candidate_id}/why-not",
    "GET /api/v1/custom-fields",
    "GET /api/v1/drops",
    "GET /api/v1/drops/{drop_id}",
    "GET /api/v1/drops/{drop_id}/files",
    "GET /api/v1/imports",
    "GET /api/v1/imports/{import_id}",
    "GET /api/v1/imports/{import_id}/rows",
    "GET /api/v1/imports/{import_id}/stayed",
    "GET /api/v1/imports/{import_id}/undo",
    "GET /api/v1/job-families",
    "GET /api/v1/jobs",
    "GET /api/v1/jobs/{job_id}",
    "GET /api/v1/jobs/{job_id}/people",
    "GET /api/v1/mail",
    "GET /api/v1/mail/{mail_id}",
    "GET /api/v1/match-pairs",
    "GET /api/v1/matching",
    "GET /api/v1/members",
    "GET /api/v1/mentions",
    "GET /api/v1/merges/{merge_id}",
    "GET /api/v1/move-outs",
    "GET /api/v1/move-outs/{archive_id}",
    "GET /api/v1/move-outs/{archive_id}/file",
    "GET /api/v1/pipelines",
    "GET /api/v1/pipelines/setting",
    "GET /api/v1/pipelines/{pipeline_id}",
    "GET /api/v1/pipelines/{pipeline_id}/entries",
    "GET /api/v1/pipelines/{pipeline_id}/entries/{entry_id}/comments",
    "GET /api/v1/pipelines/{pipeline_id}/figures",
    "GET /api/v1/pipelines/{pipeline_id}/guests",
    "GET /api/v1/reports/hiring",
    "GET /api/v1/reports/hiring/applications",
    "GET /api/v1/rules",
    "GET /api/v1/saved-columns",
    "GET /api/v1/searches",
    "GET /api/v1/searches/{search_id}",
    "GET /api/v1/segments",
    "GET /api/v1/segments/{segment_id}",
    "GET /api/v1/segments/{segment_id}/members",
    "GET /api/v1/segments/{segment_id}/schedules",
    "GET /api/v1/segments/{segment_id}/schedules/{schedule_id}",
    "GET /api/v1/segments/{segment_id}/schedules/{schedule_id}/runs",
    "GET /api/v1/status-messages",
    "GET /api/v1/status-messages/rules",
    "GET /api/v1/status-messages/rules/preview",
    "GET /api/v1/tags",
    "GET /api/v1/tasks",
    "GET /api/v1/tasks/{task_id}",
    "PATCH /api/v1/candidates/{candidate_id}",
    "PATCH /api/v1/candidates/{candidate_id}/notes/{note_id}",
    "PATCH /api/v1/custom-fields/{field_id}",
    "PATCH /api/v1/job-families/{family_id}",
    "PATCH /api/v1/jobs/{job_id}",
    "PATCH /api/v1/matching",
    "PATCH /api/v1/pipelines/{pipeline_id}",
    "PATCH /api/v1/pipelines/{pipeline_id}/entries/{entry_id}",
    "PATCH /api/v1/tags/{tag_id}",
    "PATCH /api/v1/tasks/{task_id}",
    "POST /api/v1/ats/conflicts/{conflict_id}/settle",
    "POST /api/v1/ats/connections/{connection_id}/end",
    "POST /api/v1/ats/connections/{connection_id}/remove",
    "POST /api/v1/ats/connections/{connection_id}/webhooks",
    "POST /api/v1/ats/connections/{connection_id}/words",
    "POST /api/v1/ats/people",
    "POST /api/v1/ats/pushes",
    "POST /api/v1/ats/pushes/{push_id}/cancel",
    "POST /api/v1/ats/pushes/{push_id}/retry",
    "POST /api/v1/candidates",
    "POST /api/v1/candidates/{candidate_id}/notes",
    "POST /api/v1/candidates/{candidate_id}/tags",
    "POST /api/v1/candidates/{candidate_id}/watchers",
    "POST /api/v1/clips",
    "POST /api/v1/clips/read",
    "POST /api/v1/custom-fields",
    "POST /api/v1/custom-fields/{field_id}/archive",
    "POST /api/v1/custom-fields/{field_id}/restore",
    "POST /api/v1/drops",
    "POST /api/v1/drops/{drop_id}/approve-key",
    "POST /api/v1/drops/{drop_id}/look",
    "POST /api/v1/imports",
    "POST /api/v1/imports/{import_id}/bring-in",
    "POST /api/v1/imports/{import_id}/cancel",
    "POST /api/v1/imports/{import_id}/columns",
    "POST /api/v1/imports/{import_id}/encoding",
    "POST /api/v1/imports/{import_id}/undo",
    "POST /api/v1/job-families",
    "POST /api/v1/mail",
    "POST /api/v1/mail/{mail_id}/accept",
    "POST /api/v1/mail/{mail_id}/discard",
    "POST /api/v1/match-pairs/{pair_id}/answer",
    "POST /api/v1/merges",
    "POST /api/v1/merges/{merge_id}/undo",
    "POST /api/v1/move-outs",
    "POST /api/v1/pipelines",
    "POST /api/v1/pipelines/{pipeline_id}/archive",
    "POST /api/v1/pipelines/{pipeline_id}/copy",
    "POST /api/v1/pipelines/{pipeline_id}/entries",
    "POST /api/v1/pipelines/{pipeline_id}/entries/{entry_id}/comments",
    "POST /api/v1/pipelines/{pipeline_id}/entries/{entry_id}/move",
    "POST /api/v1/pipelines/{pipeline_id}/guests",
    "POST /api/v1/pipelines/{pipeline_id}/merge",
    "POST /api/v1/pipelines/{pipeline_id}/restore",
    "POST /api/v1/saved-columns/{columns_id}/rename",
    "POST /api/v1/segments",
    "POST /api/v1/segments/{segment_id}/schedules",
    "POST /api/v1/segments/{segment_id}/schedules/{schedule_id}/pause",
    "POST /api/v1/segments/{segment_id}/schedules/{schedule_id}/resume",
    "POST /api/v1/status-messages/rules/test",
    "POST /api/v1/status-messages/{message_id}/cancel",
    "POST /api/v1/tags/{tag_id}/merge",
    "POST /api/v1/tasks",
    "POST /api/v1/tasks/{task_id}/done",
    "POST /api/v1/tasks/{task_id}/reopen",
    "PUT /api/v1/ats/connections/{connection_id}/rights",
    "PUT /api/v1/pipelines/setting",
    "PUT /api/v1/pipelines/{pipeline_id}/stages",
    "PUT /api/v1/rules",
    "PUT /api/v1/status-messages/rules",
]


@pytest.fixture
def program(member):
    """With something to find behind the ids."""
    make_candidate()
    create_pipeline(name="Nurses", by=member)
    return program_of(member)


@pytest.fixture(scope="module")
def document(lasting_rows):
    """Through WSGI, on the test's own connection, which a request's end would close."""
    from crm.wsgi import application  # it asks the database who it is, which no import of a test may

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def operations(document):
    found = [each.ok() for each in document.get_all_operations()]
    return {f"{each.method.upper()} {each.path}": each for each in found}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_api_keeps_to_its_document(operations, program, operation):
    tried = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[operation].as_strategy())
    def check(case):
        nonlocal tried
        tried += 1
        case.headers["Authorization"] = f"Bearer {program.secret}"
        case.headers.pop("Idempotency-Key", None)
        case.call_and_validate(checks=CHECKS)

    check()
    assert tried >= 2


def test_the_document_names_every_operation(operations):
    assert sorted(operations) == OPERATIONS
