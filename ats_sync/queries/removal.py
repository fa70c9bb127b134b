"""What came by a connection, and what of it could be taken away again."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from ats_sync.models import AtsRecord, Connection, Push, Remainder
from ats_sync.vocabulary import Kind
from talentpool.models import (
    Activity,
    ActivityKind,
    Application,
    ApplicationStep,
    CandidateTag,
    File,
    Job,
    Note,
    Pipeline,
    Profile,
)
from talentpool.models.tag import SILVER_MEDALIST
from talentpool.queries.brought import TOLD_ELSEWHERE, Brought, Kept, People, Undoing, count_undoing, page_of_kept

TAGS = """
    SELECT given.id FROM talentpool_candidatetag AS given
    JOIN talentpool_tag AS tag ON tag.tenant_id = given.tenant_id AND tag.id = given.tag_id
    JOIN ats_sync_atsrecord AS record ON record.tenant_id = given.tenant_id AND record.connection_id = %s
        AND record.kind = 'person' AND record.candidate_id = given.candidate_id
    CROSS JOIN jsonb_array_elements_text(record.content -> 'tags') AS named
    WHERE given.by_id IS NULL AND lower(btrim(named)) = lower(tag.name)
"""
STAYED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Removal:
    """Counted before anything is done: the people, and the rows that go whether their person stays or not."""

    people: Undoing
    applications: int
    notes: int
    files: int
    tags: int
    jobs: int

    def lines(self) -> Iterator[tuple[int, str]]:
        yield from (
            (self.applications, "application" if self.applications == 1 else "applications"),
            (self.notes, "note written there" if self.notes == 1 else "notes written there"),
            (self.files, "file" if self.files == 1 else "files"),
            (self.tags, "tag given there" if self.tags == 1 else "tags given there"),
            (self.jobs, "job" if self.jobs == 1 else "jobs"),
        )


def profiles_by(connection: Connection) -> QuerySet[Profile]:
    """What it said of people, and nothing that somebody brought in under the name of its source."""
    found: QuerySet[Profile] = Profile.objects.filter(source=connection.source_id, import_run=None)
    return found


def removal_of(connection: Connection) -> Removal:
    profiles = profiles_by(connection)
    brought = brought_by(connection, profiles.order_by().values("candidate_id").distinct())
    return Removal(
        people=count_undoing(brought, profiles),
        applications=brought.of(Application).count(),
        notes=brought.of(Note).count(),
        files=brought.of(File).count(),
        tags=brought.of(CandidateTag).count(),
        jobs=jobs_alone(connection, applications_go=True).count(),
    )


def kept_of(connection: Connection, word: str, *, after: int = 0) -> list[Kept]:
    """Who would stay, in pages; of one reason, or of any."""
    people = profiles_by(connection).order_by().values("candidate_id").distinct()
    return page_of_kept(lambda some: brought_by(connection, some), people, word, after=after, size=STAYED_AT_ONCE + 1)


def brought_by(connection: Connection, people: People) -> Brought:
    """A note, file or tag that somebody here gave, too, is theirs; what we sent there keeps nobody here."""
    source = connection.source_id
    held = AtsRecord.objects.filter(connection=connection)
    elsewhere = Application.objects.filter(candidate=OuterRef("candidate")).exclude(source=source)
    medal = CandidateTag.objects.filter(by=None, tag__name__iexact=SILVER_MEDALIST).exclude(Exists(elsewhere))
    other_records = Profile.objects.exclude(source=source, import_run=None).exclude(file=None)
    return Brought(
        people,
        {
            Profile: Q(source=source, import_run=None),
            Application: Q(source=source),
            ApplicationStep: Q(application__source=source),
            Note: Q(by=None, pk__in=held.filter(kind=Kind.NOTE).exclude(note=None).values("note")),
            File: Q(by=None, pk__in=held.filter(kind=Kind.FILE).exclude(file=None).values("file"))
            & ~Q(pk__in=other_records.values("file")),
            CandidateTag: Q(pk__in=RawSQL(TAGS, [connection.pk])) | Q(pk__in=medal.values("pk")),  # noqa: S611
            Push: Q(connection=connection),
            # Notes, files and applications of other sources keep a person by themselves.
            Activity: Q(kind__in=TOLD_ELSEWHERE)
            | Q(kind__in=[ActivityKind.NOTED, ActivityKind.FILE_ADDED, ActivityKind.APPLICATION], by=None),
        },
    )


def jobs_alone(connection: Connection, *, applications_go: bool = False) -> QuerySet[Job]:
    """Its jobs whose pipelines nobody has used, and for which no agency was asked or has a submission."""
    used = Pipeline.objects.filter(Q(entries__isnull=False) | Q(campaigns__isnull=False), job=OuterRef("pk"))
    jobs: QuerySet[Job] = Job.objects.filter(
        ~Exists(used), source=connection.source_id, openings=None, submissions=None
    )
    theirs = Application.objects.filter(job=OuterRef("pk"))
    if applications_go:
        theirs = theirs.exclude(source=connection.source_id)
    return jobs.exclude(Exists(theirs))


def stayed(connection: Connection, *, after: int = 0) -> list[Remainder]:
    """Who stayed, in pages; only those whom the pool still has."""
    found = Remainder.objects.filter(connection=connection, pk__gt=after, candidate__erased_at=None)
    return list(found.select_related("candidate").order_by("pk")[: STAYED_AT_ONCE + 1])
