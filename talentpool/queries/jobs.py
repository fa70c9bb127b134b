"""One job: who is in process for it, and who of the pool might be asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from talentpool.models import Application, ApplicationState, Job
from talentpool.queries.people import Line, lines_of
from talentpool.search.alike import for_job, words_of_title

SUGGESTED = 25


def in_process(job: Job) -> QuerySet[Application]:
    present = {"candidate__merged_into": None, "candidate__erased_at": None}
    found = Application.objects.filter(job=job, state=ApplicationState.OPEN, **present)
    return found.select_related("candidate").order_by("phase", "stage", "pk")


@dataclass(frozen=True)
class Suggestion:
    line: Line
    fits: bool  # has all the words of the job's title, and not only some


def suggested_for(job: Job, *, without: Collection[int] = ()) -> Sequence[Suggestion]:
    """Who is like the job asks for, the most alike first; who has applied for it is known already."""
    applied = Application.objects.filter(job=job).values_list("candidate", flat=True)
    hits = for_job(job, without={*applied, *without})[:SUGGESTED]
    words = words_of_title(job.title)
    lines = lines_of(hits)
    return [Suggestion(line, bool(words) and _has_all(line, words)) for line in lines]


def _has_all(line: Line, words: Sequence[str]) -> bool:
    title = line.person.current_title.casefold()
    return all(word in title for word in words)


def title_search(title: str) -> str:
    """In the search language: any of the title's words that say what is done."""
    return " OR ".join(f'title:"{word}"' for word in words_of_title(title))
