"""What a recipient does with a message, told by the local part of the address or by a table.

bounce+550@…   refuses at RCPT with this code (550 if none is named)
defer+2@…      answers 451 to the first two tries and accepts the third; `defer@…` always answers 451
refuse+552@…   refuses after the body with this code (554 if none is named)
slow+3@…       answers the body after three seconds (one if none is named)
cut@…          breaks the connection off at RCPT
cut-body@…     breaks it off after the body, and the message is gone
cut-kept@…     breaks it off after the body, and the message has arrived
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

SPELLED = re.compile(r"(bounce|defer|refuse|slow)(?:\+(\d{1,3}))?|cut|cut-body|cut-kept")


class Kind(StrEnum):
    ACCEPT = "accept"
    BOUNCE = "bounce"
    DEFER = "defer"
    REFUSE = "refuse"
    SLOW = "slow"
    CUT = "cut"
    CUT_BODY = "cut-body"
    CUT_KEPT = "cut-kept"


@dataclass(frozen=True)
class Behaviour:
    kind: Kind
    number: int | None = None


ACCEPT = Behaviour(Kind.ACCEPT)


@dataclass
class Behaviours:
    """The table, which goes before the local part, and how often each deferring address was tried."""

    table: dict[str, Behaviour] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)

    def of(self, address: str) -> Behaviour:
        address = address.casefold()
        return self.table.get(address) or spelled(address.rpartition("@")[0]) or ACCEPT

    def at_rcpt(self, address: str) -> Behaviour:
        """As `of`, counting the try: an address that defers N times accepts after that."""
        behaviour = self.of(address)
        if behaviour.kind is not Kind.DEFER:
            return behaviour
        self.tries[address] = self.tries.get(address, 0) + 1
        if behaviour.number is not None and self.tries[address] > behaviour.number:
            return ACCEPT
        return behaviour


def spelled(text: str) -> Behaviour | None:
    """`bounce+550` as a behaviour; None for an ordinary local part."""
    found = SPELLED.fullmatch(text)
    if found is None:
        return Behaviour(Kind.ACCEPT) if text == Kind.ACCEPT else None
    number = int(found[2]) if found[2] else None
    if found[1] in ("bounce", "refuse") and number is not None and not 400 <= number < 600:
        return None
    return Behaviour(Kind(found[1] or found[0]), number)
