"""The history of a field, as the candidate page opens it."""

from datetime import UTC, datetime

import pytest

from talentpool.models import FieldEdit, File, Profile
from talentpool.person import PersonFields, Position
from tests.api_client import program_of
from tests.talentpool.naughty import NAUGHTY
from tests.talentpool.test_candidate_pages import HTMX, NURSE, received, text_of, url

LATER = datetime(2026, 5, 6, 12, tzinfo=UTC)


@pytest.fixture
def nurse(tenant):
    """Known from a fair and, with another headline, from an ATS that sent it twice."""
    received(PersonFields(name="Adaeze Nwosu", emails=NURSE.emails), source="Greenhouse", external_id="7")
    received(
        PersonFields(name="Adaeze Nwosu", emails=NURSE.emails, headline="Nurse manager", skills=("crrt",)),
        source="Greenhouse",
        external_id="7",
        observed_at=LATER,
    )
    return received()


def test_every_value_of_the_page_opens_to_its_history(client, nurse):
    page = text_of(client.get(url(nurse)))
    asked = {link for link in page.split('"') if link.startswith(url(nurse, "history/?field="))}
    assert {link.split("field=")[1].split("&")[0] for link in asked} == {
        *("name", "headline", "summary", "location", "emails", "phones", "links", "positions", "education", "skills"),
    }
    for link in asked:
        part = text_of(client.get(link.replace("&amp;", "&"), headers=HTMX | {"HX-Target": "history"}))
        assert "Spring fair" in part and "<html" not in part and "Nobody has said" not in part


def test_history_says_who_said_what_and_why_one_is_shown(client, member, nurse):
    client.post(url(nurse, "edit/about/"), {"name": nurse.name, "headline": "Head Nurse", "summary": ""})
    page = text_of(client.get(url(nurse, "history/?field=headline")))
    assert "<html" in page and "A colleague’s edit wins over every source until it is taken back." in page
    for shown in ("Head Nurse", "Nurse manager", "Charge Nurse, ICU", "Greenhouse", "Spring fair", member.name):
        assert shown in page
    for profile in Profile.objects.exclude(fields__headline=None):
        assert f'href="{url(nurse)}sources/{profile.pk}/"' in page
    edit = FieldEdit.objects.get(field="headline")
    client.post(url(nurse, f"edits/{edit.pk}/withdraw/"))
    page = text_of(client.get(url(nurse, "history/?field=headline")))
    assert "It was taken back by Owner of Acme Health on" in page and "Sources differ; the one shown is fresher" in page


def test_history_of_one_value_of_a_list_and_of_all(client, nurse):
    one = text_of(client.get(url(nurse, "history/?field=skills&key=crrt")))
    assert "2 sources say so." in one and "All of skills: 1 more" in one and "Intensive care" not in one
    assert "Intensive care" in text_of(client.get(url(nurse, "history/?field=skills")))
    gone = text_of(client.get(url(nurse, "history/?field=skills&key=gone")))
    assert "Intensive care" in gone


def test_history_shows_the_place_in_the_document(client, nurse):
    file = File.objects.create(
        name="cv.pdf", media_type="application/pdf", size=1, sha256="x", text="Since 2022\nCharge \nNurse at Mercy"
    )
    Profile.objects.filter(source__name="Spring fair").update(file=file)
    page = text_of(client.get(url(nurse, "history/?field=positions")))
    assert '<p class="quote"><bdi>Since 2022 Charge Nurse at Mercy</bdi></p>' in page


def test_history_of_an_accepted_suggestion_says_where_it_was_read(client, nurse):
    profile = Profile.objects.get(source__name="Spring fair")
    profile.suggestions = [
        {
            "field": "skills",
            "value": "ECMO",
            "confidence": 0.5,
            "passage": "ran ECMO",
            "place": {"page": 2},
            "answer": "accepted",
        }
    ]
    profile.save()
    page = text_of(client.get(url(nurse, "history/?field=skills&key=ecmo")))
    assert '<p class="quote"><bdi>ran ECMO (page 2)</bdi></p>' in page


def test_history_without_a_field_lists_the_fields(client, nurse):
    for query in ("", "?field=nonsense", "?key=x", "?field=name&key=%00"):
        page = text_of(client.get(url(nurse, f"history/{query}")))
        assert 'href="?field=headline"' in page and 'href="?field=country"' not in page


def test_history_costs_the_same_for_one_saying_and_for_many(client, nurse, django_assert_max_num_queries):
    for number in range(5):
        received(NURSE, source=f"Source {number}", external_id=str(number))
    with django_assert_max_num_queries(30):
        client.get(url(nurse, "history/?field=headline"))


def test_hostile_values_are_shown_as_they_are(client, tenant):
    person = received(
        PersonFields(name="Adaeze", skills=tuple(NAUGHTY), positions=tuple(Position(title=each) for each in NAUGHTY))
    )
    for query in ("field=skills", "field=positions"):
        page = text_of(client.get(url(person, f"history/?{query}")))
        assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    page = text_of(client.get(url(person)))
    for link in {link for link in page.split('"') if link.startswith(url(person, "history/?field=skills"))}:
        text_of(client.get(link.replace("&amp;", "&")))


def test_api_tells_the_history(member, nurse):
    program = program_of(member)
    told = program.get(f"/candidates/{nurse.pk}/history?field=headline").json()
    [value] = told["values"]
    assert (told["field"], value["value"], value["is_shown"]) == ("headline", "Nurse manager", True)
    assert [(each["who"], each["value"], each["standing"]) for each in value["said"]] == [
        ("Greenhouse", "Nurse manager", "shown"),
        ("Spring fair", "Charge Nurse, ICU", "other"),
    ]
    assert program.get(f"/candidates/{nurse.pk}/history?field=aura").status_code == 422
