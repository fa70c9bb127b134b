"""The files of a letter: unpacked, limited, and those that are résumés read.

What stays out gets a sentence; it is not lost, for the original mail is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError

from talentpool.intake.mail.letters import Attachment, Letter
from talentpool.intake.mail.winmail import NoParcel, is_winmail, unpacked
from talentpool.intake.resume_files import MEDIA_TYPES, ResumeFile, resume_files
from talentpool.intake.sizes import words_for_bytes
from talentpool.models import ProfileKind
from talentpool.resumes import ParsedResume, ResumeError, parse_resume
from talentpool.resumes.sniffing import Kind, kind_of

_ENOUGH_SKILLS = 3
_NEVER_READ = (".ics", ".eml", ".vcf")  # text, and no document


@dataclass(frozen=True, slots=True)
class Part:
    """`parsed` where it is a document that could be read."""

    name: str
    media_type: str
    content: bytes
    parsed: ParsedResume | None = None

    @property
    def is_resume(self) -> bool:
        """A document with a career in it; a cover letter or a payslip has none."""
        if self.parsed is None:
            return False
        fields = self.parsed.fields
        has_career = bool(fields.positions or fields.education or len(fields.skills) >= _ENOUGH_SKILLS)
        return has_career and bool(fields.name or fields.emails or fields.phones)

    @property
    def profile_kind(self) -> ProfileKind:
        is_json = kind_of(self.content, self.name) is Kind.JSON
        return ProfileKind.JSON_RESUME if is_json else ProfileKind.RESUME


@dataclass(frozen=True, slots=True)
class Parcel:
    parts: tuple[Part, ...]
    problems: tuple[str, ...]


def read_parcel(letter: Letter) -> Parcel:
    """Up to the limits of an upload; each résumé is read in the process that may die of it."""
    problems: list[str] = []
    found = [each for attachment in _all_attachments(letter) for each in _opened(attachment, problems)]
    most = settings.INBOUND_MAX_FILES
    if len(found) > most:
        problems.append(f"It has {len(found)} attachments; the first {most} were filed.")
    parts = [_part(each, problems) for each in found[:most]]
    return Parcel(tuple(part for part in parts if part), tuple(dict.fromkeys(problems)))


def _all_attachments(letter: Letter) -> Iterator[Attachment]:
    yield from letter.attachments
    for enclosed in letter.enclosed:
        yield from _all_attachments(enclosed)


def _opened(attachment: Attachment, problems: list[str]) -> Iterator[Attachment]:
    """What is inside a parcel of Outlook's or a zip; every other attachment is itself."""
    if is_winmail(attachment):
        try:
            yield from unpacked(attachment.content)
        except NoParcel:
            problems.append(f"{attachment.name}: this parcel of Outlook’s can’t be opened.")
    elif kind_of(attachment.content, attachment.name) is Kind.ZIP:
        try:
            for file in resume_files(attachment.content, attachment.name):
                yield from _of_zip(file, problems)
        except ValidationError as error:
            problems.append(f"{attachment.name}: {error.messages[0]}")
    else:
        yield attachment


def _of_zip(file: ResumeFile, problems: list[str]) -> Iterator[Attachment]:
    if file.problem:
        problems.append(f"{file.name}: {file.problem}")
    else:
        yield Attachment(file.name, file.media_type, file.content)


def _part(attachment: Attachment, problems: list[str]) -> Part | None:
    name, content = attachment.name, attachment.content
    if not content:
        problems.append(f"{name}: the file is empty.")
        return None
    if len(content) > settings.CANDIDATE_FILE_MAX_BYTES:
        problems.append(f"{name}: it is larger than {words_for_bytes(settings.CANDIDATE_FILE_MAX_BYTES)}.")
        return None
    if name.lower().endswith(_NEVER_READ):
        return Part(name, "application/octet-stream", content)
    kind = kind_of(content, name)
    media_type = MEDIA_TYPES.get(kind, "application/octet-stream")
    return Part(name, media_type, content, _read(content, name) if kind in MEDIA_TYPES else None)


def _read(content: bytes, name: str) -> ParsedResume | None:
    try:
        return parse_resume(content, name, most_pages=settings.IMPORT_MAX_PAGES)
    except ResumeError:
        return None
