"""One job: who is in process for it, and who of the pool might be asked."""

import re
from collections.abc import Sequence

from django.db.models import QuerySet

from talentpool.models import Application, ApplicationState, Job
from talentpool.queries.people import Line, people_found
from talentpool.search.find import SearchRequest

SUGGESTED = 25
# Say how much of a job, or where, and nothing of what is done in it.
_EMPTY = frozenset(
    {"senior", "junior", "sr", "jr", "lead", "head", "chief", "the", "and", "for", "with", "of", "nights", "days"}
    | {"part", "full", "time", "remote", "mwd", "fmd"}
)


def in_process(job: Job) -> QuerySet[Application]:
    present = {"candidate__merged_into": None, "candidate__erased_at": None}
    found = Application.objects.filter(job=job, state=ApplicationState.OPEN, **present)
    return found.select_related("candidate").order_by("phase", "stage", "pk")


def suggested_for(job: Job, *, sees_restricted: bool) -> Sequence[Line]:
    """Whose title has the words of the job's, the best first; who has applied for it is known already."""
    text = title_search(job.title)
    if not text:
        return []
    lines = people_found(SearchRequest(text=text, with_facets=False, sees_restricted=sees_restricted)).lines
    applied = set(
        Application.objects.filter(job=job, candidate__in=[line.person.pk for line in lines]).values_list(
            "candidate", flat=True
        )
    )
    return [line for line in lines if line.person.pk not in applied][:SUGGESTED]


def title_search(title: str) -> str:
    """In the search language: any of the title's words that say what is done."""
    words = [word for word in re.findall(r"[^\W\d_]{2,40}", title.casefold()) if word not in _EMPTY]
    return " OR ".join(f'title:"{word}"' for word in dict.fromkeys(words[:6]))
