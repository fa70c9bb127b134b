"""Who has opened, followed or answered a message lately, as a facet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from django.utils import timezone

from talentpool.models import Activity, ActivityKind
from talentpool.search.facets import FacetKey

LATELY = timedelta(days=90)
VALUES = {
    "replied": ("Replied lately", (ActivityKind.MESSAGE_REPLIED, ActivityKind.MAIL_RECEIVED)),
    "clicked": ("Followed a link lately", (ActivityKind.MESSAGE_CLICKED,)),
    "opened": ("Opened a message lately", (ActivityKind.MESSAGE_OPENED,)),
}
KINDS = [kind for _, kinds in VALUES.values() for kind in kinds]


def engagement_of(candidate_ids: Sequence[int]) -> Mapping[int, set[str]]:
    """The kinds of what people did in the last 90 days."""
    found: dict[int, set[str]] = defaultdict(set)
    since = timezone.now() - LATELY
    rows = Activity.objects.filter(candidate_id__in=candidate_ids, kind__in=KINDS, at__gte=since)
    for candidate_id, kind in rows.values_list("candidate_id", "kind").distinct():
        found[candidate_id].add(kind)
    return found


def facets_of_engagement(kinds: Iterable[str]) -> Iterator[FacetKey]:
    done = set(kinds)
    for value, (label, of_value) in VALUES.items():
        if not done.isdisjoint(of_value):
            yield FacetKey("engagement", value, label)
