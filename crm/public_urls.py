from django.urls import path

from crm.views import door

app_name = "door"
urlpatterns = [
    path("", door.front, name="front"),
]
