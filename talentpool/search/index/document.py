"""A person as the engines know her: labelled texts, and values for facets. Pure; `documents` reads the database."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b

from talentpool.search.analysis import folded, stems
from talentpool.search.concepts.names import fingerprint
from talentpool.search.facets import FacetKey

# A field's words are also found without naming the field, but for these: otherwise "linkedin" would find everybody
# who came from there, and "gmail" nearly everyone.
SHARED = frozenset({"has", "consent", "stage", "pipeline"})  # share a field of OpenSearch's index
NAMED_ONLY = SHARED | {"source", "email", "salary", "available", "permit", "remote", "warmth", "family"}
BODY = "body"
LAYOUT = 4  # how engines store a document; with a higher number the sweep finds all of them to be made anew
MOST_WORDS = 20_000  # of one person; a résumé of forty pages


@dataclass(frozen=True, slots=True)
class Segment:
    """A text of a person: which field it answers to (or the body), and what it is called as a reason.

    A `restricted` one is found by its field alone, which not everybody may ask for.
    """

    field: str
    label: str
    text: str
    restricted: bool = False

    @property
    def is_named_only(self) -> bool:
        return self.restricted or self.field in NAMED_ONLY


@dataclass(frozen=True)
class Document:
    candidate_id: int
    changed_at: datetime
    segments: tuple[Segment, ...]
    facets: tuple[FacetKey, ...]
    marks: tuple[tuple[str, int], ...] = ()  # (field, number or day), to be asked for in ranges

    @cached_property
    def digest(self) -> int:
        """What the sweep compares: equal documents have equal digests, whoever made them and when."""
        content = [
            [LAYOUT, fingerprint()],
            self.changed_at.timestamp(),
            [[segment.field, segment.text] for segment in self.segments],
            [[key.facet, key.value] for key in self.facets],
        ]
        if self.marks or any(segment.restricted for segment in self.segments):
            content.append([self.marks, [segment.restricted for segment in self.segments]])
        return int.from_bytes(blake2b(json.dumps(content).encode(), digest_size=8).digest(), signed=True)

    def stems(self) -> Iterator[tuple[Segment, list[str]]]:
        left = MOST_WORDS
        for segment in self.segments:
            found = stems(segment.text)[:left]
            left -= len(found)
            if found:
                yield segment, found


def facet_keys(values: Mapping[str, list[str]]) -> tuple[FacetKey, ...]:
    """Sorted and each once; the value of one is its label in lower case without accents."""
    keys: dict[tuple[str, str], FacetKey] = {}
    for facet, labels in values.items():
        for label in labels:
            short = " ".join(label.split())[:120]
            value = " ".join(folded(word) for word in short.split(" "))
            if value:
                keys.setdefault((facet, value), FacetKey(facet, value, short))
    return tuple(sorted(keys.values()))
