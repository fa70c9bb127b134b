"""What is here already gets the meaning that a word of the ATS has now; what comes later gets it as it is applied."""

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
