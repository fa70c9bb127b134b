"""What every test stands on. Run by `make test`, or one file by `python -m crm.local with-services -- pytest FILE`.

Migrations run as the owner of the tables; every test runs as the application's role, which row security holds.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache as cached
from http.client import HTTPException
from urllib.request import urlopen

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.test import Client, TransactionTestCase, override_settings
from pytest_django import DjangoDbBlocker

from crm.celery import app
from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from tests.database import empty_tables, make_test_database
from tests.workers import Worker, until

PASSWORD = "correct horse battery"
LONGEST_NAME = 60

# A slow machine is no fault of what is tried, and a failure of CI should be tried again here.
hypothesis.settings.register_profile("rapport", deadline=None, print_blob=True)
hypothesis.settings.load_profile("rapport")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A search engine that isn't there is a reason to skip on a person's machine, never in CI; a slow one is waited for."""
    if not item.get_closest_marker("opensearch"):
        return
    if not settings.OPENSEARCH_URL:
        sentence = "OpenSearch is missing: `make test` starts one where Maven is (apt-get install maven)."
        pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)
    _wait_for_opensearch(settings.OPENSEARCH_URL)


@cached
def _wait_for_opensearch(url: str) -> None:
    """`make test` begins while it is still starting."""

    def answers() -> bool:
        with suppress(OSError, HTTPException), urlopen(f"{url}/_cluster/health?timeout=1s", timeout=5) as answer:
            return json.load(answer)["status"] in ("yellow", "green")
        return False

    until(answers, seconds=180)


@pytest.hookimpl(trylast=True)  # after those who shuffle and group
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests without a database come first, and those with real transactions next: among both are the longest, and what
    is left for the last seconds are short ones, which both processes share. Nor need the first wait for migrations."""
    items.sort(key=lambda item: "db" in item.fixturenames and "transactional_db" not in item.fixturenames)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file or a message is no name: what is made anew in each process, with its time in it, would not be one test."""
    return argname if isinstance(val, bytes | str) and len(val) > LONGEST_NAME else None


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> None:
    """The real hash takes 0.2 s on purpose, and nearly every test makes a user."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Made by the owner of its tables, used as the application's role. The whole cluster goes after the run."""
    ours = connection.settings_dict
    with django_db_blocker.unblock():
        make_test_database(ours["TEST"]["NAME"])
        connection.close()
        ours |= {"NAME": ours["TEST"]["NAME"], "USER": settings.DATABASE_ROLE}
        yield
        connection.close()


@pytest.fixture(autouse=True, scope="session")
def _valkey_of_its_own(worker_id: str) -> None:
    """Parallel tests share one Valkey, of which each has two databases: emptying a cache or a queue empties a whole one.

    The environment is told, too: Celery believes it more than any setting, and a test's subprocesses inherit it.
    """
    number = 2 + 2 * int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 2
    settings.VALKEY_URL = settings.CACHES["default"]["LOCATION"] = _database(settings.VALKEY_URL, number)
    os.environ["VALKEY_URL"] = settings.VALKEY_URL
    os.environ["CELERY_BROKER_URL"] = _database(settings.CELERY_BROKER_URL, number + 1)
    cache.close()
    del caches["default"]


def _database(url: str, number: int) -> str:
    """The same Valkey's database of that number, whether the address is a socket's or a host's."""
    return re.sub(r"(?<=db=)\d+|(?<=virtual_host=)\d+|(?<=\d/)\d+$", str(number), url)


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying() -> Iterator[None]:
    """Django truncates all tables and makes all permissions anew after each test with real transactions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda case: empty_tables(connection.settings_dict["NAME"])
        )
        yield


@pytest.fixture
def celery_worker(transactional_db: None) -> Iterator[Callable[..., Worker]]:
    """`worker = celery_worker("tests.crm.kinds")` starts a real worker; `.kill()` and `.start()` as a test likes."""
    app.control.purge()
    workers: list[Worker] = []

    def start(*include: str) -> Worker:
        workers.append(Worker(*include).start())
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture(scope="module")
def lasting_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a module's own fixtures make once, after this one, is there for each of its tests, which undo what they do."""
    module = transaction.atomic()
    module._from_testcase = True
    with django_db_blocker.unblock(), module:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def tenant(db: None) -> Iterator[Tenant]:
    """The organisation in whose scope the test runs."""
    tenant = make_tenant()
    with tenant_scope(tenant.pk):
        yield tenant


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    return make_other_tenant()


def make_tenant() -> Tenant:
    return Tenant.objects.create(
        name="Acme Health",
        slug="acme",
        sender_name="Acme",
        sender_email="jobs@acme.example",
        postal_address="1 Main Street, Fresno, CA",
        time_zone="America/Los_Angeles",
    )


def make_other_tenant() -> Tenant:
    return Tenant.objects.create(name="Rival Care", slug="rival")


def make_member(tenant: Tenant, role: Role = Role.OWNER, email: str = "") -> Member:
    """A member of the tenant; its scope must not be the current one."""
    email = email or f"{role}@{tenant.slug}.example"
    with tenant_scope(tenant.pk):
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=email)
        return Member.objects.create(user=user, role=role, name=f"{role.label} of {tenant.name}")


@pytest.fixture
def member(tenant: Tenant) -> Member:
    return make_member(tenant, Role.OWNER)


@pytest.fixture
def other_member(other_tenant: Tenant) -> Member:
    return make_member(other_tenant, Role.OWNER)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def client(member: Member) -> Client:
    """A browser in which the member, an owner, is signed in."""
    return signed_in(member)


@pytest.fixture
def other_client(other_member: Member) -> Client:
    return signed_in(other_member)


@pytest.fixture
def anonymous() -> Client:
    return Client()


@pytest.fixture
def clean_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _engine_of_search(request: pytest.FixtureRequest) -> Iterator[None]:
    """OpenSearch answers in the tests that are marked so, PostgreSQL in all others."""
    marked = request.node.get_closest_marker("opensearch")
    with override_settings(OPENSEARCH_URL=settings.OPENSEARCH_URL if marked else ""):
        yield
