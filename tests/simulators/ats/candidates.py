"""What happens to people: they are added, edited, written about, merged, anonymised and deleted."""

from typing import Any

from tests.simulators.ats.rows import Attachment, Candidate, Note, Tag, Tombstone
from tests.simulators.ats.store import Change, Store, operation
from tests.simulators.ats.tables import plain

OF_APPLICATION = ("stage_entries", "rejections", "offers", "interviews", "scorecards", "eeoc")
LISTS = ("emails", "phones", "links", "addresses", "employments", "educations")


class CandidateOperations(Store):
    # Greenhouse drops one of two applications to the same job; others keep both.
    merging_drops_same_job = False

    @operation
    def add_candidate(self, *, by: int | None = None, **values: Any) -> Candidate:
        for key in ("employments", "educations"):
            values[key] = [{"id": self.new_id(), **entry} for entry in values.get(key, [])]
        candidate = Candidate(**values, last_activity_at=self.now())
        for tag in candidate.tags:
            self.tag_named(tag)
        return self.add(candidate, by=by)

    @operation
    def edit_candidate(self, candidate_id: int, *, by: int | None = None, **values: Any) -> Candidate:
        candidate = self.row("candidates", candidate_id)
        for tag in values.get("tags", ()):
            self.tag_named(tag)
        self.edit(candidate, by=by, **values)
        return candidate

    def tag_named(self, name: str) -> Tag:
        found = self.tables["tags"].where(name=name)
        return found[0] if found else self.add(Tag(name=name))

    @operation
    def tag(self, candidate_id: int, name: str, *, by: int | None = None) -> Candidate:
        candidate = self.row("candidates", candidate_id)
        return self.edit_candidate(candidate_id, by=by, tags=list(dict.fromkeys([*candidate.tags, name])))

    @operation
    def untag(self, candidate_id: int, name: str, *, by: int | None = None) -> Candidate:
        candidate = self.row("candidates", candidate_id)
        return self.edit_candidate(candidate_id, by=by, tags=[tag for tag in candidate.tags if tag != name])

    @operation
    def add_note(self, candidate_id: int, body: str, *, by: int | None = None, **values: Any) -> Note:
        candidate = self.row("candidates", candidate_id)
        note = self.add(Note(candidate_id=candidate_id, body=body, author_id=by, **values), by=by)
        self.touch(candidate)
        return note

    @operation
    def attach(self, candidate_id: int, filename: str, content: bytes, *, by: int | None = None, **values: Any):
        candidate = self.row("candidates", candidate_id)
        attachment = self.add(
            Attachment(candidate_id=candidate_id, filename=filename, content=content, **values), by=by
        )
        self.touch(candidate)
        return attachment

    def touch(self, candidate: Candidate) -> None:
        """Activity is not an update: the person's own fields are as they were."""
        candidate.last_activity_at = self.now()
        self._journal.write("candidates", candidate)

    @operation
    def delete_candidate(self, candidate_id: int, *, by: int | None = None) -> None:
        """With all their applications, notes and files, of which no vendor tells one by one."""
        candidate = self.row("candidates", candidate_id)
        applications = self.applications.where(candidate_id=candidate_id)
        for application in applications:
            self.remove_application(application)
        self._remove_belongings(candidate)
        self._bury("candidate", candidate.id, candidate.id)
        self.remove(candidate, by=by, application_ids=[application.id for application in applications])

    def remove_application(self, application: Any) -> None:
        for name in OF_APPLICATION:
            for row in self.tables[name].where(application_id=application.id):
                self.remove(row, told=False)
        self._bury("application", application.id, application.candidate_id)
        self.remove(application, told=False)

    def _remove_belongings(self, candidate: Candidate) -> None:
        for name in ("notes", "attachments"):
            for row in self.tables[name].where(candidate_id=candidate.id):
                self.remove(row, told=False)

    def _bury(self, kind: str, gone_id: int, candidate_id: int, into_id: int | None = None) -> None:
        stone = Tombstone(kind=kind, gone_id=gone_id, candidate_id=candidate_id, into_id=into_id, at=self.now())
        self.add(stone, told=False)

    @operation
    def delete_application(self, application_id: int, *, by: int | None = None) -> None:
        application = self.row("applications", application_id)
        gone = plain(application)
        self.remove_application(application)
        self.record("application.deleted", application, by=by, data={"gone": gone})

    @operation
    def merge(self, loser_id: int, winner_id: int, *, by: int | None = None) -> Candidate:
        """The winner keeps all: contact points and tags of both, what he lacked, and every application, note and file."""
        loser, winner = self.row("candidates", loser_id), self.row("candidates", winner_id)
        if loser is winner:
            raise ValueError("Nobody can be merged with themselves.")
        gone = plain(loser)
        self._move_applications(loser, winner, by)
        for name in ("notes", "attachments"):
            for row in self.tables[name].where(candidate_id=loser_id):
                self.edit(row, told=False, candidate_id=winner_id)
        self.edit(winner, told=False, **joined(loser, winner))
        self._bury("candidate", loser_id, loser_id, winner_id)
        self.remove(loser, told=False)
        self.record("candidate.merged", loser, by=by, data={"gone": gone, "winner_id": winner_id})
        return winner

    def _move_applications(self, loser: Candidate, winner: Candidate, by: int | None) -> None:
        taken = {application.job_id for application in self.applications.where(candidate_id=winner.id)} - {None}
        for application in self.applications.where(candidate_id=loser.id):
            if self.merging_drops_same_job and application.job_id in taken:
                self._move_files(application)
                self.delete_application(application.id, by=by)
            else:
                self.edit(application, told=False, candidate_id=winner.id)

    def _move_files(self, application: Any) -> None:
        for name in ("notes", "attachments"):
            for row in self.tables[name].where(application_id=application.id):
                self.edit(row, told=False, application_id=None)

    @operation
    def anonymise(self, candidate_id: int, *, by: int | None = None) -> Change:
        """Who it was is gone for good; that somebody applied stays."""
        candidate = self.row("candidates", candidate_id)
        empty: dict[str, Any] = {name: [] for name in LISTS} | dict.fromkeys(("title", "company", "location"), "")
        self.edit(
            candidate,
            told=False,
            first_name="Anonymized",
            last_name=str(candidate.id),
            anonymised=True,
            tags=[],
            custom={},
            external_id="",
            **empty,
        )
        self._remove_belongings(candidate)
        for application in self.applications.where(candidate_id=candidate_id):
            for row in self.tables["eeoc"].where(application_id=application.id):
                self.remove(row, told=False)
            self.edit(application, told=False, answers=[], location="", custom={})
        return self.record("candidate.anonymised", candidate, by=by)


def joined(loser: Candidate, winner: Candidate) -> dict[str, Any]:
    values = {name: getattr(winner, name) or getattr(loser, name) for name in ("title", "company", "location")}
    values |= {name: _both(getattr(winner, name), getattr(loser, name)) for name in LISTS}
    values["tags"] = list(dict.fromkeys([*winner.tags, *loser.tags]))
    values["custom"] = {**loser.custom, **winner.custom}
    values["source_id"] = winner.source_id or loser.source_id
    return values


def _both(first: list[Any], second: list[Any]) -> list[Any]:
    known = {entry.get("value", "").lower() for entry in first} - {""}
    return [*first, *(entry for entry in second if entry.get("value", "").lower() not in known)]
