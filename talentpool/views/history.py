"""Where the values of a person come from: the whole history of a field, and a person's fields that have one."""

from django.http import HttpResponse

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page
from talentpool.forms.history import HistoryForm
from talentpool.queries.history import field_history, fields_with_history
from talentpool.views.candidate import frame_of, person_or_404


@require(Permission.VIEW_CANDIDATES)
def candidate_history(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    restricted = may(request.member, Permission.VIEW_RESTRICTED_FIELDS)
    form = HistoryForm(request.GET, restricted=restricted)
    asked = form.cleaned_data if form.is_valid() else {}
    history = field_history(person, asked["field"], asked["key"]) if asked else None
    context = frame_of(
        request, person, "profile", history=history, fields=fields_with_history(person, restricted=restricted)
    )
    return render_page(request, "talentpool/candidate_history.html", context, partials=["history"])
