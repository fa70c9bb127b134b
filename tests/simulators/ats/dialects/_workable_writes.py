"""What Workable lets others change. Most of it is done in the name of a member."""

import base64
import binascii
from typing import Any

from tests.simulators.ats.dialect import Answer, Dialect, Refusal, Request, route
from tests.simulators.ats.dialects import _workable_rows as shapes

Body = dict[str, Any]


class Writes(Dialect):
    mails: list[dict[str, Any]]

    def the_candidate(self, id: str) -> Any:
        """Whoever has neither a job nor is in the talent pool is not there."""
        row = self.world.applications.get(shapes.number_of(id))
        if row is None:
            raise Refusal(404, "Not found")
        return row

    def the_job(self, code: str) -> Any:
        row = self.world.jobs.get(shapes.number_of(code))
        if row is None or shapes.shortcode(row.id) != code:
            raise Refusal(404, "Not found")
        return row

    def member(self, body: Body) -> int:
        row = self.world.users.get(shapes.number_of(body.get("member_id")))
        if row is None:
            raise Refusal(422, "member_id is missing or no member")
        return row.id  # type: ignore[no-any-return]

    def stage(self, slug: Any) -> Any:
        found = [row for row in self.world.stages_of(None) if shapes.slug(row.name) == slug]
        if not found:
            raise Refusal(422, "target_stage is no stage of this pipeline")
        return found[0]

    @route("POST", "/spi/v3/jobs/{code}/candidates")
    def create(self, request: Request, code: str) -> Answer:
        return self.created(request, self.the_job(code).id)

    @route("POST", "/spi/v3/talent_pool/candidates")
    def create_in_pool(self, request: Request) -> Answer:
        return self.created(request, None)

    def created(self, request: Request, job_id: int | None) -> Answer:
        """“sourced”: false sends a mail that thanks for applying; it is true unless told otherwise."""
        about = request.json.get("candidate") or {}
        if not about.get("name") and not about.get("firstname"):
            raise Refusal(422, "name can't be blank")
        email = about.get("email")
        for row in self.world.applications.where(job_id=job_id) if email and job_id else ():
            if email in {one["value"] for one in self.world.candidates.get(row.candidate_id).emails}:
                raise Refusal(422, "This candidate already exists in this job")
        given, _, family = str(about.get("name") or "").rpartition(" ")
        person = self.world.add_candidate(
            first_name=about.get("firstname") or given or family,
            last_name=about.get("lastname") or (family if given else ""),
            title=about.get("headline") or "",
            location=about.get("address") or "",
            emails=[{"value": email, "type": "personal"}] if email else [],
            phones=[{"value": about["phone"], "type": "mobile"}] if about.get("phone") else [],
            links=[{"value": one["url"], "type": one["type"]} for one in about.get("social_profiles") or ()],
            tags=list(about.get("tags") or ()),
        )
        if request.json.get("sourced") is False:
            self.mails.append({"to": email, "about": "Thank you for applying"})
        row = self.world.apply(person.id, job_id)
        return Answer({"status": "created", "candidate": shapes.detailed(self.world, row, self.base)}, 201)

    @route("POST", "/spi/v3/candidates/{id}/copy")
    def copy(self, request: Request, id: str) -> Answer:
        row, target = self.the_candidate(id), self.the_job(request.json.get("target_job_shortcode", ""))
        stage = self.stage(request.json.get("target_stage"))
        made = self.world.apply(row.candidate_id, target.id, stage_id=stage.id, by=self.member(request.json))
        url = f"{self.base}/spi/v3/candidates/{shapes.id_of(made.id)}"
        return Answer({"candidate": {"id": shapes.id_of(made.id), "url": url}}, 201)

    @route("POST", "/spi/v3/candidates/{id}/move")
    def move(self, request: Request, id: str) -> Answer:
        row, by = self.the_candidate(id), self.member(request.json)
        if request.json.get("target_stage") == shapes.HIRED["slug"]:
            self.world.hire(row.id, by=by)
        else:
            self.world.move(row.id, self.stage(request.json.get("target_stage")).id, by=by)
        return Answer({"status": "moved"})

    @route("POST", "/spi/v3/candidates/{id}/disqualify")
    def disqualify(self, request: Request, id: str) -> Answer:
        row, by, body = self.the_candidate(id), self.member(request.json), request.json
        reason = self.world.reject_reasons.get(shapes.number_of(body.get("disqualify_reason_id")))
        if body.get("disqualify_reason_id") and reason is None:
            raise Refusal(422, "disqualify_reason_id is no reason of this account")
        withdrew = body.get("withdrew") or bool(reason and reason.kind == "them")
        status = "withdrawn" if withdrew else "rejected"
        note = str(body.get("disqualify_note") or "")
        self.world.reject(row.id, reason.id if reason else None, note=note, by=by, status=status)
        return Answer({"status": "disqualified"})

    @route("POST", "/spi/v3/candidates/{id}/revert")
    def revert(self, request: Request, id: str) -> Answer:
        self.world.unreject(self.the_candidate(id).id, by=self.member(request.json))
        return Answer({"status": "reverted"})

    @route("POST", "/spi/v3/candidates/{id}/comments")
    def comment(self, request: Request, id: str) -> Answer:
        """With a file it is one of the candidate's files, too."""
        row, by, said = self.the_candidate(id), self.member(request.json), request.json.get("comment") or {}
        if not said.get("body"):
            raise Refusal(422, "body can't be blank")
        if file := said.get("attachment"):
            try:
                content = base64.b64decode(file["data"], validate=True)
            except (binascii.Error, KeyError, TypeError):
                raise Refusal(422, "attachment must have a name and base64 data") from None
            self.world.attach(row.candidate_id, file["name"], content, kind="other")
        note = self.world.add_note(row.candidate_id, said["body"], by=by, application_id=row.id)
        return Answer({"id": shapes.id_of(note.id)}, 201)

    @route("PUT", "/spi/v3/candidates/{id}/tags")
    def tags(self, request: Request, id: str) -> Answer:
        row, wanted = self.the_candidate(id), request.json.get("tags")
        if not isinstance(wanted, list):
            raise Refusal(422, "tags must be a list")
        self.world.edit_candidate(row.candidate_id, tags=[str(one) for one in wanted])
        return Answer({"tags": wanted})
