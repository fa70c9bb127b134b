from typing import ClassVar

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from talentpool.models.job import Job
from talentpool.models.owned import OfCandidate


class PipelineQuerySet(TenantQuerySet["Pipeline"]):
    def current(self) -> "PipelineQuerySet":
        return self.filter(archived_at=None)


class Pipeline(TenantModel):
    """A folder of candidates for a job or a future need, with its own stages."""

    name = models.CharField(max_length=200)
    need = models.TextField(blank=True)
    job_title = models.CharField(max_length=300, blank=True)
    job = TenantForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="pipelines")
    owner = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(PipelineQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Stage(TenantModel):
    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="stages")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta(TenantModel.Meta):
        ordering = ["pipeline", "position"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "pipeline", "position"],
                name="stage_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PipelineEntryQuerySet(TenantQuerySet["PipelineEntry"]):
    def shown(self) -> "PipelineEntryQuerySet":
        """Without those of people merged into somebody who is in the pipeline too."""
        return self.filter(candidate__merged_into=None)


class PipelineEntry(OfCandidate):
    """A person in a pipeline, at a stage."""

    once = ("pipeline",)
    # Of two merged people's: who was moved last. The shown one alone can be moved, so it stays the shown one whatever
    # merges and partings follow; by the stage it would give way once it is moved back.
    first_of = ("-moved_at", "pk")

    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="entries")
    stage = TenantForeignKey(Stage, models.PROTECT, related_name="entries")
    added_by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # of two who move a card at once the later one is told

    objects: ClassVar = TenantManager.from_queryset(PipelineEntryQuerySet)()

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "pipeline", "candidate", "origin"], name="pipeline_entry_once"),
        ]
        indexes = [models.Index(fields=["tenant", "stage", "-moved_at", "-id"], name="pipeline_entry_board")]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} in pipeline {self.pipeline_id}"
