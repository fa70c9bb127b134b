from django.urls import path

from talentpool.views import agency_joining

app_name = "outside"
urlpatterns = [
    path("agency-join/<slug:secret>/", agency_joining.agency_join, name="agency_join"),
]
