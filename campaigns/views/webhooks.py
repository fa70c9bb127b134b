"""Where e-mail service providers tell what became of a message: anymail reads them, campaigns/receivers.py hears it."""

from anymail.webhooks import brevo, mailersend, postmark, resend, sendgrid, sparkpost
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from crm.permissions import public

_VIEWS = {
    "brevo": brevo.BrevoTrackingWebhookView,
    "mailersend": mailersend.MailerSendTrackingWebhookView,
    "postmark": postmark.PostmarkTrackingWebhookView,
    "resend": resend.ResendTrackingWebhookView,
    "sendgrid": sendgrid.SendGridTrackingWebhookView,
    "sparkpost": sparkpost.SparkPostTrackingWebhookView,
}


@public("news from e-mail service providers; anymail checks the secret in ANYMAIL's WEBHOOK_SECRET")
@csrf_exempt
def mail_webhook(request: HttpRequest, provider: str) -> HttpResponseBase:
    if provider not in _VIEWS or "WEBHOOK_SECRET" not in settings.ANYMAIL:
        raise Http404("No such provider is set up.")
    answer: HttpResponseBase = _VIEWS[provider].as_view()(request)
    return answer
