"""Every row of an import with what became of it, as it came: read from the file again, for a million are never kept."""

from collections.abc import Iterator, Sequence

from talentpool.actions.files import content_of
from talentpool.actions.import_report import LETTERS
from talentpool.actions.imports import open_table
from talentpool.intake.resume_files import resume_files
from talentpool.models import ImportRun

OUTCOMES = {letter: outcome.label for outcome, letter in LETTERS.items()}


def outcome_lines(run: ImportRun) -> Iterator[list[str]]:
    """Heading, then each row that was settled: number, outcome, reason where there is one, cells."""
    yield ["Row", "Outcome", "Reason", *run.options.get("headings", ["File"])]
    reasons = _Reasons(run)
    for (number, cells), letter in zip(_rows(run), _letters(run), strict=False):
        yield [str(number), OUTCOMES[letter], reasons.of(number), *cells]


def _rows(run: ImportRun) -> Iterator[tuple[int, Sequence[str]]]:
    if run.is_table:
        yield from ((row.number, row.cells) for row in open_table(run).rows)
    else:
        yield from ((file.number, [file.name]) for file in resume_files(content_of(run.file), run.file.name))


def _letters(run: ImportRun) -> Iterator[str]:
    for letters in run.chunks.order_by("start").values_list("letters", flat=True).iterator(chunk_size=50):
        yield from letters


class _Reasons:
    """Read beside the file, in its order."""

    def __init__(self, run: ImportRun) -> None:
        said = run.rows.exclude(reason="").order_by("number").values_list("number", "reason")
        self._said = said.iterator(chunk_size=2000)
        self._next = next(self._said, None)

    def of(self, number: int) -> str:
        while self._next is not None and self._next[0] < number:
            self._next = next(self._said, None)
        return self._next[1] if self._next is not None and self._next[0] == number else ""
