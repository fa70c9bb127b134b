"""Identity keys: what a record says that points at one person, in a form that two records of that person share.

Keys are rows, so finding the person is an index lookup. A shared key is strong evidence and not a proof; vetoes.py has
the last word.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import models

from talentpool.identity.emails import email_key
from talentpool.identity.links import link_key
from talentpool.identity.phones import phone_key
from talentpool.person import PersonFields

LONGEST_VALUE = 200


class KeyKind(models.TextChoices):
    """From the strongest to the weakest: when keys lead to several people, the strongest kind decides."""

    EXTERNAL = "external", "Id at a source"
    EMAIL = "email", "E-mail"
    URL = "url", "Profile link"
    PHONE = "phone", "Phone"


STRENGTH = {kind: place for place, kind in enumerate(KeyKind)}


class Key(NamedTuple):
    kind: KeyKind
    value: str


def identity_keys(fields: PersonFields, *, external_id: str = "", source: object = "", region: str = "") -> list[Key]:
    """The keys of one record, strongest first, each once.

    `external_id` is the record's own number in `source` (that source's primary key); `region` reads numbers without a
    country code where the record names no country.
    """
    keys = _keys(fields, external_id, source, region)
    return list(dict.fromkeys(key for key in keys if 0 < len(key.value) <= LONGEST_VALUE))


def _keys(fields: PersonFields, external_id: str, source: object, region: str) -> Iterator[Key]:
    if external_id:
        yield Key(KeyKind.EXTERNAL, f"{source}:{external_id}")
    for email in fields.emails:
        yield Key(KeyKind.EMAIL, email_key(email))
    for link in fields.links:
        yield Key(KeyKind.URL, link_key(link))
    for phone in fields.phones:
        yield Key(KeyKind.PHONE, phone_key(phone, fields.country or region))
