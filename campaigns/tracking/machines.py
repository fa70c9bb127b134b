"""Telling a person's open or click from a machine's: scanners follow every link within seconds of delivery.

Opens and clicks of machines are kept and marked with the reason, and never counted as interest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TOO_SOON = timedelta(seconds=8)
TRAPPED = "It followed a link that nobody can see."


class Hit(StrEnum):
    OPEN = "open"
    CLICK = "click"
    TRAP = "trap"


@dataclass(frozen=True)
class Visit:
    hit: Hit
    method: str
    agent: str
    headers: Mapping[str, str]
    at: datetime
    sent_at: datetime | None


_SCANNERS = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scan|monitor|validator|curl/|wget/|python-|python/|java/|okhttp|go-http|libwww"
    r"|headless|phantomjs|node-fetch|axios|httpclient|barracuda|mimecast|proofpoint|symantec|trendmicro|forcepoint"
    r"|ironport|fireeye|safelinks|bingpreview|facebookexternalhit|slackbot|whatsapp|telegram|skypeuri|linkcheck",
    re.IGNORECASE,
)
# Apple's Mail Privacy Protection loads every picture whether or not anybody looks, and says just this.
_PRIVACY_PROXY_AGENT = "Mozilla/5.0"
_PREFETCH_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")


def machine_reason(visit: Visit) -> str:
    """Why this was a machine, in words; "" for a person."""
    agent = visit.agent.strip()
    headers = {name.lower(): value.lower() for name, value in visit.headers.items()}
    if visit.hit is Hit.TRAP:
        return TRAPPED
    if visit.method == "HEAD":
        return "It asked for the head only, as link checkers do."
    if not agent:
        return "It said no name."
    if any("prefetch" in headers.get(name, "") or "preview" in headers.get(name, "") for name in _PREFETCH_HEADERS):
        return "A mail program loaded it ahead of time."
    if _SCANNERS.search(agent):
        return "It names itself a scanner or program."
    if visit.hit is Hit.OPEN and agent == _PRIVACY_PROXY_AGENT:
        return "A privacy proxy loads every picture."
    if visit.sent_at is not None and visit.at - visit.sent_at < TOO_SOON:
        return "It came within seconds of delivery."
    return ""
