import json

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils import timezone

from crm.models import AuditEntry
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions import import_work
from talentpool.actions.import_chunks import chunks_of
from talentpool.actions.import_outcomes import outcome_lines
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import (
    bring_in,
    cancel_import,
    choose_columns,
    choose_encoding,
    earlier_import,
    start_import,
)
from talentpool.models import (
    Basis,
    Candidate,
    Consent,
    File,
    FileContent,
    ImportRow,
    ImportRun,
    ImportStep,
    Profile,
    Source,
)
from talentpool.resumes import stop_reading
from tests.talentpool.resumes import files

CSV = (
    "Name,E-mail,Company,Title\n"
    "Ada Lovelace,ada@example.org,Engines,Programmer\n"
    "Femi Adebayo,femi@@example.org,,\n"
    "Jürgen Groß,j.gross@example.org,Siemens,Engineer\n"
    "Ada Lovelace,ADA@example.org,,\n"
    "Ruth O’Connell,ruth@example.org,Mercy,Nurse\n"
).encode()


@pytest.fixture(autouse=True, scope="module")
def _no_reader_left():
    yield
    stop_reading()


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Spring job fair", kind="event")


@pytest.fixture
def upload(source, member):
    def start(content=CSV, name="fair.csv", **options):
        return start_import(name, content, source=source, by=member, **options)

    return start


def work(run):
    work_on_import(run.pk, worker="test")
    run.refresh_from_db()
    return run


def try_out(run):
    choose_columns(run, run.options["columns"])
    return work(run)


def take_in(run, member):
    try_out(run)
    bring_in(run, by=member)
    return work(run)


def lines(run):
    return list(run.rows.order_by("number").values_list("number", "outcome", "reason", "name"))


def test_upload_of_a_table_waits_for_its_columns(upload, member):
    run = upload()
    assert (run.kind, run.step, run.state) == ("csv", ImportStep.COLUMNS, WorkState.DONE)
    assert run.options == {
        "basis": "",
        "basis_text": "",
        "encoding": "utf-8",
        "headings": ["Name", "E-mail", "Company", "Title"],
        "columns": ["name", "email", "employer", "title"],
    }
    assert bytes(FileContent.objects.get(file=run.file).content) == CSV
    assert AuditEntry.objects.filter(verb="import.uploaded", member=member).count() == 1


def test_trial_says_what_would_happen_and_writes_nobody(upload):
    Candidate.objects.all().delete()
    run = try_out(upload())
    assert (run.step, run.state, run.total) == (ImportStep.READY, WorkState.DONE, 5)
    assert run.counts == {"new": 3, "invalid": 1, "duplicate": 1}
    assert lines(run) == [
        (2, "new", "", "Ada Lovelace"),
        (3, "invalid", "Not an e-mail address", "Femi Adebayo"),
        (4, "new", "", "Jürgen Groß"),
        (5, "duplicate", "The same person as row 2", "Ada Lovelace"),
        (6, "new", "", "Ruth O’Connell"),
    ]
    assert Candidate.objects.count() == Profile.objects.count() == 0


@pytest.mark.parametrize("chunk", [2, 500])
def test_run_brings_in_what_the_trial_foresaw(upload, member, chunk):
    with override_settings(IMPORT_CHUNK=chunk):
        run = try_out(upload())
        foreseen = run.counts, lines(run)
        bring_in(run, by=member)
        work(run)
    assert (run.counts, lines(run)) == foreseen
    assert (run.step, run.state, run.cursor, run.total) == (ImportStep.OVER, WorkState.DONE, 5, 5)
    assert set(Candidate.objects.values_list("name", "email", "current_employer")) == {
        ("Ada Lovelace", "ada@example.org", "Engines"),
        ("Jürgen Groß", "j.gross@example.org", "Siemens"),
        ("Ruth O’Connell", "ruth@example.org", "Mercy"),
    }
    assert list(Profile.objects.order_by("row_number").values_list("row_number", "import_run")) == [
        (2, run.pk),
        (4, run.pk),
        (5, run.pk),
        (6, run.pk),
    ]


def test_run_of_the_same_file_again_changes_nothing_and_says_so(upload, member):
    first = take_in(upload(), member)
    before = list(Candidate.objects.order_by("pk").values())
    again = upload()
    assert earlier_import(again) == first
    assert earlier_import(first) is None
    take_in(again, member)
    assert again.counts == {"unchanged": 3, "duplicate": 1, "invalid": 1}
    assert list(Candidate.objects.order_by("pk").values()) == before
    assert Profile.objects.count() == 4


def test_trial_says_which_facts_are_new_about_a_known_person(upload, member):
    take_in(upload(), member)
    run = try_out(upload(b"Name,Mail,Phone,Firma\nRuth O'Connell,ruth@example.org,+353861234567,Bons Secours\n"))
    assert lines(run) == [(2, "updated", "phone, employer", "Ruth O'Connell")]
    assert run.rows.get().candidate.name == "Ruth O’Connell"


def test_run_records_the_ground_on_which_people_may_be_written_to(upload, member, source):
    run = take_in(upload(basis=Basis.CONSENT, basis_text="Ticked at the fair"), member)
    consents = Consent.objects.order_by("candidate__name")
    assert [(c.candidate.name, c.basis, c.text, c.proof["row"], c.by) for c in consents] == [
        ("Ada Lovelace", "consent", "Ticked at the fair", 5, member),
        ("Jürgen Groß", "consent", "Ticked at the fair", 4, member),
        ("Ruth O’Connell", "consent", "Ticked at the fair", 6, member),
    ]
    assert consents[0].proof == {"import": run.pk, "file": "fair.csv", "sha256": run.file.sha256, "row": 5}


def test_run_does_not_overrule_who_withdrew_consent(upload, member):
    take_in(upload(basis=Basis.CONSENT), member)
    Consent.objects.filter(candidate__name="Ada Lovelace").update(withdrawn_at=timezone.now())
    take_in(upload(CSV.replace(b"Engines", b"Enigmas"), basis=Basis.CONSENT), member)
    assert Consent.objects.filter(withdrawn_at=None).count() == 2
    assert Consent.objects.count() == 3


TROUBLE = (
    "Name,E-mail,Phone\n"
    "Ada Lovelace,ada@example.org,\n"
    "Ruth O’Connell,,+353 86 123 4567\n"
    "Ada Lovelace,ada@example.org,\n"
    "Ada Lovelace,lovelace@example.org,+44 20 7946 0958\n"
    "Charles Babbage,ada@example.org,\n"
    "Ada Lovelace,ada@example.org,+44 20 7946 0958\n"
    "nobody,not an address,\n"
    "\n"
    "Ruth O’Connell,ruth@example.org,+353 86 123 4567\n"
    "A. Lovelace,lovelace@example.org,\n"
    "Ruth O’Connell,ruth@example.org,+353 86 123 4567\n"
)


@pytest.mark.parametrize("read_ahead_from", [1, 1000])
def test_trial_foresees_what_chunks_of_one_row_do_to_each_other(upload, member, read_ahead_from):
    take_in(upload(b"Name,E-mail\nRuth O'Connell,ruth@example.org\n", "before.csv"), member)
    with override_settings(IMPORT_CHUNK=1, IMPORT_READ_AHEAD_FROM=read_ahead_from, IMPORT_READERS=1):
        run = try_out(upload(TROUBLE.encode()))
        foreseen = run.counts, lines(run), list(outcome_lines(run))
        bring_in(run, by=member)
        work(run)
    assert (run.counts, lines(run), list(outcome_lines(run))) == foreseen
    assert run.counts == {"new": 4, "updated": 1, "duplicate": 4, "invalid": 1}
    assert foreseen[2][0] == ["Row", "Outcome", "Reason", "Name", "E-mail", "Phone"]
    assert [(number, outcome, reason) for number, outcome, reason, *_ in foreseen[2][1:]] == [
        ("2", "New people", ""),
        ("3", "New people", ""),
        ("4", "Twice in the file", "The same person as row 2"),
        ("5", "New people", ""),
        ("6", "New people", ""),
        ("7", "Twice in the file", "The same person as row 2"),
        ("8", "Can’t be read", "Not an e-mail address"),
        ("10", "Known, updated", "phone"),
        ("11", "Twice in the file", "The same person as row 5"),
        ("12", "Twice in the file", "The same person as row 10"),
    ]


def test_run_of_a_stolen_lease_does_nothing_twice(upload, member):
    with override_settings(IMPORT_CHUNK=2):
        run = try_out(upload())
        bring_in(run, by=member)
        other = ImportRun.objects.get(pk=run.pk)
        assert other.claim("another")
        work_on_import(run.pk, worker="test")
        assert Candidate.objects.count() == 0
        fresh = ImportRun.objects.select_related("file", "source", "by").get(pk=run.pk)
        chunk = next(chunks_of(fresh, to_be_written=True))
        assert import_work._bring_in_chunk(fresh, chunk, "test") is False
        assert Candidate.objects.count() == 0


def test_run_goes_on_where_a_dead_worker_stopped(upload, member):
    with override_settings(IMPORT_CHUNK=2):
        run = try_out(upload())
        bring_in(run, by=member)
        fresh = ImportRun.objects.select_related("file", "source", "by").get(pk=run.pk)
        fresh.claim("dead")
        assert import_work._bring_in_chunk(fresh, next(chunks_of(fresh, to_be_written=True)), "dead")
        ImportRun.objects.filter(pk=run.pk).update(lease_until="2020-01-01T00:00Z")
        work(run)
    assert (run.step, run.counts) == (ImportStep.OVER, {"new": 3, "invalid": 1, "duplicate": 1})
    assert Profile.objects.count() == 4


def test_run_that_is_stopped_keeps_what_came_and_can_go_on(upload, member):
    run = try_out(upload())
    bring_in(run, by=member)
    cancel_import(run, by=member)
    work(run)
    assert (run.state, run.step, Candidate.objects.count()) == (WorkState.CANCELLED, ImportStep.RUN, 0)
    with pytest.raises(ValidationError, match="ended already"):
        cancel_import(run, by=member)
    run.refresh_from_db()
    bring_in(run, by=member)
    work(run)
    assert (run.step, Candidate.objects.count()) == (ImportStep.OVER, 3)


def test_run_cannot_be_started_twice_or_before_its_trial(upload, member):
    run = upload()
    with pytest.raises(ValidationError, match="not ready"):
        bring_in(run, by=member)
    try_out(run)
    bring_in(run, by=member)
    stale = ImportRun.objects.get(pk=run.pk)
    stale.step, stale.state = ImportStep.READY, WorkState.DONE
    with pytest.raises(ValidationError, match="not ready"):
        bring_in(stale, by=member)


def test_upload_in_an_unknown_encoding_asks_for_it(upload):
    run = upload(CSV.decode().replace("’", "'").encode("cp1252"))
    assert (run.step, run.options.get("headings")) == (ImportStep.ENCODING, None)
    choose_encoding(run, "cp1252")
    try_out(run)
    assert (4, "new", "", "Jürgen Groß") in lines(run)
    with pytest.raises(ValidationError, match="Choose one"):
        choose_encoding(run, "rot13")


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (["name"], "The file has other columns than these."),
        (["name", "email", "employer", "aura"], "A column can’t become that."),
        (
            ["custom", "", "employer", "title"],
            "Choose at least one column that holds names, e-mail addresses, phones or links.",
        ),
    ],
)
def test_columns_that_make_no_sense_are_refused(upload, columns, sentence):
    with pytest.raises(ValidationError) as caught:
        choose_columns(upload(), columns)
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"Name,E-mail\n", "a.csv", "There is a heading in this file, but no rows below it."),
        (b"PK\x03\x04broken", "a.zip", "The zip file is damaged or incomplete and can’t be opened."),
        (files.zip_file({}), "a.zip", "There are no files in this zip."),
        (
            files.zip_file({"a.txt": b"0" * 50_000_000}),
            "a.zip",
            "The zip file is packed more than 100 times, as files that want to do harm are. It was not opened.",
        ),
        (
            files.protected_xlsx(),
            "a.xlsx",
            "The spreadsheet is protected by a password. Save a copy without one.",
        ),
        (files.protected_zip(), "a.zip", "The zip file is protected by a password. Pack it again without one."),
    ],
)
def test_upload_that_cannot_be_taken_is_refused_and_not_kept(upload, content, name, sentence):
    with pytest.raises(ValidationError) as caught:
        upload(content, name)
    assert caught.value.messages == [sentence]


@override_settings(IMPORT_MAX_CSV_BYTES=100)
def test_upload_that_is_too_large_is_refused(upload):
    with pytest.raises(ValidationError) as caught:
        upload()
    assert caught.value.messages == [
        "The file has 235 bytes; an import may have 100 bytes. Split it and bring in the parts one after the other."
    ]


@override_settings(IMPORT_MAX_ROWS=3)
def test_trial_of_too_many_rows_fails_with_a_sentence(upload):
    run = try_out(upload())
    assert (run.state, run.error) == (
        WorkState.FAILED,
        "The file has more than 3 rows, which is the most an import may have. "
        "Split it and bring in the parts one after the other.",
    )


def test_resumes_in_a_zip_become_people_with_their_files(upload, member):
    content = files.zip_file(
        {
            "cvs/siobhan.pdf": files.pdf(),
            "cvs/again.docx": files.docx_file(),
            "cvs/scan.pdf": files.pdf_of_pictures(),
            "cvs/locked.pdf": files.protected_pdf(),
            "__MACOSX/cvs/._siobhan.pdf": b"junk",
            "../../etc/ada.json": json.dumps({"basics": {"name": "Ada", "email": "ada@example.org"}}),
            "inner.zip": files.zip_file({"a.txt": "x"}),
        }
    )
    run = work(upload(content, "cvs.zip"))
    assert (run.kind, run.step) == ("resumes", ImportStep.READY)
    assert lines(run) == [
        (1, "new", "", "Siobhán O’Connor"),
        (2, "duplicate", "The same person as row 1", "Siobhán O’Connor"),
        (3, "invalid", "The file holds only pictures, no text. Ask for the original document.", "scan.pdf"),
        (4, "invalid", "The file is protected by a password. Ask for a copy without one.", "locked.pdf"),
        (5, "new", "", "Ada"),
        (6, "invalid", "A zip file inside a zip file is not opened.", "inner.zip"),
    ]
    assert File.objects.count() == 1
    bring_in(run, by=member)
    work(run)
    assert run.counts == {"new": 2, "duplicate": 1, "invalid": 3}
    siobhan = Candidate.objects.get(name="Siobhán O’Connor")
    theirs = File.objects.filter(candidate=siobhan).order_by("name")
    assert [(file.name, file.media_type.split(".")[-1]) for file in theirs] == [
        ("again.docx", "document"),
        ("siobhan.pdf", "application/pdf"),
    ]
    assert "Halcyon Foods" in theirs[1].text
    assert bytes(FileContent.objects.get(file=theirs[1]).content).startswith(b"%PDF-")


def test_resumes_again_keep_no_second_copy(upload, member):
    content = files.zip_file({"siobhan.txt": files.txt()})
    for _ in range(2):
        run = work(upload(content, "cvs.zip"))
        bring_in(run, by=member)
        work(run)
    assert run.counts == {"unchanged": 1}
    assert File.objects.filter(candidate__isnull=False).count() == 1
    assert File.objects.count() == 3  # the résumé, and the two uploads


@override_settings(IMPORT_MAX_PAGES=2)
def test_resume_of_too_many_pages_is_kept_out(upload):
    run = work(upload(files.pdf_of_pages(3), "life.pdf"))
    assert lines(run) == [(1, "invalid", "It has more than 2 pages.", "life.pdf")]


def test_list_of_json_resumes_becomes_people(upload, member):
    people = [{"basics": {"name": f"Person {n}", "email": f"p{n}@example.org"}} for n in range(3)]
    run = work(upload(json.dumps(people).encode(), "people.json"))
    bring_in(run, by=member)
    work(run)
    assert run.counts == {"new": 3}
    assert Candidate.objects.count() == 3


def test_import_of_one_organisation_is_no_other_ones(upload, other_tenant):
    upload()
    with tenant_scope(other_tenant.pk):
        assert (ImportRun.objects.count(), ImportRow.objects.count()) == (0, 0)
