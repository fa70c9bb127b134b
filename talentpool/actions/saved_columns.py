"""Remembering what a source's columns become: said once, offered the next time, and used by watched drops."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.intake.saved_columns import columns_for, headings_key
from talentpool.models import SavedColumns, Source


def remember_columns(source: Source, headings: Sequence[str], columns: Sequence[str], *, by: Member) -> SavedColumns:
    """Under the name that it has; a new one is named after its day."""
    now = timezone.now()
    saved, _ = SavedColumns.objects.update_or_create(
        source=source,
        headings_key=headings_key(headings),
        defaults={
            "columns": [list(pair) for pair in zip(headings, columns, strict=True)],
            "by": by,
            "saved_at": now,
            "used_at": now,
        },
        create_defaults={
            "name": f"{len(headings)} columns, {now:%Y-%m-%d}",
            "columns": [list(pair) for pair in zip(headings, columns, strict=True)],
            "by": by,
            "saved_at": now,
            "used_at": now,
        },
    )
    return saved


def remembered_columns(source: Source, headings: Sequence[str]) -> tuple[SavedColumns, list[str]] | None:
    """What these headings became the last time, if this source had them before."""
    saved = SavedColumns.objects.filter(source=source, headings_key=headings_key(headings)).first()
    return (saved, columns_for(headings, saved.columns)) if saved else None


@transaction.atomic
def rename_columns(saved: SavedColumns, name: str, *, by: Member) -> None:
    if not name.strip():
        raise ValidationError("Give it a name.")
    before, saved.name = saved.name, name.strip()[:120]
    saved.save(update_fields=["name"])
    record("columns.renamed", saved, by=by, before=before)


@transaction.atomic
def forget_columns(saved: SavedColumns, *, by: Member) -> None:
    record("columns.forgotten", saved, by=by, source=saved.source.name)
    saved.delete()
