"""Many people at once to a job in the ATS: what would happen first, then in the background."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ats_sync.actions.adding import add_selection
from ats_sync.forms.pushes import AddForm, ConnectionChoiceForm
from ats_sync.models import Connection
from ats_sync.queries.connections import provider_known
from ats_sync.queries.forecast import forecasts, numbers
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.selections import ids_of
from talentpool.models import Selection

MOST_FORECAST = 5_000  # people looked at before it begins; the run itself looks at everybody
MOST_SHOWN = 100


@require(Permission.PUSH_TO_ATS)
def selection_add(request: MemberRequest, pk: int) -> HttpResponse:
    selection = get_object_or_404(Selection, pk=pk, by=request.member)
    running = list(Connection.objects.on())
    connection = ConnectionChoiceForm(request.POST or request.GET).chosen(running)
    if connection is None:
        return render_page(request, "ats_sync/not_running.html", {})
    form = AddForm(request.POST if request.method == "POST" else None, connection=connection)
    ids, found = ids_of(selection), None
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("job", "source")}
        if "yes" in request.POST:
            try:
                run = add_selection(connection, selection, **said, total=len(ids), by=request.member)
                return redirect("crm:run", request.tenant.slug, run.pk)
            except ValidationError as error:
                messages.error(request, error.messages[0])
        found = forecasts(connection, ids[:MOST_FORECAST], said["job"])
    context = {
        "form": form,
        "connection": connection,
        "running": running,
        "provider": provider_known(connection),
        "size": len(ids),
        "looked_at": min(len(ids), MOST_FORECAST),
        "forecast": found is not None,
        "numbers": numbers(found or ()),
        "happens": sum(each.happens for each in found or ()),
        "others": [each for each in found or () if not each.happens][:MOST_SHOWN],
    }
    return render_page(request, "ats_sync/selection_add.html", context, status=422 if form.errors else 200)
