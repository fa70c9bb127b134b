"""The pipelines that people are in, as search finds them: `pipeline:` by name, `stage:` by where they stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from talentpool.models import PipelineEntry


@dataclass(frozen=True, slots=True)
class Entry:
    pipeline_id: int
    pipeline: str
    stage: str


def entries_of(candidate_ids: Sequence[int]) -> Mapping[int, list[Entry]]:
    """Those in pipelines that are not archived."""
    found: dict[int, list[Entry]] = defaultdict(list)
    rows = PipelineEntry.objects.filter(candidate_id__in=candidate_ids, pipeline__archived_at=None)
    columns = ("candidate_id", "pipeline_id", "pipeline__name", "stage__name")
    for candidate_id, *entry in rows.values_list(*columns).order_by("pipeline_id"):
        found[candidate_id].append(Entry(*entry))
    return found
