"""Loaded by a worker: a simulated ATS whose limit is so wide that only this machine's speed counts."""

from ats_sync.providers.base import Rate
from ats_sync.providers.greenhouse import Greenhouse

WIDE = Rate(requests=1_000_000, seconds=30, burst=1_000_000)
Greenhouse.rate = WIDE
