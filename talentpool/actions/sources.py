"""What can happen to a source: named, described, trusted more or less.

Of two values of about the same age the one from the more trusted source is shown, so another trust means deriving
everybody again whom the source knows. That is done in the background.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import BulkRun, Member
from talentpool.actions.derivation import rederive
from talentpool.models import Profile, Source, SourceKind

SLICE = 500


@transaction.atomic
def create_source(name: str, kind: str, trust: int, *, by: Member) -> Source:
    _check_name(name)
    source = Source.objects.create(name=name, kind=kind, trust=trust)
    record("source.created", source, by=by, kind=kind, trust=trust)
    return source


@transaction.atomic
def source_named(name: str, *, kind: SourceKind, by: Member) -> Source:
    """The source of that name; made, of this kind, if there is none."""
    source, is_new = Source.objects.get_or_create(name=name, defaults={"kind": kind})
    if is_new:
        record("source.created", source, by=by, kind=kind, trust=source.trust)
    return source


@transaction.atomic
def update_source(source: Source, name: str, kind: str, trust: int, *, by: Member) -> BulkRun | None:
    """Change a source; with another trust the background run that derives its people again."""
    wanted = {"name": name, "kind": kind, "trust": trust}
    before = {field: getattr(source, field) for field, value in wanted.items() if getattr(source, field) != value}
    if not before:
        return None
    if "name" in before:
        _check_name(name, besides=source)
    source.name, source.kind, source.trust = name, kind, trust
    source.save(update_fields=list(before))
    record("source.changed", source, by=by, before=before, after={field: wanted[field] for field in before})
    people = Profile.objects.filter(source=source).values("candidate").distinct().count() if "trust" in before else 0
    if not people:
        return None
    title = f"Weighing what “{source.name}” says"
    return start_bulk_run("weigh_source", {"source": source.pk}, by=by, title=title, total=people)


@bulk_kind("weigh_source")
def weigh_source(run: BulkRun) -> int:
    """Derive the next people whom the source knows."""
    known = Profile.objects.filter(source=run.params["source"], candidate__gt=run.cursor.get("after", 0))
    ids = list(known.order_by("candidate").values_list("candidate", flat=True).distinct()[:SLICE])
    if ids:
        rederive(ids, now=timezone.now())
        run.cursor = {"after": ids[-1]}
    return len(ids)


def _check_name(name: str, besides: Source | None = None) -> None:
    others = Source.objects.exclude(pk=besides.pk) if besides else Source.objects.all()
    if others.filter(name__iexact=name).exists():
        raise ValidationError(f"There is a source called “{name}” already.")
