"""What members add to a person: a person by hand, notes, tags, an owner."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.notes import add_note
from talentpool.actions.owners import set_owner
from talentpool.actions.people import create_candidate
from talentpool.actions.tags import tag_named, tag_people, untag
from talentpool.forms.candidates import NewCandidateForm, NoteForm, OwnerForm
from talentpool.forms.people import TagForm
from talentpool.models import Tag
from talentpool.views.candidate import frame_of, panel_now, person_or_404, profile_page


@require(Permission.EDIT_CANDIDATES)
def candidate_new(request: MemberRequest) -> HttpResponse:
    form = NewCandidateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        received = create_candidate(form.person, by=request.member)
        if received.candidate_id is not None:
            return redirect("talentpool:candidate", request.tenant.slug, received.candidate_id)
        form.add_error(None, "This person asked to be erased, and so is not added again.")
    context = {"form": form}
    return render_page(request, "talentpool/candidate_new.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def note_new(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return profile_page(request, person, note_form=form, status=422)
    add_note(person, form.cleaned_data["text"], by=request.member)
    return panel_now(request, pk, "notes")


@require(Permission.EDIT_CANDIDATES)
def candidate_owner(request: MemberRequest, pk: int) -> HttpResponse:
    """Owner and tags, on one small page."""
    person = person_or_404(pk)
    form = OwnerForm(request.POST if request.method == "POST" else None, initial={"owner": person.owner_id})
    if request.method == "POST" and form.is_valid():
        set_owner(person, form.cleaned_data["owner"], by=request.member)
        return redirect("talentpool:candidate", request.tenant.slug, pk)
    context = frame_of(request, person, "profile", owner_form=form, tag_form=TagForm())
    return render_page(request, "talentpool/candidate_owner.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def candidate_tag(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    form = TagForm(request.POST)
    if not form.is_valid():
        owner_form = OwnerForm(initial={"owner": person.owner_id})
        context = frame_of(request, person, "profile", owner_form=owner_form, tag_form=form)
        return render_page(request, "talentpool/candidate_owner.html", context, status=422)
    tag_people(tag_named(form.cleaned_data["name"]), [person.pk], by=request.member)
    return redirect("talentpool:candidate_owner", request.tenant.slug, pk)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def candidate_untag(request: MemberRequest, pk: int, tag_pk: int) -> HttpResponse:
    untag(person_or_404(pk), get_object_or_404(Tag, pk=tag_pk), by=request.member)
    return redirect("talentpool:candidate_owner", request.tenant.slug, pk)
