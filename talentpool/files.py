"""Handing out files as others made them, so that no browser runs what is in them."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from talentpool.models import File, FileContent, ScanState

# These a browser may show by itself; all else is saved.
SHOWN = {"application/pdf", "image/png", "image/jpeg", "text/plain"}


def file_response(file: File, *, shown: bool = False) -> HttpResponse:
    """The bytes with headers that forbid guessing at their type and running anything in them.

    Refused where a virus scanner found something, or has not looked yet.
    """
    if reason := why_closed(file):
        raise PermissionDenied(f"“{file.name}” can't be opened: {reason}.")
    inline = shown and file.media_type in SHOWN
    content = FileContent.objects.get(file=file).content
    response = HttpResponse(bytes(content), content_type=file.media_type if inline else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(not inline, file.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def why_closed(file: File) -> str:
    """Why nobody may open the file, in words; "" for one that is open. Without a scanner, those it never saw are."""
    if file.scan == ScanState.INFECTED:
        return f"the virus scanner found {file.scan_note}"
    if file.scan == ScanState.CLEAN or not settings.VIRUS_SCANNER:
        return ""
    if file.scanned_at is not None:
        return file.scan_note[:1].lower() + file.scan_note[1:]
    return "it waits for the virus scan"
