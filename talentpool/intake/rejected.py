"""The rows that stayed out, as a CSV to correct and upload again."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

# A spreadsheet would run these as formulas; phone and other numbers may begin with a sign.
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?[\d\s().,/-]+$")


def guarded(cell: str) -> str:
    """The cell as a spreadsheet shows it as text."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """With a BOM, by which Excel knows UTF-8."""
    yield "\ufeff"
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer).writerow([guarded(cell) for cell in row])
        yield buffer.getvalue()
