"""Uploads of résumés: one file, a list of JSON Resumes, or a zip of any of them; each is a row of the import."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError

from talentpool.intake.archives import is_worth_reading, member_name, open_archive, read_member
from talentpool.resumes import ParsedResume, ResumeError, Unreadable, parse_resume
from talentpool.resumes.containment import MAX_BYTES
from talentpool.resumes.sniffing import Kind, kind_of

MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.DOC: "application/msword",
    Kind.EUROPASS: "application/xml",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.RTF: "application/rtf",
    Kind.HTML: "text/html",
    Kind.TEXT: "text/plain",
    Kind.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class ResumeFile:
    """`problem` is the sentence that keeps it out before it is even read."""

    number: int
    name: str
    content: bytes = b""
    problem: str = ""

    @property
    def kind(self) -> Kind:
        return kind_of(self.content, self.name)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES.get(self.kind, "application/octet-stream")


def resume_files(data: bytes, name: str) -> Iterator[ResumeFile]:
    kind = kind_of(data, name)
    if kind is Kind.ZIP:
        yield from _from_zip(data)
    elif kind is Kind.JSON and (documents := _list_of_documents(data)) is not None:
        for number, document in enumerate(documents, 1):
            yield ResumeFile(number, f"{number} of {name}"[:255], json.dumps(document, ensure_ascii=False).encode())
    else:
        yield ResumeFile(1, name, data)


def count_resume_files(data: bytes, name: str) -> int:
    kind = kind_of(data, name)
    if kind is Kind.ZIP:
        with open_archive(data) as archive:
            return sum(map(is_worth_reading, archive.infolist()))
    documents = _list_of_documents(data) if kind is Kind.JSON else None
    return 1 if documents is None else len(documents)


def read_resume(file: ResumeFile) -> ParsedResume:
    """Raises ValidationError with the sentence for the report."""
    if file.problem:
        raise ValidationError(file.problem)
    try:
        parsed = parse_resume(file.content, file.name, most_pages=settings.IMPORT_MAX_PAGES)
    except ResumeError as error:
        if error.reason is Unreadable.TOO_LONG:
            raise ValidationError(f"It has more than {settings.IMPORT_MAX_PAGES} pages.", code="too_long") from error
        raise ValidationError(error.reason.sentence, code=error.reason) from error
    fields = parsed.fields
    if not (fields.name or fields.emails or fields.phones or fields.links):
        raise ValidationError("No name, e-mail or phone was found in it.", code="nobody")
    return parsed


def _from_zip(data: bytes) -> Iterator[ResumeFile]:
    with open_archive(data) as archive:
        members = [member for member in archive.infolist() if is_worth_reading(member)]
        for number, member in enumerate(members, 1):
            name = member_name(member)
            try:
                content = read_member(archive, member, MAX_BYTES)
            except ValidationError as error:
                yield ResumeFile(number, name, problem=error.messages[0])
                continue
            nested = kind_of(content, name) is Kind.ZIP
            yield ResumeFile(number, name, content, "A zip file inside a zip file is not opened." if nested else "")


def _list_of_documents(data: bytes) -> list[object] | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, list) else None
