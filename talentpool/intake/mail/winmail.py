"""winmail.dat (TNEF): the parcel in which Outlook hides attachments from programs that don't know it.

The published format (MS-OXTNEF): a signature, then attributes of level, id, length, content and checksum.
"""

import re
import struct
from collections.abc import Iterator

from talentpool.intake.mail.letters import Attachment, decoded_bytes

_SIGNATURE = 0x223E9F78
_BEGINS, _TITLE, _CONTENT, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_MOST = 500


class NoParcel(ValueError):
    """It is none, or it is broken."""


def is_winmail(attachment: Attachment) -> bool:
    return attachment.media_type.endswith("ms-tnef") or attachment.name.casefold() == "winmail.dat"


def unpacked(parcel: bytes) -> list[Attachment]:
    """What is in it, each under its own name."""
    if len(parcel) < 6 or struct.unpack_from("<I", parcel)[0] != _SIGNATURE:
        raise NoParcel
    found: list[dict[int, bytes]] = []
    for number, content in _attributes(parcel):
        if number == _BEGINS:
            found.append({})
        elif found and number in (_TITLE, _CONTENT, _PROPERTIES):
            found[-1][number] = content
        if len(found) > _MOST:
            raise NoParcel
    return [Attachment(_name(each), "application/octet-stream", each[_CONTENT]) for each in found if each.get(_CONTENT)]


def _attributes(parcel: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    while place + 9 <= len(parcel):
        _, number, length = struct.unpack_from("<BII", parcel, place)
        place += 9
        if place + length + 2 > len(parcel):
            raise NoParcel
        yield number, parcel[place : place + length]
        place += length + 2


def _name(attachment: dict[int, bytes]) -> str:
    """The long name among the properties if there is one; the title is of eight letters and three."""
    title = decoded_bytes(attachment.get(_TITLE, b"").rstrip(b"\x00"), None)
    ending = re.escape(title.rpartition(".")[2]) if "." in title else r"\w{2,5}"
    said = attachment.get(_PROPERTIES, b"").decode("utf-16-le", "ignore")
    long = re.search(rf"[\w\- ()&'.,]{{3,200}}\.{ending}(?=\x00)", said, re.IGNORECASE)
    return re.split(r"[\\/]", long[0] if long else title)[-1].strip() or "unnamed"
