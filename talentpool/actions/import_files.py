"""The files of imported résumés: each is kept once, and only if its person was taken in."""

import hashlib
from collections.abc import Iterable, Sequence

from crm.models import Member
from talentpool.actions.scanning import ask_for_scan, first_state
from talentpool.intake.rows import IncomingRow
from talentpool.models import File, FileContent, Profile


def keep_resumes(rows: Sequence[IncomingRow], *, by: Member) -> dict[int, int]:
    """Row number → file id. A file that is known by its bytes is not kept a second time."""
    digests = {row.number: hashlib.sha256(row.resume.content).hexdigest() for row in rows if row.resume}
    known = dict(File.objects.filter(sha256__in=digests.values(), candidate__isnull=False).values_list("sha256", "pk"))
    fresh: dict[str, File] = {}
    contents: dict[str, bytes] = {}
    for row in rows:
        digest = digests[row.number]
        if row.resume and digest not in known and digest not in fresh:
            fresh[digest] = File(
                name=row.resume.name,
                media_type=row.resume.media_type,
                size=len(row.resume.content),
                sha256=digest,
                text=row.text.replace("\x00", ""),
                by=by,
                scan=first_state(),
            )
            contents[digest] = row.resume.content
    File.objects.bulk_create(fresh.values())
    FileContent.objects.bulk_create(FileContent(file=file, content=contents[digest]) for digest, file in fresh.items())
    if fresh:
        ask_for_scan()
    known |= {digest: file.pk for digest, file in fresh.items()}
    return {number: known[digest] for number, digest in digests.items()}


def discard_unused(file_ids: Iterable[int]) -> None:
    """Those that nobody was given: of people who were erased, or whose record brought nothing new."""
    unused = File.objects.filter(pk__in=set(file_ids), candidate=None)
    used = Profile.objects.filter(file__in=unused).values_list("file_id", flat=True)
    unused.exclude(pk__in=used).delete()
