"""Starts programs, starts them again when they end, and stops them all.

Each program gets a session of its own, so that Ctrl-C in a terminal reaches only the supervisor, which then stops them
in the right order: those that use a service before the service.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable

from crm.local.problem import LocalProblem
from crm.local.program import Program

LINES_KEPT = 30
LONGEST_LINE = 1 << 20
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
STEADY = 20.0  # Seconds after which a program counts as running, and its next end starts from the first pause.


def print_line(name: str, line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(f"{name:<10} | {line}\n")
        sys.stdout.flush()


def keep_quiet(name: str, line: str) -> None:
    """For runs whose own output is what the person wants to see; a program that fails is still quoted."""


class Supervisor:
    def __init__(self, *, show: Callable[[str, str], None] = print_line, restart: bool = True) -> None:
        self._show = show
        self._restart = restart
        self._groups: list[list[_Running]] = []

    async def start(self, *programs: Program) -> None:
        """Start the programs beside each other and return when all are ready; raise LocalProblem if one can't."""
        begun = [_Running(program, self._show) for program in programs]
        self._groups.append(begun)
        results = await asyncio.gather(*(running.start() for running in begun), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        if self._restart:
            for running in begun:
                running.watch()

    async def stop(self) -> None:
        """Stop everything, the last started first."""
        while self._groups:
            await asyncio.gather(*(running.stop() for running in self._groups.pop()))


class _Running:
    def __init__(self, program: Program, show: Callable[[str, str], None]) -> None:
        self.program = program
        self._show = show
        self._said: deque[str] = deque(maxlen=LINES_KEPT)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._spawn()
        deadline = time.monotonic() + self.program.seconds_to_start
        while not await asyncio.to_thread(self.program.is_ready):
            if self._process is None or self._process.returncode is not None:
                raise LocalProblem(await self._why("ended while it started"))
            if time.monotonic() > deadline:
                raise LocalProblem(await self._why(f"was not ready after {self.program.seconds_to_start:.0f} s"))
            await asyncio.sleep(0.03)

    def watch(self) -> None:
        self._watcher = asyncio.create_task(self._keep_alive())

    async def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self.program.stop_signal)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self.program.seconds_to_stop)
        _kill_group(process.pid)
        await process.wait()
        await self._read_to_end()

    async def _spawn(self) -> None:
        await asyncio.to_thread(self.program.before_start)
        # A pipe of our own: with asyncio's, waiting for the program would wait for its children too.
        reading, writing = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                cwd=self.program.folder,
                env={**os.environ, **self.program.environment},
                start_new_session=True,
            )
        except FileNotFoundError as error:
            os.close(reading)
            raise LocalProblem(f"{error.filename} is not installed, and {self.program.name} needs it.") from error
        finally:
            os.close(writing)
        self._reader = asyncio.create_task(self._read(reading))

    async def _read(self, reading: int) -> None:
        lines = asyncio.StreamReader(limit=LONGEST_LINE)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(reading, "rb")
        )
        with contextlib.closing(transport):
            await self._show_lines(lines)

    async def _show_lines(self, lines: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await lines.readline()
            except ValueError:  # A line longer than the buffer: it was dropped.
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            self._said.append(text)
            if not (self.program.hidden and self.program.hidden.search(text)):
                self._show(self.program.name, text)

    async def _read_to_end(self) -> None:
        """A grandchild that was let go may hold the pipe open, so wait for the rest of the output, but not long."""
        if self._reader is not None:
            await asyncio.wait([self._reader], timeout=0.5)
            self._reader.cancel()

    async def _keep_alive(self) -> None:
        pause = FIRST_PAUSE
        while True:
            assert self._process is not None
            begun = time.monotonic()
            status = await self._process.wait()
            _kill_group(self._process.pid)
            if time.monotonic() - begun > STEADY:
                pause = FIRST_PAUSE
            self._show(self.program.name, f"{_how_it_ended(status)}; starting it again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                await self._spawn()
            except LocalProblem as problem:
                self._show(self.program.name, str(problem))

    async def _why(self, what: str) -> str:
        await self._read_to_end()
        said = "\n".join(self._said)
        last = self._said[-1] if self._said else "it said nothing"
        return self.program.explain(said) or f"{self.program.name} {what}; the last it said: {last}"


def _kill_group(pid: int) -> None:
    """What is left of the program's session: a program that was killed can't end its children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _how_it_ended(status: int) -> str:
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with code {status}"
