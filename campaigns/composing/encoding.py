"""How text becomes bytes of an RFC 5322 message: quoted-printable bodies (RFC 2045) and encoded words (RFC 2047).

Apart from the rest because nothing here may let a value break out of its place: no bare CR or LF, no line that
begins with a dot, no line over 76 characters, only ASCII. The standard library's mail classes keep the same rules
at 80 times the cost.
"""

import base64
import re
from binascii import b2a_qp

MAX_LINE = 76
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# RFC 2047: an encoded word is at most 75 characters, 12 of which are its frame.
_WORD_ROOM = 75 - 12


def one_line(value: str) -> str:
    """A merge value without control characters: what a person typed can't begin a header or a body line."""
    return value if value.isprintable() else _CONTROLS.sub(" ", value)


def quoted_static(text: str) -> bytes:
    """A part of a body that all recipients share."""
    encoded = b2a_qp(_LINE_BREAK.sub("\r\n", text).encode(), istext=True)
    encoded = re.sub(rb"(?<!\r)\n", b"\r\n", encoded)
    return re.sub(rb"(?m)^\.", b"=2E", encoded)


def quoted_slot(value: str) -> bytes:
    """A value between two soft line breaks, so that its length never depends on its neighbours."""
    raw = value.encode()
    encoded = b2a_qp(raw, istext=False)
    if b"\n" in encoded or len(encoded) >= MAX_LINE or encoded[:1] == b".":  # the soft break behind it counts, too
        return _quoted_bytewise(raw)
    return encoded


def _quoted_bytewise(raw: bytes) -> bytes:
    lines: list[bytes] = []
    line = b""
    for byte in raw:
        char = bytes([byte])
        piece = char if char.isalnum() else b"=%02X" % byte
        if len(line) + len(piece) > MAX_LINE - 4:
            lines.append(line)
            line = b""
        line += piece
    return b"=\r\n".join([*lines, line])


def header_text(value: str, *, name_length: int) -> bytes:
    """An unstructured header's value; `name_length` is what "Subject: " already takes of the first line."""
    value = one_line(value)
    if value.isascii() and len(value) + name_length <= 78 and "=?" not in value:
        return value.encode()
    words: list[bytes] = []
    word = b""
    for char in value:
        room = _WORD_ROOM - (name_length if not words else 0)
        encoded = char.encode()
        if (len(word) + len(encoded) + 2) // 3 * 4 > room:
            words.append(word)
            word = b""
        word += encoded
    return b"\r\n ".join(_encoded_word(word) for word in [*words, word])


def header_address(name: str, address: str) -> bytes:
    """`Name <address>` for From and Reply-To; the name is quoted or encoded where it needs to be."""
    name = one_line(name).strip()
    if not name:
        return address.encode("ascii")
    if name.isascii() and "=?" not in name and len(name) <= 60:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'.encode("ascii")
    return header_text(name[:60], name_length=len("Reply-To: ")) + b"\r\n <" + address.encode("ascii") + b">"


def _encoded_word(raw: bytes) -> bytes:
    return b"=?utf-8?b?" + base64.b64encode(raw) + b"?="
