"""What the ATS and somebody here have both changed, as both say it now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ats_sync.models import Conflict, ConflictState, Connection
from talentpool.field_words import field_words
from talentpool.identity.conflicts import Dispute, disputes
from talentpool.models import CustomField
from talentpool.queries.custom_fields import custom_types
from talentpool.queries.statements import home_region, open_edits_of, profiles_of, statement_of

AT_ONCE = 50


@dataclass(frozen=True)
class Question:
    """`ours` and `theirs` empty: it was settled by itself meanwhile."""

    conflict: Conflict
    label: str
    ours: str
    theirs: str


def disputes_of(connection: Connection, candidate_ids: Collection[int]) -> dict[int, list[Dispute]]:
    """By person; five queries for all of them."""
    edits = open_edits_of(candidate_ids)
    profiles, region, types = profiles_of(list(edits)), home_region(), custom_types()
    found: dict[int, list[Dispute]] = {}
    for candidate_id, said in edits.items():
        theirs = [statement_of(each) for each in profiles[candidate_id] if each.source_id == connection.source_id]
        in_order = sorted(said, key=lambda each: (each.at, each.edit_id))
        if asked := disputes(theirs, in_order, types, region):
            found[candidate_id] = asked
    return found


def open_questions(connection: Connection, *, after: int = 0) -> list[Question]:
    """In pages; one more than a page where there are more."""
    rows = Conflict.objects.filter(connection=connection, state=ConflictState.OPEN, pk__gt=after)
    rows = rows.filter(candidate__erased_at=None, candidate__merged_into=None)
    conflicts = list(rows.select_related("candidate").order_by("pk")[: AT_ONCE + 1])
    said = disputes_of(connection, {each.candidate_id for each in conflicts}) if conflicts else {}
    labels = {each.name: each.label for each in CustomField.objects.all()}
    return [_question(each, said.get(each.candidate_id, ()), labels) for each in conflicts]


def _question(conflict: Conflict, said: Sequence[Dispute], labels: dict[str, str]) -> Question:
    label = labels.get(conflict.field) or field_words(conflict.field)
    dispute = next((each for each in said if each.field == conflict.field), None)
    if dispute is None:
        return Question(conflict, label, "", "")
    return Question(conflict, label, dispute.ours or "nothing", dispute.theirs)
