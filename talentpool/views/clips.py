"""The clipper: its page in the settings, the extension, and the pages that receive a clip and confirm it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.clips import known_person, save_clip
from talentpool.clipper import bookmarklet, extension_zip
from talentpool.forms.clips import ClipForm, PayloadForm
from talentpool.intake.clip.people import fields_of_clip


def _page_address(request: MemberRequest) -> str:
    return str(settings.BASE_URL) + org_reverse("talentpool:clip", slug=request.tenant.slug)


@require(Permission.EDIT_CANDIDATES)
@require_GET
def clipper(request: MemberRequest) -> HttpResponse:
    return render_page(request, "talentpool/clipper.html", {"bookmarklet": bookmarklet(_page_address(request))})


@require(Permission.EDIT_CANDIDATES)
@require_GET
def clipper_extension(request: MemberRequest) -> HttpResponse:
    response = HttpResponse(extension_zip(_page_address(request)), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="rapport-clipper.zip"'
    return response


@require(Permission.EDIT_CANDIDATES)
@require_GET
def clip(request: MemberRequest) -> HttpResponse:
    """Where bookmarklet and extension lead: a script takes the clip out of the address and asks to have it read."""
    return render_page(request, "talentpool/clip.html", {"form": PayloadForm()})


@require(Permission.EDIT_CANDIDATES)
@require_POST
def clip_read(request: MemberRequest) -> HttpResponse:
    form = PayloadForm(request.POST)
    if not form.is_valid():
        return render_page(request, "talentpool/clip.html", {"form": form}, status=422)
    found = form.cleaned_data["payload"]
    fields = fields_of_clip(found)
    filled = ClipForm.filled(form.data["payload"], fields)
    context = {"form": filled, "clip": found, "known": known_person(fields, found)}
    return render_page(request, "talentpool/clip_confirm.html", context)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def clip_save(request: MemberRequest) -> HttpResponse:
    form = ClipForm(request.POST)
    found = form.cleaned_data.get("payload") if form.is_valid() else None
    if found is None:
        return render_page(request, "talentpool/clip_confirm.html", {"form": form}, status=422)
    try:
        received = save_clip(form.fields_of(fields_of_clip(found)), found, by=request.member)
    except ValidationError as error:
        form.add_error(None, error)
        return render_page(request, "talentpool/clip_confirm.html", {"form": form, "clip": found}, status=422)
    messages.success(request, "Saved, with the page that it is from.")
    return redirect("talentpool:candidate", request.tenant.slug, received.candidate_id)
