"""What is kept of a person in a pipeline beside her stage: who looks after her there, until when, what was said."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.models import Candidate, Pipeline, PipelineComment, PipelineEntry
from talentpool.queries.merges import survivor_of


@transaction.atomic
def change_entry(entry: PipelineEntry, *, owner: Member | None, due_on: date | None, by: Member) -> None:
    """Nobody of her own: the pipeline's owner looks after her."""
    if (entry.owner_id, entry.due_on) == (owner.pk if owner else None, due_on):
        return
    PipelineEntry.objects.filter(pk=entry.pk).update(owner=owner, due_on=due_on)
    entry.owner, entry.due_on = owner, due_on
    said = {"owner": owner.name if owner else "", "due_on": due_on.isoformat() if due_on else ""}
    record("pipeline.entry_changed", entry.candidate, by=by, pipeline_id=entry.pipeline_id, **said)


@transaction.atomic
def comment_on(
    pipeline: Pipeline, candidate: Candidate, text: str, *, by: Member, now: datetime | None = None
) -> PipelineComment:
    pk = survivor_of(candidate.pk)
    if not PipelineEntry.objects.filter(pipeline=pipeline, candidate=pk).exists():
        raise ValidationError("This person is no longer in the pipeline.")
    comment: PipelineComment = PipelineComment.objects.create(
        pipeline=pipeline, candidate_id=pk, origin_id=pk, text=text, by=by, at=now or timezone.now()
    )
    record("pipeline.commented", candidate, by=by, pipeline_id=pipeline.pk, comment_id=comment.pk)
    return comment


@transaction.atomic
def remove_comment(comment: PipelineComment, *, by: Member) -> None:
    """By whoever wrote it."""
    if comment.by_id != by.pk:
        raise ValidationError("Only who wrote a comment removes it.")
    record("pipeline.comment_removed", comment.candidate, by=by, pipeline_id=comment.pipeline_id)
    comment.delete()
