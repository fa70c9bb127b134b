"""News that travels upward, from the pool to the apps built on it. Sent by actions, heard in their receivers.py."""

from django.dispatch import Signal

candidate_edited = Signal()  # candidate_id: int; sent when the edit is in the database
candidate_erased = Signal()  # candidate_id: int, told: Sequence[str], the names and addresses that were theirs
candidates_merged = Signal()  # survivor_id: int, absorbed_id: int
applications_moved = Signal()  # moves: Sequence[talentpool.actions.applications.Move]
application_gone = Signal()  # application_id: int; it is no more in the ATS
candidates_unmerged = Signal()  # survivor_id: int, absorbed_id: int
segment_changed = (
    Signal()
)  # segment_id: int, joined: Sequence[int], left: Sequence[int]; sent when it is in the database

# What members do with what they found; told by whoever shows it, for the search log.
people_searched = Signal()  # by: Member, asked: SearchRequest, page: SearchPage
person_opened = Signal()  # by: Member, candidate_id: int, act: "preview" or "profile"
people_considered = Signal()  # by: Member, candidate_ids: Sequence[int], act: str, selection: Selection | None
selection_written_out = Signal()  # selection: Selection; a whole result has become ids
# New matches of a segment went somewhere by themselves. segment: Segment, name: str (of what put them there),
# by: Member (in whose name), at: datetime, found and put: Sequence[int], act: str, pipeline: Pipeline | None
segment_ran = Signal()
