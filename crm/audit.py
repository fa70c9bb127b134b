"""Audit entries: written by actions, in their transaction."""

from typing import Any

import structlog
from django.db.models import Model

from crm.models import AuditEntry, Member


def record(verb: str, subject: Model | None = None, *, by: Member | None, label: str = "", **detail: Any) -> AuditEntry:
    """Who did what to what. Where it came from (address, request, token, task) is taken from the log's context.

    `verb` is noun.past_participle, `detail` JSON values without secrets. What can be erased has an `audit_label` that
    says nothing of anybody, because an entry outlives its person; the log shows the name for as long as there is one.
    """
    context = structlog.contextvars.get_contextvars()
    return AuditEntry.objects.create(
        member=by,
        verb=verb,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        subject_label=(label or getattr(subject, "audit_label", "") or str(subject or ""))[:200],
        detail=detail,
        address=context.get("ip") or None,
        request_id=str(context.get("request_id", ""))[:64],
        via=_door(context)[:60],
    )


def _door(context: dict[str, Any]) -> str:
    if token := context.get("api_token"):
        return f"api: {token}"
    if task := context.get("task"):
        return f"task: {task}"
    return "web" if "request_id" in context else "command"
