"""All connections, and connecting one more."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ats_sync.actions.connections import check_connection, create_connection
from ats_sync.forms.connections import ConnectForm
from ats_sync.guides import guide_of
from ats_sync.models import Connection, ConnectionState
from ats_sync.providers import provider_class, provider_keys
from ats_sync.queries.connections import chip_of, provider_known, with_queues
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page


@require(Permission.VIEW_ATS)
def connections(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    found = list(with_queues(Connection.objects.all()))
    lines = [
        {"connection": each, "chip": chip_of(each, now), "provider": provider_known(each)}
        for each in sorted(found, key=lambda each: each.state == ConnectionState.ENDED)
    ]
    providers = [provider_class(key) for key in provider_keys()]
    return render_page(request, "ats_sync/connections.html", {"lines": lines, "providers": providers})


@require(Permission.MANAGE_ATS)
def connect(request: MemberRequest) -> HttpResponse:
    """`?provider=greenhouse`; what was typed is kept even when the ATS lets nobody in."""
    key = request.GET.get("provider", "")
    if key not in provider_keys():
        raise Http404
    form = ConnectForm(request.POST if request.method == "POST" else None, provider=provider_class(key))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_connection(key, form.cleaned_data["name"], form.credentials, by=request.member)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            try_out(request, made)
            return redirect("ats_sync:connection", request.tenant.slug, made.pk)
    context = {"form": form, "provider": provider_class(key), "guide": guide_of(key)}
    return render_page(request, "ats_sync/connect.html", context, status=422 if form.errors else 200)


def try_out(request: MemberRequest, connection: Connection) -> None:
    """Asks the ATS what these credentials may do, and says it."""
    try:
        rights = check_connection(connection)
    except ValidationError as error:
        messages.error(request, f"{connection} lets nobody in: {error.messages[0]}")
        return
    missing = [right for right in rights if not right.is_given]
    if missing:
        messages.warning(request, f"It lets us in; {len(missing)} of {len(rights)} rights are missing.")
    else:
        messages.success(request, "It lets us in, and every right that is needed is there.")
