"""What is here already gets the meaning that a word of the ATS has now; what comes later gets it as it is applied."""

from collections import defaultdict
from collections.abc import Mapping

from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from talentpool.models import Application, ApplicationState, Job


def bring_up_to(connection: Connection, word: AtsRecord, before: str) -> None:
    """`before` is what the word meant until now."""
    if word.kind == Kind.STAGE:
        _rename_phase(connection, word)
    elif word.kind == Kind.DEPARTMENT:
        called = Job.objects.filter(source=connection.source, department=before or word.name)
        called.update(department=word.maps_to or word.name)
    elif word.kind == Kind.REASON:
        _change_endings(connection, word)


class FamiliesOfWords:
    """Which job family each word of a connection's is said to be."""

    def __init__(self, connection: Connection) -> None:
        said = AtsRecord.objects.filter(connection=connection, kind__in=[Kind.DEPARTMENT, Kind.FAMILY], gone_at=None)
        self.said: dict[tuple[str, str], int] = {
            (kind, name): family
            for kind, name, family in said.exclude(family=None).values_list("kind", "name", "family_id")
        }

    def of(self, words: Mapping[str, str]) -> int | None:
        """The ATS's own word for a job's family is nearer to it than its department."""
        own = self.said.get((Kind.FAMILY, words.get("family", "")))
        return own or self.said.get((Kind.DEPARTMENT, words.get("department", "")))


def sort_jobs(connection: Connection) -> None:
    """Puts each of the connection's jobs into the family that its words are."""
    families, jobs = FamiliesOfWords(connection), defaultdict[int | None, list[int]](list)
    records = AtsRecord.objects.filter(connection=connection, kind=Kind.JOB).exclude(job=None)
    for job, known, words in records.values_list("job_id", "job__family_id", "content"):
        if (family := families.of(words)) != known:
            jobs[family].append(job)
    for family, ids in jobs.items():
        Job.objects.filter(pk__in=ids).update(family=family)


def _rename_phase(connection: Connection, stage: AtsRecord) -> None:
    """Where each job has its own stages, only of that job's applications."""
    found = Application.objects.filter(source=connection.source, stage=stage.name)
    if stage.parent:
        jobs = AtsRecord.objects.filter(connection=connection, kind=Kind.JOB, external_id=stage.parent)
        found = found.filter(job__in=jobs.values("job"))
    found.update(phase=stage.maps_to)


def _change_endings(connection: Connection, reason: AtsRecord) -> None:
    """Who stepped back was not rejected; nothing said means what the ATS says, which calls both a rejection."""
    before, after = ApplicationState.WITHDRAWN, ApplicationState.REJECTED
    if reason.maps_to == ApplicationState.WITHDRAWN:
        before, after = after, before
    ended = Application.objects.filter(source=connection.source, reason=reason.name, state=before)
    ended.update(state=after)
