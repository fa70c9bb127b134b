"""The whole way from bytes to a ParsedResume, inside the process that is allowed to die of it (containment.py keeps
that process).
"""

import json
import re
from collections.abc import Iterable
from typing import Any, TypeVar

from talentpool.person import PersonFields
from talentpool.resumes.certificates import certificates_of
from talentpool.resumes.contact_points import ContactPoints, contact_points_of
from talentpool.resumes.education import education_of
from talentpool.resumes.entries import entries_of
from talentpool.resumes.europass import read_europass
from talentpool.resumes.findings import Found, segments_of
from talentpool.resumes.jobs import Job, jobs_of
from talentpool.resumes.json_resume import fields_of_json_resume, is_json_resume, text_of_json_resume
from talentpool.resumes.languages import languages_of
from talentpool.resumes.locating import Locator
from talentpool.resumes.names import name_of
from talentpool.resumes.outcome import CONFIDENT, ParsedResume, Place, ResumeError, Suggestion, Unreadable
from talentpool.resumes.readers.html import read_html
from talentpool.resumes.readers.old_word import read_doc
from talentpool.resumes.readers.pdf import read_pdf
from talentpool.resumes.readers.plain import decoded, read_text
from talentpool.resumes.readers.word import read_docx, read_odt, read_rtf
from talentpool.resumes.rows import Document, rows_text
from talentpool.resumes.sections import Sections, cut_into_sections
from talentpool.resumes.skill_years import years_by_skill
from talentpool.resumes.skills import skills_of
from talentpool.resumes.sniffing import Kind, kind_of

_READERS = {
    Kind.DOCX: read_docx,
    Kind.DOC: read_doc,
    Kind.ODT: read_odt,
    Kind.RTF: read_rtf,
    Kind.HTML: read_html,
    Kind.TEXT: read_text,
    Kind.CSV: read_text,
}
T = TypeVar("T")
MOST_PAGES = 30  # of a PDF
_MOST_TEXT = 200_000
_LONGEST_SUMMARY = 2_000


def parse_here(data: bytes, filename: str, *, most_pages: int = MOST_PAGES) -> ParsedResume:
    if not data.strip():
        raise ResumeError(Unreadable.EMPTY)
    kind = kind_of(data, filename)
    if kind is Kind.JSON:
        return _parsed_json(data)
    if kind is Kind.EUROPASS:
        return _said_by_its_fields(*read_europass(data))
    if kind is Kind.OLE:
        raise ResumeError(
            Unreadable.PROTECTED if b"EncryptedPackage".decode().encode("utf-16-le") in data else Unreadable.UNKNOWN
        )
    if kind is Kind.PDF:
        return _parsed(read_pdf(data, most_pages))
    reader = _READERS.get(kind)
    if reader is None:
        raise ResumeError(Unreadable.UNKNOWN)
    return _parsed(reader(data))


def _parsed_json(data: bytes) -> ParsedResume:
    try:
        document = json.loads(decoded(data))
    except (ValueError, RecursionError) as error:
        raise ResumeError(Unreadable.DAMAGED) from error
    if not is_json_resume(document):
        raise ResumeError(Unreadable.UNKNOWN)
    return _said_by_its_fields(text_of_json_resume(document), fields_of_json_resume(document))


def _said_by_its_fields(text: str, fields: PersonFields) -> ParsedResume:
    """Of files that name their fields; nothing in them is a guess."""
    return ParsedResume(
        text[:_MOST_TEXT],
        fields,
        confidence=dict.fromkeys(fields.to_json(), 1.0),
        skill_years=years_by_skill(fields.skills, fields.positions),
    )


class _Findings:
    """Sorts what was found into fields and suggestions."""

    def __init__(self, document: Document) -> None:
        self.fields: dict[str, Any] = {}
        self.confidence: dict[str, float] = {}
        self.places: dict[str, tuple[Place, ...]] = {}
        self.suggestions: list[Suggestion] = []
        self._locator = Locator(document)
        self._recognised = document.recognised

    def one(self, field: str, found: Found[str]) -> None:
        if not found.value:
            return
        found = self._doubted(field, found)
        if found.confidence < CONFIDENT:
            self._suggest(field, found)
            return
        self.fields[field] = found.value
        self.confidence[field] = found.confidence
        self._keep_place(field, found)

    def many(self, field: str, found: Iterable[Found[Any]]) -> None:
        """The certain ones are the field, its confidence that of the least certain of them.

        The rest are suggested one by one.
        """
        certain: dict[Any, None] = {}
        for each in (self._doubted(field, one) for one in found):
            if each.confidence < CONFIDENT:
                self._suggest(field, each)
            elif each.value not in certain:
                certain[each.value] = None
                self.confidence[field] = min(each.confidence, self.confidence.get(field, 1.0))
                self._keep_place(field, each)
        if certain:
            self.fields[field] = tuple(certain)

    def _doubted(self, field: str, found: Found[T]) -> Found[T]:
        """Of a scan only the name may be certain, by which the person is told from others."""
        if not self._recognised or field == "name":
            return found
        return found._replace(confidence=min(found.confidence, CONFIDENT - 0.1))

    def _suggest(self, field: str, found: Found[Any]) -> None:
        value = found.value if isinstance(found.value, str) else found.value.to_json()
        place = self._place_of(found)
        self.suggestions.append(Suggestion(field, value, found.confidence, found.passage[:300], place))

    def _keep_place(self, field: str, found: Found[Any]) -> None:
        if (place := self._place_of(found)) is not None:
            self.places[field] = (*self.places.get(field, ()), place)

    def _place_of(self, found: Found[Any]) -> Place | None:
        segments = found.segments or self._locator.segments_saying(found.passage)
        return self._locator.place_of(segments)


def _parsed(document: Document) -> ParsedResume:
    sections = cut_into_sections(document.rows)
    points = contact_points_of(document, sections)
    found = _Findings(document)
    name = name_of(document.rows, sections.body_size, points.emails)
    found.one("name", Found(name.text, name.confidence, name.text))
    _add_contact_points(found, points)
    _add_summary(found, sections)
    jobs = jobs_of(entries_of(sections.rows("work"), sections.body_size))
    found.many("positions", (Found(job.position, job.confidence, job.passage, job.segments) for job in jobs))
    found.many("education", education_of(sections))
    found.many("skills", skills_of(sections, document.text))
    found.many("languages", languages_of(sections))
    found.many("certificates", certificates_of(sections))
    _add_headline(found, jobs)
    fields = PersonFields(**found.fields)
    return ParsedResume(
        text=document.text[:_MOST_TEXT],
        fields=fields,
        suggestions=tuple(found.suggestions),
        confidence=found.confidence,
        places=found.places,
        skill_years=years_by_skill(fields.skills, fields.positions),
        warnings=tuple(document.warnings),
    )


def _add_headline(found: _Findings, jobs: list[Job]) -> None:
    """The title of today's job, once that is certain."""
    first = jobs[0] if jobs else None
    if first and first.position.current and first.position.title:
        found.one("headline", Found(first.position.title, first.confidence, first.passage, first.segments))


def _add_contact_points(found: _Findings, points: ContactPoints) -> None:
    for field, sure, doubtful, confidence in (
        ("emails", points.emails, points.doubtful_emails, 0.95),
        ("phones", points.phones, points.doubtful_phones, 0.9),
        ("links", points.links, [], 0.9),
    ):
        found.many(
            field,
            [Found(each, confidence, each) for each in sure] + [Found(each, 0.4, each) for each in doubtful],
        )
    found.one("location", Found(points.location, 0.85 if points.location_is_certain else 0.5, points.location))
    if points.location_is_certain:
        found.one("country", Found(points.country, 0.85, points.location))


def _add_summary(found: _Findings, sections: Sections) -> None:
    rows = sections.rows("summary")
    text = re.sub(r"\s+", " ", rows_text(rows)).strip()
    if len(text.split()) >= 5:
        found.one("summary", Found(text[:_LONGEST_SUMMARY], 0.8, text, segments_of(rows)))
