"""Keeps one reading process beside each process that asks, and replaces it when a file kills it, hangs it or makes it
fat.

Started with an empty environment and answered in JSON, so that a file which takes it over finds no secret there and can
send back nothing but text.
"""

import atexit
import contextlib
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from talentpool.resumes.outcome import ParsedResume, ResumeError, Unreadable

MAX_BYTES = 20 * 1024 * 1024
WALL_SECONDS = 15.0
CPU_SECONDS = 8
MOST_PAGES = 30  # of a PDF
_START_SECONDS = 30.0  # the first answer waits for the imports, on a busy machine too
_FATTEST_KB = 400_000
_MOST_DOCUMENTS = 500
_ANSWER = struct.Struct("!II")
_ROOT = Path(__file__).resolve().parents[2]


class _Reader:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "talentpool.resumes.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            bufsize=0,
            start_new_session=True,
        )
        self._read = 0

    def ask(self, data: bytes, wall_seconds: float, **request: Any) -> dict[str, Any]:
        deadline = time.monotonic() + (wall_seconds if self._read else max(wall_seconds, _START_SECONDS))
        asked = json.dumps(request).encode()
        self._send(_ANSWER.pack(len(asked), len(data)) + asked + data, deadline)
        size, fatness = _ANSWER.unpack(self._receive(_ANSWER.size, deadline))
        answer: dict[str, Any] = json.loads(self._receive(size, deadline))
        self._read += 1
        if fatness > _FATTEST_KB or self._read >= _MOST_DOCUMENTS:
            self.stop()
        return answer

    def _send(self, content: bytes, deadline: float) -> None:
        stream = self._process.stdin
        assert stream is not None
        os.set_blocking(stream.fileno(), False)
        rest = memoryview(content)
        while rest:
            _, ready, _ = select.select([], [stream], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            rest = rest[stream.write(rest) or 0 :]

    def _receive(self, count: int, deadline: float) -> bytes:
        stream = self._process.stdout
        assert stream is not None
        content = bytearray()
        while len(content) < count:
            ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            piece = stream.read(min(count - len(content), 1 << 16))
            if not piece:
                raise EOFError
            content += piece
        return bytes(content)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class _Desk:
    """The one reader of this process, one document at a time. After a fork the child starts its own."""

    def __init__(self) -> None:
        self.forget()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        self._lock = threading.Lock()
        self._reader: _Reader | None = None

    def ask(self, data: bytes, wall_seconds: float, **request: Any) -> dict[str, Any]:
        with self._lock:
            if self._reader is not None and not self._reader.alive:
                self._reader.stop()
                self._reader = None
            self._reader = self._reader or _Reader()
            try:
                return self._reader.ask(data, wall_seconds, **request)
            except (OSError, EOFError, ValueError) as error:  # TimeoutError is an OSError
                self._reader.stop()
                raise ResumeError(Unreadable.TOO_HEAVY) from error

    def close(self) -> None:
        with self._lock:
            if self._reader is not None:
                self._reader.stop()
            self._reader = None


_desk = _Desk()


def parse_resume(
    data: bytes,
    filename: str,
    *,
    most_pages: int = MOST_PAGES,
    wall_seconds: float = WALL_SECONDS,
    cpu_seconds: int = CPU_SECONDS,
) -> ParsedResume:
    """A file's text and fields.

    Raises ResumeError with a sentence for everything that can be wrong with a file, whatever it does to the reader.
    """
    if not data:
        raise ResumeError(Unreadable.EMPTY)
    if len(data) > MAX_BYTES:
        raise ResumeError(Unreadable.TOO_LARGE)
    answer = _desk.ask(data, wall_seconds, filename=filename, most_pages=most_pages, cpu_seconds=cpu_seconds)
    if "error" in answer:
        raise ResumeError(Unreadable(answer["error"]))
    return ParsedResume.from_json(answer["parsed"])


def stop_reading() -> None:
    """Ends this process's reader, where a program wants to leave nothing running."""
    _desk.close()
