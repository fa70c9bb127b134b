"""Bringing the demo's people in, the way an import does, and setting the clock back to when each record came."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain

from django.db import connection

from analytics.demo.records import Record
from crm.models import Member
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.models import Activity, ActivityKind, Basis, Candidate, Consent, File, FileContent, Source, SourceKind

# name and trust of each kind of source
SOURCES: dict[SourceKind, tuple[str, int]] = {
    SourceKind.PAST_APPLICANT: ("Past applicants", 70),
    SourceKind.TALENT_NETWORK: ("Talent network", 80),
    SourceKind.RESUME_BOARD: ("Résumé boards", 50),
    SourceKind.REFERRAL: ("Employee referrals", 60),
    SourceKind.EVENT: ("Spring job fair", 40),
    SourceKind.AGENCY: ("Valley Staffing agency", 30),
}
AGREEMENT = "Yes, St. Brendan Health may write to me about jobs and news. I can end this at any time."

# The clock of all that receiving wrote, set to when the record was said: profiles, lines of story, people.
_BACKDATE = (
    "UPDATE talentpool_profile SET received_at = observed_at WHERE tenant_id = %s",
    """
    UPDATE talentpool_activity activity SET at = profile.observed_at
    FROM talentpool_profile profile
    WHERE activity.tenant_id = %s AND profile.tenant_id = activity.tenant_id
      AND activity.kind = 'received' AND profile.id = (activity.data->>'profile')::bigint
    """,
    """
    UPDATE talentpool_candidate candidate SET created_at = told.first, updated_at = told.last
    FROM (
        SELECT candidate_id, min(observed_at) AS first, max(observed_at) AS last
        FROM talentpool_profile WHERE tenant_id = %s GROUP BY candidate_id
    ) told
    WHERE candidate.id = told.candidate_id AND candidate.tenant_id = %s
    """,
)


def bring_in(sheaves: Iterable[Sequence[Record]], *, by: Member) -> list[int]:
    """All records in the order they were said; the candidates' ids, by the order of their first record."""
    told = sorted(chain.from_iterable(sheaves), key=lambda record: record.observed_at)
    sources = {
        kind: Source.objects.create(name=name, kind=kind, trust=trust) for kind, (name, trust) in SOURCES.items()
    }
    files = _store_resumes(told, by=by)
    received = receive_profiles(
        [
            IncomingRecord(
                source=sources[record.source],
                kind=record.kind,
                fields=record.fields,
                raw=record.fields.to_json(),
                external_id=record.external_id,
                observed_at=record.observed_at,
                file_id=file.pk if file else None,
            )
            for record, file in zip(told, files, strict=True)
        ],
        by=by,
    )
    ids = [each.candidate_id for each in received]
    _backdate()
    _write_consents(told, ids)
    return list(dict.fromkeys(pk for pk in ids if pk))


def _store_resumes(told: Sequence[Record], *, by: Member) -> list[File | None]:
    files = [_file(record, by) if record.resume else None for record in told]
    stored = [file for file in files if file]
    File.objects.bulk_create(stored, batch_size=1000)
    texts = [record.resume for record in told if record.resume]
    FileContent.objects.bulk_create(
        (FileContent(file=file, content=text.encode()) for file, text in zip(stored, texts, strict=True)),
        batch_size=1000,
    )
    return files


def _file(record: Record, by: Member) -> File:
    content = record.resume.encode()
    return File(
        name=f"{record.person.name}.txt",
        media_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        text=record.resume,
        by=by,
        at=record.observed_at,
    )


def _backdate() -> None:
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        for statement in _BACKDATE:
            cursor.execute(statement, [tenant_id] * statement.count("%s"))


def _write_consents(told: Sequence[Record], ids: Sequence[int | None]) -> None:
    agreed = [(record, pk) for record, pk in zip(told, ids, strict=True) if pk and record.agreed]
    Consent.objects.bulk_create(
        (
            Consent(
                candidate_id=pk,
                origin_id=pk,
                basis=Basis.CONSENT,
                text=AGREEMENT,
                proof={"source": SOURCES[record.source][0]},
                granted_at=record.observed_at,
            )
            for record, pk in agreed
        ),
        batch_size=1000,
    )
    Activity.objects.bulk_create(
        (
            Activity(
                candidate_id=pk,
                origin_id=pk,
                kind=ActivityKind.CONSENT_GIVEN,
                at=record.observed_at,
                data={"source": SOURCES[record.source][0]},
            )
            for record, pk in agreed
        ),
        batch_size=1000,
    )


def newest_first(ids: Sequence[int]) -> list[Candidate]:
    return list(Candidate.objects.present().filter(pk__in=ids).order_by("-created_at", "-pk"))
