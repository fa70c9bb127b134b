"""The files of a person: listed, added, handed out."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page
from talentpool.actions.files import add_file
from talentpool.files import file_response, why_closed
from talentpool.forms.candidates import FileForm
from talentpool.models import File
from talentpool.views.candidate import frame_of, person_or_404


@require(Permission.VIEW_CANDIDATES)
def candidate_files(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    form = FileForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    if request.method == "POST":
        if not may(request.member, Permission.EDIT_CANDIDATES):
            raise PermissionDenied("Your role here does not include adding files.")
        if form.is_valid() and _added(request, form, pk):
            return redirect("talentpool:candidate_files", request.tenant.slug, pk)
    files = list(File.objects.filter(candidate=person).select_related("by").order_by("-at", "-pk"))
    for each in files:
        each.closed = why_closed(each)  # type: ignore[attr-defined]
    context = frame_of(request, person, "files", files=files, form=form, limit=settings.CANDIDATE_FILE_MAX_BYTES)
    return render_page(request, "talentpool/candidate_files.html", context, status=422 if form.errors else 200)


def _added(request: MemberRequest, form: FileForm, pk: int) -> bool:
    upload = form.cleaned_data["file"]
    try:
        add_file(person_or_404(pk), upload.name, upload, by=request.member)
    except ValidationError as error:
        form.add_error("file", error)
        return False
    return True


@require(Permission.VIEW_CANDIDATES)
def file(request: MemberRequest, pk: int, file_pk: int) -> HttpResponse:
    """A file of this person; never an import's original, which tells of many others too."""
    return file_response(get_object_or_404(File, pk=file_pk, candidate=person_or_404(pk)))
