"""News that travels upward, from the pool to the apps built on it. Sent by actions, heard in their receivers.py."""

from django.dispatch import Signal

candidate_edited = Signal()  # candidate_id: int; sent when the edit is in the database
candidate_erased = Signal()  # candidate_id: int
candidates_merged = Signal()  # survivor_id: int, absorbed_id: int
# application_id: int; before: talentpool.actions.applications.Standing, or None for a new one; at: when it happened,
# or None for what is history, of unknown time, or told to the candidate by the ATS itself: nobody is to be told of it.
application_moved = Signal()
application_gone = Signal()  # application_id: int; it is no more in the ATS
candidates_unmerged = Signal()  # survivor_id: int, absorbed_id: int
