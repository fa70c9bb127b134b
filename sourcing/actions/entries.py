"""The one way into the search log. An entry is written in the transaction of what it tells of, and chained after it."""

import secrets
from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.core.cache import cache
from django.db import transaction

from crm.models import Member
from crm.tenancy.scope import current_tenant_id, tenant_scope
from sourcing.digests import clean, words_digest
from sourcing.models import EntryKind, SearchLogEntry, SearchLogWords

CHAINED_WITHIN = 2  # seconds: the entries of that time are chained by one task


def append_entry(
    kind: EntryKind,
    *,
    by: Member | None,
    session: UUID | None = None,
    candidate_ids: Iterable[int] = (),
    said: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    **columns: Any,
) -> SearchLogEntry:
    """In the caller's transaction. `said` is what anybody typed or what may name somebody; `detail` says nothing of
    anybody."""
    salt, said = secrets.token_hex(16), clean(said)
    entry = SearchLogEntry.objects.create(
        kind=kind,
        member=by,
        session=session,
        candidate_ids=list(candidate_ids),
        detail=clean(detail or {}),
        words_digest=words_digest(said, salt) if said is not None else "",
        via=_door(),
        **columns,
    )
    if said is not None:
        SearchLogWords.objects.create(entry=entry, salt=salt, said=said)
    transaction.on_commit(partial(_chain_soon, current_tenant_id()), robust=True)
    return entry


def _door() -> str:
    context = structlog.contextvars.get_contextvars()
    if token := context.get("api_token"):
        return f"api: {token}"[:60]
    return f"task: {context['task']}"[:60] if "task" in context else "web"


def _chain_soon(tenant_id: int) -> None:
    """A task that waits for longer than the mark stays sees whatever was written while the mark kept others away.

    A transaction may end outside the scope; and where no queue answers, the next search or the night sees to it.
    """
    from sourcing import tasks  # tasks stand above actions; queueing follow-up work is the exception

    with tenant_scope(tenant_id):
        if cache.add("search-log-chaining", True, CHAINED_WITHIN):
            tasks.chain_search_log.apply_async(countdown=CHAINED_WITHIN + 1)
