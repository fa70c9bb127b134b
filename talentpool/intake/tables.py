"""CSV and spreadsheets as one thing: rows of text cells, numbered as their program numbers them."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from talentpool.intake.archives import open_archive
from talentpool.intake.encodings import text_lines
from talentpool.resumes.sniffing import Kind, kind_of

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS, _SAMPLE_LETTERS = 200, 1_000_000
_FIRST_ROWS = 15  # where a heading is looked for
_LONGEST_CELL = 50 * 1024 * 1024  # csv's own limit; IMPORT_MAX_CELL is what a row may have

# What stands in a CSV in place of a row whose person was erased; the short one where the row had no room.
ERASED = ("(erased)", "-")

Cells = list[str]


@dataclass(frozen=True, slots=True)
class NumberedRow:
    number: int
    cells: Cells

    @property
    def is_erased(self) -> bool:
        return bool(self.cells) and self.cells[0] in ERASED and not any(self.cells[1:])


@dataclass(slots=True)
class Table:
    """`headings` is the row that names the columns, or made-up names where none does; `rows` starts below it."""

    headings: Cells
    heading_number: int
    rows: Iterable[NumberedRow]

    def first(self, count: int) -> list[NumberedRow]:
        kept = list(itertools.islice(self.rows, count))
        self.rows = itertools.chain(kept, self.rows)
        return kept


def sheet_names(data: bytes) -> list[str]:
    """Of a spreadsheet: the sheets that hold something."""
    book = _workbook(data)
    visible = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    return [name for name in visible if book.get_sheet_by_name(name).total_height > 0]


def read_csv(pieces: Iterable[bytes], *, encoding: str = "", delimiter: str = "") -> Table:
    """Read as it is asked for: of a million rows none is held."""
    return _table(cells for cells, _, _ in csv_records(text_lines(pieces, encoding or "utf-8"), delimiter))


def read_sheet(data: bytes, name: str = "") -> Table:
    return _table(_sheet_rows(data, name))


def _table(rows: Iterator[Cells]) -> Table:
    numbered = (NumberedRow(number, cells) for number, cells in enumerate(rows, 1) if any(cells))
    first = list(itertools.islice(numbered, _FIRST_ROWS))
    if not first:
        raise ValidationError("There are no rows in this file.", code="empty")
    place = _heading_place(first)
    width = max(len(row.cells) for row in first[(place or 0) :])
    headings = list(first[place].cells) if place is not None else []
    headings += [f"Column {number}" for number in range(len(headings) + 1, width + 1)]
    below = first[place + 1 :] if place is not None else first
    names = [heading.strip() or f"Column {number}" for number, heading in enumerate(headings, 1)]
    heading_number = first[place].number if place is not None else 0
    return Table(_unique(names), heading_number, itertools.chain(below, numbered))


def sniff_delimiter(text: str) -> str:
    """The one that cuts the first rows into the most alike number of cells."""
    sample = list(itertools.islice(io.StringIO(text[:_SAMPLE_LETTERS], newline=""), _SAMPLE_ROWS))

    def alikeness(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        return (0.0, 0) if width < 2 else (count / widths.total(), width)

    return max(_DELIMITERS, key=alikeness)


def csv_records(lines: Iterator[str], delimiter: str = "") -> Iterator[tuple[Cells, int, str]]:
    """Each row, of how many lines it is, and the delimiter of them all; empty rows too."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = (line.replace("\x00", "") for line in lines)
    first = next(lines, "").removeprefix("\ufeff")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own first line
        delimiter, first = first.strip()[4], "\n"
    sample = [first, *itertools.islice(lines, _SAMPLE_ROWS - 1)]
    record: list[str] = []
    told = (record.append(line) or line for line in itertools.chain(sample, lines))  # type: ignore[func-returns-value]
    delimiter = delimiter or sniff_delimiter("".join(sample))
    reader = csv.reader(told, delimiter=delimiter)
    try:
        for cells in reader:
            if len(record) > 1 and "".join(record).count('"') % 2:  # it swallowed the rest of the file
                raise csv.Error
            count = len(record)
            record.clear()
            yield [cell.strip() for cell in cells], count, delimiter
    except csv.Error as error:
        line = reader.line_num - len(record) + 1
        raise ValidationError(
            f"In line {line:,} a quotation mark is opened and never closed.", code="damaged"
        ) from error


def _workbook(data: bytes) -> CalamineWorkbook:
    if kind_of(data, "") is Kind.OLE and "EncryptedPackage".encode("utf-16-le") in data:
        raise ValidationError("The spreadsheet is protected by a password. Save a copy without one.", code="protected")
    if data.startswith(b"PK"):
        open_archive(data).close()
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise ValidationError(
            "The spreadsheet is protected by a password. Save a copy without one.", code="protected"
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise ValidationError("The spreadsheet is damaged and can’t be opened.", code="damaged") from error


def _sheet_rows(data: bytes, name: str) -> Iterator[Cells]:
    """Formulas come as the values they had when the file was saved.

    A merged cell says its value in each of its cells.
    """
    book = _workbook(data)
    names = sheet_names(data)
    if not names:
        raise ValidationError("There are no rows in this file.", code="empty")
    try:
        sheet = book.get_sheet_by_name(name if name in names else names[0])
        rows = [[_cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        merged = sheet.merged_cell_ranges or []
    except (CalamineError, ValueError) as error:
        raise ValidationError("The spreadsheet is damaged and can’t be opened.", code="damaged") from error
    for (top, left), (bottom, right) in merged:
        _spread(rows, top, left, bottom, right)
    yield from rows


def _spread(rows: list[Cells], top: int, left: int, bottom: int, right: int) -> None:
    if top == 0 and bottom == 0 and right - left > 2:  # a title across the sheet
        return
    if top < len(rows) and left < len(rows[top]):
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = row[column] or value


def _cell_text(value: str | float | bool | datetime | date | time | timedelta | None) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))  # phone numbers and ids that the spreadsheet holds as numbers
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return "" if value is None else str(value).replace("\x00", "").strip()


def _heading_place(first: list[NumberedRow]) -> int | None:
    """The row that names the columns: no addresses or numbers in it, and as wide as what follows.

    Titles may stand above.
    """
    widest = max(sum(map(bool, row.cells)) for row in first)
    for place, row in enumerate(first[:10]):
        filled = [cell for cell in row.cells if cell]
        if row.is_erased or len(filled) < max(1, widest * 0.5):
            continue
        says_values = any(
            "@" in cell or cell.replace(" ", "").lstrip("+").isdigit() or len(cell) > 80 for cell in filled
        )
        return None if says_values else place
    return None


def _unique(names: Iterable[str]) -> list[str]:
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique
