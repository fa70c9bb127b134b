"""Pages that candidates reach from their mail."""

from django.urls import URLPattern

app_name = "mail"
urlpatterns: list[URLPattern] = []
