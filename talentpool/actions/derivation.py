"""Writing down what consolidation says: the columns of candidates, derived from their profiles and edits.

Every action that adds, moves, answers or removes a profile or an edit ends here. Deriving again changes nothing.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.custom_values import CustomTypes
from talentpool.identity.alone import view_of_one
from talentpool.identity.consolidation import Consolidated, consolidate
from talentpool.identity.rules import AS_USUAL, Rules
from talentpool.identity.statements import NO_TYPES, Edit, Statement
from talentpool.identity.suggestions import open_suggestions
from talentpool.models import Candidate, Profile
from talentpool.person import plain
from talentpool.queries.custom_fields import custom_types
from talentpool.queries.statements import current_rules, home_region, open_edits_of, profiles_of, statement_of
from talentpool.wishes import WISHES

__all__ = ["columns_of", "derived_columns", "hold_rules", "home_region", "rederive", "statement_of"]

TEXTS = {
    "name": 300,
    "given_name": 150,
    "family_name": 150,
    "headline": 500,
    "summary": None,
    "current_title": 300,
    "current_employer": 300,
    "location": 300,
    "country": 2,
    "email": 254,
    "phone": 40,
}
OF_FIELDS = ("positions", "education", "skills", "languages", "certificates")
LISTS = ("contact_points", *OF_FIELDS, "wants", "custom", "suggestions", "lineage")
SHOWN = (*TEXTS, *LISTS)

UPDATE = """
    UPDATE talentpool_candidate AS c SET {set}, updated_at = %s
    FROM jsonb_to_recordset(%s::jsonb) AS derived(id bigint, {columns})
    WHERE c.tenant_id = %s AND c.id = derived.id AND ({old}) IS DISTINCT FROM ({new})
""".format(
    set=", ".join(f"{name} = derived.{name}" for name in SHOWN),
    columns=", ".join(f"{name} {'text' if name in TEXTS else 'jsonb'}" for name in SHOWN),
    old=", ".join(f"c.{name}" for name in SHOWN),
    new=", ".join(f"derived.{name}" for name in SHOWN),
)


def rederive(candidate_ids: Collection[int], *, now: datetime, rules: Rules | None = None) -> None:
    """Brings the shown columns of these people up to date, with eight statements for all of them.

    Their rows stay locked until the transaction ends, so that of two changes at once neither is lost. `rules` are those
    that the transaction holds already.
    """
    if not candidate_ids:
        return
    rules = hold_rules() if rules is None else rules  # before any row: whoever imports takes them in this order, too
    locked = Candidate.objects.filter(pk__in=candidate_ids).order_by("pk").select_for_update(no_key=True)
    states = locked.values_list("pk", "erased_at", "merged_into")
    present = [pk for pk, erased_at, merged_into in states if erased_at is None and merged_into is None]
    profiles, edits = profiles_of(present), open_edits_of(present)
    region, custom = home_region(), custom_types()
    rows = [
        {"id": pk, **derived_columns(profiles[pk], edits[pk], region=region, rules=rules, custom=custom)}
        for pk in present
    ]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [now, json.dumps(rows), current_tenant_id()])


def hold_rules() -> Rules:
    """The rules by which values are shown, which nobody changes before this transaction ends.

    Without the lock a transaction could write what the old rules say after everybody was derived by the new ones.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [rules_lock()])
    return current_rules()


def rules_lock() -> int:
    """The advisory lock of the organisation's rules; whoever changes them takes it alone."""
    return (11 << 40) + current_tenant_id()


def derived_columns(
    profiles: Iterable[Profile],
    edits: Iterable[Edit] = (),
    *,
    region: str,
    rules: Rules = AS_USUAL,
    custom: CustomTypes = NO_TYPES,
) -> dict[str, Any]:
    """The shown columns of one person by name."""
    profiles = list(profiles)
    said = [(each.pk, each.suggestions) for each in profiles]
    statements = [statement_of(each) for each in profiles]
    return columns_said(statements, said, edits, region=region, rules=rules, custom=custom)


def columns_said(
    statements: Iterable[Statement],
    suggestions: Sequence[tuple[int, Sequence[Mapping[str, Any]]]],
    edits: Iterable[Edit] = (),
    *,
    region: str,
    rules: Rules = AS_USUAL,
    custom: CustomTypes = NO_TYPES,
) -> dict[str, Any]:
    """The same of what was said, whether profiles hold it by now or not; `suggestions` are by profile id."""
    view = consolidate(statements, edits, region=region, rules=rules, custom=custom)
    return columns_of(view, open_suggestions(view.fields, suggestions, region=region))


def columns_alone(
    said: Statement, suggestions: Sequence[Mapping[str, Any]], *, region: str, custom: CustomTypes = NO_TYPES
) -> dict[str, Any]:
    """The same of a person of whom one record speaks."""
    view = view_of_one(said, region=region, custom=custom)
    found = open_suggestions(view.fields, [(said.profile_id, suggestions)], region=region) if suggestions else ()
    return columns_of(view, found)


def columns_of(view: Consolidated, suggestions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    fields = view.fields
    newest = fields.positions[0] if fields.positions else None
    texts = {
        **{name: getattr(fields, name, "") for name in TEXTS},
        "current_title": newest.title if newest else "",
        "current_employer": newest.employer if newest else "",
        "email": next(iter(fields.emails), ""),
        "phone": next(iter(fields.phones), ""),
    }
    return {
        **{name: text[: TEXTS[name]] for name, text in texts.items()},
        "contact_points": [
            {"kind": kind, "value": value}
            for kind in ("email", "phone", "link")
            for value in getattr(fields, f"{kind}s")
        ],
        **{name: plain(getattr(fields, name)) for name in OF_FIELDS},
        "wants": {name: plain(value) for name in WISHES if (value := getattr(fields, name))},
        "custom": dict(fields.custom),
        "suggestions": list(suggestions),
        "lineage": dict(view.lineage),
    }
