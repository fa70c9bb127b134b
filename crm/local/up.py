"""`up`: everything on one machine, under one supervisor, until Ctrl-C."""

import asyncio
import contextlib
import http.client
import os
import re
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from crm.local.account import told_at_death
from crm.local.demo_ats import LOOPBACK, DemoAts, demo_ats
from crm.local.environment import as_owner, forget_foreign_servers, service_environment
from crm.local.home import PROJECT, Home
from crm.local.mail_sink.service import MailSink
from crm.local.opensearch.node import OpenSearch
from crm.local.postgres import Postgres
from crm.local.problem import LocalProblem
from crm.local.program import Program, free_port, port_is_free, socket_folder
from crm.local.supervisor import Supervisor, print_line
from crm.local.valkey import Valkey

MAIL_PAGE_PORT = 8025
INBOUND_DOMAIN = "in.rapport.example"  # mail to it, put into the sink, comes in as it would by a mail server
WEB_THREADS = 4
WORKERS = 2
# On one's own machine that is how it is; what runs in production does not run as root.
CELERY_AS_ROOT = "ignore:You're running the worker with superuser"


@dataclass(frozen=True)
class Up:
    home: Home = field(default_factory=Home)
    port: int = 8000
    opensearch: bool = False
    demo: bool = True

    def run(self) -> int:
        forget_foreign_servers()
        with self.home.held():
            self.home.check_room()
            self.home.secrets()
            self._claim_port()
            try:
                return asyncio.run(self._until_stopped())
            finally:
                self.home.forget_environment()

    def _claim_port(self) -> None:
        """A killed predecessor's web process needs a moment to go."""
        deadline = time.monotonic() + 3
        while not port_is_free(self.port):
            if time.monotonic() > deadline:
                raise LocalProblem(
                    f"Port {self.port} is used by another program: end that, "
                    f"or take another port with `make up PORT={self.port + 1}`."
                )
            time.sleep(0.1)

    async def _until_stopped(self) -> int:
        supervisor = Supervisor()
        stopped = asyncio.Event()
        for wished in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(wished, stopped.set)
        starting = asyncio.create_task(self._start(supervisor))
        waiting = asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait([starting, waiting], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()  # Raises what kept it from starting.
                await waiting
            print("\nStopping.", flush=True)
        finally:
            for task in (starting, waiting):
                task.cancel()
            await asyncio.gather(starting, waiting, return_exceptions=True)
            await supervisor.stop()
        return 0

    async def _start(self, supervisor: Supervisor) -> None:
        var = self.home.var
        sockets = socket_folder(var / "run")
        postgres, valkey = Postgres(var / "postgres", sockets), Valkey(var / "valkey", sockets)
        page_port = MAIL_PAGE_PORT if port_is_free(MAIL_PAGE_PORT) else free_port()
        mail = MailSink(var / "mail", smtp_port=free_port(), http_port=page_port)
        node = OpenSearch(var / "opensearch", free_port()) if self.opensearch else None
        valkey.prepare()
        await asyncio.to_thread(postgres.prepare)
        if node:
            await asyncio.to_thread(node.prepare)
        await supervisor.start(postgres.program(), valkey.program(), *([node.program()] if node else []))
        ats = demo_ats(self.home) if self.demo else None
        environment = {**self._settings(ats), **service_environment(postgres, valkey, mail, node)}
        self.home.remember_environment(environment)
        if not self.home.is_migrated():
            await asyncio.to_thread(postgres.create_database)
            await self._migrate(environment)
        beside = [ats.program(environment["BASE_URL"])] if ats else []
        if ats and self.home.demo() is None:
            await supervisor.start(beside.pop())  # the demo puts some of its people there
        await self._load_demo(environment, ats)
        await supervisor.start(self._web(environment), mail.program(environment), *beside)
        print(self._welcome(mail, ats), flush=True)
        await supervisor.start(*self._background(environment))

    def _settings(self, ats: DemoAts | None = None) -> dict[str, str]:
        return {
            **self.home.secrets(),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "INBOUND_DOMAIN": INBOUND_DOMAIN,
            **({"OUTGOING_ALLOWED_NETWORKS": LOOPBACK} if ats else {}),
            "LOG_FORMAT": "text",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            "STATIC_ROOT": str(self.home.folder("static")),
            "MAIL_JOURNAL_DIR": str(self.home.folder("mail-journal")),
        }

    async def _migrate(self, environment: Mapping[str, str]) -> None:
        print("Bringing the database up to date …", flush=True)
        await manage(["migrate", "--no-input", "--verbosity=0"], as_owner(environment))
        self.home.remember_migrated()

    async def _load_demo(self, environment: Mapping[str, str], ats: DemoAts | None) -> None:
        if not self.demo or self.home.demo() is not None:
            return
        if not any(PROJECT.glob("*/management/commands/load_demo.py")):
            print("This version has no demo organisation to load.", flush=True)
            return
        print("Loading the demo organisation; this first start takes a minute or two …", flush=True)
        self.home.remember_demo(await manage(["load_demo", *(ats.options if ats else [])], environment))

    def _welcome(self, mail: MailSink, ats: DemoAts | None = None) -> str:
        lines = [
            "",
            f"Rapport is ready at http://127.0.0.1:{self.port}",
            *(self.home.demo() or "").strip().splitlines(),
            *([f"Demo ATS (Greenhouse, simulated): {ats.url} – move somebody there and watch it here"] if ats else []),
            f"Sent mail can be read at {mail.page} (nothing leaves this machine)",
            "Ctrl-C stops everything.",
            "",
        ]
        return "\n".join(lines)

    def _web(self, environment: Mapping[str, str]) -> Program:
        options = [
            "--interface=wsgi",
            "--host=127.0.0.1",
            f"--port={self.port}",
            f"--blocking-threads={WEB_THREADS}",
            "--no-ws",
        ]
        return Program(
            name="web",
            command=told_at_death([sys.executable, "-m", "granian", *options, "crm.wsgi:application"], signal.SIGTERM),
            environment=environment,
            is_ready=self._web_is_ready,
            seconds_to_stop=3,
        )

    def _web_is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        return False

    def _background(self, environment: Mapping[str, str]) -> list[Program]:
        celery = [sys.executable, "-W", CELERY_AS_ROOT, "-m", "celery", "--quiet", "--app=crm.celery"]
        commands = {
            "worker": [*celery, "worker", f"--concurrency={WORKERS}", "--without-gossip", "--without-mingle"],
            "beat": [*celery, "beat", f"--schedule={self.home.folder('beat') / 'schedule'}", "--pidfile="],
        }
        return [
            Program(
                name=name,
                # Without Valkey, which goes at the same time, a worker would wait for it for ever; its work is leased.
                command=told_at_death(command, signal.SIGKILL),
                environment=environment,
                # The schedule drops a run that is late by its own period; the next one does its work.
                hidden=re.compile(r"task_revoked .*expired=True"),
                seconds_to_stop=3,
            )
            for name, command in commands.items()
        ]


async def manage(arguments: list[str], environment: Mapping[str, str]) -> str:
    """Run manage.py and return what it printed; what it says beside that is shown as it comes."""
    process = await asyncio.create_subprocess_exec(
        *told_at_death([sys.executable, str(PROJECT / "manage.py"), *arguments], signal.SIGTERM),
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode:
        print_line("manage", said.decode(errors="replace"))
        raise LocalProblem(f"`manage.py {arguments[0]}` failed; what it said is above.")
    return said.decode(errors="replace")
