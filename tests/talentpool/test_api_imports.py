import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.actions.import_work import work_on_import
from talentpool.models import Candidate, ImportRun, Source
from tests.api_client import program_of

TABLE = "Name,E-mail,Title\nAda Okafor,ada@example.org,ICU Nurse\nBen Reyes,not an address,Driver\n,,\n"


@pytest.fixture
def program(member):
    return program_of(member, Scope.IMPORTS)


def table(content=TABLE, name="people.csv"):
    return {"file": SimpleUploadedFile(name, content.encode(), "text/csv")}


def uploaded(program, **fields):
    response = program.upload("/imports", table(), source="Spring job fair", **fields)
    assert response.status_code == 201, response.content
    return response.json()


def test_an_upload_waits_for_its_columns_and_writes_nobody(program):
    run = uploaded(program)
    assert {name: run[name] for name in ("file", "source", "kind", "step", "headings", "columns")} == {
        "file": "people.csv",
        "source": "Spring job fair",
        "kind": "csv",
        "step": "columns",
        "headings": ["Name", "E-mail", "Title"],
        "columns": ["name", "email", "title"],
    }
    assert Candidate.objects.count() == 0


def test_an_import_goes_from_upload_to_report(program):
    run = uploaded(program, basis="consent", basis_text="They ticked the box.")
    tried = program.post(f"/imports/{run['id']}/columns", {"columns": run["columns"]}).json()
    assert tried["step"] == "check"
    work_on_import(run["id"], worker="test")
    ready = program.get(f"/imports/{run['id']}").json()
    assert (ready["step"], ready["state"]) == ("ready", "done")
    program.post(f"/imports/{run['id']}/bring-in", {})
    work_on_import(run["id"], worker="test")
    over = program.get(f"/imports/{run['id']}").json()
    assert (over["step"], over["state"], over["counts"]["new"]) == ("over", "done", over["counts"]["new"])
    names = [row["name"] for row in program.get(f"/imports/{run['id']}/rows", outcome="new").json()["items"]]
    assert "Ada Okafor" in names
    assert Candidate.objects.filter(name="Ada Okafor").with_contact_state().get().contact_state == "may_write"


def test_bringing_in_too_early_is_refused(program):
    response = program.post(f"/imports/{uploaded(program)['id']}/bring-in", {})
    assert (response.status_code, response.json()["detail"]) == (422, "This import is not ready to be brought in.")


def test_an_import_can_be_stopped(program):
    run = uploaded(program)
    program.post(f"/imports/{run['id']}/columns", {"columns": run["columns"]})
    assert program.post(f"/imports/{run['id']}/cancel", {}).json()["state"] == "cancelled"


def test_wrong_columns_are_told(program):
    response = program.post(f"/imports/{uploaded(program)['id']}/columns", {"columns": ["name"]})
    assert (response.status_code, response.json()["detail"]) == (422, "The file has other columns than these.")


@pytest.mark.parametrize(("name", "content"), [("people.csv", ""), ("people.csv", "Name,E-mail\n")])
def test_files_that_cannot_be_taken_are_refused_with_a_sentence(program, name, content):
    response = program.upload("/imports", table(content, name), source="Fair")
    assert response.status_code == 422
    assert response.json()["detail"].endswith(".")
    assert ImportRun.objects.count() == 0


def test_an_upload_without_a_file_or_source_names_what_is_missing(program):
    response = program.upload("/imports", {})
    assert response.status_code == 422
    assert {each["field"] for each in response.json()["errors"]} == {"file", "source"}


def test_an_upload_sent_twice_with_its_key_is_one_import(program):
    answers = [program.upload("/imports", table(), key="one", source="Fair") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert ImportRun.objects.count() == 1
    other = program.upload("/imports", table(TABLE + "Eve,eve@example.org,\n"), key="one", source="Fair")
    assert other.status_code == 409


def test_imports_of_another_organisation_are_not_found(program, other_member):
    theirs = uploaded(program_of(other_member))
    asked = [program.get(f"/imports/{theirs['id']}"), program.get(f"/imports/{theirs['id']}/rows")]
    asked += [program.post(f"/imports/{theirs['id']}/{act}", {}) for act in ("bring-in", "cancel")]
    asked += [program.post(f"/imports/{theirs['id']}/columns", {"columns": []})]
    assert [answer.status_code for answer in asked] == [404] * 5
    assert program.get("/imports").json()["items"] == []
    with tenant_scope(other_member.tenant_id):
        assert ImportRun.objects.get().step == "columns"


def test_imports_need_their_scope(member):
    program = program_of(member, Scope.READ_CANDIDATES, Scope.WRITE_CANDIDATES)
    assert program.get("/imports").status_code == 403
    assert program.upload("/imports", table(), source="Fair").status_code == 403
    assert Source.objects.count() == 0
