"""What goes to Lever. The same POST twice makes two of everything, so each looks first; whom we add gets a tag."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ats_sync.providers import _lever_records as records
from ats_sync.providers._lever_talk import Talk
from ats_sync.providers.base import NewPerson, Provider
from ats_sync.providers.errors import Refused
from ats_sync.vocabulary import Change, FileRecord, Kind
from talentpool.person import PersonFields

Row = dict[str, Any]


class Writing(Provider):
    @cached_property
    def talk(self) -> Talk:
        return Talk(self.client, self.access.credentials)

    def find_person(self, fields: PersonFields, mark: str) -> str:
        for query in ({"tag": mark}, *({"email": email} for email in fields.emails)):
            rows, _ = self.talk.page("/opportunities", "", limit=1, confidentiality="all", **query)
            for row in rows:
                return records.id_of(row["contact"])
        return ""

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        """An opportunity, even without a job; Lever writes to nobody because of one that comes this way."""
        fields = person.fields
        named = fields.name or f"{fields.given_name} {fields.family_name}".strip() or next(iter(fields.emails), "–")
        wish = {
            "name": named,
            "headline": fields.headline,
            "emails": list(fields.emails),
            "phones": [{"value": each} for each in fields.phones],
            "links": list(fields.links),
            "location": fields.location,
            "tags": [person.mark],
        }
        made = self._add_opportunity({name: value for name, value in wish.items() if value}, person.job, person.source)
        return [*self.read(Kind.PERSON, [records.id_of(made["contact"])]), *self.read(Kind.APPLICATION, [made["id"]])]

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        """Somebody whose opportunity for the job is open gets no other one."""
        for row in self._opportunities(person, expand="applications"):
            jobs = {records.id_of(one.get("posting")) for one in row.get("applications") or ()}
            if job in jobs and not row.get("archived"):
                return self.read(Kind.APPLICATION, [row["id"]])
        return self.read(Kind.APPLICATION, [self._add_opportunity({"contact": person}, job, source)["id"]])

    def _add_opportunity(self, wish: Row, job: str, source: str) -> Row:
        more = {
            "origin": "sourced",
            **({"postings": [job]} if job else {}),
            **({"sources": [source]} if source else {}),
        }
        made: Row = self.talk.write("POST", "/opportunities", wish | more)
        return made

    def find_note(self, person: str, text: str) -> str:
        for opportunity in self._opportunities(person):
            for row in self.talk.all(f"/opportunities/{opportunity['id']}/notes"):
                if records.note_text(row).strip() == text.strip() and not row.get("deletedAt"):
                    return f"{opportunity['id']}:{row['id']}"
        return ""

    def add_note(self, person: str, text: str) -> str:
        opportunity = self._newest(person)["id"]
        made = self.talk.write("POST", f"/opportunities/{opportunity}/notes", {"value": text})
        return f"{opportunity}:{made['id']}"

    def move(self, application: str, stage: str) -> None:
        row = self.talk.get(f"/opportunities/{application}")["data"]
        if records.id_of(row.get("stage")) != stage:
            self.talk.write("PUT", f"/opportunities/{application}/stage", {"stage": stage})

    def reject(self, application: str, reason: str) -> None:
        if self.talk.get(f"/opportunities/{application}")["data"].get("archived"):
            return
        if not reason:
            raise Refused("Lever wants an archive reason.")
        self.talk.write("PUT", f"/opportunities/{application}/archived", {"reason": reason})

    def tag(self, person: str, tags: Sequence[str]) -> None:
        rows = self._opportunities(person)
        missing = [each for each in tags if each not in records.gathered(rows, "tags")]
        if missing:
            self.talk.write("POST", f"/opportunities/{self._newest(person)['id']}/addTags", {"tags": missing})

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        """As a file in any case: Lever takes a résumé only together with a new opportunity."""
        for opportunity in self._opportunities(person):
            for row in self.talk.all(f"/opportunities/{opportunity['id']}/files"):
                file = records.file(opportunity, row)
                if file.name == name and self._content(file, len(content)) == content:
                    return file.id
        opportunity = self._newest(person)
        made = self.talk.upload(f"/opportunities/{opportunity['id']}/files", name, content)
        return f"{opportunity['id']}:{made['id']}"

    def _content(self, file: FileRecord, size: int) -> bytes:
        """Nothing of a file that is larger: it is another one."""
        try:
            return self.fetch(file, most_bytes=size + 1)
        except Refused:
            return b""

    def _opportunities(self, person: str, **query: Any) -> list[Row]:
        return list(self.talk.all("/opportunities", contact_id=person, confidentiality="all", **query))

    def _newest(self, person: str) -> Row:
        """Of the open ones, if there are any."""
        rows = self._opportunities(person)
        if not rows:
            raise Refused("Lever has no opportunity of this person any more.")
        return max(rows, key=lambda row: (not row.get("archived"), row.get("createdAt") or 0))
