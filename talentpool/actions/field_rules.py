"""Changing the rules by which values are shown, and working out everybody by them in the background.

The rules hold from the moment they are changed: who is touched next is shown by them, the others follow within the run.
Edits and what sources said stay as they are, so that any earlier rules can be put back.
"""

from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import BulkRun, Member
from talentpool.actions.derivation import rederive, rules_lock
from talentpool.field_words import GROUP_WORDS
from talentpool.identity.rules import Rules
from talentpool.models import FieldRules
from talentpool.queries.field_rules import differences, number_with_several, people_with_several
from talentpool.queries.statements import current_rules

SLICE = 500
SHOWN = 10  # people whom the preview of everybody names


@transaction.atomic
def change_rules(rules: Rules, *, by: Member) -> BulkRun | None:
    """The rules hold from now on; the run derives everybody again. None when these are the rules already."""
    with connection.cursor() as cursor:
        # Waits for whoever writes by the old rules, and makes others wait until the new ones are there.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [rules_lock()])
    before = current_rules().to_json()
    if rules.to_json() == before:
        return None
    row = FieldRules.objects.create(rules=rules.to_json(), by=by, at=timezone.now())
    record("rules.changed", row, by=by, before=before, after=row.rules)
    return _start("apply_rules", rules, by=by, title="Working out everybody by the new rules")


def put_rules_back(earlier: FieldRules, *, by: Member) -> BulkRun | None:
    """The rules as they were then, as a change of its own."""
    return change_rules(Rules.from_json(earlier.rules), by=by)


def start_preview(rules: Rules, *, by: Member) -> BulkRun:
    """Counts what these rules would change of everybody; writes nothing."""
    return _start("preview_rules", rules, by=by, title="Counting what other rules would change")


def _start(kind: str, rules: Rules, *, by: Member, title: str) -> BulkRun:
    back = reverse("talentpool:rules", args=[by.tenant.slug])
    return start_bulk_run(
        kind, {"rules": rules.to_json()}, by=by, title=title, total=number_with_several(), back_url=back
    )


@bulk_kind("apply_rules")
def apply_rules(run: BulkRun) -> int:
    """Derive the next people whom several profiles describe, by the rules that hold now."""
    ids = people_with_several(run.cursor.get("after", 0), SLICE)
    if ids:
        rederive(ids, now=timezone.now())
        run.cursor = {"after": ids[-1]}
    return len(ids)


@bulk_kind("preview_rules")
def preview_rules(run: BulkRun) -> int:
    ids = people_with_several(run.cursor.get("after", 0), SLICE)
    if ids:
        run.cursor = {"after": ids[-1]}
        _count(run.result, ids, Rules.from_json(run.params["rules"]))
    run.result["sentences"] = _sentences(run.result, run.done + len(ids))
    return len(ids)


def _count(result: dict[str, Any], ids: list[int], rules: Rules) -> None:
    counts: dict[str, int] = result.setdefault("counts", {})
    examples: list[str] = result.setdefault("examples", [])
    for each in differences(ids, rules):
        result["people"] = result.get("people", 0) + 1
        for group in {change.group for change in each.changes}:
            counts[group] = counts.get(group, 0) + 1
        if len(examples) < SHOWN:
            change = each.changes[0]
            examples.append(f"{each.name}, {change.label.lower()}: “{change.before[:80]}” → “{change.after[:80]}”")


def _sentences(result: dict[str, Any], looked_at: int) -> list[str]:
    people, counts = result.get("people", 0), result.get("counts", {})
    first = f"Of {looked_at:,} people whom several sources describe, {people:,} would look different."
    by_group = [f"{words}: {counts[group]:,}." for group, words in GROUP_WORDS.items() if group in counts]
    return [first, *by_group, *result.get("examples", [])]
