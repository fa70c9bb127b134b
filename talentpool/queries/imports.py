"""What the pages of an import show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from crm.models.leased import WorkState
from talentpool.models import ImportOutcome, ImportRow, ImportRun, ImportStep

PAGE = 50
# What wants a look before anything is written: what stays out first, then who is known.
TO_LOOK_AT = (ImportOutcome.INVALID, ImportOutcome.ERASED, ImportOutcome.DUPLICATE, ImportOutcome.UPDATED)


@dataclass(frozen=True, slots=True)
class RowsPage:
    rows: list[ImportRow]
    outcome: ImportOutcome | None
    next_after: int | None

    @property
    def title(self) -> str:
        return self.outcome.label if self.outcome else "Rows to look at"


def rows_of_import(run: ImportRun, *, outcome: str = "", after: int = 0) -> RowsPage:
    """Of one outcome, or those to look at (a few of the new ones when there is nothing else), in the file's order."""
    rows = ImportRow.objects.filter(run=run, number__gt=after).select_related("candidate").order_by("number")
    if outcome:
        rows = rows.filter(outcome=outcome)
    elif run.count(*TO_LOOK_AT):
        rows = rows.filter(outcome__in=TO_LOOK_AT)
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].number if len(found) > PAGE else None
    return RowsPage(found[:PAGE], ImportOutcome(outcome) if outcome else None, more)


def rejected_rows(run: ImportRun) -> Iterator[list[str]]:
    """Heading, then the rows that stayed out as they came, each with its number and the reason in front."""
    yield ["Row", "Reason", *run.options.get("headings", ["File"])]
    rows = run.rows.filter(outcome__in=(ImportOutcome.INVALID, ImportOutcome.ERASED)).order_by("number")
    for row in rows.iterator(chunk_size=2000):
        yield [str(row.number), row.reason or row.get_outcome_display(), *map(str, row.cells)]


def time_left(run: ImportRun) -> str:
    """In words, from the speed until now; nothing as long as that says little."""
    undoing = run.step == ImportStep.UNDO
    done, total = (run.undone["profiles"], run.undone["total"]) if undoing else (run.cursor, run.total)
    if run.state != WorkState.RUNNING or not run.started_at or not done or total <= done:
        return ""
    passed = timezone.now() - run.started_at
    left = passed / done * (total - done)
    if passed < timedelta(seconds=2) or left > timedelta(days=1):
        return ""
    seconds = int(left.total_seconds())
    return f"about {seconds} s left" if seconds < 100 else f"about {round(seconds / 60)} min left"


def waits_for_its_person(run: ImportRun) -> bool:
    return run.state == WorkState.DONE and run.step in (ImportStep.ENCODING, ImportStep.COLUMNS, ImportStep.READY)
