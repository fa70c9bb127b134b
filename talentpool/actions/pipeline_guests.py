"""Sharing a pipeline with somebody outside: a link of her own, by a letter, which ends by a day or by our word."""

import hmac
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions.invitations import hash_of, sealed_secret
from crm.audit import record
from crm.models import Member
from talentpool.models import Pipeline, PipelineComment, PipelineEntry, PipelineGuest

SALT = "talentpool.pipeline_guest"


def link_secret(guest: PipelineGuest) -> str:
    return sealed_secret(guest, SALT)


def open_guest(secret: str, *, now: datetime | None = None) -> PipelineGuest | None:
    """Whom this secret lets in, in its tenant's scope; None when withdrawn, too old or its pipeline put away."""
    now = now or timezone.now()
    found = PipelineGuest.objects.filter(secret_hash=hash_of(secret)).select_related("pipeline__owner__user")
    guest = found.first()
    if guest is None or not guest.is_open or not hmac.compare_digest(link_secret(guest), secret):
        return None
    stale = Q(seen_at=None) | Q(seen_at__lt=now - timedelta(minutes=1))
    PipelineGuest.objects.filter(stale, pk=guest.pk).update(seen_at=now)
    return guest


@transaction.atomic
def share_pipeline(
    pipeline: Pipeline, *, name: str, email: str, days: int, sees_files: bool, by: Member, now: datetime | None = None
) -> PipelineGuest:
    """A link for one named person, sent to her; who had one gets a new one, and the old one ends."""
    from talentpool.tasks import (
        send_pipeline_link,  # tasks stand above actions; queueing follow-up work is the exception
    )

    now, email = now or timezone.now(), email.strip().lower()
    if pipeline.archived_at:
        raise ValidationError("It is put away. Take it out again before you share it.")
    PipelineGuest.objects.filter(pipeline=pipeline, email__iexact=email, revoked_at=None).update(revoked_at=now)
    guest = PipelineGuest(pipeline=pipeline, name=name, email=email, sees_files=sees_files, by=by)
    guest.expires_at = now + timedelta(days=days)
    guest.save()
    guest.secret_hash = hash_of(link_secret(guest))
    guest.save(update_fields=["secret_hash"])
    record("pipeline.shared", pipeline, by=by, name=name, email=email, days=days, sees_files=sees_files)
    transaction.on_commit(lambda: send_pipeline_link.delay(guest.pk))
    return guest


@transaction.atomic
def revoke_guest(guest: PipelineGuest, *, by: Member, now: datetime | None = None) -> None:
    if PipelineGuest.objects.filter(pk=guest.pk, revoked_at=None).update(revoked_at=now or timezone.now()):
        record("pipeline.share_revoked", guest.pipeline, by=by, name=guest.name, email=guest.email)


@transaction.atomic
def comment_as_guest(
    guest: PipelineGuest, entry: PipelineEntry, *, text: str, thumb: str, now: datetime | None = None
) -> PipelineComment:
    from talentpool.tasks import mail_guest_comment

    if not text and not thumb:
        raise ValidationError(_("Say yes or no, or write something."))
    whose = {"candidate_id": entry.candidate_id, "origin_id": entry.candidate_id}
    comment: PipelineComment = PipelineComment.objects.create(
        pipeline=guest.pipeline, guest=guest, text=text, thumb=thumb, at=now or timezone.now(), **whose
    )
    verb, pipeline_id = "pipeline.commented", guest.pipeline_id
    record(verb, entry.candidate, by=None, guest=guest.name, pipeline_id=pipeline_id, comment_id=comment.pk)
    transaction.on_commit(lambda: mail_guest_comment.delay(comment.pk))
    return comment
