from typing import ClassVar

from django.db import models
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving
from talentpool.models.job import Job
from talentpool.models.owned import OfCandidate

DEFAULT_STAGES = ("Found", "Contacted", "Talking", "Interviewing", "Hired")


class PipelineSetting(TenantModel):
    """Whether each open job has a pipeline by itself, and its stages. Without a row the defaults hold."""

    for_jobs = models.BooleanField(default=True)
    stages = models.JSONField(default=list)  # names in their order; none: the usual ones

    moving: ClassVar[Moving] = Moving(plain=["stages"], replaces=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="pipeline_setting_once"),
        ]

    def __str__(self) -> str:
        return "pipelines"

    @property
    def stage_names(self) -> list[str]:
        return list(self.stages) or list(DEFAULT_STAGES)


class PipelineQuerySet(TenantQuerySet["Pipeline"]):
    def current(self) -> "PipelineQuerySet":
        return self.filter(archived_at=None)


class Pipeline(TenantModel):
    """A folder of candidates for a job or a future need, with its own stages.

    One that was made by itself for a job goes with it: put away when the job closes, back when it opens again, until a
    member puts it away or takes it out herself.
    """

    name = models.CharField(max_length=200)
    need = models.TextField(blank=True)
    job_title = models.CharField(max_length=300, blank=True)
    job = TenantForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="pipelines")
    owner = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    by_itself = models.BooleanField(default=False)  # made for its job by nobody
    follows_job = models.BooleanField(default=False)

    objects: ClassVar = TenantManager.from_queryset(PipelineQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "job"], condition=models.Q(by_itself=True), name="pipeline_of_job_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EntryRule(models.TextChoices):
    """What must hold of a person who enters a stage; the label ends the sentence “it asks for …”."""

    MAY_WRITE = "may_write", "leave to write to them"
    REACHABLE = "reachable", "a phone number or an e-mail address"
    FILE = "file", "a résumé or another file"
    OWNER = "owner", "an owner"
    NOTE = "note", "a note"


class Stage(TenantModel):
    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="stages")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    rules = models.JSONField(default=list)  # EntryRule values
    most = models.PositiveIntegerField(null=True, blank=True)  # so many people at most

    moving: ClassVar[Moving] = Moving(plain=["rules"])

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
    owner = TenantForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    due_on = models.DateField(null=True, blank=True)  # until when the next step is to be done
    version = models.PositiveIntegerField(default=1)  # of two who move a card at once the later one is told

    objects: ClassVar = TenantManager.from_queryset(PipelineEntryQuerySet)()

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "pipeline", "candidate", "origin"], name="pipeline_entry_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "stage", "-moved_at", "-id"], name="pipeline_entry_board"),
            models.Index(
                fields=["tenant", "due_on"], condition=models.Q(due_on__isnull=False), name="pipeline_entry_due"
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} in pipeline {self.pipeline_id}"

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


class StageVisit(OfCandidate):
    """A stay of a person at a stage: what conversion and age are told from, however long the story of a pipeline is."""

    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="+", db_index=False)
    stage = TenantForeignKey(Stage, models.CASCADE, related_name="+")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant", "pipeline", "stage", "entered_at"], name="stage_visit_figures"),
            models.Index(
                fields=["tenant", "pipeline", "origin"], condition=models.Q(left_at=None), name="stage_visit_open"
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} at stage {self.stage_id}"
