"""What the stored file of an import says of somebody after erasing: nothing, and of everybody else the same as before."""

import io
import zipfile

import pytest
from django.test import override_settings
from openpyxl import Workbook

from crm.models.leased import WorkState
from talentpool.actions import import_work
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.files import content_of
from talentpool.actions.import_chunks import chunks_of
from talentpool.actions.import_outcomes import outcome_lines
from talentpool.actions.imports import bring_in
from talentpool.intake.blanking import blanked
from talentpool.intake.tables import read_csv
from talentpool.models import Candidate, FileContent, ImportRow, ImportRun, ImportStep
from talentpool.queries.imports import rejected_rows
from tests.talentpool.test_imports import CSV, source, take_in, try_out, upload, work

__all__ = ["source", "upload"]

TEXT = 'Name;Notiz\n\nÄda;"two\nlines; ""quoted"""\nA;\nÖle;x\n\nÜwe;last'


def after_blanking(content, encoding, numbers, piece=7):
    pieces = [content[start : start + piece] for start in range(0, len(content), piece)]
    whole = bytearray(content)
    for start, text in blanked(pieces, encoding, numbers):
        whole[start : start + len(text)] = text
    assert len(whole) == len(content)
    return bytes(whole)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "start"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", ""),
        ("mac_roman", ""),
        ("mixed", ""),
        ("utf-8", "sep=;\n"),
    ],
)
def test_row_is_blanked_to_the_byte_in_every_encoding(encoding, start, line_end):
    written = "utf-8" if encoding == "mixed" else encoding
    text = (start + TEXT).replace("\n", line_end)
    content = text.encode(written)
    before = list(read_csv([content], encoding=encoding).rows)
    ada, a, _, last = before
    after = list(
        read_csv([after_blanking(content, encoding, {ada.number, a.number, last.number})], encoding=encoding).rows
    )
    assert [row.number for row in after] == [row.number for row in before]
    assert [row.is_erased for row in after] == [True, True, False, True]
    assert after[2] == before[2]
    told = after_blanking(content, encoding, {last.number}).decode(written)
    assert told.startswith(text.removesuffix("Üwe;last"))
    assert "we" not in told.removeprefix(text.removesuffix("Üwe;last"))


def test_letters_of_two_bytes_are_no_line_ends():
    content = "名前,会社\n山田表太郎,能率\n佐藤,ソニー\n".encode("shift_jis")
    told = after_blanking(content, "shift_jis", {2}, piece=3)
    assert told.splitlines()[0::2] == content.splitlines()[0::2]
    assert told.splitlines()[1].decode("ascii").split() == ["(erased),"]


def test_utf_16_of_either_byte_order():
    for encoding in ("utf-16-le", "utf-16-be"):
        content = ("\ufeff" + TEXT).encode(encoding)
        rows = list(read_csv([after_blanking(content, "utf-16", {3}, piece=5)], encoding="utf-16").rows)
        assert [row.is_erased for row in rows] == [True, False, False, False]


def erase(email, member):
    erase_candidate(Candidate.objects.get(email=email), reason="asked", by=member)


def test_erasing_blanks_her_lines_and_nobody_else_s(upload, member, client):
    run = take_in(upload(), member)
    twin = upload(name="again.csv")
    erase("ada@example.org", member)
    lines = content_of(run.file).splitlines()
    kept = CSV.splitlines()
    assert [line for number, line in enumerate(lines) if number not in (1, 4)] == [
        line for number, line in enumerate(kept) if number not in (1, 4)
    ]
    assert [lines[number].strip() for number in (1, 4)] == [b"(erased),,,"] * 2
    assert content_of(twin.file) == content_of(run.file)
    assert not ImportRow.objects.filter(name__icontains="ada").exclude(name__icontains="Femi").exists()
    run.refresh_from_db()
    page = client.get(f"/o/acme/imports/{run.pk}/").content.decode()
    assert "2 lines of the stored file are blank" in page
    told = list(outcome_lines(run))
    assert [row[:2] for row in told[1:]] == [
        ["2", "New people"],
        ["3", "Can’t be read"],
        ["4", "New people"],
        ["5", "Twice in the file"],
        ["6", "New people"],
    ]
    assert "Ada" not in str(told)
    assert list(rejected_rows(run))[1][2:4] == ["Femi Adebayo", "femi@@example.org"]


def test_run_goes_on_after_somebody_in_it_was_erased(upload, member):
    with override_settings(IMPORT_CHUNK=2):
        run = try_out(upload())
        bring_in(run, by=member)
        fresh = ImportRun.objects.select_related("file", "source", "by").get(pk=run.pk)
        fresh.claim("dead")
        assert import_work._bring_in_chunk(fresh, next(chunks_of(fresh, to_be_written=True)), "dead")
        erase("ada@example.org", member)
        ImportRun.objects.filter(pk=run.pk).update(lease_until="2020-01-01T00:00Z")
        work(run)
    assert (run.step, run.cursor, run.counts) == (ImportStep.OVER, 5, {"new": 3, "invalid": 1, "erased": 1})
    assert sorted(Candidate.objects.present().values_list("email", flat=True)) == [
        "j.gross@example.org",
        "ruth@example.org",
    ]


def test_file_with_blank_lines_is_tried_out_again(upload, member):
    take_in(upload(), member)
    second = upload(name="again.csv")
    erase("ada@example.org", member)
    second.refresh_from_db()
    assert try_out(second).counts == {"erased": 2, "invalid": 1, "unchanged": 2}
    kept_out = list(second.rows.filter(outcome="erased").values_list("number", "reason", "cells"))
    assert kept_out == [(2, "The person was erased", []), (5, "The person was erased", [])]


def spreadsheet():
    book, stored = Workbook(), io.BytesIO()
    for row in (["Name", "E-mail"], ["Ada", "ada@example.org"], ["Ruth", "ruth@example.org"]):
        book.active.append(row)
    book.save(stored)
    return stored.getvalue()


def test_spreadsheet_goes_as_a_whole_and_the_page_says_so(upload, member, client):
    content = spreadsheet()
    run, waiting = take_in(upload(content, "fair.xlsx"), member), upload(content, "fair.xlsx")
    erase("ada@example.org", member)
    assert not FileContent.objects.filter(file=run.file).exists()
    for each in (run, waiting):
        page = client.get(f"/o/acme/imports/{each.pk}/")
        assert "The stored file was removed" in page.content.decode()
    assert client.get(f"/o/acme/imports/{run.pk}/outcomes/").status_code == 404
    assert client.post(f"/o/acme/imports/{waiting.pk}/columns/", {}).status_code == 404


def test_run_whose_file_is_gone_stops_with_a_sentence(upload, member):
    resume = {"basics": {"name": "Ada Lovelace", "email": "ada@example.org"}}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.json", str(resume).replace("'", '"').replace("ada@", f"a{number}@"))
    run = work(upload(packed.getvalue(), "resumes.zip"))
    bring_in(run, by=member)
    work(run)
    assert Candidate.objects.count() == 3
    ImportRun.objects.filter(pk=run.pk).update(step=ImportStep.RUN, state=WorkState.FAILED, cursor=1)
    erase("a0@example.org", member)
    run.refresh_from_db()
    bring_in(run, by=member)
    work(run)
    assert (run.state, "somebody in it asked to be erased" in run.error) == (WorkState.FAILED, True)
