"""What Lever lets others change: adding opportunities, stages, archiving, notes, tags, files, webhooks."""

import secrets
from typing import Any

from tests.simulators.ats.dialect import Answer, Dialect, Refusal, Request, route
from tests.simulators.ats.dialects import _lever_rows as shapes
from tests.simulators.ats.rows import Application, Candidate
from tests.simulators.ats.webhooks import Hook

EVENTS = {
    *("applicationCreated", "candidateHired", "candidateStageChange", "candidateArchiveChange", "candidateDeleted"),
    *("interviewCreated", "interviewUpdated", "interviewDeleted", "contactCreated", "contactUpdated"),
}


class Writes(Dialect):
    _hooks: dict[str, Hook]

    def found(self, table: str, kind: str, text: Any) -> Any:
        row = self.world.tables[table].get(shapes.number_of(kind, text))
        if row is None:
            raise Refusal(404, f"The {kind} was not found")
        return row

    def given(self, table: str, kind: str, text: Any) -> Any:
        """In a body: what is not there is a bad request."""
        try:
            return self.found(table, kind, text)
        except Refusal as refusal:
            raise Refusal(400, f"{kind} is invalid") from refusal

    def acting(self, request: Request) -> int:
        """`perform_as` is asked for wherever something is written."""
        if not request.arg("perform_as"):
            raise Refusal(400, "perform_as is required")
        return int(self.given("users", "user", request.arg("perform_as")).id)

    def opportunity(self, row: Application, status: int = 200) -> Answer:
        return Answer({"data": shapes.opportunity(self.world, self.base, row)}, status)

    @route("POST", "/v1/opportunities")
    def create_opportunity(self, request: Request) -> Answer:
        """A known e-mail finds its contact, but the opportunity is a new one each time."""
        by, wish = self.acting(request), request.json
        job = self.given("jobs", "posting", wish["postings"][0]) if wish.get("postings") else None
        stage = self.given("stages", "stage", wish["stage"]) if wish.get("stage") else None
        person = self.contact_for(wish, by)
        source = next((one.id for name in wish.get("sources", ()) for one in self.world.sources.where(name=name)), None)
        values = {"source_id": source, "prospect": job is None}
        row = self.world.apply(
            person.id, job.id if job else None, stage_id=stage.id if stage else None, by=by, **values
        )
        return self.opportunity(row, 201)

    def contact_for(self, wish: dict[str, Any], by: int) -> Candidate:
        if wish.get("contact"):
            found: Candidate = self.given("candidates", "contact", wish["contact"])
            return found
        emails = {str(one).lower() for one in wish.get("emails", ())}
        for candidate in self.world.candidates if emails else ():
            if emails & {one["value"].lower() for one in candidate.emails}:
                if new := [tag for tag in wish.get("tags", ()) if tag not in candidate.tags]:
                    self.world.edit_candidate(candidate.id, by=by, tags=[*candidate.tags, *new])
                return candidate
        if not wish.get("name") and not emails:
            raise Refusal(400, "name or emails is required")
        return self.world.add_candidate(by=by, tags=list(wish.get("tags", ())), **contact_fields(wish))

    @route("POST", "/v1/postings/{id}/apply")
    def apply(self, request: Request, id: str) -> Answer:
        """As the candidate on the career site would; it takes no `perform_as`."""
        job, wish = self.found("jobs", "posting", id), request.json
        if not wish.get("name") or not wish.get("email"):
            raise Refusal(400, "name and email are required")
        about = {"name": wish["name"], "emails": [wish["email"]], "headline": wish.get("org", "")}
        phones = [{"value": wish["phone"]}] if wish.get("phone") else []
        person = self.contact_for(about | {"phones": phones}, by=None)  # type: ignore[arg-type]
        row = self.world.apply(person.id, job.id)
        return Answer({"ok": True, "applicationId": shapes.uid("application", row.id)})

    @route("PUT", "/v1/opportunities/{id}/stage")
    def move(self, request: Request, id: str) -> Answer:
        row, by = self.found("applications", "opportunity", id), self.acting(request)
        self.world.move(row.id, self.given("stages", "stage", request.json.get("stage")).id, by=by)
        return self.opportunity(row)

    @route("PUT", "/v1/opportunities/{id}/archived")
    def archive(self, request: Request, id: str) -> Answer:
        row, by, reason = (
            self.found("applications", "opportunity", id),
            self.acting(request),
            request.json.get("reason"),
        )
        if reason is None:
            (self.world.unhire if row.status == "hired" else self.world.unreject)(row.id, by=by)
        elif reason == shapes.HIRED_REASON["id"]:
            self.world.hire(row.id, by=by)
        else:
            chosen = self.given("reject_reasons", "reason", reason)
            (self.world.withdraw if chosen.kind == "them" else self.world.reject)(row.id, chosen.id, by=by)
        return self.opportunity(row)

    @route("POST", "/v1/opportunities/{id}/notes")
    def create_note(self, request: Request, id: str) -> Answer:
        row, by, text = self.found("applications", "opportunity", id), self.acting(request), request.json.get("value")
        if not text:
            raise Refusal(400, "value is required")
        seen = "private" if request.json.get("secret") else "public"
        note = self.world.add_note(row.candidate_id, str(text), by=by, application_id=row.id, visibility=seen)
        return Answer({"data": shapes.note(self.world, note)}, 201)

    @route("DELETE", "/v1/opportunities/{id}/notes/{note}")
    def delete_note(self, request: Request, id: str, note: str) -> Answer:
        self.found("applications", "opportunity", id)
        self.world.remove(self.found("notes", "note", note))
        return Answer(status=204)

    @route("POST", "/v1/opportunities/{id}/{act}")
    def change_list(self, request: Request, id: str, act: str) -> Answer:
        """addTags, removeTags, addSources, removeSources, addLinks, removeLinks; and a file as a multipart form."""
        row, by = self.found("applications", "opportunity", id), self.acting(request)
        if act == "files":
            return self.upload(request, row, by)
        person, verb, noun = self.world.candidates.get(row.candidate_id), *split(act)
        names = [str(one) for one in request.json.get(noun, ())]
        if noun == "tags":
            kept = [tag for tag in person.tags if verb == "add" or tag not in names]
            self.world.edit_candidate(person.id, by=by, tags=list(dict.fromkeys([*kept, *names * (verb == "add")])))
        elif noun == "links":
            kept = [one for one in person.links if one["value"] not in names]
            new = [{"value": name, "type": "website"} for name in names] if verb == "add" else []
            self.world.edit_candidate(person.id, by=by, links=kept + new)
        else:
            known = [one.id for name in names for one in self.world.sources.where(name=name)]
            self.world.edit_application(row.id, by=by, source_id=known[-1] if known and verb == "add" else None)
        return self.opportunity(row)

    def upload(self, request: Request, row: Application, by: int) -> Answer:
        if "file" not in request.files:
            raise Refusal(400, "file is required")
        name, kind, content = request.files["file"]
        about = {"kind": "other", "content_type": kind, "application_id": row.id}
        file = self.world.attach(row.candidate_id, name or "file", content, by=by, **about)
        return Answer({"data": shapes.file(self.world, self.base, file, request.path)}, 201)

    @route("PUT", "/v1/contacts/{id}")
    def edit_contact(self, request: Request, id: str) -> Answer:
        person = self.found("candidates", "contact", id)
        self.world.edit_candidate(person.id, **contact_fields(request.json))
        return Answer({"data": shapes.contact(self.world, person)})

    # Webhooks are subscribed to by the same key; each has a signature token of its own.

    @route("GET", "/v1/webhooks")
    def list_hooks(self, request: Request) -> Answer:
        return Answer({"data": [self.shown_hook(number, hook) for number, hook in self.hooks().items()]})

    @route("POST", "/v1/webhooks")
    def create_hook(self, request: Request) -> Answer:
        wish = request.json
        if wish.get("event") not in EVENTS or not str(wish.get("url", "")).startswith("http"):
            raise Refusal(400, "event and url are required")
        number, token = str(shapes.uid("webhook", self.world.new_id())), secrets.token_hex(20)
        self.hooks()[number] = self.webhooks.subscribe(wish["url"], token, {wish["event"]})
        return Answer({"data": self.shown_hook(number, self.hooks()[number])}, 201)

    @route("DELETE", "/v1/webhooks/{id}")
    def delete_hook(self, request: Request, id: str) -> Answer:
        if id not in self.hooks():
            raise Refusal(404, "The webhook was not found")
        self.webhooks.unsubscribe(self.hooks().pop(id))
        return Answer(status=204)

    def hooks(self) -> dict[str, Hook]:
        return self.__dict__.setdefault("_hooks", {})  # type: ignore[no-any-return]

    def shown_hook(self, number: str, hook: Hook) -> dict[str, Any]:
        conditions = {"conditions": {"origins": ["applied", "sourced", "referred", "university", "agency", "internal"]}}
        about = {"id": number, "event": next(iter(hook.events or ())), "url": hook.url}
        return about | {"configuration": conditions | {"signatureToken": hook.secret}}


def split(act: str) -> tuple[str, str]:
    for verb in ("add", "remove"):
        if act in (f"{verb}Tags", f"{verb}Sources", f"{verb}Links"):
            return verb, act.removeprefix(verb).lower()
    raise Refusal(404, "Resource not found")


def contact_fields(wish: dict[str, Any]) -> dict[str, Any]:
    """Lever has one name, and no types of e-mails."""
    fields: dict[str, Any] = {}
    if "name" in wish:
        fields["first_name"], _, fields["last_name"] = str(wish["name"]).strip().partition(" ")
    if "headline" in wish:
        fields["company"] = wish["headline"] or ""
    if "location" in wish:
        where = wish["location"]
        fields["location"] = (where.get("name") if isinstance(where, dict) else where) or ""
    if "emails" in wish:
        fields["emails"] = [{"value": str(one), "type": "personal"} for one in wish["emails"]]
    if "phones" in wish:
        fields["phones"] = [{"value": str(one["value"]), "type": one.get("type") or "mobile"} for one in wish["phones"]]
    if "links" in wish:
        fields["links"] = [{"value": str(one), "type": "website"} for one in wish["links"]]
    return fields
