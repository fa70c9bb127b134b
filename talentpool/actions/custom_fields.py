"""What can happen to an organisation's own fields. Values are never deleted: a field is archived, a choice retired.

What a field is decides how the values that sources and colleagues gave are read, so that after a change everybody who
has one is derived anew, and found by search as she is now, in the background.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import BulkRun, Member
from talentpool.actions.arrivals import storable
from talentpool.actions.derivation import rederive, rules_lock
from talentpool.custom_values import KEY, OF_CHOICES, CustomKind
from talentpool.field_words import FIELD_WORDS
from talentpool.identity.names import folded
from talentpool.models import CustomField, SearchIndex
from talentpool.models.custom_field import FACETS
from talentpool.queries.custom_fields import people_with_field
from talentpool.search.index import outbox
from talentpool.search.language.tree import FIELDS

MOST_FIELDS = 200
MOST_CHOICES, LONGEST_CHOICE = 200, 100
SLICE = 1000
DESCRIPTION = ("label", "help_text", "is_restricted")


@transaction.atomic
def create_field(
    label: str, kind: CustomKind, *, by: Member, key: str = "", choices: Sequence[str] = (), **described: Any
) -> CustomField:
    """A field of that label; its key is made of it unless one is given, and never changes."""
    _hold()
    if CustomField.objects.count() >= MOST_FIELDS:
        raise ValidationError(f"There are {MOST_FIELDS} fields already, archived ones counted; that is the most.")
    last = CustomField.objects.aggregate(last=Max("position"))["last"] or 0
    field = CustomField.objects.create(
        key=_checked_key(key) if key else free_key(label),
        label=_checked_label(label),
        kind=kind.value,
        choices=_checked_choices(kind, choices),
        position=last + 1,
        facet=_free_facet() if kind in OF_CHOICES else None,
        **described,
    )
    record("custom_field.created", field, by=by, key=field.key, kind=field.kind)
    if people_with_field(field.key, after=0, number=1):  # a column that an import kept under this name
        start_fill(field, by=by)
    return field


@transaction.atomic
def change_field(
    field: CustomField, *, by: Member, kind: CustomKind | None = None, choices: Sequence[str] | None = None, **new: Any
) -> BulkRun | None:
    """Changes what is given; the run that works out anew who has a value, where that could look different."""
    _hold()
    before = {name: getattr(field, name) for name in (*DESCRIPTION, "kind", "choices")}
    if "label" in new and new["label"] != field.label:
        new["label"] = _checked_label(new["label"], besides=field)
    for name in new:
        setattr(field, name, new[name])
    field.kind = (kind or CustomKind(field.kind)).value
    if choices is not None or kind:
        offered = _checked_choices(CustomKind(field.kind), field.choices if choices is None else choices)
        gone = [each for each in [*field.past_choices, *field.choices] if each not in offered]
        field.choices, field.past_choices = offered, list(dict.fromkeys(gone))
    if field.kind in OF_CHOICES and field.facet is None and not field.archived_at:
        field.facet = _free_facet()
    elif field.kind not in OF_CHOICES:
        field.facet = None
    field.save()
    after = {name: getattr(field, name) for name in before}
    changed = {name for name in before if before[name] != after[name]}
    if not changed:
        return None
    told, now = ({name: each[name] for name in changed} for each in (before, after))
    record("custom_field.changed", field, by=by, before=told, after=now)
    return start_fill(field, by=by) if changed - {"help_text"} else None


@transaction.atomic
def archive_field(field: CustomField, *, by: Member) -> BulkRun | None:
    """It is no longer shown, offered or searched; its values stay, and come back with it."""
    if field.archived_at:
        return None
    field.archived_at, field.facet = timezone.now(), None
    field.save(update_fields=["archived_at", "facet"])
    record("custom_field.archived", field, by=by)
    return start_fill(field, by=by)


@transaction.atomic
def restore_field(field: CustomField, *, by: Member) -> BulkRun | None:
    if not field.archived_at:
        return None
    field.archived_at = None
    field.facet = _free_facet() if field.kind in OF_CHOICES else None
    field.save(update_fields=["archived_at", "facet"])
    record("custom_field.restored", field, by=by)
    return start_fill(field, by=by)


@transaction.atomic
def move_field(field: CustomField, *, up: bool, by: Member) -> None:
    """One place up or down among the fields in use."""
    fields = list(CustomField.objects.filter(archived_at=None).select_for_update())
    at = next((n for n, each in enumerate(fields) if each.pk == field.pk), None)
    if at is None or not 0 <= (to := at - 1 if up else at + 1) < len(fields):
        return
    fields[at], fields[to] = fields[to], fields[at]
    for position, each in enumerate(fields, 1):
        each.position = position
    CustomField.objects.bulk_update(fields, ["position"])
    record("custom_field.moved", field, by=by, position=to + 1)


def start_fill(field: CustomField, *, by: Member) -> BulkRun:
    back = reverse("talentpool:custom_fields", args=[by.tenant.slug])
    title = f"Reading “{field.label}” of everybody"
    return start_bulk_run("fill_field", {"key": field.key}, by=by, title=title, back_url=back)


@bulk_kind("fill_field")
def fill_field(run: BulkRun) -> int:
    """Derive the next people of whom anybody said a value, and have search read them anew."""
    ids = people_with_field(run.params["key"], after=run.cursor.get("after", 0), number=SLICE)
    if ids:
        rederive(ids, now=timezone.now())
        outbox.put(ids, SearchIndex.POSTGRES)
        run.cursor = {"after": ids[-1]}
    return len(ids)


def free_key(label: str) -> str:
    """A key made of a label: “Shirt size” is shirt_size, and in scripts that have no such letters field_7."""
    words = re.sub(r"[^a-z0-9]+", "_", folded(label)).strip("_")
    stem = words if KEY.match(words) else f"field_{words}".rstrip("_")
    stem = stem[:26].rstrip("_")
    taken = set(CustomField.objects.values_list("key", flat=True)) | {*FIELD_WORDS, *FIELDS}
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in range(1, MOST_FIELDS + 2))
    return next(key for key in numbered if key not in taken)


def _hold() -> None:
    """Waits for whoever derives people by the fields as they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [rules_lock()])


def _checked_key(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValidationError({"key": "A key has up to 30 small letters, digits and _, and begins with a letter."})
    if key in FIELD_WORDS or key in FIELDS:
        raise ValidationError({"key": f"“{key}” is the name of a field that everybody has."})
    if CustomField.objects.filter(key=key).exists():
        raise ValidationError({"key": f"There is a field with the key “{key}” already."})
    return key


def _checked_label(label: str, besides: CustomField | None = None) -> str:
    label = " ".join(storable(label).split())
    if not folded(label):
        raise ValidationError({"label": "A label needs a letter or a digit."})
    others = CustomField.objects.exclude(pk=besides.pk) if besides else CustomField.objects.all()
    if any(folded(label) == folded(each) for each in (*FIELD_WORDS.values(), "E-mail", "Phone", "Title", "Employer")):
        raise ValidationError({"label": f"“{label}” is a field that everybody has."})
    if others.filter(label__iexact=label).exists():
        raise ValidationError({"label": f"There is a field called “{label}” already."})
    return label


def _checked_choices(kind: CustomKind, choices: Sequence[str]) -> list[str]:
    if kind not in OF_CHOICES:
        return []
    found = list(dict.fromkeys(" ".join(each.split()) for each in choices if each.strip()))
    if not found:
        raise ValidationError({"choices": "Write at least one choice."})
    if len(found) > MOST_CHOICES or any(len(each) > LONGEST_CHOICE for each in found):
        raise ValidationError(
            {"choices": f"Up to {MOST_CHOICES} choices can be offered, each of up to {LONGEST_CHOICE} characters."}
        )
    if any(re.search(r"[;|]", each) for each in found):
        raise ValidationError({"choices": "A choice can’t hold “;” or “|”, which part several of them."})
    if len({each.casefold() for each in found}) < len(found):
        raise ValidationError({"choices": "Two choices differ in capitals alone."})
    return found


def _free_facet() -> int | None:
    """A place beside the search, where one is left."""
    taken = set(CustomField.objects.exclude(facet=None).values_list("facet", flat=True))
    return next((each for each in FACETS if each not in taken), None)
