"""One job: who is in process for it, and who of the pool might be asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Suggestion:
    line: Line
    fits: bool  # has all the words of the job's title, and not only some


def suggested_for(job: Job, *, sees_restricted: bool) -> Sequence[Suggestion]:
    """Whose title has the words of the job's, all of them first; who has applied for it is known already."""
    words = _words(job.title)
    if not words:
        return []

    def found(text: str) -> Sequence[Line]:
        return people_found(SearchRequest(text=text, with_facets=False, sees_restricted=sees_restricted)).lines

    fitting = found(" AND ".join(words))
    lines = {line.person.pk: Suggestion(line, True) for line in fitting}
    for line in found(" OR ".join(words)) if len(words) > 1 else ():
        lines.setdefault(line.person.pk, Suggestion(line, False))
    applied = Application.objects.filter(job=job, candidate__in=list(lines)).values_list("candidate", flat=True)
    known = set(applied)
    return [each for pk, each in lines.items() if pk not in known][:SUGGESTED]


def title_search(title: str) -> str:
    """In the search language: any of the title's words that say what is done."""
    return " OR ".join(_words(title))


def _words(title: str) -> list[str]:
    words = [word for word in re.findall(r"[^\W\d_]{2,40}", title.casefold()) if word not in _EMPTY]
    return [f'title:"{word}"' for word in dict.fromkeys(words[:6])]
