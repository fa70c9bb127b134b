"""The secret in every link of a message: which message of which tenant it is, and that it was us who said so.

A public request names no organisation and nobody is signed in, so the verified token is what the tenant's scope is
entered from. 36 characters: 4 bytes of tenant, 8 of message, 15 of HMAC-SHA256.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

_MAC_BYTES = 15
_ID_BYTES = 12
LENGTH = (_ID_BYTES + _MAC_BYTES) // 3 * 4
TEST_MESSAGE = 0  # the message id of tests and previews: their links work and change nothing


@dataclass(frozen=True)
class Claim:
    tenant_id: int
    message_id: int

    @property
    def is_test(self) -> bool:
        return self.message_id == TEST_MESSAGE


class WrongToken(ValueError):
    """It was changed on its way, or never was ours."""


def token_for(tenant_id: int, message_id: int) -> str:
    raw = tenant_id.to_bytes(4, "big") + message_id.to_bytes(8, "big")
    return base64.urlsafe_b64encode(raw + _mac(_key(settings.SECRET_KEY), raw)).decode("ascii")


def claim_of(token: str) -> Claim:
    """Constant-time check; keys in SECRET_KEY_FALLBACKS still open mail that was sent under them."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise WrongToken(token[:60]) from error
    ids, mac = raw[:_ID_BYTES], raw[_ID_BYTES:]
    macs = [_mac(_key(key), ids) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    if len(raw) != _ID_BYTES + _MAC_BYTES or not any(hmac.compare_digest(known, mac) for known in macs):
        raise WrongToken(token[:60])
    return Claim(int.from_bytes(ids[:4], "big"), int.from_bytes(ids[4:], "big"))


def _mac(key: bytes, raw: bytes) -> bytes:
    return hmac.digest(key, raw, "sha256")[:_MAC_BYTES]


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    """A key of its own for this purpose, so that no other signature of Rapport's is good as a token."""
    return hmac.new(secret.encode(), b"campaigns.tracking.tokens", sha256).digest()
