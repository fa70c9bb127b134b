"""Members' addresses: `add-<organisation>-<secret>@…` to forward to, `bcc-<organisation>-<secret>@…` to copy to.

The organisation's number stands in them because row security lets nobody look the secret up before a scope is entered.
Behind a mailbox of one's own they follow its name and a plus: `rapport+add-…@acme.example`.
"""

import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

from talentpool.intake.mail.letters import Letter, addresses_of

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike; capitals don't survive all servers
_LENGTH = 18  # 90 bits
_LOCAL = re.compile(rf"(?:.*\+)?(add|bcc)-([1-9]\d{{0,17}})-([{_LETTERS}]{{{_LENGTH}}})")
# Who a mailbox got a letter for, where To and Cc don't say it.
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "X-Forwarded-To", "To")
_DELIVERED_TOO = ("Cc", "Bcc", "Resent-To")


class Way(StrEnum):
    ADD = "add"
    BCC = "bcc"


@dataclass(frozen=True, slots=True)
class Target:
    way: Way
    tenant_id: int
    token: str


def new_token() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def address_with(target: Target, place: str) -> str:
    """`place` is a domain, or the whole address of a mailbox."""
    local = f"{target.way}-{target.tenant_id}-{target.token}"
    box, at, domain = place.rpartition("@")
    return f"{box}+{local}@{domain}" if at else f"{local}@{place}"


def target_of(address: str) -> Target | None:
    found = _LOCAL.fullmatch(address.strip().strip("<>").rpartition("@")[0].casefold())
    return Target(Way(found[1]), int(found[2]), found[3]) if found else None


def targets_in(letter: Letter) -> list[Target]:
    """Of a letter from a mailbox: whom its headers say it was delivered to."""
    values = [str(value) for name in _DELIVERED + _DELIVERED_TOO for value in letter.headers.get_all(name, [])]
    found = [target for each in addresses_of(values) if (target := target_of(each.email))]
    return list(dict.fromkeys(found))
