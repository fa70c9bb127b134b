"""Recognising somebody who was erased without keeping anything of her: keyed hashes of her identity keys."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from crm.tenancy.scope import current_tenant_id
from talentpool.identity.keys import Key, KeyKind
from talentpool.identity.vetoes import Traits
from talentpool.models import ErasedKey, ErasureSecret, Source


@dataclass(frozen=True)
class Hashing:
    """How this organisation hashes: its secret, and for each source the mark that stays when the pool is moved."""

    secret: bytes
    marks: Mapping[str, str]

    def marked(self, text: str) -> str:
        """ "source:rest" with the source's mark instead of its id."""
        source, _, rest = text.partition(":")
        return f"{self.marks.get(source, source)}:{rest}"

    def hash(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()


def hashing() -> Hashing:
    """Read it once for many records."""
    secret = ErasureSecret.objects.values_list("secret", flat=True).first() or own_secret()
    marks = {str(pk): mark for pk, mark in Source.objects.values_list("pk", "mark")}
    return Hashing(bytes.fromhex(secret), marks)


def own_secret() -> str:
    """The secret of an organisation that was not moved here: the same whenever it is asked for."""
    return hashlib.sha256(f"erased|{current_tenant_id()}|{settings.SECRET_KEY}".encode()).hexdigest()


def erased_hashes(keys: Iterable[Key], traits: Traits, records: Iterable[str] = (), *, by: Hashing) -> list[str]:
    """One hash a key, and one a record ("source:fingerprint"), for a record without keys may come back too.

    A telephone counts only together with the name, for others of the household may stay.
    """
    words = [_words(key, traits, by) for key in keys] + [f"record|{by.marked(each)}" for each in records]
    return [by.hash(text) for text in words if text]


def nobody_was_erased() -> bool:
    return not ErasedKey.objects.exists()


def are_erased(hashes: Sequence[Iterable[str]]) -> list[bool]:
    """For each record's hashes, by one query, whether one of them was an erased person's."""
    wanted = set().union(*hashes)
    known = set(ErasedKey.objects.filter(hash__in=wanted).values_list("hash", flat=True))
    return [not known.isdisjoint(each) for each in hashes]


def _words(key: Key, traits: Traits, by: Hashing) -> str:
    if key.kind is KeyKind.EXTERNAL:
        return f"{key.kind}|{by.marked(key.value)}"
    if key.kind is not KeyKind.PHONE:
        return f"{key.kind}|{key.value}"
    name = traits.name
    return f"{key.kind}|{key.value}|{name.given}|{name.family}" if name.given and name.family else ""
