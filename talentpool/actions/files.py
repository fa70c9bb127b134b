"""Keeping files as they came."""

import hashlib

from crm.models import Member
from talentpool.models import File, FileContent


def keep_file(name: str, content: bytes, *, media_type: str, by: Member | None, text: str = "") -> File:
    """A file of the organisation; whoever finds out whose it is gives it to that candidate."""
    file = File.objects.create(
        name=name[-255:],
        media_type=media_type[:120],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        text=text,
        by=by,
    )
    FileContent.objects.create(file=file, content=content)
    return file


def content_of(file: File) -> bytes:
    return bytes(FileContent.objects.values_list("content", flat=True).get(file=file))
