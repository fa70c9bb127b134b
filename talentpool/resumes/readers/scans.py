"""Pages that are pictures, through Tesseract where it is installed; what it reads is only ever suggested.

Each page goes to the program's standard input and its words come back on its output: the reading process may write no
file.
"""

import shutil
import subprocess

import pypdfium2

from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.readers.plain import read_lines
from talentpool.resumes.rows import Document

_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
_LANGUAGES = ("eng", "deu", "fra", "spa", "por", "nld", "ita")
_MOST_PAGES = 3
_SCALE = 200 / 72  # dots for a point: what Tesseract reads well
_SECONDS = 10.0
WARNING = "The file is a scan: its words were recognised from pictures and may be wrong."


def read_scan(pdf: pypdfium2.PdfDocument) -> Document:
    program = shutil.which("tesseract", path=_PATH)
    if program is None:
        raise ResumeError(Unreadable.PICTURES)
    languages = "+".join(each for each in _LANGUAGES if each in _installed(program)) or "eng"
    pages = [_words_of(pdf[number], program, languages) for number in range(min(len(pdf), _MOST_PAGES))]
    text = "\n\n".join(pages)
    if not text.strip():
        raise ResumeError(Unreadable.PICTURES)
    document = read_lines(text)
    document.warnings.append(WARNING)
    document.recognised = True
    return document


def _installed(program: str) -> list[str]:
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    return listed.stdout.split()


def _words_of(page: pypdfium2.PdfPage, program: str, languages: str) -> str:
    bitmap = page.render(scale=_SCALE, grayscale=True)
    rows = bytes(bitmap.buffer)
    lines = [rows[at : at + bitmap.width] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride)]
    picture = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)
    read = [program, "stdin", "stdout", "-l", languages, "--psm", "1"]
    try:
        done = subprocess.run(read, input=picture, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ResumeError(Unreadable.TOO_HEAVY) from error
    return done.stdout.decode("utf-8", "replace")
