"""What the words of an ATS mean here."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ats_sync.actions.connections import map_words
from ats_sync.forms.words import families_in, meanings_in
from ats_sync.models import Connection
from ats_sync.queries.connections import many
from ats_sync.queries.words import MEANS, words_of
from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page


@require(Permission.VIEW_ATS)
def mapping(request: MemberRequest, pk: int) -> HttpResponse:
    """Whoever may look sees it; saving needs more."""
    connection, error = get_object_or_404(Connection, pk=pk), ""
    by_job = request.GET.get("by") == "job"
    groups = words_of(connection, by_job=by_job)
    if request.method == "POST" and may(request.member, Permission.MANAGE_ATS):
        try:
            said = request.POST.dict()
            families = families_in(said, groups)
            number = map_words(connection, meanings_in(said, groups), families=families, by=request.member)
            messages.success(
                request, f"Saved: {number:,} {'word means' if number == 1 else 'words mean'} something else now."
            )
            return redirect(request.get_full_path())
        except ValidationError as problem:
            error = problem.messages[0]
    kinds = [
        (kind, many(kind), means, [group for group in groups if group.kind == kind]) for kind, means in MEANS.items()
    ]
    context = {"connection": connection, "kinds": [each for each in kinds if each[3]], "error": error, "by_job": by_job}
    context["unsaid"] = sum(not word.maps_to for group in groups if group.kind == "stage" for word in group.words)
    return render_page(request, "ats_sync/mapping.html", context, status=422 if error else 200)
