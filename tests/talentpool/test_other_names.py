"""Other names on the page of people, in saved searches, in what is done with a result, and for programs."""

import re

import pytest

from campaigns.queries.audiences import audience_ids
from talentpool.actions.selections import select_people
from talentpool.models import Segment, Selection
from talentpool.queries.selections import search_of, size_of
from talentpool.search.find import count, matching_ids
from talentpool.search.index.outbox import drain
from tests.api_client import program_of
from tests.factories.mail import make_campaign
from tests.factories.people import make_candidate

PEOPLE = "/o/acme/people/"
NAMES = ["registered nurse", "staff nurse", "registered general nurse", "RGN"]


@pytest.fixture
def nurses(tenant):
    people = [
        make_candidate(name, current_title=title, headline="")
        for name, title in (("Ann", "RN"), ("Ben", "Registered Nurse"), ("Cyd", "Staff Nurse"), ("Dee", "Welder"))
    ]
    drain()
    return people


def shown(client, query, page=PEOPLE):
    return client.get(page + query).content.decode()


def found(page):
    return re.findall(r'class="name"[^>]*>([^<]+)<', page)


def also(page):
    """The names on the page with the address that lacks each."""
    pattern = r'href="\?([^"]*)" aria-label="Search without ([^"]+)"'
    return {name: query.replace("&amp;", "&") for query, name in re.findall(pattern, page)}


def test_the_page_says_what_was_searched_too_and_lets_one_take_it_away(client, nurses):
    page = shown(client, "?q=RN&consent=no_address&consent=no_consent&sort=recent")
    assert (found(page), list(also(page))) == (["Cyd", "Ben", "Ann"], NAMES)
    assert "<mark>Staff Nurse</mark>, <i>another name of RN</i>" in page
    less = also(page)["staff nurse"]
    assert less == "q=RN&consent=no_address&consent=no_consent&sort=recent&less=staff+nurse"
    page = shown(client, f"?{less}")
    assert (found(page), list(also(page))) == (["Ben", "Ann"], ["registered nurse", "registered general nurse", "RGN"])
    assert "<s>staff nurse</s>" in page
    assert 'name="less" value="staff nurse"' in page  # new words and facets keep it
    assert "?q=RN&amp;consent=no_address&amp;consent=no_consent&amp;sort=recent" in page  # the way back


def test_exactly_is_a_switch_for_the_whole_search(client, nurses):
    page = shown(client, "?q=RN")
    assert "?q=RN&amp;exactly=on" in page
    page = shown(client, "?q=RN&exactly=on")
    assert (found(page), also(page)) == (["Ann"], {})
    assert "Searched exactly as typed" in page
    assert 'href="?q=RN"' in page
    assert 'name="exactly" value="on"' in shown(client, "narrow/?q=RN&exactly=on")


@pytest.mark.parametrize("query", ["?q=fresno", "?q=fresno&exactly=on", "", "?q=%22RN%22", "?q=(RN"])
def test_nothing_is_said_where_there_are_no_other_names(client, nurses, query):
    page = shown(client, query)
    assert "Also searched" not in page
    assert "Searched exactly" not in page


def test_a_saved_search_finds_what_the_page_showed(client, member, nurses):
    for name, query, people in (
        ("All", "q=RN", 3),
        ("Less", "q=RN&less=staff+nurse", 2),
        ("Exactly", "q=RN&exactly=on", 1),
    ):
        address = f"/o/acme/segments/new/?{query}"
        assert f"{people} " in shown(client, "", address)
        client.post(address, {"name": name})
        segment = Segment.objects.get(name=name)
        campaign = make_campaign(member, nurses)
        campaign.selection, campaign.segment = None, segment
        listed = sorted(pk for batch in matching_ids(search_of(segment)) for pk in batch)
        assert (len(listed), count(search_of(segment)), audience_ids(campaign)) == (people, people, listed)
    for name, query in (("Less", "q=RN&amp;less=staff+nurse"), ("Exactly", "q=RN&amp;exactly=on")):
        assert f"?{query}" in shown(client, "", f"/o/acme/segments/{Segment.objects.get(name=name).pk}/")


def test_a_whole_result_is_chosen_as_the_page_showed_it(client, nurses):
    for query, people in (("q=RN", 3), ("q=RN&less=staff+nurse&less=RGN", 2), ("q=RN&exactly=on", 1)):
        client.post(f"{PEOPLE}select/", {"then": "tag", "everyone": "on", "query": query})
        assert size_of(Selection.objects.latest("pk")) == people


def test_what_was_saved_before_there_were_other_names_stays_as_typed(member, nurses):
    segment = Segment.objects.create(name="Old", text="RN", by=member)
    selection = select_people(search={"text": "RN", "facets": {}}, by=member)
    assert (count(search_of(segment)), size_of(selection)) == (1, 1)


def test_programs_search_with_other_names_too(member, nurses):
    program = program_of(member)
    body = program.get("/candidates/search", q="RN").json()
    assert ([each["candidate"]["name"] for each in body["items"]], body["other_names"]) == (
        ["Ann", "Cyd", "Ben"],
        [{"typed": "RN", "name": name, "is_narrower": False} for name in NAMES],
    )
    assert body["items"][1]["reasons"] == [
        {"label": "Title", "html": "<mark>Staff Nurse</mark>", "note": "another name of RN"}
    ]
    assert program.get("/candidates/search", q="RN", exactly="true").json()["total"] == 1
    assert program.get("/candidates/search", q="RN", less="staff nurse").json()["total"] == 2
