import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm.local.account import told_at_death
from crm.local.problem import LocalProblem
from crm.local.program import Program
from crm.local.supervisor import Supervisor
from tests.workers import until


class Stage:
    """A supervisor on a loop of its own, and what it showed."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self.runner = runner
        self.shown: list[tuple[str, str]] = []
        self.supervisor = Supervisor(show=lambda name, line: self.shown.append((name, line)))

    def start(self, *programs: Program) -> None:
        self.runner.run(self.supervisor.start(*programs))

    def stop(self) -> None:
        self.runner.run(self.supervisor.stop())

    def until(self, reached: Callable[[], object], seconds: float = 20) -> None:
        async def wait() -> None:
            deadline = time.monotonic() + seconds
            while not reached():
                assert time.monotonic() < deadline, self.shown
                await asyncio.sleep(0.02)

        self.runner.run(wait())


@pytest.fixture
def stage() -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        stage = Stage(runner)
        yield stage
        stage.stop()


def shell(script: str, name: str = "thing", **settings: object) -> Program:
    return Program(name=name, command=["sh", "-c", script], **settings)


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_program_that_ends_is_started_again_after_a_growing_pause(stage, tmp_path):
    counted = tmp_path / "starts"
    stage.start(shell(f"echo x >> {counted}; exit 3"))
    stage.until(lambda: counted.exists() and counted.read_text().count("x") >= 3)
    assert stage.shown[:2] == [
        ("thing", "ended with code 3; starting it again in 0.2 s"),
        ("thing", "ended with code 3; starting it again in 0.4 s"),
    ]


def test_killed_programs_children_do_not_outlive_it(stage, tmp_path):
    child = tmp_path / "child"
    stage.start(
        shell(f"sleep 600 & echo $! > {child}.part; mv {child}.part {child}; exec sleep 601", is_ready=child.exists)
    )
    first = int(child.read_text())
    parent = int(Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(parent, signal.SIGKILL)
    stage.until(lambda: not is_alive(first))
    assert not is_alive(first)


def test_stop_reaches_programs_that_do_not_listen(stage, tmp_path):
    pid = tmp_path / "pid"
    script = f"trap '' TERM INT; echo $$ > {pid}.part; mv {pid}.part {pid}; while :; do sleep 0.1; done"
    stage.start(shell(script, is_ready=pid.exists, seconds_to_stop=0.3))
    stage.stop()
    assert not is_alive(int(pid.read_text()))


def test_what_was_started_last_stops_first(stage, tmp_path):
    log = tmp_path / "log"
    for name in ("service", "user"):
        ready = tmp_path / name
        script = f"trap 'echo {name} >> {log}; exit' TERM; touch {ready}; while :; do sleep 0.02; done"
        stage.start(shell(script, name, is_ready=ready.exists))
    stage.stop()
    assert log.read_text().split() == ["user", "service"]


def test_program_that_ends_while_starting_is_quoted(stage):
    with pytest.raises(LocalProblem) as problem:
        stage.start(shell("echo one; echo two >&2; exit 1", is_ready=lambda: False))
    assert str(problem.value) == "thing ended while it started; the last it said: two"


def test_program_that_knows_its_trouble_explains_it(stage):
    program = shell("echo No space left; exit 1", is_ready=lambda: False, explain=lambda said: f"Full: {said}.")
    with pytest.raises(LocalProblem) as problem:
        stage.start(program)
    assert str(problem.value) == "Full: No space left."


def test_program_that_never_gets_ready_is_given_up(stage):
    with pytest.raises(LocalProblem, match=r"^thing was not ready after 0 s; the last it said: hello$"):
        stage.start(shell("echo hello; exec sleep 600", is_ready=lambda: False, seconds_to_start=0.3))


def test_missing_program_is_named(stage):
    with pytest.raises(LocalProblem, match=r"^no-such-program is not installed, and thing needs it\.$"):
        stage.start(Program(name="thing", command=["no-such-program"]))


def test_program_hears_of_its_starters_death(tmp_path):
    pid = tmp_path / "pid"
    inner = told_at_death(["sh", "-c", f"echo $$ > {pid}.part; mv {pid}.part {pid}; exec sleep 600"], signal.SIGTERM)
    starter = subprocess.Popen([sys.executable, "-c", f"import subprocess; subprocess.run({inner!r})"])
    until(pid.exists)
    starter.kill()
    starter.wait()
    until(lambda: not is_alive(int(pid.read_text())))
    assert not is_alive(int(pid.read_text()))
