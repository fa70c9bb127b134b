import io
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from talentpool.intake.columns import recognised
from talentpool.intake.encodings import MIXED, certain_encoding, decode, likely_encodings
from talentpool.intake.kinds import import_kind
from talentpool.intake.people import RowProblem, person_of
from talentpool.intake.rejected import csv_lines
from talentpool.intake.tables import read_csv, read_sheet, sheet_names
from talentpool.person import Education, PersonFields, Position
from tests.talentpool.resumes import files


def xlsx(fill):
    book = openpyxl.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def table(text, **options):
    found = read_csv([text.encode("utf-8")], **options)
    return found.headings, [(row.number, row.cells) for row in found.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_table_finds_its_delimiter(delimiter):
    text = "\n".join(
        delimiter.join(row) for row in [["Name", "City"], ["Ada", '"London, UK; or | so"'], ["Bo", "Oslo"]]
    )
    assert table(text) == (["Name", "City"], [(2, ["Ada", "London, UK; or | so"]), (3, ["Bo", "Oslo"])])


def test_table_keeps_the_numbers_of_its_file():
    text = 'sep=;\nName;Note\n\nAda;"two\nlines"\n\nBo;x\n'
    assert table(text) == (["Name", "Note"], [(4, ["Ada", "two\nlines"]), (6, ["Bo", "x"])])


def test_table_without_heading_names_its_columns():
    assert table("Ada,ada@example.org\nBo,bo@example.org") == (
        ["Column 1", "Column 2"],
        [(1, ["Ada", "ada@example.org"]), (2, ["Bo", "bo@example.org"])],
    )


def test_table_finds_the_heading_below_a_title():
    assert table("People of the fair,,\n,,\nName,E-mail,City\nAda,ada@example.org,London")[0] == [
        "Name",
        "E-mail",
        "City",
    ]


@pytest.mark.parametrize("rest", ["never closed\nCy,fine\n", "x" * (51 * 1024 * 1024)])
def test_table_with_an_open_quotation_mark_says_where(rest):
    with pytest.raises(ValidationError, match="In line 3 a quotation mark is opened and never closed"):
        table('Name,Note\nAda,ok\nBo,"' + rest)


def test_spreadsheet_gives_values_dates_numbers_and_merged_cells():
    def fill(book):
        sheet = book.active
        sheet.title = "People"
        sheet.append(["Spring fair"])
        sheet.merge_cells("A1:E1")
        sheet.append(["Name", "Phone", "Born", "Employer", "Sum"])
        sheet.append(["Ada", 15595550142, date(1990, 5, 1), "Engines", "=1+1"])
        sheet.append(["Bo", 2.5, None, None, None])
        sheet.merge_cells("D3:D4")
        book.create_sheet("Empty")
        other = book.create_sheet("Others")
        other.append(["Name"])
        other.append(["Cy"])

    data = xlsx(fill)
    assert sheet_names(data) == ["People", "Others"]
    found = read_sheet(data)
    assert found.headings == ["Name", "Phone", "Born", "Employer", "Sum"]
    assert [(row.number, row.cells) for row in found.rows] == [
        (3, ["Ada", "15595550142", "1990-05-01", "Engines", ""]),
        (4, ["Bo", "2.5", "", "Engines", ""]),
    ]
    assert [row.cells for row in read_sheet(data, "Others").rows] == [["Cy"]]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Name,City\nJürgen Groß,Köln\nZoë Müller,Genève\nFrançois Lefèvre,Besançon\n"),
        ("cp1250", "Name,City\nŁukasz Wójcik,Łódź\nZdeněk Dvořák,Plzeň\nŠárka Říhová,Brno\n"),
        ("cp1251", "Имя,Город\nИван Петров,Москва\nОльга Сидорова,Тверь\n"),
        ("shift_jis", "名前,市\n田中ひろし,おおさか\nさとうゆき,とうきょう\n"),
        ("gb18030", "姓名,城市\n李小龙,北京市朝阳区\n王芳,上海市\n张伟,广州市\n"),
    ],
)
def test_encoding_that_bytes_do_not_tell_is_among_three_guesses(encoding, text):
    data = text.encode(encoding)
    assert certain_encoding([data]) is None
    guesses = likely_encodings(data)
    assert len(guesses) <= 3
    right = {guess.encoding: guess for guess in guesses}[encoding]
    lines = [line for line in text.splitlines() if not line.isascii()]
    assert right.preview == tuple(lines[:3])


def test_encoding_with_a_mark_or_utf8_is_certain():
    text = "Name\nJürgen"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        data = text.encode(encoding)
        assert decode(data, certain_encoding([data])).removeprefix("\ufeff") == text


def test_encoding_of_mixed_lines_reads_each_line_as_it_is():
    data = "Name\nJürgen Groß\n".encode() + "Zoë Müller\n".encode("cp1252")
    guess = likely_encodings(data)[0]
    assert (guess.encoding, guess.preview) == (MIXED, ("Jürgen Groß", "Zoë Müller"))
    assert decode(data, MIXED) == "Name\nJürgen Groß\nZoë Müller\n"


@pytest.mark.parametrize(
    ("headings", "meant"),
    [
        (
            "First Name|Last Name|E-mail Address|Mobile|Company|Job Title",
            "given_name family_name email phone employer title",
        ),
        (
            "Vorname|Name|E-Mail|Telefon (mobil)|Firma|Position|Ort",
            "given_name family_name email phone employer title location",
        ),
        (
            "Nom|Prénom|Courriel|Téléphone|Société|Poste|Ville|Pays",
            "family_name given_name email phone employer title location country",
        ),
        (
            "Nombre|Apellidos|Correo electrónico|Teléfono|Empresa|Puesto",
            "given_name family_name email phone employer title",
        ),
        ("Full name|Email 1|Email 2|Skills|Favourite colour", "name email email skills custom"),
        ("姓名|邮箱|手机|公司|职位", "name email phone employer title"),
        ("ФИО|Почта|Телефон|Город", "name email phone location"),
        ("Candidate ID|candidate_email|LinkedIn URL|Name|Name", "external_id email link name custom"),
    ],
)
def test_columns_are_recognised_by_their_headings(headings, meant):
    assert recognised(headings.split("|"), []) == meant.split()


def test_columns_without_telling_headings_are_recognised_by_what_stands_in_them():
    sample = [
        ["x", "ada@example.org", "+44 20 7946 0000", "https://a.example"],
        ["y", "bo@example.org", "(559) 555-0142", "www.b.example"],
    ]
    assert recognised(["A", "B", "C", "D"], sample) == ["custom", "email", "phone", "link"]


def test_row_becomes_a_person():
    headings = [
        "Name",
        "Mail",
        "Tel",
        "Where",
        "Land",
        "Job",
        "At",
        "Skills",
        "School",
        "Degree",
        "Born",
        "Shoes",
        "Secret",
    ]
    columns = [
        "name",
        "email",
        "phone",
        "location",
        "country",
        "title",
        "employer",
        "skills",
        "school",
        "degree",
        "birth_date",
        "custom",
    ]
    cells = ["O’Connell, Ruth", "RUTH@Example.org; ruth@work.example", "+353 86 123 4567", "Cork", "Irland", "Nurse"]
    cells += ["Mercy", "Triage; Ultrasound", "UCC", "BSc", "24.12.1990", "38", "hidden"]
    person = person_of(cells, headings, [*columns, ""])
    assert person.fields == PersonFields(
        name="Ruth O’Connell",
        given_name="Ruth",
        family_name="O’Connell",
        emails=("ruth@example.org", "ruth@work.example"),
        phones=("+353 86 123 4567",),
        location="Cork",
        country="IE",
        birth_date="1990-12-24",
        positions=(Position("Mercy", "Nurse", current=True),),
        education=(Education("UCC", "BSc"),),
        skills=("Triage", "Ultrasound"),
        custom={"Shoes": "38"},
    )
    assert person.raw["Secret"] == "hidden"


@pytest.mark.parametrize(
    "name",
    [
        "李小龍",
        "Нина Петрова",
        "محمد العربي",
        "Nguyễn Thị Minh Anh",
        "X Æ A-12",
        "ไพลิน",
        "𝕬𝖉𝖆",
        "=cmd|' /C calc'!A0",
        "Null",
        "O'; DROP TABLE--",
    ],
)
def test_row_keeps_any_name(name):
    assert person_of([name], ["Name"], ["name"]).fields.name == name


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["Femi", "femi@@example.org"], "Not an e-mail address"),
        (["", ""], "No name, e-mail, phone or link"),
        (["Ada", "a@example.org", "extra"], "3 cells, but the heading has 2"),
        (["A" * 301, ""], "The name is longer than 300 letters"),
        (["Ada " + "x" * 100_001, ""], "A cell holds more than 100,000 letters"),
    ],
)
def test_row_that_is_no_person_says_why(cells, reason):
    with pytest.raises(RowProblem) as caught:
        person_of(cells, ["Name", "E-mail"], ["name", "email"])
    assert str(caught.value) == reason


def test_row_with_a_cell_of_ten_thousand_letters_is_taken_whole():
    person = person_of(["Ada", "x" * 10_000], ["Name", "About"], ["name", "summary"])
    assert len(person.fields.summary) == 10_000


def test_rejected_rows_hold_no_formulas():
    assert "".join(csv_lines([["=1+1", "@SUM(A1)", "-2+3 cmd|'x", "+49 171 234", "-5", "plain", "\tx"]])) == (
        "\ufeff'=1+1,'@SUM(A1),'-2+3 cmd|'x,+49 171 234,-5,plain,'\tx\r\n"
    )


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("people.csv", b"Name\nAda\n", "csv"),
        ("people.txt", b"Name,E-mail\nAda,ada@example.org\n", "csv"),
        ("people", xlsx(lambda book: book.active.append(["Name"])), "xlsx"),
        ("cv.txt", files.txt(), "resumes"),
        ("cv.pdf", files.pdf(), "resumes"),
        ("all.zip", files.zip_file({"cv.pdf": files.pdf()}), "resumes"),
        ("ada.json", b'{"basics": {"name": "Ada"}}', "resumes"),
        ("list.json", b'[{"basics": {"name": "Ada"}}]', "resumes"),
    ],
)
def test_upload_is_known_by_its_content(name, data, kind):
    assert import_kind(data, name) == kind


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.exe", b"MZ\x00\x01" * 100), ("x.json", b'{"a": 1}'), ("y.json", b'{"a": '), ("z.json", b"[]")],
)
def test_upload_of_anything_else_is_refused_with_a_sentence(name, data):
    with pytest.raises(ValidationError) as caught:
        import_kind(data, name)
    assert caught.value.messages[0].endswith((".", "format."))
