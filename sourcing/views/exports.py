"""The search log of a position as a file."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from crm.models import BulkRun
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from sourcing.actions.exports import download_export, start_log_export
from sourcing.forms.log import ExportForm


@require(Permission.VIEW_SEARCH_LOG)
def export(request: MemberRequest) -> HttpResponse:
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        back = org_reverse("sourcing:log", slug=request.tenant.slug)
        run = start_log_export(form.cleaned_data["position"], form.title, by=request.member, back_url=back)
        return redirect("crm:run", request.tenant.slug, run.pk)
    return render_page(request, "sourcing/export.html", {"form": form}, status=422 if form.errors else 200)


@require(Permission.VIEW_SEARCH_LOG)
def export_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """A finished export, for the member who made it and for as long as it is kept."""
    run = get_object_or_404(BulkRun, pk=pk, by=request.member)
    found = download_export(run, by=request.member)
    if found is None:
        messages.error(request, "That file is not there. Exports are deleted after a day; make it again.")
        return redirect("crm:run", request.tenant.slug, run.pk)
    archive, pieces = found
    headers = {"Content-Disposition": f'attachment; filename="{archive.name}"', "Content-Length": str(archive.size)}
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
