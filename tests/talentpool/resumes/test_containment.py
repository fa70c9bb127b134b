import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from talentpool.resumes import ResumeError, Unreadable, containment, parse_resume, stop_reading
from tests.talentpool.resumes import files


@pytest.fixture(autouse=True, scope="module")
def _no_reader_left():
    yield
    stop_reading()


def reason_for(data, filename="cv.pdf", **limits):
    with pytest.raises(ResumeError) as caught:
        parse_resume(data, filename, **limits)
    assert str(caught.value) == caught.value.reason.sentence
    return caught.value.reason


def raw_pdf(stream, filters=b""):
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<<%s/Length %d>>\nstream\n" % (filters, len(stream)) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


def test_reading_tells_what_is_wrong_with_a_file():
    whole = files.pdf()
    assert {
        "empty": reason_for(b""),
        "blank": reason_for(b"   \n", "cv.txt"),
        "truncated": reason_for(whole[: len(whole) // 3]),
        "garbage": reason_for(b"%PDF-1.4" + random.Random(1).randbytes(20_000)),
        "protected": reason_for(files.protected_pdf()),
        "pictures": reason_for(files.pdf_of_pictures()),
        "program": reason_for(b"\x7fELF\x02\x01\x01\x00" + bytes(2000), "cv.doc"),
        "broken zip": reason_for(files.docx_file()[:3000], "cv.docx"),
        "other json": reason_for(b'{"hello": 1}', "cv.json"),
        "long": reason_for(files.pdf_of_pages(31)),
        "huge": reason_for(bytes(containment.MAX_BYTES + 1)),
    } == {
        "empty": Unreadable.EMPTY,
        "blank": Unreadable.EMPTY,
        "truncated": Unreadable.DAMAGED,
        "garbage": Unreadable.DAMAGED,
        "protected": Unreadable.PROTECTED,
        "pictures": Unreadable.PICTURES,
        "program": Unreadable.UNKNOWN,
        "broken zip": Unreadable.UNKNOWN,
        "other json": Unreadable.UNKNOWN,
        "long": Unreadable.TOO_LONG,
        "huge": Unreadable.TOO_LARGE,
    }


def test_reading_survives_bombs_and_reads_the_next_file():
    bombs = [
        raw_pdf(zlib.compress(b"BT /F 9 Tf 10 10 Td (A) Tj ET\n" * 2_000_000, 9), b"/Filter/FlateDecode"),
        raw_pdf(zlib.compress(zlib.compress(b" " * 400_000_000, 1), 9), b"/Filter[/FlateDecode/FlateDecode]"),
        files.zip_file({"word/document.xml": b" " * 100_000_000}),
    ]
    for bomb in bombs:
        with pytest.raises(ResumeError):
            parse_resume(bomb, "cv.pdf", cpu_seconds=3, wall_seconds=6)
    assert parse_resume(files.pdf(), "cv.pdf").fields.name == "Siobhán O’Connor"


def test_reading_a_page_of_two_million_letters_gives_no_more_than_a_resume_may_hold():
    data = raw_pdf(zlib.compress(b"BT /F 9 Tf 10 700 Td (" + b"A B " * 500_000 + b") Tj ET", 9), b"/Filter/FlateDecode")
    assert 0 < len(parse_resume(data, "cv.pdf").text) <= 200_000


def test_reading_says_which_pages_it_left_out():
    parsed = parse_resume(files.pdf_of_pages(10), "cv.pdf")
    assert parsed.warnings == ("Only the first 8 of 10 pages were read.",)
    assert parsed.text.splitlines()[-1] == "This is page 8 of a long life"


def test_reading_goes_on_when_its_process_is_killed():
    parse_resume(files.txt(), "cv.txt")
    os.kill(containment._desk._reader._process.pid, signal.SIGKILL)
    containment._desk._reader._process.wait()
    assert parse_resume(files.txt(), "cv.txt").fields.name == "Siobhán O’Connor"


def test_reading_that_hangs_is_ended():
    parse_resume(files.txt(), "cv.txt")
    os.kill(containment._desk._reader._process.pid, signal.SIGSTOP)
    assert reason_for(files.txt(), "cv.txt", wall_seconds=0.2) is Unreadable.TOO_HEAVY
    assert parse_resume(files.txt(), "cv.txt").fields.name == "Siobhán O’Connor"


def test_reading_of_damaged_files_never_crashes():
    rng = random.Random(7)
    for make, filename in [
        (files.pdf, "cv.pdf"),
        (files.docx_file, "cv.docx"),
        (files.odt, "cv.odt"),
        (files.rtf, "cv.rtf"),
    ]:
        whole = make()
        for _ in range(10):
            broken = bytearray(whole)
            for _ in range(40):
                broken[rng.randrange(len(broken))] = rng.randrange(256)
            with contextlib.suppress(ResumeError):  # anything else is a crash
                parse_resume(bytes(broken), filename)
        assert parse_resume(whole, filename).fields.name == "Siobhán O’Connor"


def test_reading_process_holds_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    stop_reading()
    parse_resume(files.txt(), "cv.txt")
    pid = containment._desk._reader._process.pid
    names = {part.split(b"=")[0] for part in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if part}
    assert names == {b"PYTHONPATH", b"LANG", b"PYTHONDONTWRITEBYTECODE"}


def test_reading_process_ends_with_its_owner():
    code = (
        "import os, signal; from talentpool.resumes import containment, parse_resume\n"
        "parse_resume(b'Ada Lovelace', 'a.txt'); print(containment._desk._reader._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=containment._ROOT, check=False).stdout
    child = int(out)
    poll = subprocess.run(["timeout", "10", "tail", "--pid", str(child), "-f", "/dev/null"], check=False)
    assert poll.returncode == 0


def test_reading_survives_bombs_of_word_and_open_document():
    nested = files.zip_file({"word/document.xml": b"<w/>", "inner.zip": files.zip_file({"a": b" " * 70_000_000})})
    deep = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>" + b"<w:p>" * 200_000
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghij")
    )
    bombs = {
        "nested.docx": nested,
        "deep.docx": files.zip_file({"[Content_Types].xml": b"<Types/>", "word/document.xml": deep}),
        "laughs.odt": files.zip_file(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": f"{entities}]><office:document-content>&j;</office:document-content>".encode(),
            }
        ),
        "laughs.xml": f"{entities}]><SkillsPassport>&j;</SkillsPassport>".encode(),
        "groups.rtf": b"{\\rtf1 " + b"{\\b " * 100_000 + b"Ada" + b"}" * 100_000 + b"}",
        "binary.rtf": b"{\\rtf1 \\bin2000000000 Ada}",
        "loop.doc": _doc_whose_chain_is_a_ring(),
    }
    for filename, bomb in bombs.items():
        with contextlib.suppress(ResumeError):  # a sentence, or the little that is there; never a crash
            assert len(parse_resume(bomb, filename, cpu_seconds=4, wall_seconds=8).text) <= 200_000
    assert parse_resume(files.txt(), "cv.txt").fields.name == "Siobhán O’Connor"


def _doc_whose_chain_is_a_ring():
    broken = bytearray(files.doc())
    broken[512 + 8 : 512 + 12] = (2).to_bytes(4, "little")  # the first sector of the text goes on with itself
    return bytes(broken)


def test_reading_text_of_two_million_letters_keeps_its_beginning():
    text = "Ada Lovelace\nada@example.org\n" + "I have counted. " * 130_000
    parsed = parse_resume(text.encode(), "cv.txt")
    assert (parsed.fields.emails, len(parsed.text) <= 200_000) == (("ada@example.org",), True)


def test_reading_process_stays_small_through_many_files():
    for _ in range(5):
        for make, filename in [(files.pdf, "cv.pdf"), (files.docx_file, "cv.docx"), (files.odt, "cv.odt")]:
            parse_resume(make(), filename)
    status = Path(f"/proc/{containment._desk._reader._process.pid}/status").read_text()
    assert int(status.split("VmRSS:")[1].split()[0]) < 250_000
