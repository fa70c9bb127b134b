"""Pages of an organisation."""

from django.urls import path

from analytics.views import growth, hiring, reports

app_name = "analytics"
urlpatterns = [
    path("", reports.report_list, name="reports"),
    path("growth/", growth.growth, name="growth"),
    path("growth/people/", growth.growth_people, name="growth_people"),
    path("hiring/", hiring.hiring, name="hiring"),
    path("hiring/people/", hiring.hiring_people, name="hiring_people"),
    path("hiring/export/", hiring.hiring_export, name="hiring_export"),
    path("growth/export/", growth.growth_export, name="growth_export"),
]
