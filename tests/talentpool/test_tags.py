import pytest
from django.core.exceptions import ValidationError

from crm.models import AuditEntry, Role
from talentpool.actions.segments import save_search
from talentpool.actions.tags import change_tag, delete_tag, merge_tags, tag_named, tag_people
from talentpool.models import CandidateTag, Segment, Tag, TagColour
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidates


@pytest.fixture
def tagged(member):
    """Three people: the first has both tags, the others one each."""
    people = make_candidates(3)
    icu, critical = tag_named("ICU"), tag_named("Critical care")
    tag_people(icu, [people[0].pk, people[1].pk], by=member)
    tag_people(critical, [people[0].pk, people[2].pk], by=member)
    return people, icu, critical


def facets(name):
    return Segment.objects.get(name=name).facets


def test_merged_tag_goes_over_to_people_and_saved_searches_once(member, tagged):
    people, icu, critical = tagged
    save_search("Either", text="", facets={"tag": [str(icu.pk), str(critical.pk)]}, by=member)
    save_search("One", text="", facets={"tag": [str(icu.pk)], "consent": ["may_write"]}, by=member)
    save_search("None", text="", facets={}, by=member)
    assert merge_tags(icu, critical, by=member) == 1
    assert list(CandidateTag.objects.order_by("candidate").values_list("candidate", "tag")) == [
        (person.pk, critical.pk) for person in people
    ]
    assert [facets(name) for name in ("Either", "One", "None")] == [
        {"tag": [str(critical.pk)]},
        {"tag": [str(critical.pk)], "consent": ["may_write"]},
        {},
    ]
    assert list(Tag.objects.all()) == [critical]
    for gone in (icu, critical):  # itself, and one that somebody else has merged away
        with pytest.raises(ValidationError):
            merge_tags(critical, gone, by=member)


def test_deleted_tag_is_taken_from_everybody_with_its_count(client, member, tagged):
    _, icu, critical = tagged
    save_search("One", text="nurse", facets={"tag": [str(icu.pk)]}, by=member)
    page = client.get(f"/o/acme/settings/tags/{icu.pk}/").content.decode()
    assert "2 people have this tag; 1 saved search is narrowed to it" in page
    assert client.post(f"/o/acme/settings/tags/{icu.pk}/delete/").status_code == 302
    assert facets("One") == {}
    assert list(CandidateTag.objects.values_list("tag", flat=True).distinct()) == [critical.pk]
    assert AuditEntry.objects.get(verb="tag.deleted").detail["number"] == 2
    assert delete_tag(critical, by=member) == 2


def test_tag_is_renamed_and_coloured_and_shown_so_everywhere(client, member, tagged):
    people, icu, critical = tagged
    url = f"/o/acme/settings/tags/{icu.pk}/"
    assert client.post(url, {"name": " critical CARE ", "colour": "red"}).status_code == 422
    assert client.post(url, {"name": "ICU", "colour": "octarine"}).status_code == 422
    assert client.post(url, {"name": "Intensive", "colour": "red"}).status_code == 302
    pages = [f"/o/acme/people/{people[0].pk}/", f"/o/acme/people/{people[0].pk}/owner/", "/o/acme/settings/tags/"]
    for page in pages:
        shown = client.get(page).content.decode()
        assert "chip hue red" in shown
        assert "chip hue teal" in shown
    change_tag(critical, name="critical care", colour=TagColour.BLUE, by=member)
    assert AuditEntry.objects.filter(verb="tag.changed").count() == 2


def test_merge_asks_for_another_tag(client, tagged):
    _, icu, critical = tagged
    url = f"/o/acme/settings/tags/{icu.pk}/merge/"
    assert client.post(url, {"into": icu.pk}).status_code == 422
    assert client.post(url, {"into": critical.pk}).status_code == 302


def test_sourcer_gives_tags_and_does_not_rule_them(tenant, tagged):
    browser = signed_in(make_member(tenant, Role.SOURCER))
    assert browser.get("/o/acme/settings/tags/").status_code == 403
