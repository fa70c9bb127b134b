"""Where an ATS tells what happened there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ats_sync.actions.events import address_of, keep_event
from ats_sync.providers.errors import Refused, SignInRefused
from crm.permissions import public
from crm.tenancy.scope import tenant_scope


@public("news from an ATS: the address is a secret of one connection, and its body is signed")
@csrf_exempt
@require_POST
def ats_webhook(request: HttpRequest, secret: str) -> HttpResponse:
    """Keeps what came and answers; a failure here is a 500, and the ATS sends it again."""
    address = address_of(secret)
    if address is None:
        return _answer("Nobody listens here.", 404)
    body = _body(request)
    if body is None:
        return _answer("This is larger than a message may be.", 413)
    headers = {name.lower(): value[:2000] for name, value in request.headers.items() if name != "Cookie"}
    with tenant_scope(address.tenant_id):
        try:
            is_heard = keep_event(address.connection_id, headers, body)
        except SignInRefused:
            return _answer("The signature is wrong.", 401)
        except Refused as problem:
            return _answer(problem.sentence, 400)
    return _answer("Kept." if is_heard else "Nobody listens any more.", 200 if is_heard else 410)


def _body(request: HttpRequest) -> bytes | None:
    """None for what says, or turns out, to be too large: then no more of it is read than that took."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > settings.ATS_WEBHOOK_MAX_BYTES:
        return None
    body = request.read(settings.ATS_WEBHOOK_MAX_BYTES + 1)
    return body if len(body) <= settings.ATS_WEBHOOK_MAX_BYTES else None


def _answer(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
