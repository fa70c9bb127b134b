import re

import pytest

from crm.models import AuditEntry, Role
from talentpool.models import Activity, Candidate, Profile
from tests.conftest import make_member, signed_in
from tests.talentpool.naughty import NAUGHTY
from tests.talentpool.test_candidate_pages import HTMX, NURSE, received, text_of, url

ABOUT = {"name": "Adaeze Nwosu", "headline": "Charge Nurse, ICU", "summary": "Runs a unit at night."}
CONTACT = {
    "emails": "adaeze@example.org",
    "phones": "+15595550142",
    "links": "https://linkedin.com/in/adaeze",
    "location": "Fresno, CA",
}
POST = {"title": "Charge Nurse", "employer": "Mercy General", "start": "2022-03", "current": "on", "text": "16 beds"}


@pytest.fixture
def nurse(tenant):
    return received()


def edit(client, person, panel, form, headers=None):
    return client.post(url(person, f"edit/{panel}/"), form, headers=headers or {})


def test_edit_wins_and_keeps_what_it_replaced(client, member, nurse):
    response = edit(client, nurse, "about", ABOUT | {"headline": "Head Nurse"})
    assert response["Location"] == url(nurse) + "#about"
    nurse.refresh_from_db()
    assert nurse.headline == "Head Nurse"
    page = text_of(client.get(url(nurse)))
    assert re.search(rf"<b>{member.name}</b>, edited here", page)
    assert "It replaced: Charge Nurse, ICU" in page


def test_edit_is_taken_back(client, nurse):
    edit(client, nurse, "about", ABOUT | {"headline": "Head Nurse"})
    address = re.search(r'action="([^"]+/withdraw/)"', text_of(client.get(url(nurse))))[1]
    assert client.post(address)["Location"] == url(nurse)
    nurse.refresh_from_db()
    assert nurse.headline == "Charge Nurse, ICU"
    assert "took an edit of headline back" in text_of(client.get(url(nurse)))
    assert (
        client.post(address.replace(f"/{nurse.pk}/", f"/{received(NURSE.__class__(name='Tom Reyes')).pk}/")).status_code
        == 404
    )


def test_edit_by_htmx_answers_with_the_panel(client, nurse):
    headers = HTMX | {"HX-Target": "about"}
    form = text_of(client.get(url(nurse, "edit/about/"), headers=headers))
    assert 'name="headline" value="Charge Nurse, ICU"' in form and "<html" not in form
    panel = text_of(edit(client, nurse, "about", ABOUT | {"headline": "Head Nurse"}, headers))
    assert 'id="about"' in panel and "Head Nurse" in panel and "<html" not in panel


def test_edit_without_script_is_a_page(client, nurse):
    for panel in ("about", "contact", "skills", "career", "education", "career/0", "education/0"):
        page = text_of(client.get(url(nurse, f"edit/{panel}/")))
        assert "<html" in page and "What you write here wins over every source." in page


def test_edit_that_changes_nothing_is_no_edit(client, nurse):
    edit(client, nurse, "about", ABOUT)
    edit(client, nurse, "contact", CONTACT)
    edit(client, nurse, "career/0", POST)
    assert list(Activity.objects.values_list("kind", flat=True)) == ["received"]


def test_contact_points_are_added_and_removed(client, nurse):
    edit(client, nurse, "contact", CONTACT | {"emails": "new@example.org\nadaeze@example.org", "phones": ""})
    nurse.refresh_from_db()
    assert [(p["kind"], p["value"]) for p in nurse.contact_points if p["kind"] != "link"] == [
        ("email", "new@example.org"),
        ("email", "adaeze@example.org"),
    ]


@pytest.mark.parametrize("change", [{"emails": "nonsense"}, {"country": "USA"}, {"phones": "call me"}])
def test_contact_points_that_are_none_are_refused_in_words(client, nurse, change):
    response = edit(client, nurse, "contact", CONTACT | change, HTMX | {"HX-Target": "contact"})
    assert response.status_code == 422
    assert 'id="contact"' in response.content.decode()


def test_skills_are_added_and_removed(client, nurse):
    edit(client, nurse, "skills", {"skills": "CRRT\n Spanish  medical \nCRRT", "languages": "", "certificates": "CCRN"})
    nurse.refresh_from_db()
    assert (set(nurse.skills), nurse.certificates) == ({"CRRT", "Spanish medical"}, ["CCRN"])


def test_posts_are_added_changed_and_removed(client, nurse):
    edit(
        client,
        nurse,
        "career",
        {"title": "Nurse Manager", "employer": "Kaweah Health", "start": "2026-01", "current": "on"},
    )
    edit(client, nurse, "career/1", POST | {"title": "Senior Charge Nurse"})
    nurse.refresh_from_db()
    assert [post["title"] for post in nurse.positions] == ["Nurse Manager", "Senior Charge Nurse", "Staff Nurse"]
    edit(client, nurse, "career/2", {"remove": "on"})
    nurse.refresh_from_db()
    assert [post["title"] for post in nurse.positions] == ["Nurse Manager", "Senior Charge Nurse"]


def test_education_is_added(client, nurse):
    edit(client, nurse, "education", {"school": "UC Davis", "degree": "MSN", "start": "2025", "end": "2028"})
    nurse.refresh_from_db()
    assert [study["degree"] for study in nurse.education] == ["MSN", "BSc Nursing"]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"title": "x", "start": "soon"},
        {"title": "x", "start": "2020", "end": "2019"},
        {"title": "x", "end": "2020-13"},
    ],
)
def test_posts_that_cannot_be_are_refused(client, nurse, form):
    assert edit(client, nurse, "career", form).status_code == 422


def test_entry_that_is_gone_leads_back_to_the_person(client, nurse):
    for number in (99, 10**17):
        response = client.get(url(nurse, f"edit/career/{number}/"), follow=True)
        assert "That entry is no longer there" in text_of(response)


def test_suggestions_are_accepted_and_dismissed(client, tenant):
    asked = [
        {"field": "skills", "value": "Spanish", "confidence": 0.5, "passage": "some Spanish"},
        {"field": "location", "value": "Madera, CA", "confidence": 0.4, "passage": ""},
    ]
    nurse = received(NURSE, source="Résumés", suggestions=asked)
    profile = Profile.objects.get()
    page = text_of(client.get(url(nurse)))
    assert "Is this right?" in page and "some Spanish" in page
    client.post(url(nurse, "suggestions/"), {"key": f"{profile.pk}-0", "do": "accept"})
    left = text_of(
        client.post(
            url(nurse, "suggestions/"),
            {"key": f"{profile.pk}-1", "do": "dismiss"},
            headers=HTMX | {"HX-Target": "suggestions"},
        )
    )
    nurse.refresh_from_db()
    assert ("Spanish" in nurse.skills, nurse.location, nurse.suggestions) == (True, "Fresno, CA", [])
    assert "Is this right?" not in left
    for key in ("", "x", f"{profile.pk}-99", "1-2-3"):
        assert client.post(url(nurse, "suggestions/"), {"key": key, "do": "accept"}).status_code == 302


def test_suggestion_of_another_person_is_not_answered(client, nurse):
    other = received(
        NURSE.__class__(name="Tom Reyes", emails=("tom@example.org",)),
        suggestions=[{"field": "skills", "value": "TIG", "confidence": 0.5, "passage": ""}],
    )
    profile = other.profile_set.get()
    assert client.post(url(nurse, "suggestions/"), {"key": f"{profile.pk}-0", "do": "accept"}).status_code == 404


def test_erasing_says_what_will_be_lost_and_asks(client, nurse):
    page = text_of(client.get(url(nurse, "erase/")))
    assert "the name and 3 contact points" in page and "1 profile from a source" in page
    for form in ({}, {"reason": "asked"}, {"sure": "on"}):
        assert client.post(url(nurse, "erase/"), form).status_code == 422
    assert Candidate.objects.present().count() == 1
    assert client.post(url(nurse, "erase/"), {"reason": "asked for it", "sure": "on"})["Location"] == "/o/acme/people/"
    assert client.get(url(nurse)).status_code == 404
    assert "candidate.erased" in AuditEntry.objects.values_list("verb", flat=True)


def test_members_who_may_not_cannot_edit_or_erase(tenant, nurse):
    viewer, recruiter = signed_in(make_member(tenant, Role.VIEWER)), signed_in(make_member(tenant, Role.RECRUITER))
    assert "edit/about" not in text_of(viewer.get(url(nurse)))
    assert "/erase/" not in text_of(recruiter.get(url(nurse)))
    refused = [
        viewer.post(url(nurse, path), {}) for path in ("edit/about/", "edit/career/0/", "suggestions/", "erase/")
    ]
    assert [response.status_code for response in refused] == [403] * 4
    assert recruiter.post(url(nurse, "erase/"), {"reason": "x", "sure": "on"}).status_code == 403


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_in_every_field_are_kept_or_refused_and_shown_as_text(client, nurse, text):
    answers = [
        edit(client, nurse, "about", dict.fromkeys(("name", "headline", "summary"), text)),
        edit(client, nurse, "contact", CONTACT | {"location": text, "country": text, "links": text}),
        edit(client, nurse, "contact", CONTACT | {"location": text}),
        edit(client, nurse, "skills", dict.fromkeys(("skills", "languages", "certificates"), text)),
        edit(client, nurse, "career", dict.fromkeys(("title", "employer", "location", "text"), text)),
        edit(client, nurse, "career", {"title": "x", "start": text}),
        edit(client, nurse, "education", dict.fromkeys(("school", "degree", "area"), text)),
    ]
    assert {answer.status_code for answer in answers} <= {302, 422}
    page = text_of(client.get(url(nurse)))
    assert "<script>alert" not in page and "<img src=x" not in page
