from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from crm.actions.users import choose_theme, update_profile
from crm.forms import ProfileForm, ThemeForm
from crm.models import User
from crm.permissions import signed_in
from crm.portals import guest_places
from crm.queries import memberships_of_user
from crm.rendering import render_page
from crm.views.home import LAST_ORGANISATION


@signed_in
def front(request: HttpRequest) -> HttpResponse:
    """To the organisation last worked in, to the only one, or to a choice of several."""
    slugs = [membership.slug for membership in memberships_of_user(_user(request))]
    last = request.session.get(LAST_ORGANISATION)
    if last in slugs or len(slugs) == 1:
        return redirect("crm:home", last if last in slugs else slugs[0])
    if not slugs and len(places := guest_places(_user(request))) == 1:
        return redirect(places[0][0], places[0][1].slug)
    return redirect("door:organisations")


@signed_in
def organisations(request: HttpRequest) -> HttpResponse:
    context = {
        "memberships": memberships_of_user(_user(request)),
        "guest_places": guest_places(_user(request)),
        "last": request.session.get(LAST_ORGANISATION),
    }
    return render_page(request, "crm/organisations.html", context)


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        update_profile(user, **form.cleaned_data, memberships=memberships_of_user(user))
        messages.success(request, "Saved.")
        return redirect("door:profile")
    context = {"form": form, "last": request.session.get(LAST_ORGANISATION)}
    return render_page(request, "crm/profile.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return HttpResponse("There is no such theme.", status=422, content_type="text/plain")
    choose_theme(_user(request), form.cleaned_data["theme"])
    back = form.cleaned_data["next"]
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if ours else "/")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
