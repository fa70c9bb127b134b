"""Reading a mail server's refusal: is it the address that is bad, or only this message, this hour, this sender?"""

import re

_ENHANCED = re.compile(r"^5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b")
_ADDRESS_IS_BAD = re.compile(r"5\.1\.(?:0|1|2|3|6|10)|5\.2\.1|5\.4\.4")  # RFC 3463, RFC 7505
_WORDS = re.compile(
    r"no such (?:user|person|mailbox|recipient)|user (?:unknown|not found)|unknown (?:user|recipient|address)"
    r"|(?:mailbox|address|account|recipient) (?:unavailable|not found|doesn.t exist|does not exist|disabled|rejected)",
    re.IGNORECASE,
)


def is_hard_bounce(reply: str) -> bool:
    """True when writing to the address again is pointless; a full mailbox or a policy refusal is not such a reason."""
    enhanced = _ENHANCED.match(reply)
    if enhanced:
        return bool(_ADDRESS_IS_BAD.fullmatch(enhanced[1]))
    return reply.startswith(("550", "551", "553")) and bool(_WORDS.search(reply))
