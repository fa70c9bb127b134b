"""Restarts of the services that `with-services` started, in the middle of work."""

import subprocess
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from redis import Redis

from crm.local.postgres import SUPERUSER, Postgres
from crm.local.program import Program
from crm.local.valkey import Valkey
from tests.workers import until


def restart_postgres() -> None:
    """Ends every session; what was not committed is gone, and whoever worked sees its connection break."""
    known = settings.DATABASES["default"]
    sockets = Path(known["HOST"] or known["OPTIONS"]["host"])
    with psycopg.connect(host=str(sockets), port=5432, user=SUPERUSER, dbname="postgres") as asking:
        (folder,) = asking.execute("SHOW data_directory").fetchone() or ("",)
    _start(Postgres(Path(folder).parent, sockets, lasting=False).program())
    connections.close_all()


def restart_valkey() -> None:
    """The queue, the meters and the cache are gone, for tests keep them in memory only."""
    client = Redis.from_url(settings.VALKEY_URL)
    socket = Path(client.connection_pool.connection_kwargs["path"])
    folder = client.config_get("dir")["dir"]
    client.shutdown(nosave=True)
    _start(Valkey(Path(folder), socket.parent, lasting=False).program())


def _start(program: Program) -> None:
    if program.before_start:
        program.before_start()  # ends the one that runs
    subprocess.Popen(program.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(program.is_ready)
