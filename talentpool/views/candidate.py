"""One person: the tabs of the page, each with an address of its own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.watching import mark_seen
from talentpool.forms.candidates import NoteForm
from talentpool.forms.relations import TaskForm
from talentpool.models import Candidate, Profile
from talentpool.presence import note_editing, note_presence, others_present
from talentpool.queries.agencies import agencies_of
from talentpool.queries.applications import ways_of
from talentpool.queries.candidate import sheet_of
from talentpool.queries.colleagues import colleagues_of
from talentpool.queries.conversations import talks_with
from talentpool.queries.custom_fields import has_restricted_fields
from talentpool.queries.evidence import evidence_of_merges
from talentpool.queries.match_pairs import merges_into
from talentpool.queries.messages import letters_to
from talentpool.queries.news import watchers_of
from talentpool.queries.relationship import relationship_with
from talentpool.queries.reminders import tasks_about
from talentpool.queries.stories import (
    activities_of,
    consents_of,
    counts_for,
    entries_of,
    notes_of,
    profiles_of,
    rows_of,
    suggestions_of,
    tags_of,
)
from talentpool.signals import person_opened
from talentpool.tracking import track_of

PANELS = ("career", "about", "education", "notes", "tasks", "suggestions", "contact", "skills", "wants", "own")
TABS = (
    ("profile", "Profile", "talentpool:candidate"),
    ("activity", "Activity", "talentpool:candidate_activity"),
    ("applications", "Applications", "talentpool:candidate_applications"),
    ("messages", "Messages", "talentpool:candidate_messages"),
    ("files", "Files", "talentpool:candidate_files"),
    ("sources", "Sources", "talentpool:candidate_sources"),
)


def person_or_404(pk: int) -> Candidate:
    """Somebody of the pool, with the contact state; not who was erased or merged into somebody else."""
    people = Candidate.objects.present().with_contact_state().select_related("owner")
    return get_object_or_404(people, pk=pk)


def frame_of(request: MemberRequest, person: Candidate, tab: str, **context: Any) -> dict[str, Any]:
    """What the head and the tabs of every page of a person need."""
    letters = letters_to(person.pk)
    counts = counts_for(person, letters)
    tabs = [
        {
            "name": name,
            "label": label,
            "url": org_reverse(view, person.pk, slug=request.tenant.slug),
            "count": getattr(counts, name, 0),
        }
        for name, label, view in TABS
    ]
    note_presence(person.pk, request.member.pk)
    return {
        "person": person,
        "tab": tab,
        "tabs": tabs,
        "tags": tags_of(person),
        "entries": entries_of(person),
        "watchers": watchers_of(person),
        "letters": letters,
        "talks": talks_with(person, but=request.member, letters=letters),
        "others": others_present(person.pk, but=request.member.pk),
        **context,
    }


@require(Permission.VIEW_CANDIDATES)
def candidate(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    mark_seen(person, request.member)
    person_opened.send(sender=Candidate, by=request.member, candidate_id=pk, act="profile")
    return profile_page(request, person)


def profile_page(
    request: MemberRequest,
    person: Candidate,
    *,
    note_form: NoteForm | None = None,
    task_form: TaskForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The profile tab, or the one panel of it that htmx asked for."""
    activities, _ = activities_of(person, limit=6)
    restricted, merges = may(request.member, Permission.VIEW_RESTRICTED_FIELDS), merges_into(person)
    evidence = evidence_of_merges(merges, among=merges, restricted=restricted)
    context = frame_of(
        request,
        person,
        "profile",
        sheet=sheet_of(person, restricted=restricted),
        consents=consents_of(person),
        notes=notes_of(person),
        note_form=note_form or NoteForm(),
        relationship=relationship_with(person),
        colleagues=colleagues_of(person, today=timezone.localdate()),
        tasks=tasks_about(person),
        task_form=task_form or TaskForm(initial={"assignee": request.member.pk}),
        suggestions=suggestions_of(person),
        activities=activities,
        ways=ways_of(person),
        track=track_of(person, request.member),
        merges=[(merge, evidence[merge.pk]) for merge in merges],
        **agencies_of(person),
    )
    return render_page(request, "talentpool/candidate_profile.html", context, partials=PANELS, status=status)


def panel_now(request: MemberRequest, pk: int, panel: str) -> HttpResponse:
    """The panel as it is now, or the whole page at its place; whoever changed it has ended."""
    note_editing(pk, request.member.pk, ended=True)
    if request.htmx:
        return profile_page(request, person_or_404(pk))
    return redirect(org_reverse("talentpool:candidate", pk, slug=request.tenant.slug) + f"#{panel}")


@require(Permission.VIEW_CANDIDATES)
def candidate_activity(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    cursor = request.GET.get("after", "")
    activities, following = activities_of(person, cursor=cursor)
    first = org_reverse("talentpool:candidate_activity", pk, slug=request.tenant.slug) if cursor else ""
    context = frame_of(request, person, "activity", activities=activities, next_cursor=following, first_url=first)
    return render_page(request, "talentpool/candidate_activity.html", context, partials=["activity"])


@require(Permission.VIEW_CANDIDATES)
def candidate_applications(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    ways = ways_of(person)
    context = frame_of(request, person, "applications", ways=ways, track=track_of(person, request.member))
    return render_page(request, "talentpool/candidate_applications.html", context)


@require(Permission.VIEW_CANDIDATES)
def candidate_messages(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    context = frame_of(request, person, "messages")
    return render_page(request, "talentpool/candidate_messages.html", context)


@require(Permission.VIEW_CANDIDATES)
def candidate_sources(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    cursor = request.GET.get("after", "")
    profiles, following = profiles_of(person, cursor=cursor)
    first = org_reverse("talentpool:candidate_sources", pk, slug=request.tenant.slug) if cursor else ""
    context = frame_of(request, person, "sources", profiles=profiles, next_cursor=following, first_url=first)
    return render_page(request, "talentpool/candidate_sources.html", context)


@require(Permission.VIEW_CANDIDATES)
def candidate_source(request: MemberRequest, pk: int, profile_pk: int) -> HttpResponse:
    person = person_or_404(pk)
    profile = get_object_or_404(Profile.objects.select_related("source", "by", "file"), pk=profile_pk, candidate=person)
    shows_all = may(request.member, Permission.VIEW_RESTRICTED_FIELDS) or not has_restricted_fields()
    read = {name: value for name, value in profile.fields.items() if shows_all or name != "custom"}
    raw = rows_of(profile.raw) if shows_all else None
    context = frame_of(request, person, "sources", profile=profile, raw=raw, read=rows_of(read))
    return render_page(request, "talentpool/candidate_source.html", context)
