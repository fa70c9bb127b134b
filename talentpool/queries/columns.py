"""A page of people as a table: which columns there are, which a member chose, and what stands in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.models import Member
from talentpool.career import Span, years_of_work
from talentpool.custom_values import PREFIX, CustomTypes
from talentpool.models import CustomField
from talentpool.models.columns import ColumnChoice, ColumnSet
from talentpool.queries.candidate import career_of
from talentpool.queries.custom_fields import custom_fields, custom_types
from talentpool.queries.people import Line

AS_LIST = "0"
MOST_WORDS = 120


@dataclass(frozen=True)
class Column:
    """`kind` says how a cell is drawn: its text, or the tags, the state or the warmth of its person."""

    name: str
    label: str
    kind: str = "text"
    text: Callable[[Line], str] = lambda line: ""


@dataclass(frozen=True)
class Cell:
    column: Column
    text: str


@dataclass(frozen=True)
class TableRow:
    line: Line
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    headings: Sequence[str]
    rows: Sequence[TableRow]


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%-d %b %Y}" if at else ""


def _years(line: Line) -> str:
    jobs = [
        Span("work", post.title, post.start, post.end, current=post.current)
        for post in career_of(line.person).positions
    ]
    years = years_of_work(jobs, timezone.localdate())
    return f"{years} {'year' if years == 1 else 'years'}" if years else ""


FIXED = (
    Column("title", "Title", text=lambda line: line.person.current_title),
    Column("employer", "Employer", text=lambda line: line.person.current_employer),
    Column("location", "Location", text=lambda line: line.person.location),
    Column("skills", "Skills", text=lambda line: ", ".join(line.person.skills)),
    Column("experience", "Experience", text=_years),
    Column("state", "Contact", kind="state"),
    Column("warmth", "Relationship", kind="warmth"),
    Column("tags", "Tags", kind="tags"),
    Column("sources", "Sources", text=lambda line: ", ".join(line.sources)),
    Column("owner", "Owner", text=lambda line: line.person.owner.name if line.person.owner else ""),
    Column("email", "E-mail", text=lambda line: line.person.email),
    Column("contacted", "Last contact", text=lambda line: _day(line.person.last_contact_at)),
    Column("added", "Added", text=lambda line: _day(line.person.created_at)),
    Column("updated", "Updated", text=lambda line: _day(line.person.updated_at)),
)


def columns_known(*, restricted: bool) -> dict[str, Column]:
    """All that may be shown to who asks: the same for everybody, then the organisation's own fields."""
    fields = custom_fields(restricted=restricted)
    types = custom_types(fields) if fields else {}
    return {column.name: column for column in (*FIXED, *(_own(field, types) for field in fields))}


def sets_for(member: Member) -> QuerySet[ColumnSet]:
    """Her own and the team's; `is_first` is the one her list begins with."""
    chosen = ColumnChoice.objects.filter(member=member, columns=OuterRef("pk"))
    rows: QuerySet[ColumnSet] = ColumnSet.objects.filter(Q(by=member) | Q(is_shared=True))
    return rows.select_related("by").annotate(is_first=Exists(chosen))


def chosen_set(sets: Sequence[ColumnSet], wanted: str) -> ColumnSet | None:
    """What was asked for, else what her list begins with; None is a list."""
    if wanted:
        return next((each for each in sets if str(each.pk) == wanted), None)
    return next((each for each in sets if each.is_first), None)  # type: ignore[attr-defined] # annotated


def table_of(columns: ColumnSet, lines: Sequence[Line], *, restricted: bool) -> Table:
    known: Mapping[str, Column] = columns_known(restricted=restricted)
    shown = [known[name] for name in columns.columns if name in known]
    rows = [TableRow(line, [Cell(column, column.text(line)[: 4 * MOST_WORDS]) for column in shown]) for line in lines]
    return Table([column.label for column in shown], rows)


def _own(field: CustomField, types: CustomTypes) -> Column:
    def text(line: Line) -> str:
        kept = line.person.custom.get(field.key, "")
        return types[field.key].words(kept) if kept else ""

    return Column(f"{PREFIX}{field.key}", field.label, text=text)
