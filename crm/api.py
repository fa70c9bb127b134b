"""The API at /api/v1: every application's operations under one door (`crm.rest.door`) and one OpenAPI document."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from analytics import api as reports
from ats_sync.api import connections as ats
from ats_sync.api import pushes
from ats_sync.api import rights as ats_rights
from ats_sync.api import words as ats_words
from campaigns.api import status as status_messages
from crm.rest import moves
from crm.rest.problems import MEDIA_TYPE, speak_of_problems
from sourcing.api import searches
from talentpool.api import (
    agencies,
    alike,
    candidates,
    clips,
    custom_fields,
    drops,
    history,
    imports,
    jobs,
    mail,
    matching,
    merges,
    notes,
    pipeline_entries,
    pipeline_figures,
    pipeline_guests,
    pipelines,
    rules,
    schedules,
    segments,
    tags,
    tasks,
)

DESCRIPTION = """\
Everything here can be done on Rapport's pages, too: the same actions, permissions and audit entries.

* **Tokens.** Send `Authorization: Bearer rap_…`. A token acts for the member who made it and for one organisation; it
  may do what both its scopes and her role allow.
* **Pages.** Lists answer `items` and `next_cursor`; send it as `cursor` to go on. Rows that come meanwhile are not
  skipped and not shown twice.
* **Once only.** Send any POST with an `Idempotency-Key` of your own: sent again within 24 hours it is answered as the
  first time and not done twice. The same key with another body is a 409.
* **Limits.** `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) stand in every answer; beyond them a 429 says how
  long to wait.
* **Errors** are `application/problem+json` (RFC 9457); `detail` is a sentence, `errors` names fields.
"""
_PROBLEMS = {
    400: "The request could not be read",
    401: "No token, or one that is unknown, ended or revoked",
    403: "The token's scopes or the member's role do not include this",
    404: "Nothing here, or another organisation's",
    409: "The idempotency key was used for another request, or the first one is still running",
    413: "Larger than this address takes",
    422: "A value cannot be taken; `detail` and `errors` say which and why",
    429: "Too many requests in a minute",
}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "Sent again with the same key and body within 24 hours, the request is not done twice.",
}


class TokenOfMember(HttpBearer):
    """The door has read the token already; this puts the scheme into the OpenAPI document."""

    def authenticate(self, request: HttpRequest, token: str) -> object:
        return getattr(request, "token", None)


class Api(NinjaAPI):
    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """With what the door adds to every operation: its problems and the idempotency key."""
        document = super().get_openapi_schema(**kwargs)
        document["components"]["schemas"]["Problem"] = _PROBLEM_SCHEMA
        for path in document["paths"].values():
            for method, operation in path.items():
                if method == "post":
                    operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
                for status, words in _PROBLEMS.items():
                    operation["responses"][status] = {
                        "description": words,
                        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    }
        return document


api = Api(
    title="Rapport",
    version="1",
    urls_namespace="api-1",
    description=DESCRIPTION,
    auth=TokenOfMember(),
    docs_url=None,
    openapi_url="/openapi.json",
)
speak_of_problems(api)
api.add_router("/candidates", candidates.router, tags=["Candidates"])
api.add_router("/candidates", history.router, tags=["Candidates"])
api.add_router("/candidates", alike.people, tags=["Candidates"])
api.add_router("/custom-fields", custom_fields.router, tags=["Candidates"])
api.add_router("/clips", clips.router, tags=["Candidates"])
api.add_router("/merges", merges.merges, tags=["Merges"])
api.add_router("/match-pairs", merges.pairs, tags=["Merges"])
api.add_router("/matching", matching.router, tags=["Merges"])
api.add_router("/candidates", ats.candidates, tags=["ATS"])
api.add_router("/ats", ats.router, tags=["ATS"])
api.add_router("/ats", pushes.people, tags=["ATS"])
api.add_router("/ats", ats_rights.router, tags=["ATS"])
api.add_router("/ats", ats_words.router, tags=["ATS"])
api.add_router("/ats/pushes", pushes.router, tags=["ATS"])
api.add_router("/agencies", agencies.router, tags=["Agencies"])
api.add_router("/status-messages", status_messages.router, tags=["Campaigns"])
api.add_router("/reports", reports.router, tags=["Reports"])
api.add_router("/imports", imports.router, tags=["Imports"])
api.add_router("/rules", rules.router, tags=["Rules"])
api.add_router("/mail", mail.router, tags=["Mail"])
api.add_router("/drops", drops.router, tags=["Imports"])
api.add_router("/saved-columns", drops.columns_router, tags=["Imports"])
api.add_router("/segments", segments.router, tags=["Segments"])
api.add_router("/segments", schedules.router, tags=["Segments"])
api.add_router("/jobs", jobs.router, tags=["Jobs"])
api.add_router("/jobs", alike.jobs, tags=["Jobs"])
api.add_router("/job-families", jobs.families, tags=["Jobs"])
api.add_router("/pipelines", pipelines.router, tags=["Pipelines"])
api.add_router("/pipelines", pipeline_entries.router, tags=["Pipelines"])
api.add_router("/pipelines", pipeline_figures.router, tags=["Pipelines"])
api.add_router("/pipelines", pipeline_guests.router, tags=["Pipelines"])
api.add_router("", notes.router, tags=["Relations"])
api.add_router("/searches", searches.router, tags=["Search log"])
api.add_router("/tags", tags.router, tags=["Tags"])
api.add_router("/tasks", tasks.router, tags=["Tasks"])
api.add_router("/move-outs", moves.router, tags=["Moving out"])

urls = api.urls
for pattern in urls[0]:
    view: Any = pattern.callback
    login_not_required(view)
    view.public_reason = "the API lets tokens in, not sessions"
