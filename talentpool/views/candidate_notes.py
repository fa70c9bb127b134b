"""What members add to a person: a person by hand, notes, tags, an owner."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.notes import add_note, change_note
from talentpool.actions.owners import set_owner
from talentpool.actions.people import create_candidate
from talentpool.actions.tags import tag_named, tag_people, untag
from talentpool.forms.candidates import NewCandidateForm, NoteForm, NoteTextForm, OwnerForm
from talentpool.forms.people import TagForm
from talentpool.forms.relations import WatchForm
from talentpool.models import Note, Tag
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
    add_note(person, form.cleaned_data["text"], kind=form.cleaned_data["kind"], by=request.member)
    return panel_now(request, pk, "notes")


@require(Permission.EDIT_CANDIDATES)
def note_edit(request: MemberRequest, pk: int, note_pk: int) -> HttpResponse:
    """The author's page of a note, with what it said before; others read it."""
    person = person_or_404(pk)
    note = get_object_or_404(Note.objects.select_related("by"), pk=note_pk, candidate=person)
    form = NoteTextForm(request.POST if request.method == "POST" else None, initial={"text": note.text})
    if request.method == "POST" and form.is_valid():
        try:
            change_note(note, form.cleaned_data["text"], by=request.member)
            return panel_now(request, pk, "notes")
        except ValidationError as error:
            form.add_error("text", error)
    context = frame_of(request, person, "profile", note=note, form=form, versions=note.versions.all())
    return render_page(request, "talentpool/note.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
def candidate_owner(request: MemberRequest, pk: int) -> HttpResponse:
    """Owner and tags, on one small page."""
    person = person_or_404(pk)
    form = OwnerForm(request.POST if request.method == "POST" else None, initial={"owner": person.owner_id})
    if request.method == "POST" and form.is_valid():
        set_owner(person, form.cleaned_data["owner"], by=request.member)
        return redirect("talentpool:candidate", request.tenant.slug, pk)
    context = frame_of(request, person, "profile", owner_form=form, tag_form=TagForm(), watch_form=WatchForm())
    return render_page(request, "talentpool/candidate_owner.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def candidate_tag(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    form = TagForm(request.POST)
    if not form.is_valid():
        owner_form = OwnerForm(initial={"owner": person.owner_id})
        context = frame_of(request, person, "profile", owner_form=owner_form, tag_form=form, watch_form=WatchForm())
        return render_page(request, "talentpool/candidate_owner.html", context, status=422)
    tag_people(tag_named(form.cleaned_data["name"]), [person.pk], by=request.member)
    return redirect("talentpool:candidate_owner", request.tenant.slug, pk)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def candidate_untag(request: MemberRequest, pk: int, tag_pk: int) -> HttpResponse:
    untag(person_or_404(pk), get_object_or_404(Tag, pk=tag_pk), by=request.member)
    return redirect("talentpool:candidate_owner", request.tenant.slug, pk)
