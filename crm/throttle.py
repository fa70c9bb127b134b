"""How fast something may go: GCRA in Valkey, several meters in one atomic step, shared by all processes.

A meter is a tenant's mail route, a campaign, a recipient domain of a tenant, or a connection to another system. Losing
Valkey forgets at most one burst.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from redis import Redis
from redis.commands.core import Script

from crm.tenancy.scope import current_tenant_id

# KEYS: meters. ARGV: now, then for each: cost of one in seconds, tolerance in seconds, how many are asked for.
# All or nothing for "all"; for "each" every meter grants what it can. Times are microseconds: Lua's numbers hold them.
_SCRIPT = """
local now, mode, longest, granted = tonumber(ARGV[1]), ARGV[2], 0, {}
for i, key in ipairs(KEYS) do
  local cost, tolerance, asked = tonumber(ARGV[3*i]), tonumber(ARGV[3*i+1]), tonumber(ARGV[3*i+2])
  local due = math.max(tonumber(redis.call('GET', key) or now), now)
  local room = math.floor((now + tolerance - due) / cost)
  granted[i] = math.max(0, math.min(asked, room))
  if granted[i] < asked then
    if mode == 'each' then due, asked = due + granted[i] * cost, asked - granted[i] end
    longest = math.max(longest, due + math.min(asked * cost, tolerance) - tolerance - now, 1)
  end
end
if mode == 'all' and longest > 0 then return {tostring(longest)} end
for i, key in ipairs(KEYS) do
  local cost = tonumber(ARGV[3*i])
  local due = math.max(tonumber(redis.call('GET', key) or now), now) + granted[i] * cost
  if granted[i] > 0 then
    redis.call('SET', key, string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1000)
  end
end
return {tostring(longest), unpack(granted)}
"""
SECONDS_OF_BURST = 10


@dataclass(frozen=True)
class Meter:
    name: str
    per_minute: int
    burst: int = 0  # at once; 0: as many as come in ten seconds

    @property
    def cost(self) -> float:
        return 60_000_000 / self.per_minute

    @property
    def tolerance(self) -> float:
        """By default a burst as large as the largest chunk of mail that is planned at this rate."""
        return max(1, self.burst or self.per_minute * SECONDS_OF_BURST // 60) * self.cost


def wait_for_all(meters: list[Meter], number: int) -> float:
    """Take `number` from every meter and return 0.0, or take nothing and return the seconds to wait."""
    if not meters or number == 0:
        return 0.0
    # A chunk planned under a higher rate is larger than the burst of today's: it takes the whole burst instead.
    asked = {meter: max(1, min(number, int(meter.tolerance / meter.cost))) for meter in meters}
    longest, *_ = _ask("all", asked)
    return longest


def grant_each(meters: Mapping[Meter, int]) -> tuple[dict[Meter, int], float]:
    """Take from each meter as much of what is asked as it has; also the seconds until it is worth asking again."""
    if not meters:
        return {}, 0.0
    longest, *granted = _ask("each", meters)
    return {meter: int(number) for meter, number in zip(meters, granted, strict=True)}, longest


def room_in(meter: Meter) -> int:
    """How many of the meter's burst are left now; nothing is taken."""
    due = _valkey().get(_key(meter))
    now = time.time() * 1e6
    behind = max(0.0, float(due) - now) if due else 0.0
    return max(0, int((meter.tolerance - behind) / meter.cost))


def _ask(mode: str, asked: Mapping[Meter, int]) -> tuple[float, ...]:
    keys = [_key(meter) for meter in asked]
    parts = [part for meter, number in asked.items() for part in (meter.cost, meter.tolerance, number)]
    longest, *granted = _script()(keys=keys, args=[int(time.time() * 1e6), mode, *parts])
    return (float(longest) / 1e6, *(float(number) for number in granted))


def _key(meter: Meter) -> str:
    return f"rapport:throttle:{current_tenant_id()}:{meter.name}"


@cache
def _valkey() -> Redis:
    return Redis.from_url(settings.VALKEY_URL)


@cache
def _script() -> Script:
    return _valkey().register_script(_SCRIPT)
