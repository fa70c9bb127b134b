"""Blanking rows of a CSV in its own bytes: a row becomes a mark, its delimiters and spaces, as long as it was.

Everything else stays where it is, so that nobody who reads the file in pieces meanwhile loses their place, and rows
keep their numbers and the file its look. Rows are counted by the very reader that brought them in.
"""

import itertools
from collections.abc import Collection, Iterable, Iterator

from talentpool.intake.encodings import text_lines
from talentpool.intake.tables import ERASED, csv_records

Span = tuple[int, bytes]  # from which byte on, and what stands there from now on
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BOM = b"\xef\xbb\xbf"


def blanked(pieces: Iterable[bytes], encoding: str, numbers: Collection[int]) -> list[Span]:
    """What has to be written over so that the rows of these numbers say nothing; the file need not be held as a
    whole."""
    pieces = iter(pieces)
    start = next(pieces, b"")
    read, counted = itertools.tee(itertools.chain([start], pieces))
    written = _UTF16.get(start[:2], "ascii")
    lengths = _line_lengths(counted, written)
    at, spans, last = 2 if written != "ascii" else 0, [], max(numbers, default=0)
    records = csv_records(text_lines(read, encoding or "utf-8"))
    for number, (cells, lines, delimiter) in enumerate(itertools.islice(records, last), 1):
        ends = list(itertools.islice(lengths, lines))
        if number in numbers:
            first = at + len(_BOM) if at == 0 and start.startswith(_BOM) else at
            size = at + sum(length for length, _ in ends) - ends[-1][1] - first
            spans.append((first, _mark(size, written, delimiter * (len(cells) - 1))))
        at += sum(length for length, _ in ends)
    return spans


def _mark(size: int, written: str, delimiters: str) -> bytes:
    letters = size // len(" ".encode(written))
    mark = next((each for each in ERASED if len(each + delimiters) <= letters), "")
    return (mark + delimiters).ljust(letters).encode(written)


def _line_lengths(pieces: Iterable[bytes], written: str) -> Iterator[tuple[int, int]]:
    """Of each line: its bytes with the line end, and those of the line end alone."""
    if written != "ascii":
        for line in text_lines(pieces, "utf-16"):
            yield len(line.encode(written, "surrogatepass")), 2 * (len(line) - len(line.rstrip("\r\n")))
        return
    rest = b""
    for piece in pieces:
        lines = (rest + piece).splitlines(keepends=True)
        rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""  # \n may follow a \r
        yield from map(_length, lines)
    yield from map(_length, rest.splitlines(keepends=True))


def _length(line: bytes) -> tuple[int, int]:
    return len(line), len(line) - len(line.rstrip(b"\r\n"))
