from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from crm.actions.moving_in import start_moving_in
from crm.actions.moving_out import download_archive, remove_archive, start_moving_out
from crm.forms import MoveInForm
from crm.models import PoolArchive
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page


@require(Permission.MOVE_POOL)
def move_out(request: MemberRequest) -> HttpResponse:
    """What can be taken away now, and the button that packs the pool anew."""
    if request.method == "POST":
        try:
            archive = start_moving_out(request.tenant, by=request.member, back_url=_address(request, "crm:move_out"))
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("crm:move_out", request.tenant.slug)
        return redirect("crm:run", request.tenant.slug, archive.run_id)
    context = {"archives": PoolArchive.objects.outgoing().for_list()}
    return render_page(request, "crm/move_out.html", context)


@require(Permission.MOVE_POOL)
@require_GET
def archive_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    archive = get_object_or_404(PoolArchive.objects.outgoing(), pk=pk)
    try:
        content = download_archive(archive, by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("crm:move_out", request.tenant.slug)
    response = StreamingHttpResponse(content, content_type="application/zip")
    response["Content-Length"] = str(archive.size)
    response["Content-Disposition"] = content_disposition_header(True, archive.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require(Permission.MOVE_POOL)
@require_POST
def archive_remove(request: MemberRequest, pk: int) -> HttpResponse:
    archive = get_object_or_404(PoolArchive.objects.outgoing().select_related("run"), pk=pk)
    try:
        remove_archive(archive, by=request.member)
        messages.success(request, "The archive is removed.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("crm:move_out", request.tenant.slug)


@require(Permission.MOVE_POOL)
def move_in(request: MemberRequest) -> HttpResponse:
    form = MoveInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            back = _address(request, "crm:home")
            run = start_moving_in(file.name or "pool.zip", file.chunks(), by=request.member, back_url=back)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("crm:run", request.tenant.slug, run.pk)
    context = {"form": form, "limit": settings.MOVE_IN_MAX_BYTES}
    return render_page(request, "crm/move_in.html", context, status=422 if form.errors else 200)


def _address(request: MemberRequest, name: str) -> str:
    return org_reverse(name, slug=request.tenant.slug)
