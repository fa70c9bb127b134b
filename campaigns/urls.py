"""Pages of an organisation."""

from django.urls import URLPattern

app_name = "campaigns"
urlpatterns: list[URLPattern] = []
