"""Jobs to read, and the families that they are in."""

from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.job_families import create_family, delete_family, put_into_family, rename_family
from talentpool.actions.job_pipelines import set_own_pipeline
from talentpool.api.words import Id, Line
from talentpool.models import Job, JobFamily, OwnPipeline
from talentpool.queries.job_families import families_with_jobs

router = Router()
families = Router()


class FamilyOut(Schema):
    id: int
    name: str


class FamilyWithJobs(FamilyOut):
    jobs: int = Field(alias="number")


class FamilyIn(Schema):
    name: Line = Field(min_length=1, max_length=100)


class FamilyGone(Schema):
    jobs: int = Field(description="How many jobs were in it; they are in none now.")


class JobOut(Schema):
    id: int
    title: str
    location: str
    department: str
    family: FamilyOut | None
    is_open: bool
    opened_at: datetime | None
    closed_at: datetime | None
    own_pipeline: str
    source_id: int | None = Field(description="Of the ATS that it comes from; none if it was opened here.")


class JobQuery(PageQuery):
    family: Id | None = Field(None, description="Only those of this job family.")


class JobChange(Schema):
    """What is left out stays."""

    family_id: Id | None = Field(None, description="None takes it out of its family. Not for jobs of an ATS.")
    own_pipeline: Literal["", "yes", "no"] = Field(
        "", description="Whether it has a pipeline by itself; empty: as for all jobs."
    )


@router.get("", response=Page[JobOut], summary="List jobs")
@needs(Scope.READ_CANDIDATES, Permission.MANAGE_JOBS)
def job_list(request: TokenRequest, asked: Query[JobQuery]) -> dict[str, object]:
    jobs = Job.objects.select_related("family")
    found, cursor = page_by_id(jobs.filter(family=asked.family) if asked.family else jobs, asked)
    return {"items": found, "next_cursor": cursor}


@router.get("/{job_id}", response=JobOut, summary="Read a job")
@needs(Scope.READ_CANDIDATES, Permission.MANAGE_JOBS)
def job_read(request: TokenRequest, job_id: Id) -> Job:
    return get_object_or_404(Job.objects.select_related("family"), pk=job_id)


@router.patch("/{job_id}", response=JobOut, summary="Put a job into a family, or give it a pipeline by itself")
@needs(Scope.WRITE_PIPELINES, Permission.MANAGE_JOBS)
def job_change(request: TokenRequest, job_id: Id, payload: JobChange) -> Job:
    job = get_object_or_404(Job.objects.select_related("family"), pk=job_id)
    given = payload.dict(exclude_unset=True)
    if "family_id" in given:
        family = JobFamily.objects.filter(pk=payload.family_id).first() if payload.family_id else None
        if payload.family_id and family is None:
            raise ValidationError({"family_id": "There is no such job family."})
        put_into_family(job, family, by=request.member)
    if "own_pipeline" in given:
        set_own_pipeline(job, OwnPipeline(payload.own_pipeline), by=request.member)
    return job


@families.get("", response=Page[FamilyWithJobs], summary="List job families")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def family_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(families_with_jobs(), asked)
    return {"items": found, "next_cursor": cursor}


@families.post("", response={201: FamilyOut}, summary="Add a job family")
@needs(Scope.SETTINGS, Permission.MANAGE_JOBS)
def family_create(request: TokenRequest, payload: FamilyIn) -> Status[JobFamily]:
    return Status(201, create_family(payload.name, by=request.member))


@families.patch("/{family_id}", response=FamilyOut, summary="Rename a job family")
@needs(Scope.SETTINGS, Permission.MANAGE_JOBS)
def family_rename(request: TokenRequest, family_id: Id, payload: FamilyIn) -> JobFamily:
    family = get_object_or_404(JobFamily, pk=family_id)
    rename_family(family, payload.name, by=request.member)
    return family


@families.delete("/{family_id}", response=FamilyGone, summary="Delete a job family; its jobs stay")
@needs(Scope.SETTINGS, Permission.MANAGE_JOBS)
def family_delete(request: TokenRequest, family_id: Id) -> FamilyGone:
    return FamilyGone(jobs=delete_family(get_object_or_404(JobFamily, pk=family_id), by=request.member))
