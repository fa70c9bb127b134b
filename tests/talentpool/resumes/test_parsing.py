import json

import pytest

from talentpool.person import Education, PersonFields, Position
from talentpool.resumes.outcome import ParsedResume, Suggestion
from talentpool.resumes.parsing import parse_here
from tests.talentpool.resumes import files

MAKERS = {
    "cv.pdf": files.pdf,
    "cv.docx": files.docx_file,
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
