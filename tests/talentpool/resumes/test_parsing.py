import json
import re

import pytest

from talentpool.person import Education, PersonFields, Position
from talentpool.resumes.outcome import ParsedResume, ResumeError, Suggestion, Unreadable
from talentpool.resumes.parsing import parse_here
from talentpool.resumes.readers import scans
from tests.talentpool.resumes import files

MAKERS = {
    "cv.pdf": files.pdf,
    "cv.docx": files.docx_file,
    "cv.doc": files.doc,
    "turned.pdf": files.rotated_pdf,
    "cv.odt": files.odt,
    "cv.rtf": files.rtf,
    "cv.html": files.html,
    "cv.txt": files.txt,
}


@pytest.mark.parametrize("filename", MAKERS)
def test_resume_of_each_kind_gives_the_same_person(filename):
    parsed = parse_here(MAKERS[filename](), filename)
    fields = parsed.fields
    assert (fields.name, fields.emails, fields.phones) == (
        "Siobhán O’Connor",
        ("siobhan.oconnor@example.org",),
        ("+353861234567",),
    )
    assert (fields.location, fields.country) == ("Cork, Ireland", "IE")
    assert fields.links == ("https://www.linkedin.com/in/siobhanoconnor",)
    assert fields.skills == ("Recruitment", "Onboarding", "Employment Law")
    assert fields.positions == (
        Position(
            "Halcyon Foods Ltd",
            "HR Business Partner",
            "2019-03",
            "",
            True,
            "",
            fields.positions[0].text,
        ),
        Position("Cork City Council", "Recruiter", "2015-06", "2019-02", False, "", fields.positions[1].text),
    )
    assert "Led a team of nine people" in fields.positions[0].text
    assert "Hired 120 nurses" in fields.positions[1].text
    assert fields.education == (Education("University College Cork", "Bachelor", "Commerce", "2011", "2015"),)
    assert "Employment Law" in parsed.text


def test_resume_takes_no_address_from_referees_or_scripts():
    for filename, make in MAKERS.items():
        parsed = parse_here(make(), filename)
        offered = [suggestion.value for suggestion in parsed.suggestions if suggestion.field == "emails"]
        assert (parsed.fields.emails, offered) == (("siobhan.oconnor@example.org",), []), filename


def test_resume_with_one_undecided_job_only_suggests_it():
    lines = [("Title", "Ada Lovelace"), ("", "ada@example.org"), ("Heading", "Experience")]
    lines += [("", "Zorblax, 2019 – 2021"), ("Heading", "Skills"), ("", "Sums")]
    parsed = parse_here(files.pdf(lines), "cv.pdf")
    assert parsed.fields.positions == ()
    assert [s for s in parsed.suggestions if s.field == "positions"] == [
        Suggestion("positions", {"employer": "Zorblax", "start": "2019", "end": "2021"}, 0.6, "Zorblax, 2019 – 2021")
    ]


def test_resume_without_skills_section_suggests_widely_known_ones():
    lines = [("Title", "Ada Lovelace"), ("", "ada@example.org"), ("Heading", "Profile")]
    lines += [("", "I write Python and go to work with PostgreSQL every single day.")]
    parsed = parse_here(files.docx_file(lines), "cv.docx")
    assert parsed.fields.skills == ()
    assert [s.value for s in parsed.suggestions if s.field == "skills"] == ["Python", "PostgreSQL"]


@pytest.mark.parametrize(
    "name",
    [
        "李小龍",
        "Нина Петрова",
        "محمد العربي",
        "Nguyễn Thị Minh Anh",
        "Björk Guðmundsdóttir",
        "Ludovic de la Fontaine",
        "ไพลิน สุขใจ",
    ],
)
def test_resume_keeps_names_of_every_script(name):
    lines = [("Title", name), ("", "person@example.org"), ("Heading", "Skills"), ("", "Singing, Dancing")]
    for filename, make in [("cv.docx", files.docx_file), ("cv.html", files.html), ("cv.odt", files.odt)]:
        assert parse_here(make(lines), filename).fields.name == name, filename


@pytest.mark.parametrize("document", [files.EUROPASS, files.EUROPASS_2020])
def test_europass_of_both_kinds_is_read(document):
    parsed = parse_here(document.encode(), "cv.xml")
    fields = parsed.fields
    assert (fields.name, fields.emails, fields.location, fields.country) == (
        "Siobhán O’Connor",
        ("siobhan.oconnor@example.org",),
        "Cork",
        "IE",
    )
    assert [re.sub(r"\D", "", phone) for phone in fields.phones] == ["353861234567"]
    assert [(each.employer, each.title, each.start[:7], each.current, each.text) for each in fields.positions] == [
        ("Halcyon Foods Ltd", "HR Business Partner", "2019-03", True, "Led a team of nine.")
    ]
    assert set(parsed.confidence.values()) == {1.0}


def test_europass_that_declares_entities_is_refused():
    bomb = files.EUROPASS.replace("<SkillsPassport", '<!DOCTYPE x [<!ENTITY a "aaaa">]><SkillsPassport', 1)
    with pytest.raises(ResumeError) as caught:
        parse_here(bomb.encode(), "cv.xml")
    assert caught.value.reason is Unreadable.DAMAGED


def test_old_word_file_with_a_password_says_so():
    with pytest.raises(ResumeError) as caught:
        parse_here(files.doc(flags=0x0300), "cv.doc")
    assert caught.value.reason is Unreadable.PROTECTED


def test_word_table_of_two_columns_is_read_column_by_column():
    side = ["Skills", "Python", "PostgreSQL", "Languages", "English (Native)", "French (B2)"]
    main = ["Ada Lovelace", "ada@example.org", "Experience", "Programmer at Engines Ltd", "2019 – today", "Education"]
    fields = parse_here(
        files.docx_of_cells([[side, [*main, "BSc Mathematics, University of London, 2018"]]]), "a.docx"
    ).fields
    assert (fields.name, fields.skills, fields.languages) == (
        "Ada Lovelace",
        ("Python", "PostgreSQL"),
        ("English (Native)", "French (B2)"),
    )
    assert [(each.employer, each.title, each.current) for each in fields.positions] == [
        ("Engines Ltd", "Programmer", True)
    ]
    assert fields.education == (Education("University of London", "BSc", "Mathematics", "", "2018"),)


def test_scan_is_read_through_tesseract_where_it_is_and_then_nothing_but_the_name_is_certain(tmp_path, monkeypatch):
    program = tmp_path / "tesseract"
    said = "Ada Lovelace\\nada@example.org\\n\\nSkills\\nPython, Mathematics\\n"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --list-langs ] && echo eng && exit\nhead -c 2 | grep -q P5 && printf "{said}"\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(scans, "_PATH", f"{tmp_path}")
    parsed = parse_here(files.pdf_of_pictures(), "scan.pdf")
    assert (parsed.fields.to_json(), parsed.warnings) == ({"name": "Ada Lovelace"}, (scans.WARNING,))
    assert [(each.field, each.value) for each in parsed.suggestions] == [
        ("emails", "ada@example.org"),
        ("skills", "Python"),
        ("skills", "Mathematics"),
    ]


def test_heads_and_page_numbers_of_further_pages_are_left_out():
    head = [("", "Ada Lovelace · Programmer")]
    parsed = parse_here(files.pdf_with_heads(head, [files.LINES[:7], files.LINES[7:]]), "cv.pdf")
    assert parsed.text.count("Ada Lovelace · Programmer") == 1
    assert "Page 2 of 2" not in parsed.text
    assert [each.employer for each in parsed.fields.positions] == ["Halcyon Foods Ltd", "Cork City Council"]


def test_lines_that_a_page_broke_are_whole_in_the_text_of_a_job():
    lines = [("Title", "Ada Lovelace"), ("Heading", "Experience"), ("Bold", "Engineer"), ("", "Acme Ltd, 2010 – 2013")]
    lines += [
        ("List", "Wrote the longest of all the programs that anybody ever wrote"),
        ("", "before there was a machine."),
    ]
    lines += [("List", "Taught."), ("Heading", "Certificates"), ("", "First Aid"), ("", "Issued on: May 2019")]
    fields = parse_here(files.pdf(lines), "cv.pdf").fields
    assert [each.text for each in fields.positions] == [
        "• Wrote the longest of all the programs that anybody ever wrote before there was a machine.\n• Taught."
    ]
    assert fields.certificates == ("First Aid",)


def test_each_value_knows_where_it_stands():
    parsed = parse_here(files.pdf(), "cv.pdf")
    said = {name: [parsed.text[p.begin : p.finish] for p in places] for name, places in parsed.places.items()}
    assert said["name"] == ["Siobhán O’Connor"]
    assert said["positions"][1] == "Recruiter\nCork City Council, June 2015 – February 2019"
    assert {place.page for places in parsed.places.values() for place in places} == {1}
    assert all(len(place.box) == 4 for places in parsed.places.values() for place in places)


def test_years_of_a_skill_are_those_of_the_jobs_that_name_it():
    lines = [
        ("Title", "Ada Lovelace"),
        ("Heading", "Experience"),
        ("Bold", "Engineer"),
        ("", "Acme Ltd, 01/2010 – 12/2013"),
    ]
    lines += [("List", "Wrote Python and k8s manifests."), ("Bold", "Engineer"), ("", "Zorg Ltd, 01/2014 – 06/2015")]
    lines += [("List", "Moved everything to Kubernetes."), ("Heading", "Skills"), ("", "Python, Kubernetes, Rust")]
    assert parse_here(files.pdf(lines), "cv.pdf").skill_years == {"Python": 4.0, "Kubernetes": 5.5}


def test_json_resume_is_read_whole():
    document = {
        "basics": {
            "name": "Ada Lovelace",
            "label": "Programmer",
            "email": "ada@example.org",
            "phone": "+44 20 7946 0000",
            "location": {"city": "London", "countryCode": "gb"},
            "profiles": [{"network": "GitHub", "url": "https://github.com/ada"}],
        },
        "work": [
            {
                "name": "Engines",
                "position": "Programmer",
                "startDate": "1842-02-01",
                "endDate": "",
                "highlights": ["Sums"],
            }
        ],
        "education": [{"institution": "Home", "area": "Mathematics", "studyType": "Private", "endDate": "1835"}],
        "skills": [{"name": "Mathematics", "keywords": ["Bernoulli numbers"]}, "French"],
        "languages": [{"language": "English", "fluency": "Native"}],
        "certificates": [{"name": "Honour"}],
        "awards": "nothing that the schema knows",
    }
    parsed = parse_here(json.dumps(document).encode(), "ada.json")
    assert parsed.fields == PersonFields(
        name="Ada Lovelace",
        headline="Programmer",
        emails=("ada@example.org",),
        phones=("+44 20 7946 0000",),
        links=("https://github.com/ada",),
        location="London",
        country="GB",
        positions=(Position("Engines", "Programmer", "1842-02-01", "", True, "", "Sums"),),
        education=(Education("Home", "Private", "Mathematics", "", "1835"),),
        skills=("Mathematics", "Bernoulli numbers", "French"),
        languages=("English (Native)",),
        certificates=("Honour",),
    )


def test_parsed_resume_crosses_the_border_unchanged():
    parsed = parse_here(files.pdf(), "cv.pdf")
    assert ParsedResume.from_json(json.loads(json.dumps(parsed.to_json()))) == parsed
