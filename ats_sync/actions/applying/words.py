"""Words of the ATS that other records point at, and its jobs."""

from ats_sync.actions.applying.batch import LONGEST_ID, LONGEST_NAME, Batch
from ats_sync.actions.meanings import FamiliesOfWords, bring_up_to
from ats_sync.models import AtsRecord
from ats_sync.vocabulary import JobRecord, Kind, Lookup
from ats_sync.wording import likely_phase, plain_text
from talentpool.actions.job_pipelines import follow_job
from talentpool.models import Job

MOST_NAMES = 50
MOST_FAMILIES = 1_000


def apply_words(batch: Batch, words: list[Lookup]) -> None:
    """What somebody has mapped a word to stays when the word is renamed there."""
    for word in words:
        known = batch.record(word.what, word.id)
        maps_to = known.maps_to if known else ""
        if not maps_to and word.what == Kind.STAGE:
            maps_to = word.phase or likely_phase(word.name)
        elif not maps_to and word.what == Kind.REASON:
            maps_to = word.phase
        content = {name: value for name in ("email", "phase", "mails") if (value := getattr(word, name))}
        record = batch.keep(
            word, name=word.name[:LONGEST_NAME], parent=word.parent[:100], content=content, maps_to=maps_to
        )
        if word.what == Kind.REASON and maps_to and not known:
            bring_up_to(batch.connection, record, "")  # somebody may have been rejected for it before it came
        batch.note(word, "renamed" if known else "new")


def meanings(batch: Batch, kind: Kind) -> dict[str, str]:
    """What somebody said words of a kind are here, by their names."""
    said = AtsRecord.objects.filter(connection=batch.connection, kind=kind, gone_at=None).exclude(maps_to="")
    return dict(said.values_list("name", "maps_to"))


def apply_jobs(batch: Batch, jobs: list[JobRecord]) -> None:
    own_words = {each.family[:LONGEST_ID]: each.family for each in jobs if each.family}
    batch.know(Kind.FAMILY, own_words, most=MOST_FAMILIES)
    called, families = meanings(batch, Kind.DEPARTMENT), FamiliesOfWords(batch.connection)
    for each in jobs:
        known = batch.record(Kind.JOB, each.id)
        job = (known.job if known else None) or Job()
        was_open = bool(job.pk and job.is_open)
        job.title = each.title[:300] or "Job without a title"
        job.location = each.location[:300]
        job.department = called.get(each.department, each.department)[:200]
        words = {"department": each.department[:LONGEST_NAME], "family": each.family[:LONGEST_NAME]}
        job.family_id = families.of(words)
        job.text, job.apply_url = plain_text(each.text), each.apply_url[:2000]
        job.team = [str(name)[:200] for name in each.team[:MOST_NAMES]]
        job.is_open, job.opened_at, job.closed_at = each.is_open, each.opened_at, each.closed_at
        job.source = batch.connection.source
        job.save()
        if job.is_open != was_open and (batch.connection.makes_pipelines or not job.is_open):
            follow_job(job, by=batch.connection.by)
        batch.keep(each, job=job, name=job.title, content=words)
        batch.note(each, "changed" if known else "new")
