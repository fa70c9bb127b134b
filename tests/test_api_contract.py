"""The API against its own OpenAPI document: no input makes it fail, and it answers nothing that it does not announce."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from talentpool.actions.pipelines import create_pipeline
from tests.api_client import program_of
from tests.factories.people import make_candidate

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def program(member):
    """With something to find behind the ids."""
    make_candidate()
    create_pipeline(name="Nurses", by=member)
    return program_of(member)


@pytest.fixture
def document(db):
    """Through WSGI, on the test's own connection, which a request's end would close."""
    from crm.wsgi import application  # it asks the database who it is, which no import of a test may

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_to_its_document(case, program):
    case.headers["Authorization"] = f"Bearer {program.secret}"
    case.headers.pop("Idempotency-Key", None)
    case.call_and_validate(checks=CHECKS)
