from django.urls import path

from talentpool.views import agency_joining, shared_pipeline

app_name = "outside"
urlpatterns = [
    path("agency-join/<slug:secret>/", agency_joining.agency_join, name="agency_join"),
    path("shared/<slug:secret>/", shared_pipeline.shared, name="shared"),
    path("shared/<slug:secret>/<int:pk>/", shared_pipeline.shared_person, name="shared_person"),
    path("shared/<slug:secret>/<int:pk>/files/<int:file_pk>/", shared_pipeline.shared_file, name="shared_file"),
]
