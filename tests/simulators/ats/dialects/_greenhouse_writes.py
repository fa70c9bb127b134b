"""What Harvest v3 lets others change, and what it answers: 201 with the row, or 204 with nothing.

From the documentation's “WRITE Endpoint Migration Guide”, and public clients with their fixtures. Guessed: the name of
the loser's id when merging, and that a second résumé by this way replaces the first (reported, not documented).
"""

import base64
import binascii
from typing import Any

from tests.simulators.ats.dialect import Answer, Dialect, Refusal, Request, route
from tests.simulators.ats.dialects import _greenhouse_rows as shapes
from tests.simulators.ats.dialects._greenhouse_lists import invalid
from tests.simulators.ats.dialects._greenhouse_rows import TAG_FACTOR
from tests.simulators.ats.dialects._greenhouse_setup import named

NOTHING = 204
LISTS = {"email_addresses": "emails", "phone_numbers": "phones", "addresses": "addresses"}
PLAIN = {"first_name": "first_name", "last_name": "last_name", "company": "company", "title": "title"}
MORE = {"is_private": "private", "private": "private", "can_email": "can_email", "external_id": "external_id"}
OF_APPLICATION = {
    **{name: name for name in ("source_id", "recruiter_id", "coordinator_id")},
    "referrer_id": "credited_to_id",
    "prospect_pool_id": "pool_id",
}
VISIBILITIES = {"admin_only": "admin", "private": "private", "public": "public"}


class Writes(Dialect):
    """`mails` holds what would have been sent to candidates; nobody should be mailed by accident."""

    mails: list[dict[str, Any]]

    def actor(self, request: Request) -> int | None:
        """In whose name the token acts: `sub`, or the integration's own user."""
        return next((user.id for user in self.world.users if user.service), None)

    def body(self, request: Request, *required: str) -> dict[str, Any]:
        values = request.json
        if not isinstance(values, dict):
            raise invalid("The body must be a JSON object")
        if missing := [name for name in required if values.get(name) in (None, "")]:
            raise invalid(f"{missing[0]} is required")
        return values

    def known(self, table: str, row_id: Any, name: str) -> Any:
        row = self.world.tables[table].get(row_id) if isinstance(row_id, int) else None
        if row is None:
            raise invalid(f"{name} is invalid")
        return row

    def wanted(self, table: str, text: str) -> Any:
        row = self.world.tables[table].get(int(text)) if text.isdigit() else None
        if row is None:
            raise Refusal(404, "Resource not found")
        return row

    def of_candidate(self, values: dict[str, Any], before: Any = None) -> dict[str, Any]:
        fields = {ours: values[name] or "" for name, ours in PLAIN.items() if name in values}
        fields |= {ours: values[name] for name, ours in MORE.items() if name in values}
        fields |= {
            ours: values[name] for name in ("recruiter_id", "coordinator_id") if name in values for ours in (name,)
        }
        for name, ours in LISTS.items():
            if name in values:
                fields[ours] = contact_list(values[name], name)
        if "website_addresses" in values or "social_media_addresses" in values:
            fields["links"] = links(values, before.links if before else [])
        if "tags" in values:
            fields["tags"] = [str(tag) for tag in values["tags"]]
        if "custom_fields" in values:
            fields["custom"] = {**(before.custom if before else {}), **self.custom_values(values["custom_fields"])}
        return fields

    def custom_values(self, values: Any) -> dict[str, Any]:
        """A mapping, or a list with `name_key` (or `id`) and `value`."""
        if isinstance(values, dict):
            return values
        keys = {field.id: field.key for field in self.world.custom_fields}
        return {one.get("name_key") or keys.get(one.get("id"), ""): one.get("value") for one in values}

    @route("POST", "/v3/candidates")
    def create_candidate(self, request: Request) -> Answer:
        values = self.body(request, "first_name", "last_name")
        wish = values.get("application")
        if wish is not None:
            self.check_application(wish)
        by = self.actor(request)
        candidate = self.world.add_candidate(by=by, **self.of_candidate(values))
        application = None if wish is None else self.new_application(candidate.id, wish, by)
        shown = application and shapes.application(self.world, application)
        return Answer({"candidate": shapes.candidate(self.world, candidate), "application": shown}, 201)

    def check_application(self, wish: dict[str, Any]) -> None:
        prospect = bool(wish.get("prospect") or wish.get("prospect_pool_id"))
        if not prospect and self.known("jobs", wish.get("job_id"), "job_id").status != "open":
            raise invalid("The job is not open")
        for name, table in (("source_id", "sources"), ("prospect_pool_id", "pools"), ("referrer_id", "users")):
            if wish.get(name) is not None:
                self.known(table, wish[name], name)

    def new_application(self, candidate_id: int, wish: dict[str, Any], by: int | None) -> Any:
        fields = {ours: wish[name] for name, ours in OF_APPLICATION.items() if name in wish}
        prospect = bool(wish.get("prospect") or wish.get("prospect_pool_id"))
        prospective = (wish.get("prospective_job_ids") or [None])[0]
        job_id = wish.get("job_id") or prospective
        return self.world.apply(candidate_id, job_id, by=by, prospect=prospect, **fields)

    @route("PATCH", "/v3/candidates/{id}")
    def edit_candidate(self, request: Request, id: str) -> Answer:
        candidate = self.wanted("candidates", id)
        fields = self.of_candidate(self.body(request), candidate)
        self.world.edit_candidate(candidate.id, by=self.actor(request), **fields)
        return Answer(shapes.candidate(self.world, candidate))

    @route("DELETE", "/v3/candidates/{id}")
    def delete_candidate(self, request: Request, id: str) -> Answer:
        self.world.delete_candidate(self.wanted("candidates", id).id, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("POST", "/v3/candidates/{id}/merge")
    def merge_candidate(self, request: Request, id: str) -> Answer:
        winner = self.wanted("candidates", id)
        values = self.body(request, "secondary_candidate_id")
        loser = self.known("candidates", values["secondary_candidate_id"], "secondary_candidate_id")
        self.world.merge(loser.id, winner.id, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("PATCH", "/v3/candidates/{id}/anonymize")
    def anonymize_candidate(self, request: Request, id: str) -> Answer:
        self.world.anonymise(self.wanted("candidates", id).id, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("POST", "/v3/applications")
    def create_application(self, request: Request) -> Answer:
        values = self.body(request, "candidate_id")
        candidate = self.known("candidates", values["candidate_id"], "candidate_id")
        self.check_application(values)
        application = self.new_application(candidate.id, values, self.actor(request))
        return Answer(shapes.application(self.world, application), 201)

    @route("PATCH", "/v3/applications/{id}")
    def edit_application(self, request: Request, id: str) -> Answer:
        application = self.wanted("applications", id)
        values = self.body(request)
        fields = {ours: values[name] for name, ours in OF_APPLICATION.items() if name in values}
        if "custom_fields" in values:
            fields["custom"] = {**application.custom, **self.custom_values(values["custom_fields"])}
        self.world.edit_application(application.id, by=self.actor(request), **fields)
        return Answer(status=NOTHING)

    @route("DELETE", "/v3/applications/{id}")
    def delete_application(self, request: Request, id: str) -> Answer:
        application = self.wanted("applications", id)
        if application.prospect:
            raise invalid("Prospect applications cannot be deleted")
        self.world.delete_application(application.id, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("POST", "/v3/applications/{id}/move")
    def move_application(self, request: Request, id: str) -> Answer:
        """`from_stage_id` and `to_stage_id` are steps of the interview plan; without a target it advances by one."""
        application, values, by = self.wanted("applications", id), self.body(request), self.actor(request)
        if values.get("to_job_id"):
            job = self.known("jobs", values["to_job_id"], "to_job_id")
            self.world.transfer(application.id, job.id, stage_id=values.get("to_stage_id"), by=by)
            return Answer(status=NOTHING)
        if values.get("from_stage_id") not in (None, application.stage_id):
            raise invalid("from_stage_id is not the current stage of the application")
        target = values.get("to_stage_id") or self.next_stage(application)
        self.world.move(application.id, self.known("stages", target, "to_stage_id").id, by=by)
        return Answer(status=NOTHING)

    def next_stage(self, application: Any) -> int:
        ids = [stage.id for stage in self.world.stages_of(application.job_id)]
        if application.stage_id not in ids[:-1]:
            raise invalid("There is no stage after this one")
        return ids[ids.index(application.stage_id) + 1]

    @route("POST", "/v3/applications/{id}/reject")
    def reject_application(self, request: Request, id: str) -> Answer:
        application = self.wanted("applications", id)
        values = self.body(request, "rejection_reason_id")
        reason = self.known("reject_reasons", values["rejection_reason_id"], "rejection_reason_id")
        note, by = values.get("notes") or "", self.actor(request)
        self.world.reject(application.id, reason.id, note=note, by=by)
        if email := values.get("rejection_email"):
            self.mails.append({"application_id": application.id, **email})
        return Answer(status=NOTHING)

    @route("POST", "/v3/applications/{id}/unreject")
    def unreject_application(self, request: Request, id: str) -> Answer:
        self.world.unreject(self.wanted("applications", id).id, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("POST", "/v3/applications/{id}/hire")
    def hire_application(self, request: Request, id: str) -> Answer:
        starts = self.body(request).get("start_date")
        self.world.hire(self.wanted("applications", id).id, starts_on=starts, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("POST", "/v3/applications/{id}/convert_to_candidate")
    def convert_prospect(self, request: Request, id: str) -> Answer:
        application = self.wanted("applications", id)
        job = self.known("jobs", self.body(request, "job_id")["job_id"], "job_id")
        self.world.transfer(application.id, job.id, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("POST", "/v3/notes")
    def create_note(self, request: Request) -> Answer:
        values = self.body(request, "candidate_id", "body")
        candidate = self.known("candidates", values["candidate_id"], "candidate_id")
        if values.get("visibility", "public") not in VISIBILITIES:
            raise invalid("visibility must be admin_only, private or public")
        author = values.get("user_id") or self.actor(request)
        kind = {"NOTE": "note", "EMAIL": "email"}.get(values.get("note_type", "NOTE"), "system")
        seen = VISIBILITIES[values.get("visibility", "public")]
        about = {"visibility": seen, "kind": kind, "application_id": values.get("application_id")}
        note = self.world.add_note(candidate.id, values["body"], by=author, **about)
        return Answer(shapes.note(self.world, note), 201)

    @route("POST", "/v3/candidate_tags")
    def create_tag(self, request: Request) -> Answer:
        name = self.body(request, "name")["name"]
        if self.world.tags.where(name=name):
            raise invalid("name has already been taken")
        return Answer(named(self.world, self.world.tag_named(name)), 201)

    @route("POST", "/v3/applied_candidate_tags")
    def apply_tag(self, request: Request) -> Answer:
        values = self.body(request, "candidate_id", "candidate_tag_id")
        candidate = self.known("candidates", values["candidate_id"], "candidate_id")
        tag = self.known("tags", values["candidate_tag_id"], "candidate_tag_id")
        if tag.name in candidate.tags:
            raise invalid("The tag is already applied")
        self.world.tag(candidate.id, tag.name, by=self.actor(request))
        return Answer(next(one for one in self.applied(candidate) if one["candidate_tag_id"] == tag.id), 201)

    def applied(self, candidate: Any) -> list[dict[str, Any]]:
        return shapes.applied_tags(self.world, candidate)

    @route("DELETE", "/v3/applied_candidate_tags/{id}")
    def remove_tag(self, request: Request, id: str) -> Answer:
        candidate = self.wanted("candidates", str(int(id) // TAG_FACTOR) if id.isdigit() else "")
        tag = self.wanted("tags", str(int(id) % TAG_FACTOR))
        if tag.name not in candidate.tags:
            raise Refusal(404, "Resource not found")
        self.world.untag(candidate.id, tag.name, by=self.actor(request))
        return Answer(status=NOTHING)

    @route("POST", "/v3/attachments")
    def create_attachment(self, request: Request) -> Answer:
        values = self.body(request, "filename", "type", "content")
        application = self.world.applications.get(values.get("application_id"))
        owner = values.get("candidate_id") or (application.candidate_id if application else None)
        candidate = self.known("candidates", owner, "candidate_id")
        try:
            content = base64.b64decode(values["content"], validate=True)
        except (binascii.Error, TypeError):
            raise invalid("content must be base64") from None
        if values["type"] == "resume":
            for old in self.world.attachments.where(candidate_id=candidate.id, kind="resume"):
                self.world.remove(old)
        about = {"kind": values["type"], "application_id": values.get("application_id")}
        about["content_type"] = values.get("content_type") or "application/octet-stream"
        file = self.world.attach(candidate.id, values["filename"], content, by=self.actor(request), **about)
        return Answer(self.shown_attachment(file), 201)

    def shown_attachment(self, file: Any) -> dict[str, Any]:
        return shapes.attachment(self.world, file) | {"url": shapes.link(self.world, file, self.base)}

    @route("DELETE", "/v3/attachments/{id}")
    def delete_attachment(self, request: Request, id: str) -> Answer:
        self.world.remove(self.wanted("attachments", id), by=self.actor(request))
        return Answer(status=NOTHING)


def contact_list(entries: Any, name: str) -> list[dict[str, str]]:
    if not isinstance(entries, list) or not all(isinstance(one, dict) and one.get("value") for one in entries):
        raise invalid(f"{name} must be a list of value and type")
    return [{"value": str(one["value"]), "type": str(one.get("type") or "other")} for one in entries]


def links(values: dict[str, Any], before: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each of the two lists replaces its own kind of links only."""
    social = [one for one in before if one.get("type") in shapes.SOCIAL]
    websites = [one for one in before if one.get("type") not in shapes.SOCIAL]
    if "website_addresses" in values:
        websites = contact_list(values["website_addresses"], "website_addresses")
    if "social_media_addresses" in values:
        given = contact_list(values["social_media_addresses"], "social_media_addresses")
        social = [{"value": one["value"], "type": network(one["value"])} for one in given]
    return websites + social


def network(url: str) -> str:
    return next((name for name in shapes.SOCIAL if name in url.lower()), "twitter")
