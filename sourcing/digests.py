"""How entries of the search log are hashed and chained, in words that an outside auditor can follow.

* Canonical JSON: keys sorted, no spaces, UTF-8.
* words_digest = SHA-256 of salt, newline and the canonical JSON of what was said.
* digest = SHA-256 of the canonical JSON of the entry's columns, words_digest among them.
* hash = SHA-256 of the previous hash, newline, number, newline and digest; before the first the hash is "".
* A seal is a keyed hash (HMAC-SHA-256) by the application's key, which the database does not have.
"""

import json
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature, Signer

from sourcing.models import SearchLogEntry

_PLAIN = (
    "id", "tenant_id", "kind", "member_id", "search_id", "candidate_ids", "total", "total_is_estimate", "job_id",
    "pipeline_id", "act", "detail", "words_digest", "via",
)  # fmt: skip
_signer = Signer(salt="sourcing.search_log")


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def words_digest(said: Any, salt: str) -> str:
    return _hash(f"{salt}\n{canonical(said)}")


def entry_digest(entry: SearchLogEntry) -> str:
    columns = {name: getattr(entry, name) for name in _PLAIN}
    at, session = entry.at.astimezone(UTC).isoformat(timespec="microseconds"), str(entry.session or "")
    return _hash(canonical(columns | {"at": at, "session": session}))


def link_hash(previous: str, number: int, digest: str) -> str:
    return _hash(f"{previous}\n{number}\n{digest}")


def seal_of(*parts: object) -> str:
    return _signer.signature(canonical(parts))


def is_sealed(seal: str, *parts: object) -> bool:
    """Also by a key that has since been replaced."""
    try:
        _signer.unsign(f"{canonical(parts)}:{seal}")
    except BadSignature:
        return False
    return True


def clean(value: Any) -> Any:
    """What PostgreSQL's jsonb can't hold goes: NUL and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {clean(key): clean(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(each) for each in value]
    return value


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
