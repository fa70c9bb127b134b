"""What can be chosen of the ATS's own when something is sent there."""

from collections.abc import Sequence

from django.db.models import Q

from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from talentpool.models import Candidate, Profile

MOST = 2000


def open_jobs(connection: Connection) -> list[tuple[str, str]]:
    """The ATS's id and a name that tells jobs of one title apart."""
    records = AtsRecord.objects.filter(connection=connection, kind=Kind.JOB, gone_at=None, job__is_open=True)
    jobs = records.select_related("job").order_by("name", "pk")[:MOST]
    titles = [each.name for each in jobs]
    return [(each.external_id, _told_apart(each, titles)) for each in jobs]


def _told_apart(record: AtsRecord, titles: Sequence[str]) -> str:
    assert record.job
    more = [record.job.location] if record.job.location else []
    if titles.count(record.name) > 1:
        more.append(f"no. {record.external_id}")
    return ", ".join([record.name, *more])


def words(connection: Connection, kind: Kind) -> list[tuple[str, str]]:
    records = AtsRecord.objects.filter(connection=connection, kind=kind, gone_at=None).order_by("name", "pk")
    return list(records.values_list("external_id", "name")[:MOST])


def stages_for(application: AtsRecord) -> list[tuple[str, str]]:
    """The stages of the application's job, and those that belong to no job, in the ATS's order."""
    assert application.application
    job = AtsRecord.objects.filter(
        connection=application.connection_id, kind=Kind.JOB, job=application.application.job_id
    ).first()
    parents = Q(parent="") | Q(parent=job.external_id if job else "")
    stages = AtsRecord.objects.filter(parents, connection=application.connection_id, kind=Kind.STAGE, gone_at=None)
    return [
        (each.external_id, each.name)
        for each in stages.order_by("pk")[:MOST]
        if each.name != application.application.stage
    ]


def likely_source(connection: Connection, person: Candidate) -> str:
    """The ATS's word for where the person first came from, as the words are mapped."""
    first = (
        Profile.objects.filter(candidate=person).order_by("observed_at", "pk").values_list("source", flat=True).first()
    )
    mapped = AtsRecord.objects.filter(
        connection=connection, kind=Kind.SOURCE, maps_to=str(first or "none"), gone_at=None
    )
    return mapped.values_list("external_id", flat=True).first() or ""


def application_record(person: Candidate, application_id: int) -> AtsRecord | None:
    """The ATS's record of an application of the person's, while its connection runs."""
    records = AtsRecord.objects.filter(
        kind=Kind.APPLICATION, candidate=person, application=application_id, gone_at=None
    )
    return records.filter(connection__state="on").select_related("connection", "application__job").first()


def connections_with(person: Candidate) -> list[Connection]:
    """The running ones that know the person."""
    records = AtsRecord.objects.filter(kind=Kind.PERSON, candidate=person, gone_at=None)
    return list(Connection.objects.on().filter(pk__in=records.values("connection")))
