"""A clip from its JSON to a person, and what pages that want to do harm put into it."""

import io
import json
import re
import zipfile
from urllib.parse import unquote

import pytest
from django.core.exceptions import ValidationError

from crm.models import AuditEntry, Member, Role, User
from talentpool.clipper import bookmarklet, extension_zip
from talentpool.intake.clip.clips import read_clip
from talentpool.intake.clip.linked_data import person_in
from talentpool.intake.clip.people import fields_of_clip
from talentpool.models import Candidate, Profile
from talentpool.person import Education, Position
from tests.conftest import signed_in

PERSON = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Organization", "name": "Mercy General"},
        {"@type": "Person", "name": "Somebody Else"},
        {
            "@type": "ProfilePage",
            "mainEntity": {
                "@type": ["Person"],
                "name": "Zoë Müller",
                "jobTitle": ["Charge Nurse"],
                "worksFor": {"@type": "Organization", "name": "Mercy General"},
                "email": "mailto:zoe@example.org",
                "url": "https://zoe.example.org/",
                "sameAs": ["https://www.linkedin.com/in/zoe-mueller", "javascript:alert(1)"],
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": "Fresno",
                    "addressRegion": "CA",
                    "addressCountry": "US",
                },
                "alumniOf": [{"@type": "CollegeOrUniversity", "name": "Fresno State"}],
                "knowsAbout": ["ECMO", "CRRT"],
            },
        },
    ],
}


def payload(**more):
    said = {
        "url": "https://people.example.org/zoe#top",
        "title": "Zoë",
        "selected": False,
        "text": "",
        "links": [],
        "linked": [],
        "card": {},
    }
    return json.dumps(said | more)


def test_page_that_tells_machines_fills_the_fields():
    fields = fields_of_clip(read_clip(payload(linked=[json.dumps(PERSON), "{broken", "[]"])))
    assert (fields.name, fields.headline, fields.emails, fields.location, fields.country, fields.skills) == (
        "Zoë Müller", "Charge Nurse", ("zoe@example.org",), "Fresno, CA", "US", ("ECMO", "CRRT"),
    )  # fmt: skip
    assert fields.links == (
        "https://people.example.org/zoe",
        "https://zoe.example.org",
        "https://www.linkedin.com/in/zoe-mueller",
    )
    assert fields.positions == (Position(employer="Mercy General", title="Charge Nurse", current=True),)
    assert fields.education == (Education(school="Fresno State"),)


def test_card_and_selection_fill_what_is_left():
    text = "Jürgen Groß\nFresno, CA\njuergen@example.org | +1 559 555 0142\n\nExperience\n\nStationary Engineer\nAcme Hospital, 2019 – Present\n"
    card = {"name": ["Jürgen Groß"], "org": ["Acme"], "title": ["Engineer"], "locality": ["Fresno"]}
    links = [
        "https://www.linkedin.com/in/jg",
        "https://footer.example.org/",
        "mailto:jg@example.org?subject=x",
        "javascript:alert(1)",
    ]
    chosen = fields_of_clip(read_clip(payload(text=text, card=card, links=links, selected=True)))
    assert (chosen.name, set(chosen.emails), chosen.phones) == (
        "Jürgen Groß",
        {"juergen@example.org", "jg@example.org"},
        ("+15595550142",),
    )
    assert chosen.links == ("https://people.example.org/zoe", "https://www.linkedin.com/in/jg")
    whole = fields_of_clip(read_clip(payload(text=text, card=card, links=links)))
    assert (whole.emails, whole.links) == (("juergen@example.org",), ("https://people.example.org/zoe",))


@pytest.mark.parametrize(
    "hostile",
    ["", "null", "[]", "{", '"x"', "[" * 100_000, payload()[:-1], "x" * 300_001],
    ids=["empty", "null", "list", "broken", "text", "deep", "cut", "long"],
)
def test_what_is_no_clip_is_refused_with_a_sentence(hostile):
    with pytest.raises(ValidationError, match="clip"):
        read_clip(hostile)


def test_odd_values_are_left_out():
    odd = payload(
        url="javascript:alert(1)", title=7, text=["x"], links="x", linked=[{"a": 1}, 5], card=[1], selected="yes"
    )
    clip = read_clip(odd)
    assert (clip.url, clip.title, clip.text, clip.links, clip.linked, clip.card, clip.is_selection) == (
        "",
        "",
        "",
        (),
        (),
        {},
        False,
    )
    assert "\x00" not in read_clip(payload(text="a\x00b\ud800")).text


def test_deep_and_wide_linked_data_ends():
    deep: object = {"@type": "Person", "name": "Deep"}
    for _ in range(500):
        deep = {"a": deep}
    assert person_in((deep, [{"a": 1}] * 50_000), "") is None


def test_extension_asks_for_no_more_than_it_needs():
    with zipfile.ZipFile(io.BytesIO(extension_zip("https://rapport.test/o/acme/clip/"))) as packed:
        manifest = json.loads(packed.read("rapport-clipper/manifest.json"))
        address = packed.read("rapport-clipper/address.js").decode()
        names = {name.removeprefix("rapport-clipper/") for name in packed.namelist()}
    assert (manifest["manifest_version"], manifest["permissions"]) == (3, ["activeTab", "scripting"])
    assert (
        not {"host_permissions", "content_scripts", "optional_permissions", "externally_connectable"} & manifest.keys()
    )
    assert address == 'export const CLIP_PAGE = "https://rapport.test/o/acme/clip/";\n'
    assert {manifest["background"]["service_worker"], "collect.js", *manifest["icons"].values()} <= names


def test_bookmarklet_is_one_line_without_comments():
    code = unquote(bookmarklet("https://rapport.test/o/acme/clip/"))
    assert code.startswith('javascript:void window.open("https://rapport.test/o/acme/clip/"')
    assert "\n" not in code and re.search(r"(?<!:)//(?!\()", code) is None


@pytest.fixture
def browser(tenant):
    user = User.objects.create(email="tom@acme-recruiting.test", password="!")
    return signed_in(Member.objects.create(user=user, role=Role.RECRUITER, name="Tom"))


def fields_shown(page):
    return {name: value for name, value in page.context["form"].initial.items() if name != "payload"}


def test_clip_is_looked_at_and_then_saved_with_its_page(browser):
    said = payload(linked=[json.dumps(PERSON)], title='"><script>alert(1)</script>')
    page = browser.post("/o/acme/clip/read/", {"payload": said})
    assert "<script>alert(1)" not in page.content.decode()
    assert (Candidate.objects.count(), fields_shown(page)["name"], fields_shown(page)["employer"]) == (
        0,
        "Zoë Müller",
        "Mercy General",
    )
    changed = {
        "payload": said,
        "name": "Zoë Müller",
        "emails": "zoe@example.org",
        "links": "https://people.example.org/zoe",
        "title": "Charge Nurse",
        "employer": "Mercy General",
        "skills": "ECMO",
    }
    saved = browser.post("/o/acme/clip/save/", changed)
    person, profile = Candidate.objects.get(), Profile.objects.get()
    assert saved["Location"] == f"/o/acme/people/{person.pk}/"
    assert (person.current_title, person.skills, person.education) == (
        "Charge Nurse",
        ["ECMO"],
        [{"school": "Fresno State"}],
    )
    assert (profile.kind, profile.source.name, profile.source.kind, profile.raw["url"]) == (
        "clip",
        "Web clip",
        "sourced",
        "https://people.example.org/zoe",
    )
    assert AuditEntry.objects.filter(verb="clip.saved").count() == 1
    again = browser.post("/o/acme/clip/read/", {"payload": said}).content.decode()
    assert "You know this person" in again and f"/o/acme/people/{person.pk}/" in again
    browser.post("/o/acme/clip/save/", changed)
    assert (Candidate.objects.count(), Profile.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"links": "javascript:alert(1)"}, "no address of a page on the web"),
        ({"emails": "not one"}, "no e-mail address"),
        ({"name": "", "emails": ""}, "at least a name"),
        ({"payload": "{"}, "can’t be read"),
    ],
)
def test_form_that_is_not_right_is_shown_again(browser, change, sentence):
    values = {"payload": payload(), "name": "Ann", "emails": "ann@example.org", "links": ""}
    answer = browser.post("/o/acme/clip/save/", values | change)
    assert (answer.status_code, sentence in answer.content.decode(), Candidate.objects.count()) == (422, True, 0)


def test_pages_of_the_clipper_stand(browser):
    page = browser.get("/o/acme/settings/clipper/").content.decode()
    assert 'href="javascript:void' in page
    assert browser.get("/o/acme/settings/clipper/extension/")["Content-Type"] == "application/zip"
    assert "Nothing was clipped yet" in browser.get("/o/acme/clip/").content.decode()
    assert browser.post("/o/acme/clip/read/", {"payload": "{"}).status_code == 422
