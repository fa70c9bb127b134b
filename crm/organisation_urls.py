from django.urls import path

from crm.views import home, runs

app_name = "crm"
urlpatterns = [
    path("", home.home, name="home"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/cancel/", runs.run_cancel, name="run_cancel"),
]
