"""What an import says of its rows: outcomes, counts, and the rows that are kept to be looked at."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from talentpool.actions.arrivals import Outcome, Received
from talentpool.intake.rows import IncomingRow, TableRow
from talentpool.models import Candidate, ImportOutcome, ImportRow, ImportRun
from talentpool.person import PersonFields

# How a chunk writes down what became of its rows.
LETTERS = {
    ImportOutcome.NEW: "n",
    ImportOutcome.UPDATED: "u",
    ImportOutcome.UNCHANGED: "k",
    ImportOutcome.DUPLICATE: "d",
    ImportOutcome.INVALID: "i",
    ImportOutcome.ERASED: "e",
}
# Of the good ones the first are kept to be looked at; what stays out is kept whole.
KEPT = {ImportOutcome.NEW: 1000, ImportOutcome.UPDATED: 1000, ImportOutcome.UNCHANGED: 200}


@dataclass(frozen=True, slots=True)
class Verdict:
    row: IncomingRow | TableRow
    outcome: ImportOutcome
    reason: str = ""
    candidate_id: int | None = None


def verdicts(
    rows: Sequence[IncomingRow | TableRow], received: Iterable[Received], numbers: Mapping[int, int]
) -> list[Verdict]:
    """`received` answers the rows without a problem, in their order; `numbers` says which row its `same_as` means."""
    answers = iter(received)
    return [_kept_out(row) if row.problem else _verdict(row, next(answers), numbers) for row in rows]


def _kept_out(row: IncomingRow | TableRow) -> Verdict:
    return Verdict(row, ImportOutcome.ERASED if row.is_erased else ImportOutcome.INVALID, row.problem)


def _verdict(row: IncomingRow | TableRow, answer: Received, numbers: Mapping[int, int]) -> Verdict:
    if answer.same_as is not None:
        first = numbers[answer.same_as]
        return Verdict(row, ImportOutcome.DUPLICATE, f"The same person as row {first:,}", answer.candidate_id)
    outcome = ImportOutcome.ERASED if answer.outcome is Outcome.ERASED else ImportOutcome(answer.outcome.value)
    return Verdict(row, outcome, "", answer.candidate_id)


def twice_in_the_file(found: Sequence[Verdict], first_rows: Callable[[set[int]], Mapping[int, int]]) -> list[Verdict]:
    """People whom the rows of earlier chunks have brought in are twice in the file, not known from before."""
    again = (ImportOutcome.UPDATED, ImportOutcome.UNCHANGED)
    known = {each.candidate_id for each in found if each.outcome in again and each.candidate_id}
    first = first_rows(known) if known else {}

    def seen(each: Verdict) -> Verdict:
        row = first.get(each.candidate_id or 0) if each.outcome in again else None
        if row is None:
            return each
        return Verdict(each.row, ImportOutcome.DUPLICATE, f"The same person as row {row:,}", each.candidate_id)

    return [seen(each) for each in found]


def letters_of(found: Iterable[Verdict]) -> str:
    return "".join(LETTERS[each.outcome] for each in found)


def counts_of(found: Iterable[Verdict], before: Mapping[str, int] | None = None) -> dict[str, int]:
    counts = Counter(before or {})
    counts.update(verdict.outcome.value for verdict in found)
    return dict(counts)


def kept(found: Iterable[Verdict], before: Mapping[str, int] | None = None) -> list[Verdict]:
    seen = Counter(before or {})
    chosen = []
    for verdict in found:
        seen[verdict.outcome.value] += 1
        if seen[verdict.outcome.value] <= KEPT.get(verdict.outcome, seen.total()):
            chosen.append(verdict)
    return chosen


def with_changes(found: Sequence[Verdict]) -> list[Verdict]:
    """Says of each known person which facts the row would add."""
    known = {each.candidate_id for each in found if each.outcome is ImportOutcome.UPDATED and each.candidate_id}
    people = Candidate.objects.in_bulk(list(known))
    return [
        Verdict(
            each.row, each.outcome, _new_facts(each.row.read().fields, people[each.candidate_id]), each.candidate_id
        )
        if each.outcome is ImportOutcome.UPDATED and each.candidate_id in people
        else each
        for each in found
    ]


def rows_of(run: ImportRun, found: Iterable[Verdict]) -> list[ImportRow]:
    return [
        ImportRow(
            run=run,
            number=row.number,
            outcome=each.outcome,
            reason=each.reason,
            name=row.shown_name[:300],
            email=row.shown_email[:254],
            cells=list(row.cells),
            candidate_id=each.candidate_id if each.candidate_id and each.candidate_id > 0 else None,
        )
        for each, row in ((each, each.row.read()) for each in found)
    ]


def _new_facts(fields: PersonFields, person: Candidate) -> str:
    points = {(point.get("kind"), str(point.get("value", "")).casefold()) for point in person.contact_points}
    position = next(iter(fields.positions), None)
    facts = {
        "e-mail": any(("email", each.casefold()) not in points for each in fields.emails),
        "phone": any(("phone", each.casefold()) not in points for each in fields.phones),
        "link": any(("link", each.casefold()) not in points for each in fields.links),
        "title": bool(position and position.title and position.title != person.current_title),
        "employer": bool(position and position.employer and position.employer != person.current_employer),
        "place": bool(fields.location and fields.location != person.location),
        "skills": not set(map(str.casefold, fields.skills)) <= {str(each).casefold() for each in person.skills},
    }
    return ", ".join(name for name, is_new in facts.items() if is_new)
