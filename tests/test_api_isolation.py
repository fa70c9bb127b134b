"""Every operation of the API with another organisation's ids: 404 at each, and not a row of theirs changed."""

import re

import pytest

from crm.api import api
from crm.models import ApiToken, Member
from crm.tenancy.scope import tenant_scope
from tests.api_client import ApiClient, program_of
from tests.factories.everything import OURS, THEIRS, make_two_organisations, snapshot

# What a body must hold to be read at all; ids in it are the tenant's whose turn it is.
BODIES = {
    "PATCH /api/v1/candidates/{candidate_id}": {"headline": "Taken"},
    "POST /api/v1/candidates/{candidate_id}/notes": {"text": "Called"},
    "PATCH /api/v1/candidates/{candidate_id}/notes/{note_id}": {"text": "Met"},
    "POST /api/v1/candidates/{candidate_id}/watchers": {},
    "POST /api/v1/candidates/{candidate_id}/tags": {"name": "ICU"},
    "PATCH /api/v1/tags/{tag_id}": {"colour": "red"},
    "PATCH /api/v1/job-families/{family_id}": {"name": "Nursing"},
    "PATCH /api/v1/jobs/{job_id}": {"family_id": None},
    "PATCH /api/v1/custom-fields/{field_id}": {"label": "Size of shoes"},
    "POST /api/v1/tags/{tag_id}/merge": {"into": 1},
    "PATCH /api/v1/tasks/{task_id}": {"text": "Call"},
    "POST /api/v1/imports/{import_id}/encoding": {"encoding": "utf-8"},
    "POST /api/v1/imports/{import_id}/columns": {"columns": []},
    "POST /api/v1/mail/{mail_id}/accept": {"as_whom": "sender"},
    "POST /api/v1/merges/{merge_id}/undo": {},
    "POST /api/v1/match-pairs/{pair_id}/answer": {"answer": "later"},
    "POST /api/v1/drops/{drop_id}/approve-key": {"key": "ssh-ed25519 AAAA"},
    "POST /api/v1/saved-columns/{columns_id}/rename": {"name": "Weekly"},
    "POST /api/v1/ats/connections/{connection_id}/end": {"what_came": "keep"},
    "PUT /api/v1/ats/connections/{connection_id}/rights": {"groups": {"place": "ask"}},
    "POST /api/v1/ats/connections/{connection_id}/words": {"meanings": [{"id": 1, "maps_to": ""}]},
    "POST /api/v1/ats/conflicts/{conflict_id}/settle": {"side": "ours"},
    "POST /api/v1/pipelines/{pipeline_id}/entries": {"candidate_ids": [1]},
    "PATCH /api/v1/pipelines/{pipeline_id}": {"name": "Theirs"},
    "PUT /api/v1/pipelines/{pipeline_id}/stages": {"stages": [{"name": "Found"}]},
    "POST /api/v1/pipelines/{pipeline_id}/copy": {"name": "Again"},
    "POST /api/v1/pipelines/{pipeline_id}/merge": {"into_id": 1, "stages": {}},
    "POST /api/v1/pipelines/{pipeline_id}/guests": {"name": "Kim", "email": "kim@example.org"},
    "PATCH /api/v1/pipelines/{pipeline_id}/entries/{entry_id}": {"due_on": None},
    "POST /api/v1/pipelines/{pipeline_id}/entries/{entry_id}/comments": {"text": "Call"},
    "POST /api/v1/segments/{segment_id}/schedules": {"every": "day"},
    "POST /api/v1/pipelines/{pipeline_id}/entries/{entry_id}/move": {"stage_id": 1, "version": 1},
}
OPERATIONS = [
    f"{method.upper()} {path}" for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
]
WITH_ID = [operation for operation in OPERATIONS if "{" in operation]


@pytest.fixture(scope="module")
def two(lasting_rows):
    return make_two_organisations()


@pytest.fixture
def both(two, db):
    with tenant_scope(two[0].pk):
        yield


@pytest.fixture(scope="module")
def untouched(two):
    return snapshot(two[1])


def ask(program, operation, pk):
    method, path = re.sub(r"{\w+}", str(pk), operation).split(" ")
    body = BODIES.get(operation)
    if body and "stage_id" in body:
        body = body | {"stage_id": pk}
    return program.send(method, path.removeprefix("/api/v1"), body)


def test_the_api_has_operations_with_ids():
    assert len(WITH_ID) >= 11


@pytest.mark.parametrize("operation", WITH_ID)
def test_ids_of_another_organisation_are_not_found(both, two, untouched, operation):
    program = program_of(Member.objects.get(pk=OURS))
    assert ask(program, operation, THEIRS).status_code == 404
    assert snapshot(two[1]) == untouched


@pytest.mark.parametrize("operation", WITH_ID)
def test_our_own_ids_are_found(both, operation):
    """The proof that the test above is refused for the organisation, and not for want of a row or a body."""
    program = program_of(Member.objects.get(pk=OURS))
    assert ask(program, operation, OURS).status_code in (200, 201, 204, 422)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_asks_for_a_token(both, operation):
    assert ask(ApiClient(), operation, OURS).status_code == 401


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_token_without_scopes_may_nothing(both, operation):
    program = program_of(Member.objects.get(pk=OURS))
    ApiToken.objects.exclude(pk=OURS).update(scopes=[])
    assert ask(program, operation, OURS).status_code in (403, 422)
