"""A pool of 100,000 people in a few minutes, for benchmarks; the people are those of the demo.

The rows are written side by side instead of through `receive_profiles`, which has a benchmark of its own; what it would
have derived is derived here from each person's newest full record.
"""

import hashlib
import time
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from django.db import connection

from analytics.demo.records import Record, records
from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.identity.keys import identity_keys
from talentpool.models import (
    Activity,
    ActivityKind,
    Basis,
    Candidate,
    CandidateTag,
    Consent,
    IdentityKey,
    Profile,
    Source,
    SourceKind,
    Suppression,
    SuppressionReason,
    Tag,
)

SLUG = "bench"
PASSWORD = "correct horse battery"
CHUNK = 2_000
SEED = 7
TODAY = date(2026, 11, 21)


def bench_tenant() -> Tenant:
    """The organisation of the benchmarks, with one owner."""
    tenant, _ = Tenant.objects.get_or_create(slug=SLUG, defaults={"name": "Bench", "time_zone": "America/Los_Angeles"})
    with tenant_scope(tenant.pk):
        user = User.objects.filter(email="owner@bench.example").first()
        user = user or User.objects.create_user("owner@bench.example", PASSWORD, name="Olga Bench")
        Member.objects.get_or_create(user=user, defaults={"role": Role.OWNER, "name": "Olga Bench"})
    return tenant


def fill_pool(people: int) -> Tenant:
    """At least so many people; those already there are kept."""
    tenant = bench_tenant()
    with tenant_scope(tenant.pk):
        there = Candidate.objects.count()
        sources = _sources()
        tags = [Tag.objects.get_or_create(name=name)[0] for name in ("Silver medalist", "Bilingual", "Relocates")]
        stream = islice(records(SEED, TODAY), there, people)
        begun = time.perf_counter()
        while chunk := list(islice(stream, CHUNK)):
            _write(chunk, sources, tags)
        added = max(people - there, 0)
        if added:
            print(f"pool: {added:,} people in {time.perf_counter() - begun:.0f} s")
            with connection.cursor() as cursor:
                for model in (Candidate, Profile, IdentityKey, Consent, Activity):
                    cursor.execute(f"ANALYZE {model._meta.db_table}")
    return tenant


def _sources() -> dict[str, Source]:
    kinds = ("past_applicant", "talent_network", "resume_board", "referral", "event", "agency")
    return {
        kind: Source.objects.get_or_create(name=SourceKind(kind).label, defaults={"kind": kind})[0] for kind in kinds
    }


def _write(chunk: list[list[Record]], sources: dict[str, Source], tags: list[Tag]) -> None:
    people = Candidate.objects.bulk_create([_candidate(sheaf) for sheaf in chunk])
    _backdate(people, chunk)
    pairs = [(person, record) for person, sheaf in zip(people, chunk, strict=True) for record in sheaf]
    profiles = Profile.objects.bulk_create([_profile(person, record, sources) for person, record in pairs])
    keys = {}
    for profile, (person, record) in zip(profiles, pairs, strict=True):
        for key in identity_keys(record.fields, external_id=record.external_id, source=profile.source_id, region="US"):
            row = IdentityKey(candidate=person, origin=person, profile=profile, kind=key.kind, value=key.value)
            keys[key.kind, key.value, profile.pk] = row
    IdentityKey.objects.bulk_create(keys.values())
    Consent.objects.bulk_create(
        Consent(candidate=person, origin=person, basis=Basis.CONSENT, granted_at=record.observed_at)
        for person, record in pairs
        if record.agreed
    )
    Activity.objects.bulk_create(
        Activity(
            candidate=person,
            origin=person,
            kind=ActivityKind.RECEIVED,
            at=record.observed_at,
            data={"source": record.source.label},
        )
        for person, record in pairs
    )
    _mark(people, tags)


def _mark(people: list[Candidate], tags: list[Tag]) -> None:
    """Every seventh person carries a tag, every thirtieth has unsubscribed, every hundredth bounced."""
    at = datetime.combine(TODAY, datetime.min.time(), UTC)
    CandidateTag.objects.bulk_create(
        CandidateTag(candidate=person, origin=person, tag=tags[person.pk % len(tags)], at=at) for person in people[::7]
    )
    reasons = [(person, SuppressionReason.UNSUBSCRIBED) for person in people[::30]]
    reasons += [(person, SuppressionReason.BOUNCED) for person in people[::100]]
    Suppression.objects.bulk_create(
        [
            Suppression(address=person.email.lower(), reason=reason, at=at - timedelta(days=person.pk % 300))
            for person, reason in reasons
            if person.email
        ],
        ignore_conflicts=True,
    )


def _candidate(sheaf: list[Record]) -> Candidate:
    person = sheaf[0].person
    fields = max(sheaf, key=lambda record: (len(record.fields.positions), record.observed_at)).fields
    current = next((position for position in fields.positions if position.current), None)
    emails = dict.fromkeys(email.lower() for record in sheaf for email in record.fields.emails)
    phones = [person.phone] if any(record.fields.phones for record in sheaf) else []
    points = [{"kind": "email", "value": email} for email in emails]
    points += [{"kind": "phone", "value": phone} for phone in phones]
    points += [{"kind": "link", "value": link} for link in person.links]
    return Candidate(
        name=person.name,
        given_name=person.given,
        family_name=person.family,
        headline=fields.headline,
        summary=fields.summary,
        current_title=current.title if current else "",
        current_employer=current.employer if current else "",
        location=str(person.place),
        country="US",
        email=next(iter(emails), ""),
        phone=person.phone if phones else "",
        contact_points=points,
        positions=[position.to_json() for position in fields.positions],
        education=[entry.to_json() for entry in fields.education],
        skills=list(fields.skills),
        languages=list(fields.languages),
        certificates=list(fields.certificates),
        warmth=person.index % 5,
    )


def _backdate(people: list[Candidate], chunk: list[list[Record]]) -> None:
    """Into the pool when the first record came; `auto_now_add` knows only today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE talentpool_candidate SET created_at = given.at, updated_at = given.last "
            "FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS given (id, at, last) "
            "WHERE talentpool_candidate.id = given.id",
            [
                [person.pk for person in people],
                [sheaf[0].observed_at for sheaf in chunk],
                [sheaf[-1].observed_at for sheaf in chunk],
            ],
        )


def _profile(person: Candidate, record: Record, sources: dict[str, Source]) -> Profile:
    stored = record.fields.to_json()
    mark = f"{record.person.index} {record.source} {record.observed_at:%Y-%m-%dT%H:%M}"
    return Profile(
        candidate=person,
        origin=person,
        source=sources[record.source],
        kind=record.kind,
        external_id=record.external_id,
        raw={},
        fields=stored,
        fingerprint=hashlib.sha256(mark.encode()).hexdigest(),
        observed_at=record.observed_at,
    )
