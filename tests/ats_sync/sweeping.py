"""A sweep from its beginning to its end, as the workers do it by turns."""

from django.utils import timezone

from ats_sync.actions.sweeps import start_sweep, work_on_sweep
from ats_sync.models import Connection, Sweep

MOST_TURNS = 200


def sweep(connection: Connection, *, settles: bool) -> Sweep:
    """Waits for nothing: what has to wait for the ATS goes on at once."""
    look = start_sweep(connection, settles=settles)
    for _ in range(MOST_TURNS):
        look.refresh_from_db()
        if look.is_over:
            return look
        Sweep.objects.filter(pk=look.pk).update(next_at=timezone.now())
        work_on_sweep(look.pk, worker="sweeper")
    raise AssertionError(f"a sweep did not end: {look.kind} at {look.place or look.after}")
