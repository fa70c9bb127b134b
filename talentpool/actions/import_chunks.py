"""The rows of an import in chunks, each worked out as far as it goes without the database.

Of a large table processes of their own (talentpool.actions.import_reader) read the chunks ahead, while the one worker
that holds the run writes them in the file's order: two cores are busy, and nothing is decided twice.
"""

import contextlib
import itertools
import marshal
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import structlog
from django.conf import settings

from talentpool.actions.derivation import home_region
from talentpool.actions.files import content_of, pieces_of
from talentpool.actions.import_reading import Chunk, Reading, Told
from talentpool.actions.imports import open_table
from talentpool.actions.people import next_profile_ids
from talentpool.intake.kinds import CSV
from talentpool.intake.rows import resume_rows
from talentpool.intake.sizes import refuse_rows
from talentpool.intake.tables import NumberedRow
from talentpool.models import ImportRun
from talentpool.queries.custom_fields import custom_types

RESUME_CHUNK = 20  # they are read before the transaction, some of them slowly
AHEAD = 2  # chunks a reader has before it, so that it never waits

log = structlog.get_logger()
T = TypeVar("T")


Job = tuple[int, list[NumberedRow], Sequence[int]]  # how many rows before, the rows, profile ids for them


def chunks_of(run: ImportRun, *, start: int = 0, to_be_written: bool) -> Generator[Chunk, None, None]:
    """From the row after the first `start` on. Close it when you don't read it to its end."""
    reading = Reading(run.pk, run.source, home_region(), custom_types())
    if not run.is_table:
        place = start
        for rows in _in(RESUME_CHUNK, resume_rows(content_of(run.file), run.file.name, start=start)):
            yield reading.chunk_of(place, rows, next_profile_ids(len(rows)) if to_be_written else ())
            place += len(rows)
        return
    table = open_table(run)
    reading = replace(reading, headings=table.headings, columns=run.options["columns"])
    jobs = _jobs(itertools.islice(_counted(run, table.rows), start, None), start, to_be_written=to_be_written)
    if run.total - start < settings.IMPORT_READ_AHEAD_FROM:
        for place, numbered, profile_ids in jobs:
            yield reading.chunk(place, numbered, reading.read(_plain(numbered), profile_ids))
    else:
        yield from _read_ahead(reading, jobs)


def likely_total(run: ImportRun) -> int:
    """How many rows a CSV has about, before it is read: its lines. Of a spreadsheet nothing is known."""
    if run.kind != CSV:
        return 0
    return max(0, sum(piece.count(b"\n") for piece in pieces_of(run.file)) - 1)


def _counted(run: ImportRun, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    most = (
        settings.IMPORT_MAX_ROWS if run.kind == CSV else min(settings.IMPORT_MAX_ROWS, settings.IMPORT_MAX_SHEET_ROWS)
    )
    for count, row in enumerate(rows, 1):
        if count > most:
            refuse_rows(count, most)
        yield row


def _jobs(rows: Iterator[NumberedRow], start: int, *, to_be_written: bool) -> Iterator[Job]:
    for chunk in _in(settings.IMPORT_CHUNK, rows):
        yield start, chunk, next_profile_ids(len(chunk)) if to_be_written else ()
        start += len(chunk)


def _plain(rows: Iterable[NumberedRow]) -> list[tuple[int, list[str]]]:
    return [(row.number, row.cells) for row in rows if not row.is_erased]


def _in(size: int, rows: Iterable[T]) -> Iterator[list[T]]:
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _read_ahead(reading: Reading, jobs: Iterator[Job]) -> Iterator[Chunk]:
    readers = [_Reader() for _ in range(settings.IMPORT_READERS)]
    waiting: deque[Future[Chunk]] = deque()
    turns = itertools.cycle(readers)
    try:
        with ThreadPoolExecutor(len(readers)) as threads:
            try:
                for job in jobs:
                    waiting.append(threads.submit(next(turns).read, reading, *job))
                    if len(waiting) > AHEAD * len(readers):
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for each in waiting:
                    each.cancel()
    finally:
        for reader in readers:
            reader.stop()


class _Reader:
    """One process. It ends by itself when its worker is gone, for then nobody holds the other end of its pipe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        command = [sys.executable, "-m", "talentpool.actions.import_reader"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, start_new_session=True
        )

    def read(self, reading: Reading, start: int, rows: list[NumberedRow], profile_ids: Sequence[int]) -> Chunk:
        plain = _plain(rows)
        with self._lock:
            try:
                told = self._ask((reading, marshal.dumps((plain, list(profile_ids)))))
            except (OSError, EOFError, pickle.UnpicklingError):
                log.warning("import_reader_died", run_id=reading.run_id)
                told = reading.read(plain, profile_ids)
        return reading.chunk(start, rows, told)

    def _ask(self, question: tuple[Reading, bytes]) -> list[Told]:
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        pickle.dump(question, questions, pickle.HIGHEST_PROTOCOL)
        questions.flush()
        told: list[Told] = marshal.loads(pickle.load(answers))  # noqa: S301, S302 (our own process)
        return told

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
