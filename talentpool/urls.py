from django.urls import URLPattern

app_name = "talentpool"
urlpatterns: list[URLPattern] = []
