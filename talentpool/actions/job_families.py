"""Job families: named here, whatever an applicant tracking system calls its departments."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from crm.audit import record
from crm.models import Member
from talentpool.actions.segments import search_instead
from talentpool.models import Job, JobFamily


@transaction.atomic
def create_family(name: str, *, by: Member) -> JobFamily:
    family = JobFamily()
    _save_as(family, name)
    record("job_family.created", family, by=by)
    return family


@transaction.atomic
def rename_family(family: JobFamily, name: str, *, by: Member) -> None:
    before = family.name
    _save_as(family, name)
    if family.name != before:
        record("job_family.renamed", family, by=by, before=before, after=family.name)


@transaction.atomic
def delete_family(family: JobFamily, *, by: Member) -> int:
    """Its jobs stay, without a family; saved searches for it search without it. Returns how many jobs there were."""
    number: int = Job.objects.filter(family=family).count()
    search_instead("family", str(family.pk))
    record("job_family.deleted", family, by=by, number=number)
    family.delete()
    return number


@transaction.atomic
def put_into_family(job: Job, family: JobFamily | None, *, by: Member) -> None:
    """Of an ATS's job its words decide, which would put it back at its next change."""
    if job.source_id:
        raise ValidationError(
            "This job comes from an ATS: say there, under “What its words mean”, which family its department is."
        )
    if job.family_id == (family.pk if family else None):
        return
    before, job.family = job.family, family
    job.save(update_fields=["family"])
    record("job.put_into_family", job, by=by, before=str(before or ""), after=str(family or ""))


def _save_as(family: JobFamily, name: str) -> None:
    name = " ".join(name.split())
    if not name:
        raise ValidationError("Give the job family a name.")
    before, family.name = family.name, name
    try:
        with transaction.atomic():
            family.save()
    except IntegrityError as error:
        family.name = before
        raise ValidationError(f"There is a job family “{name}” already.") from error
