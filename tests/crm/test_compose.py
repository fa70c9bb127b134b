"""docker-compose.yml can't run in every place where tests do, so what it says is held against the code it names."""

import asyncio
import importlib
import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.core.management import get_commands
from granian.cli import cli as granian_command

from crm.local.home import PROJECT
from crm.local.opensearch.server import VERSION
from crm.local.postgres import APP, OWNER, Postgres, binaries_version, binary
from crm.local.program import socket_folder
from crm.local.supervisor import Supervisor, keep_quiet
from crm.local.up import WEB_THREADS, WORKERS

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "rapport"}
READ = re.compile(r"\benv\.\w+\(\s*\"([A-Z_]+)\"(?:,\s*([^)]*))?\)")


def variables_of_settings() -> dict[str, str]:
    """What settings.py reads, and the default as it is written where it is read first; empty where there is none."""
    return dict(reversed(READ.findall((PROJECT / "crm" / "settings.py").read_text())))


def test_services_are_those_of_make_up():
    assert sorted(SERVICES) == ["beat", "migrate", "opensearch", "postgres", "valkey", "web", "worker"]
    assert sorted(OURS) == ["beat", "migrate", "web", "worker"]


def test_images_are_of_the_versions_that_tests_run_against():
    assert {name: service["image"] for name, service in SERVICES.items() if name not in OURS} == {
        "postgres": f"pgvector/pgvector:pg{binaries_version()}",
        "valkey": "valkey/valkey:9",
        "opensearch": f"opensearchproject/opensearch:{VERSION}",
    }


@pytest.mark.parametrize("name", sorted(OURS))
def test_variables_are_those_that_settings_read(name):
    named, read = set(OURS[name]["environment"]), variables_of_settings()
    assert named - set(read) == set()
    # What has no default, or one that means this machine, must be said where each service is a machine of its own.
    needed = {variable for variable, default in read.items() if not default or "127.0.0.1" in default}
    assert needed - named == set()
    assert {"DATABASE_URL", "SECRET_KEY", "VALKEY_URL", "CELERY_BROKER_URL", "BASE_URL", "SMTP_HOST"} <= needed
    assert {"FIELD_KEYS", "OPENSEARCH_URL", "DEFAULT_FROM_EMAIL"} <= named


def test_the_dockerfile_sets_no_variable_that_nobody_reads():
    dockerfile = (PROJECT / "Dockerfile").read_text()
    named = set(re.findall(r"\b([A-Z][A-Z_]+)=", dockerfile)) - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert named - set(variables_of_settings()) == set()
    assert "requirements.txt" in dockerfile


def test_only_migrate_connects_as_the_owner():
    roles = {
        name: re.match(r"postgresql://(\w+):", service["environment"]["DATABASE_URL"])[1]
        for name, service in OURS.items()
    }
    assert roles == {"migrate": OWNER, "web": APP, "worker": APP, "beat": APP}


def test_only_the_web_is_published_and_only_on_loopback():
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:${PORT:-8000}:8000"]
    }


def test_what_is_asked_of_the_person_is_explained():
    text = (PROJECT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    explained = set(
        re.findall(r"[A-Z]+(?:_[A-Z]+)*", "".join(line for line in text.splitlines() if line.startswith("#")))
    )
    assert asked - explained == set()


def test_web_runs_the_application_as_make_up_does():
    program, *arguments = OURS["web"]["command"]
    assert program == "granian"
    context = granian_command.make_context("granian", list(arguments))
    asked = {name: context.params[name] for name in ("app", "host", "port", "blocking_threads", "websockets")}
    assert asked == {
        "app": "crm.wsgi:application",
        "host": "0.0.0.0",
        "port": 8000,
        "blocking_threads": WEB_THREADS,
        "websockets": False,
    }
    assert context.params["interface"].value == "wsgi"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("worker", {"concurrency": WORKERS}), ("beat", {"schedule": "/tmp/beat-schedule"})],
)
def test_celery_runs_the_project_as_make_up_does(name, wanted):
    program, app, command, *arguments = OURS[name]["command"]
    assert (program, app, command) == ("celery", "--app=crm.celery", name)
    context = celery_command.commands[name].make_context(name, list(arguments), resilient_parsing=True)
    assert {key: context.params[key] for key in wanted} == wanted
    assert importlib.import_module("crm.celery").app.main == "crm"


def test_migrate_is_a_command_and_the_others_wait_for_it():
    assert OURS["migrate"]["command"][:2] == ["python", "manage.py"]
    assert OURS["migrate"]["command"][2] in get_commands()
    waiting = {name for name, service in OURS.items() if "migrate" in service["depends_on"]}
    assert waiting == {"web", "worker", "beat"}


def test_roles_are_those_that_make_up_makes():
    """The very script, run by psql on an empty cluster."""
    passwords = {"OWNER_PASSWORD": "it's", "APP_PASSWORD": "secret"}
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, asyncio.Runner() as runner:
        postgres = Postgres(Path(folder, "postgres"), socket_folder(Path(folder, "run")), lasting=False)
        supervisor = Supervisor(show=keep_quiet, restart=False)
        postgres.prepare()
        runner.run(supervisor.start(postgres.program()))
        subprocess.run(
            [binary("psql"), "-h", postgres.sockets, "-p", "5432", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-q"],
            input=COMPOSE["configs"]["roles"]["content"],
            env={**os.environ, **passwords},
            text=True,
            check=True,
        )
        before = state(postgres)
        postgres.create_database()
        assert state(postgres) == before
        runner.run(supervisor.stop())


def state(postgres: Postgres) -> list[tuple[object, ...]]:
    with postgres.connect() as connection:
        return connection.execute("""
            SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname ~ '^crm'
            UNION ALL SELECT extname, NULL, NULL, NULL, NULL FROM pg_extension
            UNION ALL SELECT pg_get_userbyid(datdba), NULL, NULL, NULL, NULL FROM pg_database WHERE datname = 'crm'
            ORDER BY 1, 2
        """).fetchall()
