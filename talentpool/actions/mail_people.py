"""The people of a mail come into the pool: their profiles, files, letters and the lines of their story."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.actions.files import keep_file
from talentpool.actions.import_files import discard_unused
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.intake.mail.correspondents import Correspondence, Written, bare_subject
from talentpool.intake.mail.letters import Address
from talentpool.intake.mail.parcels import Part
from talentpool.intake.mail.persons import MailPerson, fields_of_address, resume_fields
from talentpool.models import ActivityKind, Candidate, File, IncomingMail, MailLetter, ProfileKind, Source, SourceKind

SOURCE = "E-mail"
QUOTED = 400


@dataclass(slots=True)
class TakenIn:
    """`kept_out` counts those who asked to be erased."""

    candidates: list[int] = field(default_factory=list)
    kept_out: int = 0
    problems: list[str] = field(default_factory=list)


def take_people_in(
    mail: IncomingMail,
    persons: Sequence[MailPerson],
    correspondence: Correspondence,
    others: Sequence[Part],
    *,
    by: Member,
    now: datetime,
) -> TakenIn:
    """The caller's transaction surrounds it. `others` are the files that are nobody's résumé."""
    source, _ = Source.objects.get_or_create(name=SOURCE, defaults={"kind": SourceKind.EMAIL})
    received = _receive(persons, source, by=by, now=now)
    taken = TakenIn(kept_out=sum(candidate_id is None for candidate_id, _ in received))
    known = [(each, pk, files) for each, (pk, files) in zip(persons, received, strict=True) if pk]
    extra = _file_others([pk for _, pk, _ in known], others, by=by, taken=taken)
    for person, candidate_id, files in known:
        _keep_letters(mail, candidate_id, person.address, correspondence, [*files, *extra], by=by, now=now)
    taken.candidates = list(dict.fromkeys(pk for _, pk, _ in known))
    return taken


def _receive(
    persons: Sequence[MailPerson], source: Source, *, by: Member, now: datetime
) -> list[tuple[int | None, list[int]]]:
    """For each whose they are now, and the files that were kept. In one call, which holds all keys before any row."""
    files = {id(resume): _kept_resume(resume, by=by) for person in persons for resume in person.resumes}
    records = [_records_of(person, source, files) for person in persons]
    received = iter(receive_profiles([each for theirs in records for each in theirs], by=by, now=now))
    whose = [[next(received).candidate_id for _ in theirs] for theirs in records]
    discard_unused(file.pk for file in files.values())
    kept = set(File.objects.filter(pk__in=[file.pk for file in files.values()]).values_list("pk", flat=True))
    return [
        (next(filter(None, ids), None), [pk for each in person.resumes if (pk := files[id(each)].pk) in kept])
        for person, ids in zip(persons, whose, strict=True)
    ]


def _records_of(person: MailPerson, source: Source, files: Mapping[int, File]) -> list[IncomingRecord]:
    stated = [_record_of_address(person, source)] if person.address.email else []
    return stated + [_record_of_resume(person, each, source, files[id(each)]) for each in person.resumes]


def _kept_resume(resume: Part, *, by: Member) -> File:
    return keep_file(resume.name, resume.content, media_type=resume.media_type, text=_text(resume), by=by)


def _record_of_address(person: MailPerson, source: Source) -> IncomingRecord:
    raw = {"name": person.address.name, "email": person.address.email}
    return IncomingRecord(
        source, ProfileKind.MAIL, fields_of_address(person.address), suggestions=person.suggestions, raw=raw
    )


def _record_of_resume(person: MailPerson, resume: Part, source: Source, file: File) -> IncomingRecord:
    assert resume.parsed is not None
    return IncomingRecord(
        source,
        resume.profile_kind,
        resume_fields(person, resume),
        suggestions=[each.to_json() for each in resume.parsed.suggestions],
        raw={"sha256": hashlib.sha256(resume.content).hexdigest()},
        file_id=file.pk,
    )


def _text(part: Part) -> str:
    return part.parsed.text.replace("\x00", "") if part.parsed else ""


def _file_others(candidate_ids: Sequence[int], parts: Sequence[Part], *, by: Member, taken: TakenIn) -> list[int]:
    """To the one whom the mail is about; of several nobody could say whose they are."""
    people = set(candidate_ids)
    if len(people) != 1:
        if parts and people:
            number = f"{len(parts)} {'attachment was' if len(parts) == 1 else 'attachments were'}"
            taken.problems.append(f"{number} not filed, because the mail is about {len(people)} people.")
        return []
    [candidate_id] = people
    return [pk for part in parts if (pk := _file_for(candidate_id, part, by=by))]


def _file_for(candidate_id: int, part: Part, *, by: Member) -> int:
    digest = hashlib.sha256(part.content).hexdigest()
    if there := File.objects.filter(candidate=candidate_id, sha256=digest).first():
        return int(there.pk)
    file = keep_file(part.name, part.content, media_type=part.media_type, text=_text(part), by=by)
    File.objects.filter(pk=file.pk).update(candidate=candidate_id, origin=candidate_id)
    record_activity(candidate_id, ActivityKind.FILE_ADDED, by=by, file_id=file.pk, name=part.name)
    return int(file.pk)


def _keep_letters(
    mail: IncomingMail,
    candidate_id: int,
    person: Address,
    correspondence: Correspondence,
    files: Sequence[int],
    *,
    by: Member,
    now: datetime,
) -> None:
    """The newest has the files and the member's note. A letter that the person has already is not kept twice."""
    known = set(MailLetter.objects.filter(candidate=candidate_id).values_list("key", flat=True))
    for number, written in enumerate(correspondence.letters_with(person)):
        if written.key in known:
            continue
        known.add(written.key)
        letter = MailLetter.objects.create(
            candidate_id=candidate_id,
            origin_id=candidate_id,
            mail=mail,
            member=by,
            key=written.key,
            thread=_thread_of(candidate_id, written),
            message_id=written.message_id,
            is_from_person=_is_from(person, written, correspondence),
            sender=_shown(written.sender),
            recipients=[_shown(each) for each in written.to],
            subject=written.subject,
            text=written.text,
            note=correspondence.note if number == 0 else "",
            files=list(files) if number == 0 else [],
            at=min(written.sent_at or mail.received_at, now),
        )
        _tell(letter, by=by)


def _is_from(person: Address, written: Written, correspondence: Correspondence) -> bool:
    return written.sender.email == person.email if person.email else not correspondence.is_to


def _shown(address: Address) -> dict[str, Any]:
    return {"name": address.name, "email": address.email}


def _thread_of(candidate_id: int, written: Written) -> str:
    """By the letters it names, else by its subject with this person, else a new one."""
    theirs = MailLetter.objects.filter(candidate=candidate_id)
    named = theirs.filter(message_id__in=[*written.references]) if written.references else theirs.none()
    found: str | None = named.values_list("thread", flat=True).first()
    subject = bare_subject(written.subject)
    if found is None and subject:
        recent = theirs.order_by("-at").values_list("thread", "subject")[:200]
        found = next((thread for thread, other in recent if bare_subject(other) == subject), None)
    return found or written.key


def _tell(letter: MailLetter, *, by: Member) -> None:
    """In the story, and of what we wrote as the last time that somebody wrote to the person."""
    kind = ActivityKind.MAIL_RECEIVED if letter.is_from_person else ActivityKind.MAIL_SENT
    quote = letter.text[:QUOTED]
    record_activity(
        letter.candidate_id, kind, by=by, at=letter.at, letter_id=letter.pk, subject=letter.subject, quote=quote
    )
    if not letter.is_from_person:
        older = Q(last_contact_at=None) | Q(last_contact_at__lt=letter.at)
        Candidate.objects.filter(older, pk=letter.candidate_id).update(last_contact_at=letter.at)
