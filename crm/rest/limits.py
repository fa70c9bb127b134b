"""How many requests a token may make, counted in Valkey; when Valkey is away nobody is refused."""

import time
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from crm.models import ApiToken

WINDOW_SECONDS = 60

log = structlog.get_logger()


@dataclass(frozen=True)
class Allowance:
    limit: int
    remaining: int  # below 0: refused
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.remaining, 0)),
            "RateLimit-Reset": str(self.reset_seconds),
        }


def take_one(token: ApiToken) -> Allowance:
    """Count this request against the token's minute."""
    limit = settings.API_REQUESTS_PER_MINUTE
    window, into = divmod(int(time.time()), WINDOW_SECONDS)
    left = WINDOW_SECONDS - into
    name = f"api:{token.pk}:{window}"
    try:
        cache.add(name, 0, timeout=2 * WINDOW_SECONDS)
        used = cache.incr(name)
    except (RedisError, OSError, ValueError):  # ValueError: evicted between the two
        log.warning("api_limit_not_counted", token=token.pk)
        used = 1
    return Allowance(limit=limit, remaining=limit - used, reset_seconds=left)
