from django.urls import path

from ats_sync.views import webhooks

app_name = "ats_news"
urlpatterns = [path("webhooks/ats/<str:secret>/", webhooks.ats_webhook, name="ats_webhook")]
