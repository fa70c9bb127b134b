"""Pages of an organisation."""

from django.urls import path

from analytics.views import growth, reports

app_name = "analytics"
urlpatterns = [
    path("", reports.report_list, name="reports"),
    path("growth/", growth.growth, name="growth"),
    path("growth/people/", growth.growth_people, name="growth_people"),
    path("growth/export/", growth.growth_export, name="growth_export"),
]
