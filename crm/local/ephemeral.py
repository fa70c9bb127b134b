"""`with-services`: run one command with services of its own that leave nothing behind."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from crm.local.environment import forget_foreign_servers, service_environment
from crm.local.mail_sink.service import MailSink
from crm.local.opensearch.node import OpenSearch
from crm.local.postgres import Postgres
from crm.local.problem import LocalProblem
from crm.local.program import free_port, socket_folder
from crm.local.supervisor import Supervisor, keep_quiet
from crm.local.valkey import Valkey

# Fit for tests only, and the same in every run so that what one run stored another can read.
SETTINGS = {
    "SECRET_KEY": "only-for-tests-3b1f6d0c9a7e48f2b5d6e7f8091a2b3c4d5e6f708192a3b4",
    "FIELD_KEYS": "b25seS1mb3ItdGVzdHMtMTIzNDU2Nzg5MDEyMzQ1Njc=",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "BASE_URL": "http://testserver",
}


# Of PostgreSQL's buffers and OpenSearch's heap; a benchmark measures with what `make up` gives.
FOR_TESTS, AS_INSTALLED = ("128MB", "256m"), ("512MB", "512m")


def run_with_services(
    command: Sequence[str], *, opensearch: bool = False, at_once: bool = False, memory: tuple[str, str] = FOR_TESTS
) -> int:
    """The command's exit code; services are stopped and their folder removed whatever happens.

    OpenSearch takes longer to start than all others: `at_once` begins beside it, and the command itself has to wait.
    """
    forget_foreign_servers()
    folder = Path(tempfile.mkdtemp(prefix="rapport-"))
    try:
        return asyncio.run(_run(command, folder, opensearch=opensearch, at_once=at_once, memory=memory))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _run(
    command: Sequence[str], folder: Path, *, opensearch: bool, at_once: bool, memory: tuple[str, str]
) -> int:
    buffers, heap = memory
    sockets = socket_folder(folder / "run")
    postgres = Postgres(folder / "postgres", sockets, lasting=False, buffers=buffers)
    valkey = Valkey(folder / "valkey", sockets, lasting=False)
    mail = MailSink(folder / "mail", free_port(), free_port())
    node = OpenSearch(folder / "opensearch", free_port(), heap=heap, soon=at_once) if opensearch else None
    supervisor = Supervisor(show=keep_quiet, restart=False)
    searching: asyncio.Task[None] | None = None
    try:
        valkey.prepare()
        if node:
            await asyncio.to_thread(node.prepare)
        searching = asyncio.create_task(supervisor.start(*([node.program()] if node else [])))
        await asyncio.gather(
            *([] if at_once else [searching]),
            supervisor.start(valkey.program(), mail.program()),
            asyncio.to_thread(postgres.prepare),
        )
        await supervisor.start(postgres.program())
        await asyncio.to_thread(postgres.create_database)
        settings = {**SETTINGS, "MAIL_JOURNAL_DIR": str(folder / "mail-journal")}
        code = await _foreground(command, {**settings, **service_environment(postgres, valkey, mail, node)})
        if searching.done():
            await searching  # tells why it could not start
        return code
    finally:
        if searching:
            searching.cancel()
        await supervisor.stop()


async def _foreground(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run in the terminal's foreground: Ctrl-C reaches the command itself, and its services outlive its clean-up."""
    try:
        process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment})
    except OSError as error:
        raise LocalProblem(f"{command[0]} can't be run: {error.strerror}.") from error
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    for wished in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(wished, process.send_signal, wished)
    status = await process.wait()
    return 128 - status if status < 0 else status
