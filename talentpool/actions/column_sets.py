from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from crm.audit import record
from crm.models import Member
from talentpool.models import ColumnChoice, ColumnSet

MOST = 50  # sets of one member


@transaction.atomic
def save_columns(
    columns: ColumnSet | None, *, name: str, names: Sequence[str], is_shared: bool, by: Member
) -> ColumnSet:
    """A new set, or one's own changed."""
    mine = ColumnSet.objects.filter(by=by)
    others = mine.exclude(pk=columns.pk) if columns else mine
    if others.filter(name=name).exists():
        raise ValidationError("You have columns of that name already.")
    if columns is None and mine.count() >= MOST:
        raise ValidationError(f"You have {MOST} sets of columns already; that is the most.")
    saved = columns or ColumnSet(by=by)
    saved.name, saved.columns, saved.is_shared = name, list(names), is_shared
    saved.save()
    record("column_set.saved", saved, by=by, columns=list(names), is_shared=is_shared)
    return saved


@transaction.atomic
def delete_columns(columns: ColumnSet, *, by: Member) -> None:
    record("column_set.deleted", columns, by=by)
    columns.delete()


@transaction.atomic
def begin_with(columns: ColumnSet | None, *, by: Member) -> None:
    """What a member's list of people looks like until she asks for something else; a list, when None."""
    ColumnChoice.objects.filter(member=by).delete()
    if columns is not None:
        ColumnChoice.objects.create(member=by, columns=columns)
