"""What goes to Ashby. It has no keys against doubling and no place for a mark of ours, so each looks first."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ats_sync.providers._ashby_talk import Talk
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
        """By an e-mail address; without one by name and a phone number or link that is the same."""
        for email in fields.emails:
            for row in self.talk.results("candidate.search", {"email": email}):
                return str(row["id"])
        if fields.emails or not fields.name or not (fields.phones or fields.links):
            return ""
        known = {_digits(each) for each in fields.phones} | set(fields.links)
        for row in self.talk.results("candidate.search", {"name": fields.name}):
            theirs = {_digits(one["value"]) for one in row["phoneNumbers"]} | {one["url"] for one in row["socialLinks"]}
            if known & theirs:
                return str(row["id"])
        return ""

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        fields = person.fields
        if not (fields.emails or fields.phones or fields.links):
            raise Refused("Without an address, number or link Ashby could not tell her from others of her name.")
        made = self.talk.results("candidate.create", _new_candidate(person))
        people = self.read(Kind.PERSON, [made["id"]])
        return [*people, *(self.apply(made["id"], person.job, person.source) if person.job else ())]

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        """Somebody whose application for the job is open is not made an applicant again."""
        theirs = self.talk.results("candidate.info", {"id": person})["applicationIds"]
        for each in theirs:
            row = self.talk.results("application.info", {"applicationId": each})
            if row["job"]["id"] == job and row["status"] in ("Active", "Lead"):
                return self.read(Kind.APPLICATION, [each])
        body = {"candidateId": person, "jobId": job, **({"sourceId": source} if source else {})}
        return self.read(Kind.APPLICATION, [self.talk.results("application.create", body)["id"]])

    def find_note(self, person: str, text: str) -> str:
        notes = self.talk.all("candidate.listNotes", {"candidateId": person})
        return next((str(row["id"]) for row in notes if (row.get("content") or "").strip() == text.strip()), "")

    def add_note(self, person: str, text: str) -> str:
        note = {"type": "text/plain", "value": text}
        made = self.talk.results("candidate.createNote", {"candidateId": person, "note": note})
        return str(made["id"])

    def move(self, application: str, stage: str) -> None:
        row = self.talk.results("application.info", {"applicationId": application})
        if row["currentInterviewStage"]["id"] == stage:
            return
        plan = row["currentInterviewStage"]["interviewPlanId"]
        if stage not in {each["id"] for each in self._plan(plan)}:
            raise Refused("The stage belongs to another interview plan than the application’s.")
        self.talk.ask("application.changeStage", {"applicationId": application, "interviewStageId": stage})

    def reject(self, application: str, reason: str) -> None:
        """In Ashby this is moving to the plan's stage for archived ones, which wants a reason."""
        row = self.talk.results("application.info", {"applicationId": application})
        if row["status"] == "Archived":
            return
        if not reason:
            raise Refused("Ashby wants an archive reason.")
        plan = self._plan(row["currentInterviewStage"]["interviewPlanId"])
        end = next((each["id"] for each in plan if each["type"] == "Archived"), None)
        if end is None:
            raise Refused("The interview plan has no stage for archived applications.")
        body = {"applicationId": application, "interviewStageId": end, "archiveReasonId": reason}
        self.talk.ask("application.changeStage", body)

    def tag(self, person: str, tags: Sequence[str]) -> None:
        has = {each["title"] for each in self.talk.results("candidate.info", {"id": person})["tags"]}
        missing = [each for each in tags if each not in has]
        ids = {row["title"]: row["id"] for row in self.talk.all("candidateTag.list", {})} if missing else {}
        for each in missing:
            tag = ids.get(each) or self.talk.results("candidateTag.create", {"title": each})["id"]
            self.talk.ask("candidate.addTag", {"candidateId": person, "tagId": tag})

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        before = self.talk.results("candidate.info", {"id": person})["fileHandles"]
        for row in before:
            if row["name"] == name and self._content(person, row, len(content)) == content:
                return str(row["id"])
        verb, field = ("uploadResume", "resume") if is_resume else ("uploadFile", "file")
        after = self.talk.upload(f"candidate.{verb}", person, field, name, content)["fileHandles"]
        known = {row["id"] for row in before}
        return next((str(row["id"]) for row in after if row["id"] not in known), "")

    def _content(self, person: str, row: Row, size: int) -> bytes:
        """Nothing of a file that is larger: it is another one."""
        try:
            file = FileRecord(id=row["id"], person=person, name=row["name"], url=row["handle"])
            return self.fetch(file, most_bytes=size + 1)
        except Refused:
            return b""

    def _plan(self, plan: str) -> Sequence[Row]:
        return list(self.talk.all("interviewStage.list", {"interviewPlanId": plan}))


def _new_candidate(person: NewPerson) -> Row:
    """Ashby takes one phone number and one link of each kind."""
    fields = person.fields
    links: Row = {}
    for url in fields.links:
        kind = "linkedInUrl" if "linkedin.com" in url else "githubUrl" if "github.com" in url else "website"
        links.setdefault(kind, url)
    named = fields.name or f"{fields.given_name} {fields.family_name}".strip()
    body: Row = {"name": named or next(iter(fields.emails), "–"), **links}
    if fields.emails:
        body |= {"email": fields.emails[0], "alternateEmailAddresses": list(fields.emails[1:])}
    if fields.phones:
        body["phoneNumber"] = fields.phones[0]
    return body | ({"sourceId": person.source} if person.source else {})


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())
