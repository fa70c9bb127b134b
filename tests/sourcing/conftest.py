from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from sourcing.actions.chaining import chain_entries
from sourcing.actions.searches import log_search
from talentpool.search.find import Hit, SearchPage, SearchRequest

NOW = datetime(2021, 3, 4, 12, tzinfo=UTC)


def page_of(*ids, total=None):
    hits = [Hit(pk, []) for pk in ids]
    total = len(ids) if total is None else total
    return SearchPage(hits, total, False, [], next_cursor=None, engine="PostgreSQL", took_ms=1, trouble="")


def searched(member, text="nurse", *ids, now=NOW, **request):
    return log_search(SearchRequest(text, **request), page_of(*ids), by=member, now=now)


@pytest.fixture
def log(tenant, member):
    """Three searches in the chain."""
    cache.delete("search-log-chaining")
    entries = [searched(member, f"nurse {number}", number) for number in (1, 2, 3)]
    assert chain_entries() == 3
    return SimpleNamespace(entries=entries)
