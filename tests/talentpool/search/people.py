"""People for tests of search, written straight into the tables: search must see them whoever writes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from talentpool.models import (
    Basis,
    Candidate,
    CandidateTag,
    Consent,
    File,
    Profile,
    ProfileKind,
    Source,
    Tag,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def person(name, *, title="", minutes=0, tags=(), source="", resume="", consent=False, **fields):
    """A candidate; `minutes` after noon is when she was changed last."""
    candidate = Candidate.objects.create(name=name, current_title=title, **fields)
    Candidate.objects.filter(pk=candidate.pk).update(updated_at=NOON + timedelta(minutes=minutes))
    whose = {"candidate": candidate, "origin": candidate}
    for tag in tags:
        CandidateTag.objects.create(tag=Tag.objects.get_or_create(name=tag)[0], at=NOON, **whose)
    if source:
        Profile.objects.create(
            source=Source.objects.get_or_create(name=source)[0],
            kind=ProfileKind.ROW,
            fingerprint=uuid4().hex,
            observed_at=NOON,
            **whose,
        )
    if resume:
        File.objects.create(name="cv.txt", media_type="text/plain", size=1, sha256=uuid4().hex, text=resume, **whose)
    if consent:
        Consent.objects.create(basis=Basis.CONSENT, granted_at=timezone.now(), **whose)
    return candidate
