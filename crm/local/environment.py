"""The environment variables by which crm/settings.py finds the one-machine services."""

import os
from collections.abc import Mapping

from crm.local.postgres import APP, OWNER, Postgres
from crm.local.valkey import Valkey

# libpq reads these in every client; a person's own settings must not lead ours to another server.
FOREIGN = (
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGUSER",
    "PGDATABASE",
    "PGSERVICE",
    "PGOPTIONS",
    "PGPASSFILE",
    "PGSSLMODE",
)


def forget_foreign_servers() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)


def service_environment(postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres.url(APP),
        "OWNER_DATABASE_URL": postgres.url(OWNER),
        "VALKEY_URL": valkey.url,
        "CELERY_BROKER_URL": valkey.broker_url,
    }


def as_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """For migrations: the application's own role owns no table."""
    return {**environment, "DATABASE_URL": environment["OWNER_DATABASE_URL"]}
