import json
import logging

import pytest
from django.db import connection
from django.test import override_settings

from crm.middleware import _readiness
from crm.models import Member
from tests.conftest import make_member, signed_in


def test_healthz_answers_without_a_database(anonymous):
    assert anonymous.get("/healthz").json() == {"status": "ok"}


def test_readyz_says_which_part_answers(db, anonymous):
    response = anonymous.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "postgresql": "ok", "valkey": "ok"})


def test_readyz_says_that_valkey_is_away(db, settings, anonymous):
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    response = anonymous.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "postgresql": "ok", "valkey": "does not answer"}


def test_readyz_says_that_postgresql_is_away(db, monkeypatch):
    monkeypatch.setattr("crm.middleware.connection", _Away())
    response = _readiness()
    assert response.status_code == 503
    assert json.loads(response.content)["postgresql"] == "does not answer"


class _Away:
    def cursor(self):
        from django.db import OperationalError

        raise OperationalError("the server closed the connection unexpectedly")


@pytest.mark.parametrize(
    ("token", "header", "status"),
    [("", "Bearer x", 404), ("secret", "", 403), ("secret", "Bearer wrong", 403), ("secret", "Bearer secret", 200)],
)
def test_metrics_are_behind_their_token(db, anonymous, token, header, status):
    with override_settings(METRICS_TOKEN=token):
        assert anonymous.get("/metrics", headers={"authorization": header}).status_code == status


def test_log_lines_carry_tenant_member_and_request(client, tenant, member, caplog):
    with caplog.at_level(logging.INFO):
        client.get("/o/acme/")
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    ended = next(line for line in lines if line["event"] == "request_finished")
    assert len(ended["request_id"]) == 36
    assert (ended["tenant_id"], ended["member_id"], ended["code"]) == (
        tenant.pk,
        member.pk,
        200,
    )


def test_front_door_leads_to_the_only_organisation(client):
    assert client.get("/")["Location"] == "/o/acme/"


def test_front_door_offers_several_organisations(member, other_tenant):
    make_member(other_tenant, email=member.user.email)
    client = signed_in(member)
    page = client.get("/", follow=True).content.decode()
    assert "Acme Health" in page
    assert "Rival Care" in page
    client.get("/o/rival/")
    assert client.get("/")["Location"] == "/o/rival/"


def test_scope_of_a_request_ends_with_it(client, tenant, db):
    client.get("/o/acme/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('crm.tenant_id')")
        assert cursor.fetchone() == (str(tenant.pk),)  # the test's own scope again
    assert Member.objects.count() == 1


def test_unknown_organisation_and_foreign_one_look_the_same(client, other_tenant):
    unknown, foreign = client.get("/o/nobody/"), client.get("/o/rival/")
    assert (unknown.status_code, foreign.status_code) == (404, 404)
    assert unknown.content.decode().replace("nobody", "rival") == foreign.content.decode()
