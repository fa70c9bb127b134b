"""Taking the name of somebody who was erased out of what people searched for (GDPR article 17).

A search for a name says nothing of a position's criteria, so no duty to keep records asks for it. What is left of the
words gets a new salt and digest, which a sealed entry of the log vouches for; the old ones are gone.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from crm.tenancy.scope import current_tenant_id
from sourcing.actions.entries import append_entry
from sourcing.digests import canonical, seal_of, words_digest
from sourcing.models import EntryKind, SearchLogWords
from talentpool.search.analysis import folded

MASK = "[erased]"
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"[@\d]")  # a name has neither; an address or a number is looked for as it is


@transaction.atomic
def mask_words(told: Sequence[str], *, now: datetime) -> int:
    """`told` are names, e-mail addresses and numbers. Returns in how many entries one of them stood.

    A name is masked where all of its words stand, and a name of one word never: it would be somebody else's.
    """
    changed = 0
    for text in told:
        for words in SearchLogWords.objects.annotate(all=Cast("said", TextField())).filter(_may_hold(text)):
            said = _masked(words.said, text)
            if said != words.said:
                _write(words, said, now)
                changed += 1
    return changed


def _may_hold(text: str) -> Q:
    condition = Q()
    for part in [text] if _ADDRESS.search(text) else _WORD.findall(text):
        condition &= Q(all__icontains=part) | Q(all__icontains=folded(part))
    return condition


def _masked(said: Any, text: str) -> Any:
    if isinstance(said, dict):
        return {key: _masked(value, text) for key, value in said.items()}
    if isinstance(said, list):
        return [_masked(value, text) for value in said]
    return _without(said, text) if isinstance(said, str) else said


def _without(said: str, text: str) -> str:
    if _ADDRESS.search(text):
        return re.sub(re.escape(text), MASK, said, flags=re.IGNORECASE)
    names = {folded(word) for word in _WORD.findall(text)}
    if len(names) < 2 or not names <= {folded(word) for word in _WORD.findall(said)}:
        return said
    return _WORD.sub(lambda word: MASK if folded(word[0]) in names else word[0], said)


def _write(words: SearchLogWords, said: Any, now: datetime) -> None:
    salt = secrets.token_hex(16)
    digest = words_digest(said, salt)
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_log_mask(%s, %s::jsonb, %s)", [words.entry_id, canonical(said), salt])
    seal = seal_of("masked", current_tenant_id(), words.entry_id, digest)
    detail = {"entry": words.entry_id, "words_digest": digest, "seal": seal}
    append_entry(EntryKind.MASKED, by=None, at=now, detail=detail)
