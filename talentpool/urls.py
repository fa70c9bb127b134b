from django.urls import path

from talentpool.views import sources

app_name = "talentpool"
urlpatterns = [
    path("settings/sources/", sources.sources, name="sources"),
    path("settings/sources/<int:pk>/", sources.source, name="source"),
]
