"""The environment variables by which crm/settings.py finds the one-machine services."""

import os
from collections.abc import Mapping

from crm.local.mail_sink.service import MailSink
from crm.local.opensearch.node import OpenSearch
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


def service_environment(
    postgres: Postgres, valkey: Valkey, mail: MailSink, opensearch: OpenSearch | None
) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres.url(APP),
        "OWNER_DATABASE_URL": postgres.url(OWNER),
        "VALKEY_URL": valkey.url,
        "CELERY_BROKER_URL": valkey.broker_url,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail.smtp_port),
        "MAIL_SINK_SMTP": f"127.0.0.1:{mail.smtp_port}",
        "MAIL_SINK_HTTP": mail.page,
        # Empty turns OpenSearch off also where the caller's own environment names one.
        "OPENSEARCH_URL": opensearch.url if opensearch else "",
    }


def as_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """For migrations: the application's own role owns no table."""
    return {**environment, "DATABASE_URL": environment["OWNER_DATABASE_URL"]}
