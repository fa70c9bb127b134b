"""Which encoding a table's text has: BOM, then UTF-8, then nobody guesses silently.

The one who knows the names is asked with a preview.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MOST_LOOKED_AT = 2 << 20
_LINES = 3
_PIECE = 1 << 20

# What each is called, and the letters that make it likely.
_CANDIDATES = {
    "cp1252": ("Western Europe", "äöüßÄÖÜéèêëàâçñóíáúôîïûœæøåãõìòù’–“”€°"),
    "cp1250": ("Central Europe", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČŘŠŽőűŐŰäöüß’–"),
    "cp1251": ("Cyrillic", "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЧШЯіїєґ"),
    "cp1253": ("Greek", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΘΙΚΛΜΝΞΟΠΡΣΤΦΧΨΩ"),
    "cp1254": ("Turkish", "çğıöşüÇĞİÖŞÜâîû"),
    "cp1255": ("Hebrew", "אבגדהוזחטיכלמנסעפצקרשתםןץףך"),
    "cp1256": ("Arabic", "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآ"),
    "shift_jis": ("Japanese", ""),
    "gb18030": ("Chinese, simplified", ""),
    "big5": ("Chinese, traditional", ""),
    "euc_kr": ("Korean", ""),
    "mac_roman": ("Old Macintosh", "äöüßÄÖÜéèêëàâçñóíáúôîï’–“”"),
}
MIXED = "mixed"
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")
_ODD_IN_WORD = re.compile(r"[^\W\d_][^\w\s.,;:'’&/()\"@+-][^\W\d_]")


@dataclass(frozen=True, slots=True)
class Guess:
    """A possible encoding, with how the lines that tell them apart would read."""

    encoding: str
    label: str
    preview: tuple[str, ...]


def certain_encoding(pieces: Iterable[bytes]) -> str | None:
    """The encoding if the bytes themselves, all of them, say it."""
    rest = iter(pieces)
    start = next(rest, b"")
    encoding = next((encoding for bom, encoding in _BOMS if start.startswith(bom)), "utf-8")
    return encoding if _decodes(chain([start], rest), encoding) else None


def likely_encodings(data: bytes) -> list[Guess]:
    """The three likeliest, best first, by what stands in the first MOST_LOOKED_AT bytes."""
    telling = _telling_lines(data)
    sample = b"\n".join(telling)
    scored = [(score, name) for name in _CANDIDATES if (score := _score(sample, name)) is not None]
    names = [name for _, name in sorted(scored, key=lambda each: -each[0])]
    if _is_mixed(telling):
        names.insert(0, MIXED)
    return [
        Guess(name, _label(name), tuple(decode(line, name)[:120] for line in telling[:_LINES])) for name in names[:3]
    ]


def decode(data: bytes, encoding: str) -> str:
    """The whole text. “Mixed” is UTF-8 line by line, and Windows-1252 where a line is none."""
    if encoding != MIXED:
        return data.decode(encoding, "replace")
    return "".join(_line(line) for line in data.splitlines(keepends=True))


def text_lines(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The text line by line, with its line ends, of a file that comes in pieces; never held as a whole."""
    stream = io.BufferedReader(_Pieces(iter(pieces)), _PIECE)
    if encoding != MIXED:
        yield from io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        return
    for line in stream:
        yield from map(_line, line.splitlines(keepends=True))


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def known_encodings() -> frozenset[str]:
    return frozenset({MIXED, "utf-8", "utf-8-sig", "utf-16", *_CANDIDATES})


def _label(name: str) -> str:
    return "UTF-8, with lines of Western Europe" if name == MIXED else _CANDIDATES[name][0]


def _line(line: bytes) -> str:
    return line.decode("utf-8") if _decodes([line], "utf-8") else line.decode("cp1252", "replace")


def _decodes(pieces: Iterable[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", True)
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True


def _telling_lines(data: bytes) -> list[bytes]:
    """Those with letters beyond ASCII."""
    lines = [line for line in data[:MOST_LOOKED_AT].splitlines() if any(byte > 127 for byte in line)]
    return lines[:200]


def _is_mixed(lines: list[bytes]) -> bool:
    readable = sum(_decodes([line], "utf-8") for line in lines)
    return 0 < readable < len(lines)


def _score(sample: bytes, name: str) -> float | None:
    """How much the text looks like one that people wrote; None where the bytes are not allowed."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return None
    beyond = [char for char in text if ord(char) > 127]
    if not beyond:
        return 0.0
    letters = _CANDIDATES[name][1]
    if letters:
        good = float(sum(char in letters for char in beyond))
    elif name == "shift_jis":
        good = 1.2 * len(_KANA.findall(text)) + 0.6 * len(_HAN.findall(text))
    else:
        good = 1.1 * len(_HANGUL.findall(text)) + 0.7 * len(_HAN.findall(text)) * (name != "euc_kr")
    inside = len(_ODD_IN_WORD.findall(text))
    # Capitals within words are a sign of the wrong table of letters.
    wrong = sum(before.islower() and char.isupper() and ord(char) > 127 for before, char in pairwise(text))
    return (good - 2 * inside - 2 * wrong) / len(beyond)
