"""Taking out of the pool what came by an import or from an ATS: records, files, and people of whom nothing is left.

Not an erasure: nothing keeps these people from coming back.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.actions.derivation import columns_of
from talentpool.identity.consolidation import Consolidated
from talentpool.models import Activity, Candidate, Employment, File, FileContent
from talentpool.queries.brought import TOLD_ELSEWHERE, array_of, ids, models_of_people, models_of_profiles

FORGET_STORIES = """
    DELETE FROM talentpool_activity WHERE tenant_id = %s AND candidate_id = ANY(%s::bigint[]) AND (
        (kind = 'received' AND (data ->> 'profile')::bigint = ANY(%s::bigint[]))
        OR (kind = 'consent_given' AND (data ->> 'import')::bigint = %s)
    )
"""
FORGET_PROFILES = "DELETE FROM talentpool_profile WHERE tenant_id = %s AND id = ANY(%s::bigint[])"


def forget_profiles(people: Collection[int], profile_ids: Collection[int], *, import_id: int | None = None) -> None:
    """With what was derived of them, and with the lines of the story that say that they came."""
    for model, name, outlives in models_of_profiles():
        rows = model._default_manager.filter(**{f"{name}__in": ids(profile_ids)})
        if outlives:
            rows.update(**{name: None})
        else:
            rows.delete()
    with connection.cursor() as cursor:
        cursor.execute(FORGET_STORIES, [current_tenant_id(), array_of(people), array_of(profile_ids), import_id])
        cursor.execute(FORGET_PROFILES, [current_tenant_id(), array_of(profile_ids)])


def forget_files(file_ids: Collection[int]) -> None:
    if file_ids:
        FileContent.objects.filter(file__in=file_ids).delete()
        File.objects.filter(pk__in=file_ids).delete()


def left_empty(survivors: Collection[int]) -> set[int]:
    """People who were merged into these and have nothing of their own any more."""
    absorbed = Candidate.objects.filter(merged_into__in=ids(survivors), erased_at=None)
    empty = set(absorbed.values_list("pk", flat=True))
    for model in models_of_people() if empty else ():
        if not model.derived and empty:
            rows = model._default_manager.filter(candidate__in=ids(survivors), origin__in=ids(empty))
            if model is Activity:
                rows = rows.exclude(
                    pk__in=Activity.objects.filter(candidate__in=ids(survivors), kind__in=TOLD_ELSEWHERE)
                )
            empty -= set(rows.values_list("origin_id", flat=True))
    return empty


def empty_people(people: Collection[int], now: datetime) -> None:
    """They and who was merged into them stay as rows that say nothing, as after an erasure, for other tables point
    there."""
    everyone = set(people)
    while more := set(Candidate.objects.filter(merged_into__in=ids(everyone)).values_list("pk", flat=True)) - everyone:
        everyone |= more
    for model in models_of_people():
        if model.derived or model is Activity:
            model._default_manager.filter(candidate__in=ids(everyone)).delete()
    Employment.objects.filter(candidate__in=ids(everyone)).delete()
    blank: dict[str, Any] = columns_of(Consolidated(), [])
    Candidate.objects.filter(pk__in=ids(everyone)).update(
        **blank, warmth=0, last_contact_at=None, erased_at=now, updated_at=now, is_undone=True
    )
