"""Real Celery workers for tests: subprocesses on the test database that can be killed and started again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def until(reached: Callable[[], object], *, seconds: float = 30.0) -> object:
    """Wait for something that another process brings about; fail when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := reached():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"Not reached within {seconds} s.")


class Worker:
    """One worker process with one child. `include` names modules it loads beside the project's own tasks."""

    def __init__(self, *include: str, beat: bool = False, **environment: str) -> None:
        self.include = include
        self.beat = beat
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Worker":
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "crm",
            "-q",
            "worker",
            "-c",
            "1",
            "--pool",
            "prefork",
            "-l",
            "WARNING",
        ]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        if self.beat:
            command += ["-B", "-s", str(Path(tempfile.mkdtemp(prefix="beat-")) / "schedule")]
        command += [word for module in self.include for word in ("-I", module)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment() | self.environment, start_new_session=True
        )
        return self

    def kill(self) -> None:
        """SIGKILL to the worker and its child: nothing can be tidied up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.kill()


def environment() -> dict[str, str]:
    """What a process needs to work on this test's own database; its Valkey is in the environment already."""
    database = connection.settings_dict
    options = f"host={database['HOST'] or database['OPTIONS'].get('host', '')}&port={database['PORT'] or 5432}"
    return {
        "DATABASE_URL": f"postgresql://{settings.DATABASE_ROLE}@/{database['NAME']}?{options}",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "OPENSEARCH_URL": settings.OPENSEARCH_URL,  # PostgreSQL searches in most tests
    }
