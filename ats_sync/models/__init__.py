from ats_sync.models.conflict import Conflict, ConflictState
from ats_sync.models.connection import Connection, ConnectionState, Round
from ats_sync.models.drift import Drift, DriftState, Sweep
from ats_sync.models.event import Event
from ats_sync.models.push import Push, PushKind
from ats_sync.models.record import AtsRecord
from ats_sync.models.remainder import Remainder

__all__ = [
    "AtsRecord",
    "Conflict",
    "ConflictState",
    "Connection",
    "ConnectionState",
    "Drift",
    "DriftState",
    "Event",
    "Push",
    "PushKind",
    "Remainder",
    "Round",
    "Sweep",
]
