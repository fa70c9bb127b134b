"""Which encoding a table's text has: BOM, then UTF-8, then nobody guesses silently.

The one who knows the names is asked with a preview.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 256 * 1024
_LINES = 3

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


def certain_encoding(data: bytes) -> str | None:
    """The encoding if the bytes themselves say it."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding if _decodes(data, encoding) else None
    return "utf-8" if _decodes(data, "utf-8") else None


def likely_encodings(data: bytes) -> list[Guess]:
    """The three likeliest, best first."""
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


def known_encodings() -> frozenset[str]:
    return frozenset({MIXED, "utf-8", "utf-8-sig", "utf-16", *_CANDIDATES})


def _label(name: str) -> str:
    return "UTF-8, with lines of Western Europe" if name == MIXED else _CANDIDATES[name][0]


def _line(line: bytes) -> str:
    return line.decode("utf-8") if _decodes(line, "utf-8") else line.decode("cp1252", "replace")


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True


def _telling_lines(data: bytes) -> list[bytes]:
    """Those with letters beyond ASCII."""
    lines = [line for line in data[: _SAMPLE * 8].splitlines() if any(byte > 127 for byte in line)]
    return lines[:200]


def _is_mixed(lines: list[bytes]) -> bool:
    readable = sum(_decodes(line, "utf-8") for line in lines)
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
