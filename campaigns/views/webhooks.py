"""Where e-mail service providers tell what became of a message, and bring what was written to us.

anymail reads both; campaigns/receivers.py hears them.
"""

from anymail.webhooks import brevo, mailersend, mailgun, postal, postmark, resend, sendgrid, sparkpost
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
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
_INBOUND = {
    "mailersend": mailersend.MailerSendInboundWebhookView,
    "mailgun": mailgun.MailgunInboundWebhookView,
    "postal": postal.PostalInboundWebhookView,
    "postmark": postmark.PostmarkInboundWebhookView,
    "sendgrid": sendgrid.SendGridInboundWebhookView,
    "sparkpost": sparkpost.SparkPostInboundWebhookView,
}
_SIGNED = ("mailgun",)  # by a key of its own, so that it needs no secret of ours in its address
_PACKED = 2.5  # how much larger a mail may be as JSON, base64 within base64


@public("news from e-mail service providers; anymail checks the secret in ANYMAIL's WEBHOOK_SECRET")
@csrf_exempt
def mail_webhook(request: HttpRequest, provider: str) -> HttpResponseBase:
    if provider not in _VIEWS or "WEBHOOK_SECRET" not in settings.ANYMAIL:
        raise Http404("No such provider is set up.")
    answer: HttpResponseBase = _VIEWS[provider].as_view()(request)
    return answer


@public("mail that providers bring; anymail checks their signature or the secret in ANYMAIL's WEBHOOK_SECRET")
@csrf_exempt
def inbound_webhook(request: HttpRequest, provider: str) -> HttpResponseBase:
    """A failure answers 500, and the provider brings the mail again later."""
    is_set_up = "WEBHOOK_SECRET" in settings.ANYMAIL or (
        provider in _SIGNED and f"{provider.upper()}_WEBHOOK_SIGNING_KEY" in settings.ANYMAIL
    )
    if provider not in _INBOUND or not is_set_up:
        raise Http404("No such provider is set up.")
    if not _read_body(request):
        return HttpResponse("The mail is larger than a mail may be.", status=413, content_type="text/plain")
    answer: HttpResponseBase = _INBOUND[provider].as_view()(request)
    return answer


def _read_body(request: HttpRequest) -> bool:
    """A mail may be larger than a page's form. Forms with files are read by Django piece by piece, as they are."""
    if request.content_type == "multipart/form-data":
        return True
    most = int(settings.INBOUND_MAX_BYTES * _PACKED)
    body = request.read(most + 1)
    request._body = body  # where Django's own `body` looks first
    return len(body) <= most
