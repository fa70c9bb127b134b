"""What undoing an import would take away, and what would keep people in the pool all the same."""

from django.db.models import Q, QuerySet

from talentpool.models import Activity, Consent, File, ImportRemainder, ImportRun, Profile
from talentpool.queries.brought import TOLD_ELSEWHERE, Brought, Kept, People, Undoing, count_undoing, page_of_kept

PAGE = 50


def undoing_of(run: ImportRun) -> Undoing:
    theirs = Profile.objects.filter(import_run=run)
    people = theirs.order_by().values("candidate_id").distinct()
    return count_undoing(brought_by(run, people), theirs)


def kept_of(run: ImportRun, word: str, *, after: int = 0) -> list[Kept]:
    """Who would stay, in pages; of one reason, or of any."""
    people = Profile.objects.filter(import_run=run).order_by().values("candidate_id").distinct()
    return page_of_kept(lambda some: brought_by(run, some), people, word, after=after, size=PAGE + 1)


def brought_by(run: ImportRun, people: People) -> Brought:
    files = files_of_import(run, people)
    return Brought(
        people,
        {
            Profile: Q(import_run=run),
            Consent: consents_of_import(run),
            File: Q(pk__in=files.values("pk")),
            Activity: Q(kind__in=TOLD_ELSEWHERE),
        },
    )


def consents_of_import(run: ImportRun) -> Q:
    """A consent that was withdrawn says what the person did, and stays."""
    return Q(proof__import=run.pk, withdrawn_at=None)


def files_of_import(run: ImportRun, people: People) -> QuerySet[File]:
    """Those it brought, which no other record has brought too."""
    brought = Profile.objects.filter(import_run=run, candidate__in=people).exclude(file=None)
    others = Profile.objects.exclude(import_run=run).exclude(file=None)
    files: QuerySet[File] = File.objects.filter(candidate__in=people, at__gte=run.created_at)
    return files.filter(pk__in=brought.values("file")).exclude(pk__in=others.values("file"))


def remainders_of(run: ImportRun, *, after: int = 0) -> list[ImportRemainder]:
    """Who stayed, in pages; only those whom the pool still has."""
    stayed = ImportRemainder.objects.filter(run=run, pk__gt=after).select_related("candidate").order_by("pk")
    return list(stayed.filter(candidate__erased_at=None)[: PAGE + 1])
