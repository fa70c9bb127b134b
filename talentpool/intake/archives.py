"""Zip files, distrusted.

How large they would become is decided before a byte is unpacked, and counted again while it is.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError

from talentpool.intake.sizes import words_for_bytes

_SMALL = 1024 * 1024  # what may be packed as tightly as it likes
_MOST_UNPACKED = 10  # times the largest import
_PIECE = 1 << 16


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, if it can be opened and is no bomb."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ValidationError("The zip file is damaged or incomplete and can’t be opened.", code="damaged") from error
    members = [member for member in archive.infolist() if not member.is_dir()]
    if any(member.flag_bits & 1 for member in members):
        raise ValidationError("The zip file is protected by a password. Pack it again without one.", code="protected")
    if len(members) > settings.IMPORT_ZIP_FILES:
        raise ValidationError(
            f"The zip file holds more than {settings.IMPORT_ZIP_FILES:,} files, which is the most an import may have.",
            code="too_many_files",
        )
    _refuse_bomb(members, len(data))
    return archive


def _refuse_bomb(members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    tight = [
        m for m in members if m.file_size > _SMALL and m.file_size > settings.IMPORT_ZIP_RATIO * max(1, m.compress_size)
    ]
    if tight or (unpacked > _SMALL and unpacked > settings.IMPORT_ZIP_RATIO * packed):
        raise ValidationError(
            f"The zip file is packed more than {settings.IMPORT_ZIP_RATIO} times, as files that want to do harm are. "
            "It was not opened.",
            code="bomb",
        )
    most = _MOST_UNPACKED * settings.IMPORT_MAX_BYTES
    if unpacked > most:
        raise ValidationError(
            f"Unpacked, the file would have {words_for_bytes(unpacked)}; {words_for_bytes(most)} are allowed.",
            code="too_large",
        )


def is_worth_reading(member: zipfile.ZipInfo) -> bool:
    """Files of people: no folders, no hidden files, none of what macOS and Windows leave in archives."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    hidden = any(part.startswith((".", "~$", "__MACOSX")) and part != ".." for part in path.parts)
    return not member.is_dir() and not hidden and path.name.lower() not in ("thumbs.db", "desktop.ini")


def member_name(member: zipfile.ZipInfo) -> str:
    """The file's own name. The folders of an archive are never used as paths here."""
    return PurePosixPath(member.filename.replace("\\", "/")).name[:255] or "unnamed"


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Its bytes, at most `most`: sizes that the archive states may be lies."""
    content = bytearray()
    try:
        for piece in _pieces(archive, member):
            content += piece
            if len(content) > most:
                raise ValidationError(f"It is larger than {words_for_bytes(most)}.", code="too_large")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ValidationError("It is damaged inside the zip file.", code="damaged") from error
    return bytes(content)


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            yield piece
