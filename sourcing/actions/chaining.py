"""Putting entries of the search log into the chain: one organisation's in one transaction at a time.

Searches never wait for it. Who writes an entry only writes it; this follows some seconds later, and whatever a killed
process left comes with the next. The order of the chain is the order of chaining.
"""

from django.db import connection, transaction

from crm.audit import record
from crm.tenancy.scope import current_tenant_id
from sourcing.digests import entry_digest, link_hash, seal_of
from sourcing.models import SearchLogHead, SearchLogLink
from sourcing.queries.chain import unchained

AT_ONCE = 2_000
_LOCK = 0x5EA7C400  # the advisory locks of PostgreSQL that are this module's: one per organisation


def chain_entries() -> int:
    """All that are in no chain yet; returns how many."""
    done = 0
    while number := _chain_some():
        done += number
    return done


@transaction.atomic
def _chain_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(_LOCK << 24) + current_tenant_id()])
    head, _ = SearchLogHead.objects.get_or_create()
    links = []
    for entry in unchained()[:AT_ONCE]:
        digest = entry_digest(entry)
        head.number += 1
        head.hash = link_hash(head.hash, head.number, digest)
        links.append(SearchLogLink(number=head.number, entry_id=entry.pk, at=entry.at, digest=digest, hash=head.hash))
    if links:
        SearchLogLink.objects.bulk_create(links)
        head.seal = seal_of(current_tenant_id(), head.number, head.hash)
        head.save(update_fields=["number", "hash", "seal"])
    return len(links)


@transaction.atomic
def anchor_chain() -> None:
    """Where the chain ends today goes into the audit log, which is append-only too."""
    head = SearchLogHead.objects.first()
    if head and head.number:
        seal = seal_of("anchor", current_tenant_id(), head.number, head.hash)
        record("search_log.anchored", by=None, number=head.number, hash=head.hash, seal=seal)
