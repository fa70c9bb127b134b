"""Pages of an organisation, below /o/<slug>/sourcing/."""

from django.urls import path

from sourcing.views import exports, keeping, log, positions

app_name = "sourcing"
urlpatterns = [
    path("position/", positions.position, name="position"),
    path("log/", log.search_log, name="log"),
    path("log/<int:pk>/", log.logged_search, name="search"),
    path("log/keeping/", keeping.keeping, name="keeping"),
    path("log/holds/", keeping.hold_begin, name="hold_begin"),
    path("log/holds/<int:pk>/end/", keeping.hold_end, name="hold_end"),
    path("log/export/", exports.export, name="export"),
    path("log/exports/<int:pk>/", exports.export_file, name="export_file"),
]
