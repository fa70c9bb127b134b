import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import Role
from talentpool.actions.import_work import work_on_import
from talentpool.models import Basis, Candidate, Consent, ImportRun, ImportStep, Source
from tests.conftest import make_member, signed_in

CSV = b"Name,E-mail,Firma\nAda Lovelace,ada@example.org,Engines\nFemi Adebayo,femi@@example.org,=1+1\nBo,bo@example.org,\n"


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Spring job fair", kind="event")


def upload(client, source, content=CSV, name="fair.csv", posted=None):
    file = SimpleUploadedFile(name, content)
    return client.post("/o/acme/imports/", {"file": file, "source": source.pk, "basis": ""} | (posted or {}))


def uploaded(client, source, *args, **options):
    response = upload(client, source, *args, **options)
    assert response.status_code == 302, response.content.decode()[:3000]
    run = ImportRun.objects.latest("pk")
    assert response["Location"] == f"/o/acme/imports/{run.pk}/"
    return run


def work(run):
    work_on_import(run.pk, worker="test")
    run.refresh_from_db()


def text_of(response):
    assert response.status_code in (200, 422), response.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def columns(client, run, *chosen):
    posted = {f"column_{number}": each for number, each in enumerate(chosen)}
    return client.post(f"/o/acme/imports/{run.pk}/columns/", posted)


def test_import_goes_from_upload_to_report(client, source):
    run = uploaded(client, source, posted={"basis": "consent", "basis_text": "Ticked at the fair"})
    page = client.get(f"/o/acme/imports/{run.pk}/")
    assert "Ada Lovelace" in text_of(page)
    assert page.content.decode().count("selected") == 3

    assert columns(client, run, "name", "email", "employer").status_code == 302
    assert "Trying it out" in text_of(client.get(f"/o/acme/imports/{run.pk}/"))
    work(run)
    page = text_of(client.get(f"/o/acme/imports/{run.pk}/"))
    assert "This is what would happen" in page
    assert "Bring in 2 people" in page
    assert "Not an e-mail address kept out" in page
    assert Candidate.objects.count() == 0

    client.post(f"/o/acme/imports/{run.pk}/start/")
    assert "Bringing in" in text_of(client.get(f"/o/acme/imports/{run.pk}/"))
    work(run)
    page = text_of(client.get(f"/o/acme/imports/{run.pk}/?outcome=new"))
    assert "Brought in" in page
    assert "New: Ada Lovelace" in page
    assert run.step == ImportStep.OVER
    assert list(Consent.objects.values_list("basis", "text")) == [(Basis.CONSENT, "Ticked at the fair")] * 2
    rejected = client.get(f"/o/acme/imports/{run.pk}/rejected/")
    assert b"".join(rejected.streaming_content).decode() == (
        "\ufeffRow,Reason,Name,E-mail,Firma\r\n3,Not an e-mail address,Femi Adebayo,femi@@example.org,'=1+1\r\n"
    )
    assert "Done" in text_of(client.get("/o/acme/imports/"))


def test_import_into_a_new_source_makes_it(client, tenant):
    file = SimpleUploadedFile("fair.csv", CSV)
    fields = {"file": file, "source": "", "new_source": "Night of jobs", "new_source_kind": "event", "basis": ""}
    assert client.post("/o/acme/imports/", fields).status_code == 302
    assert list(Source.objects.values_list("name", "kind")) == [("Night of jobs", "event")]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"posted": {"source": ""}}, "Choose a source, or give the new one a name."),
        ({"posted": {"basis": "consent"}}, "Say how they agreed, so that it can be shown when somebody asks."),
        ({"content": b""}, "The file is empty."),
        ({"content": b"MZ\x00\x01" * 50, "name": "a.exe"}, "This is none of the files that can be read"),
        ({"content": b"%PDF-1.4 broken", "name": "nothing.zip"}, None),
    ],
)
def test_upload_that_lacks_something_says_what(client, source, options, sentence):
    response = upload(client, source, **options)
    if sentence is None:
        assert response.status_code == 302
    else:
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert ImportRun.objects.count() == 0


def test_import_in_unknown_letters_asks_with_a_preview(client, source):
    run = uploaded(client, source, "Name,E-mail\nJürgen Groß,j@example.org\nZoë,z@example.org\n".encode("cp1252"))
    page = text_of(client.get(f"/o/acme/imports/{run.pk}/"))
    assert "Jürgen Groß" in page
    assert "Where do these lines look right?" in page
    assert client.post(f"/o/acme/imports/{run.pk}/encoding/", {"encoding": "klingon"}).status_code == 422
    client.post(f"/o/acme/imports/{run.pk}/encoding/", {"encoding": "cp1252"})
    assert "Becomes" in text_of(client.get(f"/o/acme/imports/{run.pk}/"))


def test_columns_that_tell_nobody_are_refused(client, source):
    run = uploaded(client, source)
    response = columns(client, run, "custom", "", "employer")
    assert response.status_code == 422
    assert "Choose at least one column" in text_of(response)
    response = columns(client, run, "name", "aura", "employer")
    assert response.status_code == 422


def test_columns_can_be_changed_after_the_trial(client, source):
    run = uploaded(client, source)
    columns(client, run, "name", "email", "employer")
    work(run)
    client.post(f"/o/acme/imports/{run.pk}/columns/", {"change": "1"})
    assert "Becomes" in text_of(client.get(f"/o/acme/imports/{run.pk}/"))
    columns(client, run, "name", "custom", "employer")
    work(run)
    assert run.counts == {"new": 3}


def test_import_that_runs_polls_and_stops_by_itself(client, source):
    run = uploaded(client, source)
    columns(client, run, "name", "email", "employer")
    header = {"HX-Request": "true", "HX-Target": "import"}
    page = client.get(f"/o/acme/imports/{run.pk}/", headers=header).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "<html" not in page
    work(run)
    assert "every 1s" not in client.get(f"/o/acme/imports/{run.pk}/", headers=header).content.decode()


def test_import_can_be_stopped_and_started_again(client, source):
    run = uploaded(client, source)
    columns(client, run, "name", "email", "employer")
    work(run)
    client.post(f"/o/acme/imports/{run.pk}/start/")
    client.post(f"/o/acme/imports/{run.pk}/cancel/")
    work(run)
    assert "It was stopped" in text_of(client.get(f"/o/acme/imports/{run.pk}/"))
    client.post(f"/o/acme/imports/{run.pk}/start/")
    work(run)
    assert run.counts == {"new": 2, "invalid": 1}


def test_second_upload_of_a_file_is_said(client, source):
    run = uploaded(client, source)
    columns(client, run, "name", "email", "employer")
    work(run)
    client.post(f"/o/acme/imports/{run.pk}/start/")
    work(run)
    again = uploaded(client, source)
    assert "This very file came in before" in text_of(client.get(f"/o/acme/imports/{again.pk}/"))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EMPLOYEE, Role.HIRING_MANAGER, Role.MARKETER])
def test_import_is_for_those_who_may_bring_people_in(tenant, source, role):
    browser = signed_in(make_member(tenant, role))
    assert browser.get("/o/acme/imports/").status_code == 403
    assert upload(browser, source).status_code == 403


def test_rows_of_an_import_come_in_pages(client, source):
    lines = "".join(f"Person {n},not an address {n}\n" for n in range(120))
    run = uploaded(client, source, b"Name,E-mail\n" + lines.encode())
    columns(client, run, "name", "email")
    work(run)
    page = client.get(f"/o/acme/imports/{run.pk}/?outcome=invalid").content.decode()
    assert page.count("kept out</td>") + page.count("kept out\n") >= 50
    assert "?outcome=invalid&amp;after=51" in page
    last = client.get(f"/o/acme/imports/{run.pk}/?outcome=invalid&after=101").content.decode()
    assert "Person 119" in last
    assert 'rel="next"' not in last
    for nonsense in ("?outcome=x", "?after=-1", "?after=9999999999999", "?outcome[]=1"):
        assert client.get(f"/o/acme/imports/{run.pk}/{nonsense}").status_code == 200


NAUGHTY = [
    "<script>alert(1)</script>",
    "'; DROP TABLE talentpool_candidate; --",
    "{{ 7*7 }}{% debug %}",
    "\u202eright to left\u202c",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "👩‍👩‍👧‍👦 𝓐𝓭𝓪",
    "null\x00byte",
    '=HYPERLINK("http://evil.example")',
    "../../../../etc/passwd%00",
    "‎test‎",
]


def test_naughty_strings_come_in_as_names_and_headings_and_go_out_escaped(client, source, member):
    header = "Name," + ",".join('"' + text.replace('"', '""') + '"' for text in NAUGHTY)
    rows = "\n".join(f'"{text.replace(chr(34), chr(34) * 2)}",x' for text in NAUGHTY)
    run = uploaded(client, source, f"{header}\n{rows}\n".encode(), NAUGHTY[0] + ".csv")
    page = client.get(f"/o/acme/imports/{run.pk}/").content.decode()
    assert "<script>alert" not in page
    columns(client, run, "name", *["custom"] * len(NAUGHTY))
    work(run)
    client.post(f"/o/acme/imports/{run.pk}/start/")
    work(run)
    assert (run.step, run.counts.get("new")) == (ImportStep.OVER, len(NAUGHTY))
    page = client.get(f"/o/acme/imports/{run.pk}/?outcome=new").content.decode()
    assert "<script>alert" not in page
    for field in ("new_source", "basis_text", "basis", "source", "new_source_kind"):
        for text in NAUGHTY:
            assert upload(client, source, posted={field: text}).status_code in (302, 422)
