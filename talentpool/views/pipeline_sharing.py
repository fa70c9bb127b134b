"""With whom a pipeline is shared, as its members see it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.pipeline_guests import revoke_guest, share_pipeline
from talentpool.forms.pipeline_guests import ShareForm
from talentpool.models import Pipeline, PipelineGuest


@require(Permission.EDIT_PIPELINES)
def pipeline_share(request: MemberRequest, pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = ShareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            guest = share_pipeline(pipeline, **form.cleaned_data, by=request.member)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"A letter with the link goes to {guest.email}.")
            return redirect("talentpool:pipeline_share", request.tenant.slug, pk)
    guests = list(pipeline.guests.select_related("by", "pipeline").order_by("revoked_at", "-created_at")[:200])
    context = {"pipeline": pipeline, "form": form, "guests": guests}
    return render_page(request, "talentpool/pipeline_share.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_PIPELINES)
@require_POST
def pipeline_unshare(request: MemberRequest, pk: int, guest_pk: int) -> HttpResponse:
    guest = get_object_or_404(PipelineGuest.objects.select_related("pipeline"), pipeline=pk, pk=guest_pk)
    revoke_guest(guest, by=request.member)
    messages.success(request, f"The link of {guest.name} works no more.")
    return redirect("talentpool:pipeline_share", request.tenant.slug, pk)
