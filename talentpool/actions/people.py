"""How people come into the pool: records of any source become profiles, identity keys, candidates and activities.

All of a batch is done by a dozen statements, whatever its size. Batches that share an identity key wait for each other,
so two imports at once can't make one person twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.arrivals import (
    Ahead,
    Arrival,
    IncomingRecord,
    Outcome,
    Received,
    arrivals_of,
    as_json,
    find_origins,
    settle,
)
from talentpool.actions.bulk_insert import filled, insert_values, joined
from talentpool.actions.derivation import SHOWN, columns_alone, columns_said, hold_rules, home_region, rederive
from talentpool.actions.key_rows import hold_keys, rekey_edited
from talentpool.actions.trait_rows import read_traits, retrait_edited, write_traits
from talentpool.custom_values import CustomTypes
from talentpool.identity.matching import Group, Matching
from talentpool.identity.rules import Rules, rights_from
from talentpool.identity.statements import Statement
from talentpool.identity.suggestions import with_accepted
from talentpool.models import Activity, ActivityKind, Candidate, IdentityKey, Profile, ProfileKind, Source, SourceKind
from talentpool.person import PersonFields
from talentpool.queries.custom_fields import custom_types
from talentpool.queries.statements import in_our_names

__all__ = ["IncomingRecord", "Outcome", "Received", "create_candidate", "preview_profiles", "receive_profiles"]

BATCH = 500
ENOUGH_FOR_STATISTICS = 100
# A file of these kinds is the person's; of the others it is the organisation's.
PERSONAL_FILES = (ProfileKind.RESUME, ProfileKind.JSON_RESUME)

COME_BACK = """
    UPDATE talentpool_profile AS p SET observed_at = again.at
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS again(id, at)
    WHERE p.tenant_id = %s AND p.id = again.id AND again.at > p.observed_at AND EXISTS (
        SELECT 1 FROM talentpool_profile AS later
        WHERE later.tenant_id = p.tenant_id AND later.source_id = p.source_id AND later.external_id = p.external_id
          AND later.candidate_id = p.candidate_id AND (later.observed_at, later.id) > (p.observed_at, p.id)
    )
    RETURNING p.id
"""
GIVE_FILES = """
    UPDATE talentpool_file AS f SET candidate_id = given.to_whom, origin_id = given.origin
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS given(id, to_whom, origin)
    WHERE f.tenant_id = %s AND f.id = given.id AND f.candidate_id IS NULL
"""


def receive_profiles(
    records: Sequence[IncomingRecord], *, by: Member | None, now: datetime | None = None
) -> list[Received]:
    """Takes records in, each as a profile of the person it is about, and says what became of each.

    Sending a record twice changes nothing the second time. Each batch of 500 is a transaction of its own, unless the
    caller's surrounds them all.
    """
    now = now or timezone.now()
    received: list[Received] = []
    for start in range(0, len(records), BATCH):
        received += receive_arrivals(arrivals_of(records[start : start + BATCH], start), by=by, now=now)
    return received


def preview_profiles(records: Sequence[IncomingRecord]) -> list[Received]:
    """What receive_profiles would answer; reads only. Give it all of a file in one call: it sees duplicates in it."""
    matching = Matching()
    seen: dict[tuple[int, str], Arrival] = {}
    settled: list[Arrival] = []
    for start in range(0, len(records), BATCH):
        arrivals = arrivals_of(records[start : start + BATCH], start)
        settle(arrivals, matching, seen)
        settled += arrivals
    return [each.answer() for each in settled]


@transaction.atomic
def create_candidate(fields: PersonFields, *, by: Member, now: datetime | None = None) -> Received:
    """Somebody typed a person in. Who has the keys of somebody known is that person, and gets the new facts."""
    source, _ = Source.objects.get_or_create(
        name=SourceKind.HAND.label, defaults={"kind": SourceKind.HAND, "trust": 60}
    )
    [received] = receive_profiles([IncomingRecord(source, ProfileKind.HAND, fields)], by=by, now=now)
    if received.candidate_id and received.outcome is not Outcome.UNCHANGED:
        candidate = Candidate.objects.get(pk=received.candidate_id)
        record("candidate.created" if received.outcome is Outcome.NEW else "candidate.updated", candidate, by=by)
    return received


@transaction.atomic
def receive_arrivals(arrivals: list[Arrival], *, by: Member | None, now: datetime) -> list[Received]:
    """One batch of receive_profiles, of which what needs no database was worked out before."""
    hold_keys([*(key for each in arrivals for key in each.keys), *(each.fingerprint for each in arrivals)])
    settle(arrivals, Matching(), {})
    coming = [each for each in arrivals if not (each.is_erased or each.twin or each.known)]
    touched = {each.candidate_id for each in coming if each.candidate_id} | _come_back(arrivals, now)
    rules = hold_rules()
    if coming:
        find_origins(coming)
        _take_in(coming, rules, by=by, now=now)
        rekey_edited(touched)
        retrait_edited(touched)
    rederive(touched, now=now, rules=rules)
    return [each.answer() for each in arrivals]


def work_out(arrivals: Sequence[Arrival], profile_ids: Sequence[int], *, region: str, custom: CustomTypes) -> None:
    """What each would be shown as if nobody knew the person: the dearest part of an import, done ahead of its turn.

    One word alone is shown whatever the rules say; `custom` are the organisation's own fields as they are now.
    """
    now = timezone.now()
    for each, profile_id in zip(arrivals, profile_ids, strict=True):
        each.profile_id = profile_id
        each.ahead = Ahead(
            as_json(filled(columns_alone(_statement(each, now), each.suggestions, region=region, custom=custom))),
            custom,
            read_traits(each.fields, each.traits.name, each.keys),
        )


def next_profile_ids(number: int) -> list[int]:
    return _next_ids(Profile, number)


def _take_in(coming: list[Arrival], rules: Rules, *, by: Member | None, now: datetime) -> None:
    without_id = [each for each in coming if each.profile_id is None]
    for each, profile_id in zip(without_id, _next_ids(Profile, len(without_id)), strict=True):
        each.profile_id = profile_id
    strangers: dict[Group, list[Arrival]] = defaultdict(list)
    for each in coming:
        if each.candidate_id is None and each.group:
            strangers[each.group.now()].append(each)
    for group_id, theirs in zip(_next_ids(Candidate, len(strangers)), strangers.values(), strict=True):
        for each in theirs:
            each.candidate_id = group_id
    _insert_candidates(list(strangers.values()), rules, now)
    _insert_profiles(coming, by, now)
    insert_values(
        IdentityKey,
        ["candidate_id", "origin_id", "profile_id", "kind", "value"],
        [
            f'{{{_whose(each)}, "profile_id": {each.profile_id}, "kind": "{key.kind.value}", '
            f'"value": {as_json(key.value)}}}'
            for each in coming
            for key in each.keys
        ],
    )
    write_traits(
        [{**_ids(each), "profile_id": each.profile_id} for each in coming],
        [each.ahead.traits if each.ahead else read_traits(each.fields, each.traits.name, each.keys) for each in coming],
    )
    _tell_stories(coming, by, now)
    _give_files(coming)
    if len(coming) >= ENOUGH_FOR_STATISTICS:
        _tell_the_planner()


def _insert_candidates(strangers: Sequence[list[Arrival]], rules: Rules, now: datetime) -> None:
    """Each made of the records of one person; who comes with one record was worked out before, in an import."""
    region, custom = home_region(), custom_types()
    rows = []
    for theirs in strangers:
        alone = theirs[0].ahead if len(theirs) == 1 else None
        columns = (
            alone.columns if alone and alone.custom == custom else as_json(_columns(theirs, region, rules, custom, now))
        )
        rows.append(joined(f'{{"id": {theirs[0].candidate_id}}}', columns))
    insert_values(Candidate, ["id", *SHOWN], rows, created_at=now, updated_at=now)


def _columns(
    arrivals: Sequence[Arrival], region: str, rules: Rules, custom: CustomTypes, now: datetime
) -> dict[str, Any]:
    statements = [_statement(each, now) for each in arrivals]
    suggestions = [(each.profile_id or 0, each.suggestions) for each in arrivals]
    return columns_said(statements, suggestions, region=region, rules=rules, custom=custom)


def _statement(arrival: Arrival, now: datetime) -> Statement:
    source = arrival.record.source
    return Statement(
        arrival.profile_id or 0,
        with_accepted(in_our_names(arrival.fields, source), arrival.suggestions),
        arrival.record.observed_at or now,
        source.trust,
        f"{source.pk}:{arrival.external_id}" if arrival.external_id else "",
        source.kind,
        rights_from(source.conflicts),
    )


def _insert_profiles(coming: Sequence[Arrival], by: Member | None, now: datetime) -> None:
    alike: dict[tuple[Any, ...], list[Arrival]] = defaultdict(list)
    for each in coming:
        came = each.record
        alike[came.source.pk, came.kind, came.import_run_id, came.observed_at or now].append(each)
    columns = ["candidate_id", "origin_id", "id", "external_id", "fields", "suggestions", "raw", "fingerprint"]
    for (source_id, kind, run_id, observed_at), theirs in alike.items():
        insert_values(
            Profile,
            [*columns, "file_id", "row_number"],
            [_profile(each) for each in theirs],
            source_id=source_id,
            kind=kind,
            import_run_id=run_id,
            observed_at=observed_at,
            received_at=now,
            by_id=pk_of(by),
        )


def _profile(arrival: Arrival) -> str:
    came, (fields, suggestions, raw) = arrival.record, arrival.texts
    external_id = f', "external_id": {as_json(arrival.external_id)}' if arrival.external_id else ""
    return (
        f'{{{_whose(arrival)}, "id": {arrival.profile_id}, "fields": {fields}, "raw": {raw}, '
        f'"suggestions": {suggestions}, "fingerprint": "{arrival.fingerprint}", '
        f'"file_id": {came.file_id or "null"}, "row_number": {came.row_number or "null"}{external_id}}}'
    )


def pk_of(member: Member | None) -> int | None:
    return member.pk if member else None


def _whose(arrival: Arrival) -> str:
    return f'"candidate_id": {arrival.candidate_id}, "origin_id": {arrival.origin_id or arrival.candidate_id}'


def _ids(arrival: Arrival) -> dict[str, int | None]:
    return {"candidate_id": arrival.candidate_id, "origin_id": arrival.origin_id or arrival.candidate_id}


def _tell_stories(coming: Sequence[Arrival], by: Member | None, now: datetime) -> None:
    same: dict[tuple[int, str], str] = {}  # of all that come from one source in one way
    rows = []
    for each in coming:
        came = each.record
        key = each.place[0], came.kind
        same[key] = same.get(key) or as_json({"source": came.source.name, "kind": came.kind})[:-1]
        rows.append(f'{{{_whose(each)}, "data": {same[key]}, "profile": {each.profile_id}}}}}')
    insert_values(
        Activity, ["candidate_id", "origin_id", "data"], rows, kind=ActivityKind.RECEIVED, at=now, by_id=pk_of(by)
    )


def _come_back(arrivals: Sequence[Arrival], now: datetime) -> set[int]:
    """Of records that say again what they had said before saying something else: that state counts from now on."""
    known = {each.known[0]: each for each in arrivals if each.known and each.external_id}
    if not known:
        return set()
    when = [each.record.observed_at or now for each in known.values()]
    with connection.cursor() as cursor:
        cursor.execute(COME_BACK, [list(known), when, current_tenant_id()])
        back = [known[profile_id] for (profile_id,) in cursor.fetchall()]
    for each in back:
        each.is_back = True
    return {each.known[1] for each in back if each.known}


def _give_files(coming: Sequence[Arrival]) -> None:
    personal = [each for each in coming if each.record.file_id and each.record.kind in PERSONAL_FILES]
    if personal:
        files, people = [each.record.file_id for each in personal], [each.candidate_id for each in personal]
        origins = [each.origin_id or each.candidate_id for each in personal]
        with connection.cursor() as cursor:
            cursor.execute(GIVE_FILES, [files, people, origins, current_tenant_id()])


def _next_ids(model: type[Profile] | type[Candidate], number: int) -> list[int]:
    """Ids before the rows exist: lineage names profiles inside the candidate that they point at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(s.id) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass OFFSET 0) AS s(id), "
            "generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [row[0] for row in cursor.fetchall()]


def _tell_the_planner() -> None:
    """Statistics for tables that were empty until now; from then on PostgreSQL keeps them itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Candidate._meta.db_table])
        [(rows,)] = cursor.fetchall()
        if rows < ENOUGH_FOR_STATISTICS:
            cursor.execute("SELECT refresh_people_statistics()")
