"""DOC, the binary format of Word 97 to 2003: the text of its pieces, without looks.

The file is a small file system ([MS-CFB]); in it the table of pieces ([MS-DOC], 2.8.35) says where the text lies.
"""

import re
import struct
from collections.abc import Callable

from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.readers.plain import MAX_CHARACTERS, read_lines
from talentpool.resumes.rows import Document

_FREE = 0xFFFFFFFA  # from here on a number is no sector but a mark
_DIRECTORY_ENTRY = 128
_WORD = 0xA5EC
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_PIECES_AT = 0x01A2  # of fcClx in the file information block
_FIELD_CODE = re.compile(r"\x13[^\x13\x14\x15]*\x14?|\x15")


def read_doc(data: bytes) -> Document:
    try:
        text = _text(_streams(data))
    except (struct.error, IndexError, ValueError, KeyError, UnicodeError) as error:
        raise ResumeError(Unreadable.DAMAGED) from error
    return read_lines(_readable(text)[:MAX_CHARACTERS])


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams of the file system, by name."""
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("no such sectors")
    directory_at, cutoff, mini_at = struct.unpack_from("<I4xI", data, 48)[0], *struct.unpack_from("<II", data, 56)
    size = 1 << shift

    def sector(number: int) -> bytes:
        return data[(number + 1) << shift : (number + 2) << shift]

    table: list[int] = []
    for number in _table_sectors(data, sector, size):
        table += struct.unpack(f"<{size // 4}I", sector(number).ljust(size, b"\xff"))

    def chain(start: int) -> bytes:
        found, seen = bytearray(), set[int]()
        while start < _FREE and start not in seen and start < len(table):
            seen.add(start)
            found += sector(start)
            start = table[start]
        return bytes(found)

    directory = chain(directory_at)
    entries = [directory[at : at + _DIRECTORY_ENTRY] for at in range(0, len(directory), _DIRECTORY_ENTRY)]
    mini_table = struct.unpack(f"<{len(chain(mini_at)) // 4}I", chain(mini_at)) if mini_at < _FREE else ()
    small = chain(struct.unpack_from("<I", entries[0], 116)[0])

    def mini_chain(start: int) -> bytes:
        found, seen = bytearray(), set[int]()
        while start < len(mini_table) and start not in seen:
            seen.add(start)
            found += small[start << 6 : (start + 1) << 6]
            start = mini_table[start]
        return bytes(found)

    streams = {}
    for entry in entries:
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, count = struct.unpack_from("<II", entry, 116)
        if kind == 2 and 2 <= length <= 64:
            name = entry[: length - 2].decode("utf-16-le", "replace")
            streams[name] = (mini_chain(start) if count < cutoff else chain(start))[:count]
    return streams


def _table_sectors(data: bytes, sector: Callable[[int], bytes], size: int) -> list[int]:
    """Where the allocation table lies: 109 numbers in the header, further ones in sectors of their own."""
    numbers = list(struct.unpack_from("<109I", data, 76))
    following, seen = struct.unpack_from("<I", data, 68)[0], set[int]()
    while following < _FREE and following not in seen:
        seen.add(following)
        more = struct.unpack(f"<{size // 4}I", sector(following))
        numbers += more[:-1]
        following = more[-1]
    return [number for number in numbers if number < _FREE]


def _text(streams: dict[str, bytes]) -> str:
    word = streams["WordDocument"]
    mark, flags = struct.unpack_from("<H8xH", word, 0)
    if mark != _WORD:
        raise ValueError("no Word document")
    if flags & _ENCRYPTED:
        raise ResumeError(Unreadable.PROTECTED)
    at, length = struct.unpack_from("<II", word, _PIECES_AT)
    table = streams["1Table" if flags & _SECOND_TABLE else "0Table"][at : at + length]
    return "".join(_pieces(word, _piece_table(table)))


def _piece_table(clx: bytes) -> bytes:
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise ValueError("no table of pieces")
    return clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]


def _pieces(word: bytes, table: bytes) -> list[str]:
    count = (len(table) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", table)
    found, left = [], MAX_CHARACTERS
    for index in range(count):
        place = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * index + 2)[0]
        letters = min(ends[index + 1] - ends[index], left)
        if letters <= 0:
            break
        left -= letters
        if place & 0x40000000:
            begin = (place & 0x3FFFFFFF) // 2
            found.append(word[begin : begin + letters].decode("cp1252", "replace"))
        else:
            found.append(word[place : place + 2 * letters].decode("utf-16-le", "replace"))
    return found


def _readable(text: str) -> str:
    text = _FIELD_CODE.sub("", text)
    text = text.replace("\x07\x07", "\n").replace("\x07", "\t")
    text = text.translate({0x0D: "\n", 0x0B: "\n", 0x0C: "\n", 0x1E: "-", 0x1F: None, 0xA0: " "})
    return re.sub(r"[\x00-\x08\x0e-\x1f]", "", text)
