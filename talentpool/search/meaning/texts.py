"""What of a person says what she does, as a text of some ninety words: more than that the model does not read."""

from collections.abc import Iterator

from talentpool.models import Job
from talentpool.search.index.document import Document

_SAID = {"title": 4, "skill": 25, "Summary": 1, "Certificate": 5, "Work": 2}  # of which field or label how many


def text_of_person(document: Document) -> str:
    return ". ".join(" ".join(text.split())[:300] for text in _said(document))


def _said(document: Document) -> Iterator[str]:
    for name, most in _SAID.items():
        texts = [each.text for each in document.segments if name in (each.field, each.label) and not each.restricted]
        if texts:
            yield ", ".join(texts[:most])


def text_of_job(job: Job) -> str:
    return ". ".join(filter(None, (job.title, job.department, str(job.family or ""))))
