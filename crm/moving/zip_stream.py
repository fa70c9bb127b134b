"""Writing a zip piece by piece, in constant memory and without ever going back.

`zipfile` keeps an object for each of a million files until the end. Here the directory grows in a temporary file.
Everything is zip64, so nothing overflows (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5).
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

STORED, DEFLATED = 0, 8
DESCRIPTOR_FOLLOWS, NAMES_ARE_UTF8 = 1 << 3, 1 << 11
VERSION = 45  # the first with zip64
OVERFLOW = 0xFFFFFFFF
DATE = (2000 - 1980) << 9 | 1 << 5 | 1  # the same pool makes the same bytes
IN_MEMORY = 2**20
LEVEL = 1  # JSON shrinks to an eighth already, at four times the speed of level 6


class ZipStream:
    """Each method yields the next bytes of the archive; call `end` last."""

    def __init__(self) -> None:
        self._offset = 0
        self._count = 0
        self._directory = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed by `end`

    def part(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """A file whose length is known only at its end."""
        start, crc, size, packed = self._offset, 0, 0, 0
        yield self._sent(_local_header(name, DEFLATED, DESCRIPTOR_FOLLOWS, 0, 0, 0))
        press = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        for piece in pieces:
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            if out := press.compress(piece):
                packed += len(out)
                yield self._sent(out)
        out = press.flush()
        packed += len(out)
        yield self._sent(out + struct.pack("<4sLQQ", b"PK\x07\x08", crc, packed, size))
        self._list(name, DEFLATED, DESCRIPTOR_FOLLOWS, crc, packed, size, start)

    def file(self, name: str, content: bytes) -> Iterator[bytes]:
        """A file that is there as a whole; packed where that is worth it."""
        press = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        pressed = press.compress(content) + press.flush()
        method, out = (DEFLATED, pressed) if len(pressed) < len(content) * 0.95 else (STORED, content)
        crc, start = zlib.crc32(content), self._offset
        yield self._sent(_local_header(name, method, 0, crc, len(out), len(content)) + out)
        self._list(name, method, 0, crc, len(out), len(content), start)

    def end(self) -> Iterator[bytes]:
        """The directory, and where it is."""
        start, size = self._offset, self._directory.tell()
        self._directory.seek(0)
        while piece := self._directory.read(IN_MEMORY):
            yield self._sent(piece)
        self._directory.close()
        record = struct.pack(
            "<4sQHHLLQQQQ", b"PK\x06\x06", 44, VERSION, VERSION, 0, 0, self._count, self._count, size, start
        )
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, self._offset, 1)
        yield self._sent(
            record + locator + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, OVERFLOW, OVERFLOW, 0)
        )

    def _sent(self, piece: bytes) -> bytes:
        self._offset += len(piece)
        return piece

    def _list(self, name: str, method: int, flags: int, crc: int, packed: int, size: int, start: int) -> None:
        extra = struct.pack("<HHQQQ", 1, 24, size, packed, start)
        common = _common(name, method, flags, crc, len(extra))
        self._directory.write(
            struct.pack("<4sH", b"PK\x01\x02", VERSION)
            + common
            + struct.pack("<HHHLL", 0, 0, 0, 0o600 << 16, OVERFLOW)
            + name.encode()
            + extra
        )
        self._count += 1


def _local_header(name: str, method: int, flags: int, crc: int, packed: int, size: int) -> bytes:
    extra = struct.pack("<HHQQ", 1, 16, size, packed)
    return b"PK\x03\x04" + _common(name, method, flags, crc, len(extra)) + name.encode() + extra


def _common(name: str, method: int, flags: int, crc: int, extra: int) -> bytes:
    """What a file's own header and its line in the directory share."""
    flags |= NAMES_ARE_UTF8
    return struct.pack(
        "<HHHHHLLLHH", VERSION, flags, method, 0, DATE, crc, OVERFLOW, OVERFLOW, len(name.encode()), extra
    )
