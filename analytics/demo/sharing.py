"""What the demo's recruiters share: a pipeline with the manager of a ward, and columns with each other."""

from datetime import datetime, timedelta

from crm.actions.invitations import hash_of
from crm.models import Member
from talentpool.actions.column_sets import save_columns
from talentpool.actions.pipeline_guests import link_secret
from talentpool.models import Pipeline, PipelineComment, PipelineEntry, PipelineGuest, Thumb

COLUMNS = {
    "At the bedside": ("title", "employer", "location", "experience", "state", "tags"),
    "Whom to call": ("title", "owner", "contacted", "warmth", "email"),
}
SAID = (
    (Thumb.UP, "Worked with us as a traveler in 2024. Yes, please."),
    (Thumb.UP, ""),
    (Thumb.DOWN, "Too far away for on-call, I think."),
)


def share(members: dict[str, Member], pipeline: Pipeline, *, now: datetime) -> None:
    """Rows and no action for the guest: nothing of a demo is mailed."""
    for name, columns in COLUMNS.items():
        save_columns(None, name=name, names=columns, is_shared=True, by=members["priya"])
    guest = PipelineGuest(pipeline=pipeline, name="Dr. Renée Achterberg", email="r.achterberg@st-brendan.example")
    guest.by, guest.expires_at, guest.seen_at = members["tom"], now + timedelta(days=30), now - timedelta(days=1)
    guest.save()
    guest.secret_hash = hash_of(link_secret(guest))
    guest.save(update_fields=["secret_hash"])
    entries = PipelineEntry.objects.filter(pipeline=pipeline).order_by("-stage__position", "pk")
    PipelineComment.objects.bulk_create(
        PipelineComment(
            pipeline=pipeline,
            guest=guest,
            candidate_id=entry.candidate_id,
            origin_id=entry.candidate_id,
            thumb=thumb,
            text=text,
            at=now - timedelta(days=1, minutes=number),
        )
        for number, (entry, (thumb, text)) in enumerate(zip(entries, SAID, strict=False))
    )
