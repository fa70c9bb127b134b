"""Recognising somebody who was erased without keeping anything of her: keyed hashes of her identity keys."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from django.conf import settings

from crm.tenancy.scope import current_tenant_id
from talentpool.identity.keys import Key, KeyKind
from talentpool.identity.vetoes import Traits
from talentpool.models import ErasedKey


def erased_hashes(keys: Iterable[Key], traits: Traits, records: Iterable[str] = ()) -> list[str]:
    """One hash a key, and one a record ("source:fingerprint"), for a record without keys may come back too.

    A telephone counts only together with the name, for others of the household may stay.
    """
    words = [_words(key, traits) for key in keys] + [f"record|{each}" for each in records]
    return [_hash(text) for text in words if text]


def nobody_was_erased() -> bool:
    return not ErasedKey.objects.exists()


def are_erased(hashes: Sequence[Iterable[str]]) -> list[bool]:
    """For each record's hashes, by one query, whether one of them was an erased person's."""
    wanted = set().union(*hashes)
    known = set(ErasedKey.objects.filter(hash__in=wanted).values_list("hash", flat=True))
    return [not known.isdisjoint(each) for each in hashes]


def _words(key: Key, traits: Traits) -> str:
    if key.kind is not KeyKind.PHONE:
        return f"{key.kind}|{key.value}"
    name = traits.name
    return f"{key.kind}|{key.value}|{name.given}|{name.family}" if name.given and name.family else ""


def _hash(text: str) -> str:
    secret = f"erased|{current_tenant_id()}|{settings.SECRET_KEY}".encode()
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
