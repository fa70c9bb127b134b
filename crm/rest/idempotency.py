"""A POST with an `Idempotency-Key` is done once, however often it is sent.

The key's row, the work and the stored answer are one transaction. A second request with the key waits at the unique
constraint until the first has ended: if that committed, it gets the stored answer; if that failed, it does the work.
So no lease is needed, and a killed process leaves nothing behind.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crm.models import ApiToken, IdempotentAnswer
from crm.rest.problems import Refusal

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
KEPT = timedelta(hours=24)
_WAIT = "20s"


def answer_once(
    request: HttpRequest, token: ApiToken, get_response: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    key = request.headers[HEADER]
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise Refusal(400, f"The {HEADER} must be 1 to {LONGEST_KEY} printable characters.")
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        answer, is_first = _claim(token, key, fingerprint)
        if not is_first:
            return _again(answer, fingerprint)
        response = get_response(request)
        if response.status_code >= 400:
            transaction.set_rollback(True)  # nothing was done, so the key is free for a better try
            return response
        answer.status, answer.body = response.status_code, response.content
        answer.content_type = response.headers.get("Content-Type", "")
        answer.save(update_fields=["status", "body", "content_type"])
    return response


def forget_old_answers() -> int:
    deleted, _ = IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _claim(token: ApiToken, key: str, fingerprint: str) -> tuple[IdempotentAnswer, bool]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_WAIT])
            claimed = IdempotentAnswer.objects.get_or_create(
                token=token, key=key, defaults={"fingerprint": fingerprint}
            )
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
            return claimed
    except OperationalError as error:  # the wait was too long
        sentence = f"The first request with this {HEADER} is still being worked on. Send it again later."
        raise Refusal(409, sentence, {"Retry-After": "5"}) from error


def _again(answer: IdempotentAnswer, fingerprint: str) -> HttpResponse:
    if answer.fingerprint != fingerprint:
        raise Refusal(409, f"This {HEADER} was used for another request. Take a new key for a new request.")
    return HttpResponse(
        bytes(answer.body),
        status=answer.status,
        content_type=answer.content_type,
        headers={"Idempotency-Replayed": "true"},
    )


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    """A form's boundary differs each time it is sent, so forms are compared by what they hold."""
    if not (request.content_type or "").startswith("multipart/"):
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield from (text.encode() for text in (name, *map(str, values)))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name}\n{file.name}\n{file.content_type}".encode()
            yield from file.chunks()
            file.seek(0)
