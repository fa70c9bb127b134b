from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm.actions.members import remove_member
from crm.actions.tokens import revoke_token
from crm.models import ApiToken, AuditEntry, Role
from crm.models.api_token import Scope
from tests.api_client import ApiClient, program_of
from tests.conftest import make_member
from tests.factories.people import make_candidate


@pytest.fixture
def program(member):
    return program_of(member)


def said(response):
    """Status and sentence of a problem, which has its media type and its form."""
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["type"]) == (response.status_code, "about:blank")
    return body["status"], body["detail"]


def test_a_token_opens_the_door(program):
    assert program.get("/candidates").status_code == 200


def test_without_a_token_nothing_opens(tenant):
    response = ApiClient().get("/candidates")
    assert said(response)[0] == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "secret",
    ["x", "rap_1_short", "rap_0_aaaaaaaaaaaaaaaaaaaaaaaa", f"rap_{10**17}_" + "a" * 40, "rap_x_" + "a" * 40, "é" * 30],
)
def test_a_made_up_token_opens_nothing(tenant, secret):
    assert said(ApiClient(secret).get("/candidates")) == (401, "This token is unknown, has ended or was revoked.")


def test_a_token_of_one_organisation_says_nothing_with_anothers_number(program, other_tenant, tenant):
    moved = program.secret.replace(f"rap_{tenant.pk}_", f"rap_{other_tenant.pk}_")
    assert moved != program.secret
    assert said(ApiClient(moved).get("/candidates"))[0] == 401


def test_a_revoked_token_is_refused_at_once(program, member):
    revoke_token(ApiToken.objects.get(), by=member)
    assert said(program.get("/candidates"))[0] == 401


def test_a_token_ends_when_it_was_told_to(program):
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert program.get("/candidates").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert said(program.get("/candidates"))[0] == 401


def test_a_token_ends_with_its_members_membership(tenant, member):
    leaver = make_member(tenant, Role.RECRUITER)
    program = program_of(leaver)
    remove_member(leaver, by=member)
    assert said(program.get("/candidates"))[0] == 401


def test_a_session_opens_nothing(client, tenant):
    assert client.get("/api/v1/candidates").status_code == 401


def test_scopes_bound_a_token(member):
    reader = program_of(member, Scope.READ_CANDIDATES)
    assert reader.get("/candidates").status_code == 200
    assert said(reader.post("/candidates", {"name": "Ada"})) == (403, "This token lacks the scope “candidates:write”.")


def test_a_token_may_no_more_than_its_members_role(tenant):
    program = program_of(make_member(tenant, Role.VIEWER))
    assert program.get("/candidates").status_code == 200
    assert said(program.post("/candidates", {"name": "Ada"})) == (403, "Your role here, Viewer, does not include this.")


def test_the_use_of_a_token_is_noted(program):
    program.get("/candidates")
    assert ApiToken.objects.get().last_used_at > timezone.now() - timedelta(minutes=1)


def test_audit_entries_name_the_token(program):
    program.post("/candidates", {"name": "Ada", "source": "Our site"})
    entry = AuditEntry.objects.get(verb="source.created")
    assert entry.via.startswith("api: test program …")


def test_answers_tell_the_limit(program, settings, clean_cache):
    settings.API_REQUESTS_PER_MINUTE = 2
    with time_machine.travel("2026-03-04T12:00:15Z", tick=False):
        ApiToken.objects.update(expires_at=None)
        left = [program.get("/candidates").headers["RateLimit-Remaining"] for _ in range(2)]
        refused = program.get("/candidates")
    assert left == ["1", "0"]
    assert said(refused) == (429, "More than 2 requests in a minute. Wait 45 s.")
    assert {name: refused.headers[name] for name in ("Retry-After", "RateLimit-Limit", "RateLimit-Reset")} == {
        "Retry-After": "45",
        "RateLimit-Limit": "2",
        "RateLimit-Reset": "45",
    }


def test_tokens_are_counted_apart(member, settings, clean_cache):
    settings.API_REQUESTS_PER_MINUTE = 1
    first, second = program_of(member), program_of(member)
    with time_machine.travel("2026-03-04T12:00:15Z", tick=False):
        assert [first.get("/candidates").status_code, second.get("/candidates").status_code] == [200, 200]


def test_without_valkey_nobody_is_refused(program, settings):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///tmp/no-such-valkey.sock"}
    }
    assert program.get("/candidates").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/candidates/999999", 404),
        ("DELETE", "/candidates", 405),
        ("POST", "/candidates", 400),
        ("GET", "/candidates/x", 422),
        ("GET", "/candidates?limit=0", 422),
        ("GET", "/candidates?cursor=nonsense", 422),
    ],
)
def test_every_error_is_a_problem_with_a_sentence(program, method, path, status):
    response = program.send(method, path, "{" if status == 400 else None)
    assert said(response)[0] == status
    assert said(response)[1].endswith(".")


def test_problems_name_the_fields(program):
    body = program.post("/candidates", {"name": "Ada", "emails": [1], "country": "usa"}).json()
    assert [each["field"] for each in body["errors"]] == ["emails.0", "country"]


def test_the_openapi_document_is_public(db):
    document = ApiClient().get("/openapi.json").json()
    assert document["info"]["title"] == "Rapport"
    assert "/api/v1/candidates" in document["paths"]


def test_openapi_tells_of_problems_and_idempotency(db):
    create = ApiClient().get("/openapi.json").json()["paths"]["/api/v1/candidates"]["post"]
    assert {"401", "403", "409", "422", "429"} <= set(create["responses"])
    assert "Idempotency-Key" in [each["name"] for each in create["parameters"]]


def test_pages_stay_in_step_while_rows_come_and_change(program):
    first = [make_candidate() for _ in range(5)]
    page = program.get("/candidates", limit=2).json()
    seen = [each["id"] for each in page["items"]]
    late = make_candidate()
    first[0].save()  # changed: it is not shown again
    while page["next_cursor"]:
        page = program.get("/candidates", limit=2, cursor=page["next_cursor"]).json()
        seen += [each["id"] for each in page["items"]]
    assert seen == [person.pk for person in [*first, late]]
