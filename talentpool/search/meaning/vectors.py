"""The vectors of people as an index like the others: filled by the outbox, rebuilt, compared by the sweep."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import TypeAlias

from django.db import connection, transaction

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchIndex, SearchRebuild, SearchVector
from talentpool.search.engines.base import Fill
from talentpool.search.index.document import Document
from talentpool.search.meaning.texts import text_of_person

_Row: TypeAlias = tuple[int, int, int, str | None]  # candidate id, digest, text's digest, vector (None: as it is)


class VectorIndex:
    name = "Meaning"

    def write(self, documents: Sequence[Document], gone: Sequence[int], version: int) -> None:
        rows = _rows(documents)
        with transaction.atomic():
            _store(rows, version)
            SearchVector.objects.filter(pk__in=gone, version__lt=version).delete()

    def digests(self) -> Iterator[tuple[int, int]]:
        return iter(SearchVector.objects.order_by("pk").values_list("pk", "digest").iterator(chunk_size=5_000))

    def is_ready(self) -> bool:
        """Once everybody was read; before, it was not switched on."""
        return SearchRebuild.objects.filter(index=SearchIndex.MEANING, finished_at__isnull=False).exists()

    def fits(self, people: int) -> bool:
        return True

    def begin_rebuild(self, people: int) -> None:
        """Vectors are replaced one by one."""

    @contextmanager
    def filling(self) -> Iterator[Fill]:
        yield lambda documents, version: self.write(documents, (), version)

    def finish_rebuild(self) -> None:
        pass


def _rows(documents: Sequence[Document]) -> list[_Row]:
    """With vectors for those whose text is another than it was: reading it is what costs, 15 ms a person."""
    from talentpool.search.meaning.minilm import as_text, model

    ids = [document.candidate_id for document in documents]
    known = dict(SearchVector.objects.filter(pk__in=ids).values_list("pk", "text_digest"))
    texts = {document.candidate_id: text_of_person(document) for document in documents}
    digests = {pk: _digest(text) for pk, text in texts.items()}
    changed = [pk for pk, digest in digests.items() if known.get(pk) != digest]
    vectors = model().vectors([texts[pk] for pk in changed]) if changed else ()
    read = {pk: as_text(vector) for pk, vector in zip(changed, vectors, strict=True)}
    return [
        (each.candidate_id, each.digest, digests[each.candidate_id], read.get(each.candidate_id)) for each in documents
    ]


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _store(rows: Sequence[_Row], version: int) -> None:
    ordered = sorted(rows)  # in one order: writers never deadlock
    new = [row for row in ordered if row[3] is not None]
    same = [row for row in ordered if row[3] is None]
    with connection.cursor() as cursor:
        if new:
            cursor.execute(
                """
                INSERT INTO talentpool_searchvector (id, tenant_id, version, digest, text_digest, vector)
                SELECT n.id, %s, %s, n.digest, n.text_digest, n.vector::halfvec
                FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[]) AS n (id, digest, text_digest, vector)
                ON CONFLICT (id) DO UPDATE SET version = excluded.version, digest = excluded.digest,
                    text_digest = excluded.text_digest, vector = excluded.vector
                WHERE talentpool_searchvector.version < excluded.version
                """,
                [current_tenant_id(), version, *map(list, zip(*new, strict=True))],
            )
        if same:
            cursor.execute(
                """
                UPDATE talentpool_searchvector v SET version = %s, digest = n.digest
                FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, digest)
                WHERE v.tenant_id = %s AND v.id = n.id AND v.version < %s
                """,
                [version, [row[0] for row in same], [row[1] for row in same], current_tenant_id(), version],
            )
