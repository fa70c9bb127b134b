"""Errors as RFC 9457 says: `application/problem+json`, with a sentence in `detail` that says what to do."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as MalformedRequest

MEDIA_TYPE = "application/problem+json"
_DETAILS = {
    400: "The request could not be read. Its body must be valid JSON in UTF-8.",
    404: "There is nothing at this address, or it belongs to another organisation.",
    405: "This address does not know this method; the Allow header names those it knows.",
    413: "The request is larger than this address takes.",
    500: "A fault of Rapport's, which is in its log. Nothing was changed.",
}


class Refusal(Exception):
    """The door's no, before any operation is reached."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """`errors` names fields: [{"field": "emails.0", "message": "…"}]."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def as_problem(response: HttpResponse) -> HttpResponse:
    """Errors that Django itself answered (no such address, wrong method, a fault) in the API's own form."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        return response
    detail = _DETAILS.get(response.status_code, f"{HTTPStatus(response.status_code).phrase}.")
    kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
    return problem(response.status_code, detail, headers=kept)


def speak_of_problems(api: NinjaAPI) -> None:
    """Answer every error that an operation raises as a problem."""

    @api.exception_handler(MalformedRequest)
    def malformed(request: HttpRequest, error: MalformedRequest) -> HttpResponse:
        errors = [{"field": _field(each["loc"]), "message": str(each["msg"])} for each in error.errors]
        return problem(422, "Some values of the request are missing or not of their kind.", errors=errors)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        if not hasattr(error, "error_dict"):
            return problem(422, " ".join(error.messages))
        errors = [{"field": name, "message": " ".join(said)} for name, said in error.message_dict.items()]
        return problem(422, "Some values can't be taken.", errors=errors)

    @api.exception_handler(PermissionDenied)
    def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, str(error) or "Your role here does not include this.")

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, _DETAILS[404])

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, _DETAILS.get(error.status_code, error.message))


def _field(location: Sequence[str | int]) -> str:
    """("body", "payload", "emails", 0) as "emails.0": where the value stands, without the names of our code."""
    path = [str(part) for part in location if part not in ("body", "query", "path", "form", "file", "payload")]
    return ".".join(path) or str(location[-1])
