"""What Ashby lets others read singly and change: acts named `resource.verb`, with JSON or a form with a file."""

from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.simulators.ats.clock import iso
from tests.simulators.ats.dialect import Answer, Dialect, Request
from tests.simulators.ats.dialects import _ashby_rows as shapes
from tests.simulators.ats.dialects import _ashby_steps as steps
from tests.simulators.ats.dialects._ashby_lists import failure
from tests.simulators.ats.dialects._ashby_rows import ARCHIVED, HIRED, PLAN, POSTING, Shown, row_id, uuid_of
from tests.simulators.ats.webhooks import Hook

SINGULAR = {"candidates": "candidate", "applications": "application", "jobs": "job", "offers": "offer"} | {
    "stages": "interview_stage", "reject_reasons": "archive_reason", "tags": "tag", "sources": "source",
}  # fmt: skip
HOOK = 0x6000
WEBHOOK_TYPES = frozenset(
    {
        *("applicationSubmit", "applicationUpdate", "candidateStageChange", "candidateHire", "candidateDelete"),
        *("candidateMerge", "interviewPlanTransition", "interviewScheduleCreate", "interviewScheduleUpdate"),
        *("jobCreate", "jobUpdate", "jobPostingUpdate", "jobPostingPublish", "jobPostingUnpublish", "openingCreate"),
        *("offerCreate", "offerUpdate", "offerDelete", "pushToHRIS", "surveySubmit", "signatureRequestUpdate"),
    }
)
KINDS = {"LinkedIn": "linkedin", "GitHub": "github", "Twitter": "twitter"}
Body = dict[str, Any]


class Acts(Dialect):
    """Each method answers what `results` holds."""

    def known(self, table: str, body: Body, name: str) -> Any:
        if not body.get(name):
            raise failure("invalid_input", f"{name} is required")
        row = self.world.tables[table].get(row_id(body[name]))
        if row is None:
            raise failure(f"{SINGULAR[table]}_not_found")
        return row

    def application(self, body: Body) -> Any:
        row = self.known("applications", body, "applicationId")
        if row.prospect or not row.job_id:
            raise failure("application_not_found")
        return row

    # Webhooks: one for each type, and nothing lists them.

    def webhook_create(self, body: Body) -> Shown:
        kind, url = body.get("webhookType"), body.get("requestUrl")
        if kind not in WEBHOOK_TYPES or not str(url).startswith(("http://", "https://")):
            raise failure("invalid_input", "webhookType and requestUrl are required")
        made = self.webhooks.subscribe(str(url), str(body.get("secretToken") or ""), {str(kind)})
        known = uuid_of(self.world.new_id(), HOOK)
        self.known_hooks()[known] = made
        return self.shown_hook(known, made)

    def webhook_info(self, body: Body) -> Shown:
        return self.shown_hook(str(body.get("webhookId")), self.hook(body))

    def webhook_delete(self, body: Body) -> Shown:
        self.webhooks.unsubscribe(self.hook(body))
        del self.known_hooks()[body["webhookId"]]
        return {"webhookId": body["webhookId"]}

    def hook(self, body: Body) -> Hook:
        if body.get("webhookId") not in self.known_hooks():
            raise failure("webhook_not_found")
        return self.known_hooks()[body["webhookId"]]

    def known_hooks(self) -> dict[str, Hook]:
        return self.__dict__.setdefault("_known_hooks", {})  # type: ignore[no-any-return]

    def shown_hook(self, known: str, hook: Hook) -> Shown:
        (kind,) = hook.events or ("",)
        return {"id": known, "webhookType": kind, "requestUrl": hook.url, "enabled": hook.enabled}

    # Reading one

    def candidate_info(self, body: Body) -> Shown:
        return shapes.candidate(self.world, self.known("candidates", body, "id"))

    def candidate_search(self, body: Body) -> list[Shown]:
        """By both together when both are given; at most 100."""
        email, name = str(body.get("email") or "").lower(), str(body.get("name") or "").lower()
        if not email and not name:
            raise failure("invalid_input", "email or name is required")
        found = [
            row
            for row in self.world.candidates
            if (not name or name in row.name.lower())
            and (not email or email in {one["value"].lower() for one in row.emails})
        ]
        return [shapes.candidate(self.world, row) for row in found[:100]]

    def application_info(self, body: Body) -> Shown:
        row = self.application(body)
        return shapes.application(self.world, row) | {"applicationHistory": shapes.history(self.world, row)}

    def application_listHistory(self, body: Body) -> list[Shown]:
        return shapes.history(self.world, self.application(body))

    def job_info(self, body: Body) -> Shown:
        return shapes.job(self.world, self.known("jobs", body, "id"))

    def offer_info(self, body: Body) -> Shown:
        return steps.offer(self.world, self.known("offers", body, "offerId"))

    def jobPosting_list(self, body: Body) -> list[Shown]:
        return [shapes.posting(self.world, row) for row in self.world.jobs if row.status != "draft"]

    def jobPosting_info(self, body: Body) -> Shown:
        row = self.world.jobs.get(row_id(body.get("jobPostingId"), POSTING))
        if row is None:
            raise failure("job_posting_not_found")
        return shapes.posting(self.world, row) | {"descriptionHtml": row.text, "descriptionPlain": row.text}

    def interviewPlan_list(self, body: Body) -> list[Shown]:
        return [
            {"id": uuid_of(row.id, PLAN), "title": f"Plan for {row.title}", "isArchived": False}
            for row in self.world.jobs
        ]

    def interviewStage_list(self, body: Body) -> list[Shown]:
        job = self.world.jobs.get(row_id(body.get("interviewPlanId"), PLAN))
        if job is None:
            raise failure("interview_plan_not_found")
        return shapes.stages(self.world, job.id)

    def file_info(self, body: Body) -> Shown:
        _, _, rest = str(body.get("fileHandle")).partition("handle.")
        number, _, signature = rest.partition(".")
        file = self.world.attachments.get(int(number)) if number.isdigit() else None
        if file is None or signature != shapes.link_signature(file.id, 0):
            raise failure("file_not_found")
        until = self.world.clock.exact() + shapes.LINK_LASTS
        return {"url": f"{self.base}/files/{file.id}/{until}/{shapes.link_signature(file.id, until)}"}

    # People

    def candidate_create(self, body: Body) -> Shown:
        if not str(body.get("name") or "").strip():
            raise failure("invalid_input", "name is required")
        given, _, family = body["name"].strip().rpartition(" ")
        emails = [one for one in [body.get("email"), *(body.get("alternateEmailAddresses") or [])] if one]
        links = {"linkedin": body.get("linkedInUrl"), "github": body.get("githubUrl"), "website": body.get("website")}
        row = self.world.add_candidate(
            first_name=given,
            last_name=family,
            emails=[{"value": one, "type": "personal"} for one in emails],
            phones=[{"value": body["phoneNumber"], "type": "mobile"}] if body.get("phoneNumber") else [],
            links=[{"value": url, "type": kind} for kind, url in links.items() if url],
            location=city(body.get("location") or {}),
            source_id=self.known("sources", body, "sourceId").id if body.get("sourceId") else None,
        )
        return shapes.candidate(self.world, row)

    def candidate_createNote(self, body: Body) -> Shown:
        row, said = self.known("candidates", body, "candidateId"), body.get("note")
        text = said.get("value") if isinstance(said, dict) else said
        if not text:
            raise failure("invalid_input", "note is required")
        visibility = "private" if body.get("isPrivate") else "public"
        note = self.world.add_note(row.id, text, by=self.world.users.ids[0], visibility=visibility)
        return steps.note(self.world, note)

    def candidateTag_create(self, body: Body) -> Shown:
        if not body.get("title"):
            raise failure("invalid_input", "title is required")
        return shapes.tag(self.world, self.world.tag_named(body["title"]))

    def candidate_addTag(self, body: Body) -> Shown:
        row, wanted = self.known("candidates", body, "candidateId"), self.known("tags", body, "tagId")
        return shapes.candidate(self.world, self.world.tag(row.id, wanted.name))

    def candidate_anonymize(self, body: Body) -> Shown:
        row = self.known("candidates", body, "candidateId")
        if any(one.status == "active" for one in shapes.applications_of(self.world, row.id)):
            raise failure("invalid_input", "All applications must be archived or hired")
        self.world.anonymise(row.id)
        return shapes.candidate(self.world, row)

    def candidate_uploadFile(self, body: Body) -> Shown:
        return self.uploaded(body, "file", "other")

    def candidate_uploadResume(self, body: Body) -> Shown:
        return self.uploaded(body, "resume", "resume")

    def uploaded(self, body: Body, name: str, kind: str) -> Shown:
        row, part = self.known("candidates", body, "candidateId"), body.get(name)
        if not isinstance(part, tuple):
            raise failure("invalid_input", f"{name} is required")
        self.world.attach(row.id, part[0], part[1], kind=kind)
        return shapes.candidate(self.world, row)

    # Applications

    def application_create(self, body: Body) -> Shown:
        """In the plan's first stage; two for the same job are possible."""
        row, job = self.known("candidates", body, "candidateId"), self.known("jobs", body, "jobId")
        source = self.known("sources", body, "sourceId").id if body.get("sourceId") else None
        return shapes.application(self.world, self.world.apply(row.id, job.id, source_id=source))

    def application_changeStage(self, body: Body) -> Shown:
        row, wanted = self.application(body), body.get("interviewStageId")
        if wanted == uuid_of(row.job_id, ARCHIVED):
            reason = self.known("reject_reasons", body, "archiveReasonId")
            withdraws = reason.kind == "them"
            self.world.reject(row.id, reason.id, status="withdrawn" if withdraws else "rejected")
        elif wanted == uuid_of(row.job_id, HIRED):
            self.world.hire(row.id)
        else:
            stage = self.world.stages.get(row_id(wanted))
            if stage is None or stage.job_id != row.job_id:
                raise failure("interview_stage_not_found", "The stage is not in this application's interview plan.")
            if row.status in ("rejected", "withdrawn"):
                self.world.unreject(row.id)
            self.world.move(row.id, stage.id)
        return shapes.application(self.world, row)

    def apiKey_info(self, body: Body) -> Shown:
        return {"title": "Rapport", "createdAt": iso(self.world.clock.now()), "scopes": []}


def city(location: Body) -> str:
    return ", ".join(str(location[name]) for name in ("city", "region") if location.get(name))


def form_of(request: Request) -> Body:
    """A form with files: text fields as text, files as (name, content)."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = BytesParser(policy=HTTP).parsebytes(head + request.body)
    found: Body = {}
    for part in parts.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True) or b""
        filename = part.get_filename()
        found[str(name)] = (filename, content) if filename else content.decode()
    return found


def act_named(dialect: Acts, name: str) -> Callable[[Body], Any] | None:
    resource, _, verb = name.partition(".")
    return getattr(dialect, f"{resource}_{verb}", None) if resource.isalpha() and verb.isalpha() else None


def success(results: Any) -> Answer:
    return Answer({"success": True, "results": results})
