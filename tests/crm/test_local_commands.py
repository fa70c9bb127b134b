import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.local.home import PROJECT
from crm.local.program import free_port
from tests.workers import until

LOCAL = [sys.executable, "-m", "crm.local"]
# An ordinary person, who may still read the project where it lies below root's own folder.
ORDINARY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
READING = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
as_root = pytest.mark.skipif(os.getuid() != 0, reason="Only root can become someone else or mount a small disk.")


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="up-") as name:
        yield Path(name) / "var"


def run(*command: str, before: list[str] | None = None, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*(before or []), *LOCAL, *command],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **settings,
    )


def up(var: Path, port: int) -> list[str]:
    return ["--var", str(var), "up", "--no-demo", "--port", str(port)]


def sentences(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    return done.returncode, done.stderr.replace("rapport: ", "").strip()


def processes_of(folder: Path) -> list[str]:
    """Command lines, environments and working folders that name the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            said = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if os.fsencode(folder) in said + os.fsencode((process / "cwd").readlink()):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


class Started:
    """`up` in a process group of its own, as a terminal starts it."""

    def __init__(self, var: Path, port: int) -> None:
        self.port = port
        self.log = var.with_name("log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*LOCAL, *up(var, port)], cwd=PROJECT, stdout=log, stderr=log, stdin=subprocess.DEVNULL, process_group=0
            )

    def said(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        return False

    def press_ctrl_c(self) -> int:
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=20)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def pid_of(started: Started, folder: Path, words: str) -> int:
    """The process of that installation whose command line has these words."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if words in command and os.fsencode(folder) in (process / "environ").read_bytes() + command.encode():
                return int(process.name)
    raise AssertionError(f"No {words} in {started.said()}")


def test_everything_starts_comes_back_and_stops(var):
    """One long walk, because a start takes seconds: first start, two killed servers, Ctrl-C, second start, a killed supervisor."""
    started = Started(var, free_port())
    try:
        until(lambda: "Ctrl-C stops everything." in started.said() or started.process.poll() is not None, seconds=300)
        assert f"Rapport is ready at http://127.0.0.1:{started.port}\n" in started.said()
        page = re.search(r"Sent mail can be read at (\S+)", started.said())[1]
        with urllib.request.urlopen(page) as answer:
            assert "No message yet" in answer.read().decode()
        refused = run(*up(var, free_port()))
        assert sentences(refused) == (
            1,
            f"Rapport already runs from this folder (process {started.process.pid}): "
            "use it, or stop it with Ctrl-C in its terminal.",
        )
        shown = run("--var", str(var), "psql", "--", "-Atc", "SELECT current_user")
        assert (shown.returncode, shown.stdout) == (0, "postgres\n")
        for words in ("granian", f"-D {var}/postgres/cluster"):
            os.kill(pid_of(started, var, words), signal.SIGKILL)
            until(lambda: "was ended by SIGKILL; starting it again" in started.said())
            until(started.is_ready, seconds=60)
        assert started.press_ctrl_c() == 0
        assert processes_of(var) == []
        assert run("--var", str(var), "psql").stderr == (
            "rapport: Rapport isn't running: start it with `make up` in another terminal.\n"
        )

        started = Started(var, started.port)
        until(started.is_ready, seconds=60)
        assert "Bringing the database up to date" not in started.said()
        started.process.kill()  # Nobody is told, and still nothing stays.
        started.process.wait()
        until(lambda: processes_of(var) == [], seconds=20)
    finally:
        started.end()


def test_busy_port_gets_a_sentence(var):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert sentences(run(*up(var, port))) == (
            1,
            f"Port {port} is used by another program: end that, or take another port with `make up PORT={port + 1}`.",
        )


@as_root
def test_full_disk_gets_a_sentence(var):
    var.mkdir()
    mounted = f"mount -t tmpfs -o size=20m none {var} && exec "
    command = mounted + " ".join([*LOCAL, *up(var, free_port())])
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", command], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip("This machine refuses to mount.")
    code, sentence = sentences(done)
    assert (code, re.sub(r"\b(19|20) MB", "few MB", sentence)) == (
        1,
        f"The disk that holds {var} has only few MB left and Rapport needs 400 MB: make room there and start again.",
    )


@as_root
def test_unwritable_folder_gets_a_sentence(var):
    var.mkdir(mode=0o755)
    var.parent.chmod(0o755)
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    done = run(*up(var, free_port()), before=[*ORDINARY, *reading])
    assert sentences(done) == (1, f"{var} can't be written: make it yours, or remove it to start over.")


def test_damaged_secrets_get_a_sentence(var):
    var.mkdir()
    (var / "secrets.json").write_text('{"SECRET_KEY": "ab')
    done = run(*up(var, free_port()))
    assert sentences(done) == (
        1,
        f"{var}/secrets.json can't be read: put your copy of it back, or start over with `make reset`.",
    )


SHOW = """
import json, os, psycopg, redis, urllib.request
ask = lambda url: psycopg.connect(os.environ[url]).execute("SELECT current_user").fetchone()[0]
print(json.dumps({
    "app": ask("DATABASE_URL"), "owner": ask("OWNER_DATABASE_URL"),
    "valkey": redis.Redis.from_url(os.environ["VALKEY_URL"]).ping(),
    "mail": json.load(urllib.request.urlopen(os.environ["MAIL_SINK_HTTP"] + "/api/messages")),
    "folder": os.environ["DATABASE_URL"].partition("host=")[2].partition("/run&")[0], "uid": os.getuid(),
}))
raise SystemExit(7)
"""


@pytest.mark.parametrize(
    "before", [[], pytest.param([*ORDINARY, *READING], marks=as_root)], ids=["as oneself", "as an ordinary person"]
)
def test_services_serve_one_command_and_leave_nothing(before):
    done = run("with-services", "--", sys.executable, "-c", SHOW, before=before)
    shown = json.loads(done.stdout or "{}")
    folder = Path(shown.pop("folder", "?"))
    assert (done.returncode, shown, done.stderr) == (
        7,
        {
            "app": "crm",
            "owner": "crm_owner",
            "valkey": True,
            "mail": {"total": 0, "messages": []},
            "uid": 65534 if before else os.getuid(),
        },
        "",
    )
    assert folder.name.startswith("rapport-")
    assert not folder.exists()
    assert processes_of(folder) == []


@pytest.mark.parametrize(("options", "buffers"), [([], "128MB"), (["--as-installed"], "512MB")])
def test_benchmarks_measure_with_the_memory_of_an_installation(options, buffers):
    show = "import os, psycopg; print(*psycopg.connect(os.environ['DATABASE_URL']).execute('SHOW shared_buffers').fetchone())"
    done = run("with-services", *options, "--", sys.executable, "-c", show)
    assert (done.returncode, done.stdout.strip()) == (0, buffers)


def test_services_go_when_their_command_is_killed():
    done = run("with-services", "--", "sh", "-c", "kill -9 $$")
    assert done.returncode == 128 + signal.SIGKILL


def test_command_that_is_not_there_gets_a_sentence():
    done = run("with-services", "--", "no-such-command")
    assert sentences(done) == (1, "no-such-command can't be run: No such file or directory.")


def test_reset_removes_only_after_a_yes(var):
    (var / "mail").mkdir(parents=True)
    (var / "mail" / "kept").touch()
    for answer in ("", "no\n"):
        done = run("--var", str(var), "reset", input=answer)
        assert (done.returncode, (var / "mail" / "kept").exists()) == (1, True)
    done = run("--var", str(var), "reset", input="yes\n")
    assert (done.returncode, list(var.iterdir())) == (0, [])
