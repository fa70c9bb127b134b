"""What candidates reach from their mail, and providers with news of it."""

from django.urls import path

from campaigns.views import mail_links, webhooks

app_name = "mail"
urlpatterns = [
    path("t/<str:token>/open.gif", mail_links.open_pixel, name="open"),
    path("t/<str:token>/unsubscribe", mail_links.unsubscribe_page, name="unsubscribe"),
    path("t/<str:token>/<int:number>", mail_links.follow_link, name="link"),
    path("webhooks/mail/<slug:provider>/", webhooks.mail_webhook, name="webhook"),
    path("webhooks/mail/<slug:provider>/inbound/", webhooks.inbound_webhook, name="inbound"),
]
