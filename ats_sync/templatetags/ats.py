"""How long the work on an event or a push took, in words."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def took(row: Any) -> str:
    """From hearing of it, or being asked for it, to its end."""
    began = getattr(row, "received_at", None) or getattr(row, "created_at", None)
    if row.done_at is None or began is None:
        return ""
    seconds = (row.done_at - began).total_seconds()
    return f"{seconds:.1f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
