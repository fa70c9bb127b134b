"""News that travels upward, from the pool to the apps built on it. Sent by actions, heard in their receivers.py."""

from django.dispatch import Signal

candidate_erased = Signal()  # candidate_id: int
candidates_merged = Signal()  # survivor_id: int, absorbed_id: int
application_moved = Signal()  # application_id: int, before: talentpool.actions.applications.Standing | None
candidates_unmerged = Signal()  # survivor_id: int, absorbed_id: int
