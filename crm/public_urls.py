from django.urls import path

from crm.views import door, help, joining

app_name = "door"
urlpatterns = [
    path("", door.front, name="front"),
    path("organisations/", door.organisations, name="organisations"),
    path("profile/", door.profile, name="profile"),
    path("profile/theme/", door.theme, name="theme"),
    path("join/<slug:secret>/", joining.join, name="join"),
    path("help/", help.help_outside, name="help"),
    *(path(f"help/{page}/", help.help_outside, {"page": page}, name="help") for page in help.PAGES),
]
