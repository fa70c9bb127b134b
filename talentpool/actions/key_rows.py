"""Identity keys as rows: which ones a person has, and holding them while somebody works with them."""

import zlib
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.actions.derivation import home_region, statement_of
from talentpool.identity.keys import Key, KeyKind, identity_keys
from talentpool.models import FieldEdit, IdentityKey, Profile
from talentpool.person import PersonFields

CONTACT_KINDS = {"emails": "email", "phones": "phone", "links": "link"}
# Locks on one organisation's keys; few, for each lock held takes a place in a table that all sessions share.
LOCKS = 64
ALL_OF_THEM = 20 * LOCKS  # so many words want every lock


def hold_keys(words: Iterable[Key | str]) -> None:
    """Makes other transactions that want one of these keys wait until this one ends. Take it before any row's lock."""
    words = list(words)
    numbers = (zlib.crc32(":".join(each).encode() if isinstance(each, tuple) else each.encode()) for each in words)
    _hold(range(LOCKS) if len(words) > ALL_OF_THEM else {number % LOCKS for number in numbers})


def hold_all_keys() -> None:
    """The same for every key, by who works on very many people at once."""
    _hold(range(LOCKS))


def _hold(wanted: Iterable[int]) -> None:
    tenant_id = current_tenant_id()
    locks = sorted({zlib.crc32(f"keys {tenant_id} {number}".encode()) + (7 << 40) for number in wanted})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) AS k", [locks])


def rekey(candidate_id: int, *, region: str) -> None:
    """The keys that edits and accepted suggestions add, and without those of contact points that an edit removed."""
    profiles = Profile.objects.filter(candidate=candidate_id).select_related("source").defer("raw")
    edits = FieldEdit.objects.filter(candidate=candidate_id, withdrawn_at=None, field__in=CONTACT_KINDS)
    own: dict[Key, int] = {}
    removed: set[Key] = set()
    for field, value, origin in edits.order_by("at", "pk").values_list("field", "value", "origin_id"):
        assert value is not None
        added = set(keys_of([{"add": value["add"]}], [field], region))
        gone = set(keys_of([{"remove": value["remove"]}], [field], region))
        own = {key: whose for key, whose in own.items() if key not in gone} | dict.fromkeys(added, origin)
        removed = (removed | gone) - added
    wanted = {
        (key, profile.pk, profile.origin_id)
        for profile in profiles
        for key in identity_keys(
            statement_of(profile).fields, external_id=profile.external_id, source=profile.source_id, region=region
        )
        if key not in removed
    } | {(key, None, origin) for key, origin in own.items()}
    rows = IdentityKey.objects.filter(candidate=candidate_id)
    there = {(Key(KeyKind(row.kind), row.value), row.profile_id, row.origin_id): row.pk for row in rows}
    rows.filter(pk__in=[pk for mark, pk in there.items() if mark not in wanted]).delete()
    IdentityKey.objects.bulk_create(
        IdentityKey(kind=key.kind, value=key.value, profile_id=profile_id, candidate_id=candidate_id, origin_id=origin)
        for key, profile_id, origin in sorted(wanted - there.keys(), key=str)
    )


def rekey_edited(candidate_ids: Collection[int], *, together: bool = False) -> None:
    """The same for those of many people of whom somebody here added or removed contact points.

    `together` does it for all of them if it is so of one: they were one person before.
    """
    edits = FieldEdit.objects.filter(candidate__in=candidate_ids, withdrawn_at=None, field__in=CONTACT_KINDS)
    edited = set(edits.values_list("candidate_id", flat=True))
    region = home_region() if edited else ""
    for candidate_id in sorted(candidate_ids if together and edited else edited):
        rekey(candidate_id, region=region)


def keys_of(values: Iterable[Any], names: Iterable[str], region: str) -> list[Key]:
    """The identity keys of the contact points that changes add or remove."""
    keys: list[Key] = []
    for name, value in zip(names, values, strict=True):
        if name in CONTACT_KINDS:
            texts = tuple(map(str, (*value.get("add", ()), *value.get("remove", ()))))
            keys += identity_keys(PersonFields.from_json({name: texts}), region=region)
    return keys
