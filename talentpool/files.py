"""Handing out files as others made them, so that no browser runs what is in them."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from talentpool.models import File, FileContent

# These a browser may show by itself; all else is saved.
SHOWN = {"application/pdf", "image/png", "image/jpeg", "text/plain"}


def file_response(file: File, *, shown: bool = False) -> HttpResponse:
    """The bytes with headers that forbid guessing at their type and running anything in them."""
    inline = shown and file.media_type in SHOWN
    content = FileContent.objects.get(file=file).content
    response = HttpResponse(bytes(content), content_type=file.media_type if inline else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(not inline, file.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
