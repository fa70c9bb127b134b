"""Whether the sender's domain stands behind the letter, as the receiving server wrote down (RFC 8601).

Only the uppermost header counts: the server that received the letter put it there, the lower ones may be the sender's.
Without one nothing is known, and nothing is held against the letter.
"""

import re

from talentpool.intake.mail.letters import Letter, header_text

_RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)([^;]*)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:header\.(?:d|i|from)|smtp\.mailfrom|envelope-from)\s*=\s*\"?<?(?:[^\s@;\"]*@)?([\w.-]+)")
_REFUSED = ("fail", "softfail", "permerror")


def fails_authentication(letter: Letter) -> bool:
    """DMARC's word is the last; without it, a failure that no passing check of the same domain makes good."""
    headers = letter.headers.get_all("Authentication-Results", [])
    results = _RESULT.findall(header_text(headers[0])) if headers else _received_spf(letter)
    said = [(method.lower(), result.lower(), rest) for method, result, rest in results]
    dmarc = [result for method, result, _ in said if method == "dmarc"]
    if "fail" in dmarc or "pass" in dmarc:
        return "fail" in dmarc
    domain = letter.sender.email.rpartition("@")[2]
    passes = any(result == "pass" and _is_aligned(rest, domain) for _, result, rest in said)
    return not passes and any(result in _REFUSED for _, result, _ in said)


def _received_spf(letter: Letter) -> list[tuple[str, str, str]]:
    said = header_text(letter.headers.get("Received-SPF"))
    return [("spf", said.partition(" ")[0], said)] if said else []


def _is_aligned(said: str, domain: str) -> bool:
    """A domain and those below and above it count as one, as DMARC's relaxed alignment has it."""
    named = [found.lower().strip(".") for found in _DOMAIN.findall(said)]
    return any(
        each == domain or each.endswith(f".{domain}") or (domain.endswith(f".{each}") and "." in each) for each in named
    )
