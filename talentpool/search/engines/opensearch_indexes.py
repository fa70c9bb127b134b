"""Where the people of a tenant stand in OpenSearch, and how they get from one index into another unnoticed.

Each tenant has an alias. A small tenant's leads to a shared index, with its own routing and filter; a large one's to an
index of its own. The aliases carry the fingerprint of the fields that this version of Rapport writes: an index of
another version has another alias, is never asked by this one, and goes once the new one stands.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from talentpool.search.engines import opensearch_body as say

OWN_FROM = 50_000  # people, from which a tenant has an index of its own
BACK_BELOW = OWN_FROM // 2  # and below which it goes back into a shared one
SHARDS_OF_SHARED = 4
WRITING = 60  # seconds

# Any: opensearch-py's client, which `opensearch` makes.
Client = Any


class Indexes:
    """The aliases of one tenant and what is behind them. Raises what the client raises."""

    def __init__(self, client: Client, prefix: str, tenant_id: int) -> None:
        self.client, self.prefix, self.tenant_id = client, f"{prefix}-people", tenant_id
        self.current = f"{self.prefix}-{_fingerprint()}-{tenant_id}"
        self.next = f"{self.current}-next"
        self.shared = f"{self.prefix}-{_fingerprint()}-shared"

    def written(self) -> list[str]:
        """The aliases that a change is written to: while an index is filled, also the one that leads to it."""
        behind = self._behind(f"{self.current},{self.next}")
        return sorted({alias for aliases in behind.values() for alias in aliases} & {self.current, self.next})

    def is_there(self) -> bool:
        return bool(self.client.indices.exists_alias(name=self.current))

    def is_filling(self) -> bool:
        return bool(self.client.indices.exists_alias(name=self.next))

    def fits(self, people: int) -> bool:
        """Whether a tenant of so many people stands where it should: small ones shared, large ones alone."""
        alone = any(not self._is_shared(index) for index in self._behind(self.current))
        return people >= BACK_BELOW if alone else people <= OWN_FROM

    def begin(self, people: int) -> None:
        """Somewhere to fill, and the next alias to it; what an interrupted filling left there goes."""
        self._leave(self._behind(self.next), self.next)
        if people > OWN_FROM:
            self._create(f"{self.current}-{uuid4().hex[:8]}", shards=1, aliases={self.next: {}})
            return
        taken = self._behind(self.current)
        index = next((each for each in sorted(self._behind(self.shared)) if each not in taken), None)
        if index is None:
            index = f"{self.shared}-{uuid4().hex[:8]}"
            self._create(index, shards=SHARDS_OF_SHARED, aliases={self.shared: {}})
        self._clear(index)
        self._update([{"add": {"index": index, "alias": self.next, **self._only_this_tenant()}}])

    def finish(self) -> None:
        """The filled index takes the alias in one step; then the old ones go. Doing it twice does no harm."""
        fresh = self._behind(self.next)
        if not fresh and self.is_there():
            return
        self.client.indices.refresh(index=self.next, request_timeout=WRITING)
        old = self._behind(self.current)
        moves = [
            *({"remove": {"index": index, "alias": self.current}} for index in old),
            *({"remove": {"index": index, "alias": self.next}} for index in fresh),
            *({"add": {"index": index, "alias": self.current, **self._only_this_tenant()}} for index in fresh),
        ]
        self._update(moves)
        self._leave(old)
        for index, aliases in self._behind(f"{self.prefix}-*-{self.tenant_id}").items():
            if self.current not in aliases:
                self._leave([index], *(alias for alias in aliases if alias.endswith(f"-{self.tenant_id}")))

    def _only_this_tenant(self) -> say.Json:
        return {"routing": str(self.tenant_id), "filter": {"term": {"tenant": self.tenant_id}}}

    def _create(self, name: str, *, shards: int, aliases: Mapping[str, say.Json]) -> None:
        body = say.index_body(shards) | {"aliases": dict(aliases)}
        self.client.indices.create(index=name, body=body, request_timeout=WRITING)

    def _leave(self, indexes: Any, *aliases: str) -> None:
        """Give up a tenant's place in these indexes: its own are removed, of shared ones its people and aliases."""
        for index in indexes:
            if not self._is_shared(index):
                self.client.indices.delete(index=index)
                continue
            if aliases:
                self._update([{"remove": {"index": index, "alias": alias}} for alias in aliases])
            self._clear(index)
            others = self._aliases_of(index)
            if self.shared not in others and all(alias.endswith("-shared") for alias in others):
                self.client.indices.delete(index=index)  # an earlier version's, and its last tenant has left

    def _clear(self, index: str) -> None:
        self.client.delete_by_query(
            index=index,
            body={"query": {"term": {"tenant": self.tenant_id}}},
            params={
                "routing": str(self.tenant_id),
                "conflicts": "proceed",
                "refresh": "true",
                "request_timeout": WRITING,
            },
        )

    def _update(self, moves: list[say.Json]) -> None:
        if moves:
            self.client.indices.update_aliases(body={"actions": moves}, request_timeout=WRITING)

    def _behind(self, alias: str) -> dict[str, set[str]]:
        """The indexes behind an alias (or several, or a pattern), each with those of the aliases that lead to it."""
        found = self.client.indices.get_alias(name=alias, params={"ignore": 404})
        return dict(_with_aliases(found))

    def _aliases_of(self, index: str) -> set[str]:
        return dict(_with_aliases(self.client.indices.get_alias(index=index)))[index]

    @staticmethod
    def _is_shared(index: str) -> bool:
        return "-shared-" in index


def _with_aliases(found: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """An answer that not all of the aliases are there says so beside the indexes that are."""
    return ((index, set(each["aliases"])) for index, each in found.items() if isinstance(each, dict))


@cache
def _fingerprint() -> str:
    """Eight digits for the fields that this version writes, and how their words are cut."""
    return blake2b(json.dumps(say.index_body(1), sort_keys=True).encode(), digest_size=4).hexdigest()
