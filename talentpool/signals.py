"""News that travels upward, from the pool to the apps built on it. Sent by actions, heard in their receivers.py."""

from django.dispatch import Signal

candidate_edited = Signal()  # candidate_id: int; sent when the edit is in the database
candidate_erased = Signal()  # candidate_id: int
candidates_merged = Signal()  # survivor_id: int, absorbed_id: int
applications_moved = Signal()  # moves: Sequence[talentpool.actions.applications.Move]
application_gone = Signal()  # application_id: int; it is no more in the ATS
candidates_unmerged = Signal()  # survivor_id: int, absorbed_id: int
segment_changed = (
    Signal()
)  # segment_id: int, joined: Sequence[int], left: Sequence[int]; sent when it is in the database
