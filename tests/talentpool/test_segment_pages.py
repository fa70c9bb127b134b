import re
from datetime import UTC, date, datetime

import pytest

from crm.models import Role
from talentpool.actions.custom_fields import create_field
from talentpool.actions.ready_made import keep_ready_made
from talentpool.actions.segment_counts import count_anew
from talentpool.actions.segments import save_search
from talentpool.custom_values import CustomKind
from talentpool.models import Candidate, Segment, SegmentDay, SegmentMember, Sharing
from talentpool.queries.segments import history_of, lines_of, members_of, segments_for
from talentpool.search.index.outbox import drain
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.factories.mail import make_campaign
from tests.talentpool.search.people import person

SEGMENTS = "/o/acme/segments/"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def texts(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def nurses(tenant, member):
    person("Ana Silva", title="Nurse", source="LinkedIn")
    person("Ben Okafor", title="Nurse")
    drain()
    segment = save_search("Nurses", text="title:nurse", facets={}, by=member)
    count_anew(segment.pk)
    return Segment.objects.get()


def test_segments_are_listed_with_sizes_and_todays_changes(client, nurses):
    person("Cyd", title="Nurse")
    Candidate.objects.filter(name="Ben Okafor").update(current_title="Pilot")
    drain()
    SegmentDay.objects.update(joined=3, left=2)
    page = client.get(SEGMENTS).content.decode()
    assert "Nurses title:nurse exactly as typed 2 +3 / −2" in texts(page)
    assert 'href="/o/acme/people/?q=title%3Anurse&amp;exactly=on"' in page


def test_a_list_of_segments_costs_the_same_for_one_and_for_many(client, nurses, member, django_assert_max_num_queries):
    drain()
    with django_assert_max_num_queries(14):
        client.get(SEGMENTS)
    for number in range(3):
        save_search(f"Segment {number}", text="title:nurse", facets={"source": [str(number)]}, by=member)
    with django_assert_max_num_queries(16):
        client.get(SEGMENTS)


def test_a_segment_tells_who_is_in_it_how_it_grew_and_what_uses_it(client, nurses, member):
    campaign = make_campaign(member, [], audience="segment", selection=None, segment=nurses)
    page = client.get(f"{SEGMENTS}{nurses.pk}/").content.decode()
    assert re.findall(r'<th scope="row"><a href="/o/acme/people/\d+/">([^<]+)<', page) == ["Ben Okafor", "Ana Silva"]
    assert f"/o/acme/campaigns/{campaign.pk}/" in page
    assert "the search was new" in page
    part = client.get(f"{SEGMENTS}{nurses.pk}/", headers={"HX-Request": "true", "HX-Target": "counting"})
    assert ("<html" in part.content.decode(), 'id="counting"' in part.content.decode()) == (False, True)


def test_members_go_page_by_page(nurses):
    for number in range(5):
        person(f"Nurse {number}", title="Nurse")
        drain()
    everybody = [row.candidate.name for row in members_of(nurses).rows]
    found, cursor = [], ""
    while True:
        page = members_of(nurses, cursor=cursor, limit=2)
        found += [row.candidate.name for row in page.rows]
        if not (cursor := page.next_cursor):
            break
    assert (found, len(found)) == (everybody, 7)
    assert len(members_of(nurses, cursor="nonsense", limit=2).rows) == 2


def test_history_fills_the_days_without_a_change(nurses):
    SegmentDay.objects.all().delete()
    for day, size, joined, left in ((1, 7, 7, 0), (3, 9, 3, 1)):
        SegmentDay.objects.create(segment=nurses, day=date(2026, 10, day), size=size, joined=joined, left=left)
    told = [(each.day.day, each.size, each.joined) for each in history_of(nurses, today=date(2026, 10, 4))]
    assert told == [(1, 7, 7), (2, 7, 0), (3, 9, 3), (4, 9, 0)]
    (line,) = lines_of([nurses], today=date(2026, 12, 24))
    assert (list(line.sizes), line.today.joined) == ([9] * 30, 0)


def test_a_search_is_saved_shared_and_replaced(client, tenant, member):
    lucia, tom = make_member(tenant, Role.RECRUITER, "lucia"), make_member(tenant, Role.RECRUITER, "tom")
    person("Ana", title="Nurse")
    drain()
    address = f"{SEGMENTS}new/?q=nurse"
    assert client.post(address, {"name": "Mine", "sharing": "chosen"}).status_code == 422
    answer = client.post(address, {"name": "Mine", "sharing": "chosen", "shared_with": [lucia.pk]})
    segment = Segment.objects.get()
    assert (answer["Location"], segment.sharing) == (f"{SEGMENTS}{segment.pk}/", "chosen")
    page = f"{SEGMENTS}{segment.pk}/"
    assert [signed_in(who).get(page).status_code for who in (member, lucia, tom)] == [200, 200, 404]
    assert [segment.name in signed_in(who).get(SEGMENTS).content.decode() for who in (member, lucia, tom)] == [
        True,
        True,
        False,
    ]
    for door in ("edit/", "delete/", "show/"):
        codes = [signed_in(who).post(page + door, {"name": "X"}).status_code for who in (lucia, tom)]
        assert (door, codes) == (door, [403, 404])
    assert client.post(f"{page}edit/", {"name": "Ours", "sharing": "team"})["Location"] == page
    assert signed_in(tom).post(f"{SEGMENTS}new/?q=pilot", {"instead": segment.pk})["Location"] == page
    segment.refresh_from_db()
    assert (segment.name, segment.text, segment.sharing, segment.shares.count()) == ("Ours", "pilot", "team", 0)
    client.post(f"{page}edit/", {"name": "Ours", "sharing": "private"})
    assert signed_in(tom).post(f"{SEGMENTS}new/?q=x", {"instead": segment.pk}).status_code == 422
    assert signed_in(lucia).get(page).status_code == 404


def test_campaigns_offer_only_what_their_author_may_see(client, tenant, nurses, member):
    Segment.objects.update(sharing=Sharing.PRIVATE)
    other = signed_in(make_member(tenant, Role.MARKETER))
    for who, seen in ((client, True), (other, False)):
        page = who.get(f"/o/acme/campaigns/new/?segment={nurses.pk}").content.decode()
        assert ("Nurses" in page) is seen
    campaign = make_campaign(member, [], audience="segment", selection=None, segment=nurses)
    page = other.get(f"/o/acme/campaigns/{campaign.pk}/audience/", follow=True).content.decode()
    assert "Nurses" in page  # it is written to already


def test_what_searches_restricted_fields_is_for_those_who_may_see_them(client, tenant, member):
    create_field("Secret", CustomKind.TEXT, is_restricted=True, by=member)
    hidden = save_search("Gold", text="custom.secret:gold", facets={}, by=member)
    save_search("Nurses", text="nurse", facets={}, by=member)
    manager = make_member(tenant, Role.HIRING_MANAGER)
    assert [each.name for each in segments_for(member)] == ["Gold", "Nurses"]
    assert [each.name for each in segments_for(manager)] == ["Nurses"]
    assert signed_in(manager).get(f"{SEGMENTS}{hidden.pk}/").status_code == 404


def test_ready_made_ones_are_marked_hidden_and_shown_again(client, nurses):
    keep_ready_made()
    segment = Segment.objects.get(ready_made="process:hired")
    page = client.get(SEGMENTS).content.decode()
    assert ("Ready-made" in page, "Hired" in page) == (True, True)
    client.post(f"{SEGMENTS}{segment.pk}/delete/")
    page = client.get(SEGMENTS).content.decode()
    assert "<h2>Hidden</h2>" in page
    assert "This segment is hidden" in client.get(f"{SEGMENTS}{segment.pk}/").content.decode()
    client.post(f"{SEGMENTS}{segment.pk}/show/")
    assert Segment.objects.live().filter(pk=segment.pk).exists()


def test_who_is_erased_a_moment_ago_is_not_shown(client, nurses):
    Candidate.objects.filter(name="Ana Silva").update(erased_at=NOW)
    assert "Ana Silva" not in client.get(f"{SEGMENTS}{nurses.pk}/").content.decode()
    assert SegmentMember.objects.count() == 2


def test_programs_save_read_and_remove_segments(tenant, member, nurses):
    program = program_of(member)
    made = program.post("/segments", {"name": "Pilots", "q": "title:pilot", "facets": {"warmth": ["0"]}})
    assert (made.status_code, made.json()["counted_at"]) == (201, None)
    assert [each["name"] for each in program.get("/segments").json()["items"]] == ["Nurses", "Pilots"]
    body = program.get(f"/segments/{nurses.pk}").json()
    assert {name: body[name] for name in ("name", "q", "facets", "size", "sharing")} == {
        "name": "Nurses",
        "q": "title:nurse",
        "facets": {},
        "size": 2,
        "sharing": "team",
    }
    assert [(each["size"], each["joined"], each["is_new_query"]) for each in body["days"]] == [(2, 0, True)]
    first = program.get(f"/segments/{nurses.pk}/members", limit=1).json()
    second = program.get(f"/segments/{nurses.pk}/members", limit=1, cursor=first["next_cursor"]).json()
    assert [each["items"][0]["name"] for each in (first, second)] == ["Ben Okafor", "Ana Silva"]
    assert second["next_cursor"] is None
    for wrong in ({"q": "(pilot"}, {"name": "Nurses"}, {"facets": {"shoe": ["9"]}}):
        assert program.post("/segments", {"name": "Other"} | wrong).status_code == 422
    Segment.objects.filter(pk=nurses.pk).update(sharing=Sharing.PRIVATE)
    other = program_of(make_member(tenant, Role.RECRUITER))
    assert [other.get(f"/segments/{nurses.pk}").status_code, other.get("/segments").json()["items"][0]["name"]] == [
        404,
        "Pilots",
    ]
    assert program.send("DELETE", f"/segments/{nurses.pk}").status_code == 204
    assert [each.name for each in Segment.objects.all()] == ["Pilots"]
