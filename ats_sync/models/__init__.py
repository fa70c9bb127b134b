from ats_sync.models.connection import Connection, ConnectionState, Round
from ats_sync.models.drift import Drift, DriftState, Sweep
from ats_sync.models.event import Event
from ats_sync.models.push import Push, PushKind
from ats_sync.models.record import AtsRecord

__all__ = [
    "AtsRecord",
    "Connection",
    "ConnectionState",
    "Drift",
    "DriftState",
    "Event",
    "Push",
    "PushKind",
    "Round",
    "Sweep",
]
