"""The rows of an upload, whatever its kind, each as a person or with the reason why it is none."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from talentpool.intake.people import RowProblem, person_of
from talentpool.intake.resume_files import ResumeFile, read_resume, resume_files
from talentpool.intake.tables import NumberedRow
from talentpool.models import ProfileKind
from talentpool.person import PersonFields
from talentpool.resumes.sniffing import Kind

ERASED = "The person was erased"


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """`cells` is the row as it came (of a résumé its file name), `problem` the sentence that keeps it out."""

    number: int
    cells: Sequence[str]
    kind: ProfileKind = ProfileKind.ROW
    fields: PersonFields = field(default_factory=PersonFields)
    problem: str = ""
    is_erased: bool = False  # the file says no more of it
    raw: Mapping[str, Any] = field(default_factory=dict)
    external_id: str = ""
    suggestions: tuple[Mapping[str, Any], ...] = ()
    resume: ResumeFile | None = None
    text: str = ""
    shown_name: str = ""
    shown_email: str = ""

    def read(self) -> "IncomingRow":
        return self


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table of which another process has told what matters: few are read again to be shown."""

    number: int
    cells: Sequence[str]
    headings: Sequence[str]
    columns: Sequence[str]
    problem: str = ""
    is_erased: bool = False

    def read(self) -> IncomingRow:
        return table_row(NumberedRow(self.number, list(self.cells)), self.headings, self.columns)


def table_row(row: NumberedRow, headings: Sequence[str], columns: Sequence[str]) -> IncomingRow:
    if row.is_erased:
        return IncomingRow(row.number, (), problem=ERASED, is_erased=True)
    try:
        person = person_of(row.cells, headings, columns)
    except RowProblem as problem:
        name, email = _as_they_stand(row.cells, columns)
        return IncomingRow(row.number, row.cells, problem=str(problem), shown_name=name, shown_email=email)
    return IncomingRow(
        row.number,
        row.cells,
        fields=person.fields,
        raw=person.raw,
        external_id=person.external_id,
        shown_name=person.fields.name,
        shown_email=next(iter(person.fields.emails), ""),
    )


def resume_rows(data: bytes, name: str, *, start: int = 0) -> Iterator[IncomingRow]:
    """From the file after the first `start` on; those before are not read again."""
    for file in resume_files(data, name):
        if file.number > start:
            yield _resume_row(file)


def _resume_row(file: ResumeFile) -> IncomingRow:
    try:
        parsed = read_resume(file)
    except ValidationError as error:
        return IncomingRow(file.number, [file.name], problem=error.messages[0], shown_name=file.name, resume=file)
    return IncomingRow(
        file.number,
        [file.name],
        kind=ProfileKind.JSON_RESUME if file.kind is Kind.JSON else ProfileKind.RESUME,
        fields=parsed.fields,
        raw={"sha256": hashlib.sha256(file.content).hexdigest()},
        suggestions=tuple(suggestion.to_json() for suggestion in parsed.suggestions),
        resume=file,
        text=parsed.text,
        shown_name=parsed.fields.name or file.name,
        shown_email=next(iter(parsed.fields.emails), ""),
    )


def _as_they_stand(cells: Sequence[str], columns: Sequence[str]) -> tuple[str, str]:
    """Name and e-mail of a row that can't be read, as far as its cells say."""
    by_column = [(column, cell) for column, cell in zip(columns, cells, strict=False) if cell]
    name = " ".join(cell for column, cell in by_column if column in ("name", "given_name", "family_name"))
    email = next((cell for column, cell in by_column if column == "email"), "")
    return name[:300], email[:254]
