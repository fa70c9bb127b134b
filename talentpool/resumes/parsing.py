"""The whole way from bytes to a ParsedResume, inside the process that is allowed to die of it (containment.py keeps
that process).
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from talentpool.person import PersonFields
from talentpool.resumes.certificates import certificates_of
from talentpool.resumes.contact_points import ContactPoints, contact_points_of
from talentpool.resumes.education import education_of
from talentpool.resumes.entries import entries_of
from talentpool.resumes.findings import Found
from talentpool.resumes.jobs import jobs_of
from talentpool.resumes.json_resume import fields_of_json_resume, is_json_resume, text_of_json_resume
from talentpool.resumes.languages import languages_of
from talentpool.resumes.names import name_of
from talentpool.resumes.outcome import CONFIDENT, ParsedResume, ResumeError, Suggestion, Unreadable
from talentpool.resumes.readers.html import read_html
from talentpool.resumes.readers.pdf import read_pdf
from talentpool.resumes.readers.plain import decoded, read_text
from talentpool.resumes.readers.word import read_docx, read_odt, read_rtf
from talentpool.resumes.rows import Document, rows_text
from talentpool.resumes.sections import Sections, cut_into_sections
from talentpool.resumes.skills import skills_of
from talentpool.resumes.sniffing import Kind, kind_of

_READERS = {
    Kind.DOCX: read_docx,
    Kind.ODT: read_odt,
    Kind.RTF: read_rtf,
    Kind.HTML: read_html,
    Kind.TEXT: read_text,
    Kind.CSV: read_text,
}
MOST_PAGES = 30  # of a PDF
_MOST_TEXT = 200_000
_LONGEST_SUMMARY = 2_000


def parse_here(data: bytes, filename: str, *, most_pages: int = MOST_PAGES) -> ParsedResume:
    if not data.strip():
        raise ResumeError(Unreadable.EMPTY)
    kind = kind_of(data, filename)
    if kind is Kind.JSON:
        return _parsed_json(data)
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
    fields = fields_of_json_resume(document)
    return ParsedResume(
        text_of_json_resume(document)[:_MOST_TEXT], fields, confidence=dict.fromkeys(fields.to_json(), 1.0)
    )


class _Findings:
    """Sorts what was found into fields and suggestions."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.confidence: dict[str, float] = {}
        self.suggestions: list[Suggestion] = []

    def one(self, field: str, value: str, confidence: float, passage: str) -> None:
        if not value:
            return
        if confidence >= CONFIDENT:
            self.fields[field] = value
            self.confidence[field] = confidence
        else:
            self.suggestions.append(Suggestion(field, value, confidence, passage[:300]))

    def many(self, field: str, found: Iterable[Found[Any]]) -> None:
        """The certain ones are the field, its confidence that of the least certain of them.

        The rest are suggested one by one.
        """
        certain = []
        for value, confidence, passage, _ in found:
            if confidence >= CONFIDENT:
                certain.append(value)
                self.confidence[field] = min(confidence, self.confidence.get(field, 1.0))
            else:
                plain = value if isinstance(value, str) else value.to_json()
                self.suggestions.append(Suggestion(field, plain, confidence, passage[:300]))
        if certain:
            self.fields[field] = tuple(dict.fromkeys(certain))


def _parsed(document: Document) -> ParsedResume:
    sections = cut_into_sections(document.rows)
    points = contact_points_of(document, sections)
    found = _Findings()
    name = name_of(document.rows, sections.body_size, points.emails)
    found.one("name", name.text, name.confidence, name.text)
    _add_contact_points(found, points)
    _add_summary(found, sections)
    jobs = jobs_of(entries_of(sections.rows("work"), sections.body_size))
    found.many("positions", (Found(job.position, job.confidence, job.passage) for job in jobs))
    found.many("education", education_of(sections))
    found.many("skills", skills_of(sections, document.text))
    found.many("languages", languages_of(sections))
    found.many("certificates", certificates_of(sections))
    if jobs and jobs[0].position.current and jobs[0].position.title:
        found.one("headline", jobs[0].position.title, jobs[0].confidence, jobs[0].passage)
    return ParsedResume(
        text=document.text[:_MOST_TEXT],
        fields=PersonFields(**found.fields),
        suggestions=tuple(found.suggestions),
        confidence=found.confidence,
        warnings=tuple(document.warnings),
    )


def _add_contact_points(found: _Findings, points: ContactPoints) -> None:
    for field, sure, doubtful, confidence in (
        ("emails", points.emails, points.doubtful_emails, 0.95),
        ("phones", points.phones, points.doubtful_phones, 0.9),
        ("links", points.links, [], 0.9),
    ):
        found.many(field, [Found(each, confidence, each) for each in sure])
        found.many(field, [Found(each, 0.4, each) for each in doubtful])
    found.one("location", points.location, 0.85 if points.location_is_certain else 0.5, points.location)
    if points.location_is_certain:
        found.one("country", points.country, 0.85, points.location)


def _add_summary(found: _Findings, sections: Sections) -> None:
    text = re.sub(r"\s+", " ", rows_text(sections.rows("summary"))).strip()
    if len(text.split()) >= 5:
        found.one("summary", text[:_LONGEST_SUMMARY], 0.8, text)
