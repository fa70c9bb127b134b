import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from crm.models import IdempotentAnswer, Tenant
from crm.rest.idempotency import forget_old_answers
from crm.tasks import forget_old_api_answers
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, Profile
from tests.api_client import ApiClient, program_of
from tests.conftest import make_member

ADA = {"name": "Ada Okafor", "emails": ["ada@example.org"]}


@pytest.fixture
def program(member):
    return program_of(member)


def test_the_same_post_again_is_answered_as_before_and_not_done_twice(program):
    first, again = program.post("/candidates", ADA, key="one"), program.post("/candidates", ADA, key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Profile.objects.count() == 1


def test_another_key_is_another_request(program):
    program.post("/candidates", ADA, key="one")
    again = program.post("/candidates", ADA, key="two")
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")


def test_the_same_key_with_another_body_conflicts(program):
    program.post("/candidates", ADA, key="one")
    other = program.post("/candidates", ADA | {"name": "Eve"}, key="one")
    assert other.status_code == 409
    assert (
        other.json()["detail"] == "This Idempotency-Key was used for another request. Take a new key for a new request."
    )
    assert list(Candidate.objects.values_list("name", flat=True)) == ["Ada Okafor"]


def test_a_refused_post_leaves_its_key_free(program):
    assert program.post("/candidates", {}, key="one").status_code == 422
    assert program.post("/candidates", ADA, key="one").status_code == 201


def test_keys_of_two_tokens_do_not_meet(program, member):
    program.post("/candidates", ADA, key="one")
    assert program_of(member).post("/candidates", ADA, key="one").json()["outcome"] == "unchanged"


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_key_that_is_none_is_refused(program, key):
    assert program.post("/candidates", ADA, key=key).status_code == 400


def test_a_failure_on_our_side_writes_nothing(program, monkeypatch):
    program.browser.raise_request_exception = False

    def break_down(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("talentpool.api.candidates.shown_people", break_down)
    response = program.post("/candidates", ADA, key="one")
    assert (response.status_code, response.json()["detail"]) == (
        500,
        "A fault of Rapport's, which is in its log. Nothing was changed.",
    )
    assert (Candidate.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)


def test_answers_are_forgotten_after_a_day(program, tenant):
    program.post("/candidates", ADA, key="one")
    assert forget_old_answers() == 0
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    forget_old_api_answers()
    assert IdempotentAnswer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_twins_at_the_same_moment_are_done_once():
    tenant = Tenant.objects.create(name="Acme Health", slug="acme")
    program = program_of(make_member(tenant))
    answers = at_once(8, lambda: ApiClient(program.secret).post("/candidates", ADA, key="one"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.headers.get("Idempotency-Replayed", "first") for answer in answers) == ["first"] + ["true"] * 7
    with tenant_scope(tenant.pk):
        assert (Candidate.objects.count(), Profile.objects.count()) == (1, 1)


def at_once(number, act):
    """Do it in so many threads that start together."""
    gate, answers = threading.Barrier(number), []

    def run():
        gate.wait()
        try:
            answers.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
