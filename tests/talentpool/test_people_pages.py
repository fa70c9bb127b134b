import re

import pytest
from django.core.cache import cache

from crm.models import AuditEntry, BulkRun, Role
from talentpool.actions.custom_fields import create_field
from talentpool.actions.notes import add_note
from talentpool.custom_values import CustomKind
from talentpool.models import Activity, Candidate, Segment, Selection, Tag
from talentpool.search.index.outbox import drain
from tests.conftest import make_member, signed_in
from tests.factories.mail import make_campaign
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_entry, make_pipeline, stage
from tests.talentpool.naughty import NAUGHTY

HTMX = {"HX-Request": "true"}
PEOPLE = "/o/acme/people/"


@pytest.fixture(autouse=True)
def _nothing_cached(tenant):
    cache.delete("pool-size")


def seen(client, query="", **headers):
    drain()
    return client.get(PEOPLE + query, headers=headers).content.decode()


def names(page):
    return re.findall(r'class="name"[^>]*>([^<]+)<', page)


def test_people_say_what_to_do_when_there_are_none(client):
    page = seen(client)
    assert "No people yet" in page
    assert "/o/acme/people/new/" in page


def test_people_are_listed_and_counted(client):
    make_candidates(3)
    page = seen(client)
    assert len(names(page)) == 3
    assert "<span>3 people</span>" in page


def test_search_shows_who_matches_why_and_of_how_many(client):
    make_candidate("Adaeze Nwosu", headline="ICU Nurse")
    make_candidate("Tom Reyes", headline="Welder")
    page = seen(client, "?q=nurse")
    assert names(page) == ["Adaeze Nwosu"]
    assert "<span>1 person matches</span><small>of 2 · PostgreSQL," in page
    assert "<mark>Nurse</mark>" in page


def test_search_without_a_match_says_what_to_loosen(client):
    make_candidate()
    assert "Try fewer words" in seen(client, "?q=astronaut")
    assert "Search without the filters" in seen(client, "?q=astronaut&consent=may_write")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "people"}])
def test_query_that_cannot_be_read_is_marked_where_it_fails(client, headers):
    make_candidate()
    response = client.get(PEOPLE + "?q=icu+AND+(nurse", headers=headers)
    page = response.content.decode()
    assert response.status_code == (422 if headers else 200)
    assert '<p class="query-error"><span>icu AND </span><u>(' in page
    assert ("<html" in page) is not bool(headers)


def test_facets_narrow_and_are_taken_away_by_their_chips(client):
    make_candidate("May", consent=True)
    make_candidate("Mustn't")
    page = seen(client, "?consent=may_write")
    assert names(page) == ["May"]
    assert 'aria-label="Remove Contact: May be written to"' in page
    assert re.search(r'name="consent" value="may_write" checked', page)


def test_facets_are_a_page_of_their_own_for_narrow_screens(client):
    make_candidate(consent=True)
    drain()
    page = client.get(PEOPLE + "narrow/?q=nurse").content.decode()
    assert 'name="consent"' in page
    assert 'name="q" value="nurse"' in page


@pytest.fixture
def large_pool(monkeypatch):
    monkeypatch.setattr("talentpool.queries.people.LARGE_POOL", 1)


def test_facets_of_a_large_pool_come_in_a_request_of_their_own(client, large_pool):
    make_candidate(consent=True, current_title="Nurse")
    page = seen(client, "?q=nurse&consent=may_write")
    assert 'hx-get="/o/acme/people/facets/?q=nurse&amp;consent=may_write" hx-trigger="load"' in page
    assert 'type="checkbox" id="facet-' not in page and "<noscript><a" in page
    assert 'aria-label="Remove Contact: May be written to"' in page
    part = client.get(PEOPLE + "facets/?q=nurse&consent=may_write", headers=HTMX).content.decode()
    assert re.findall(r'name="(\w+)" value="([^"]+)"( checked)?', part)[0] == ("consent", "may_write", " checked")
    assert '<form id="facets"' in part and "<html" not in part and "hx-preserve" not in part
    assert client.get(PEOPLE + "facets/?q=nurse")["Location"] == PEOPLE + "narrow/?q=nurse"


def test_people_of_a_large_pool_wait_for_no_facet(client, large_pool, django_assert_max_num_queries):
    make_candidates(30)
    more = re.search(r'hx-get="([^"]*after=[^"]+)" hx-target="#more"', seen(client, "?q=nurse"))[1]
    for address, headers in ((PEOPLE + "?q=nurse", {}), (more.replace("&amp;", "&"), HTMX | {"HX-Target": "more"})):
        with django_assert_max_num_queries(32) as asked:
            client.get(address, headers=headers)
        assert not [query for query in asked.captured_queries if "search_facets" in query["sql"]]


def test_value_of_a_facet_is_found_among_all_with_its_count(client):
    for title in ("Nurse", "Nurse", "Nurse manager", "Head nurse", "Welder"):
        make_candidate(current_title=title, positions=[{"title": title}])
    drain()
    page = client.get(PEOPLE + "facet/?of=title&find=nur&title=welder&consent=no_consent").content.decode()
    shown = re.findall(r'name="title" value="([^"]+)"( checked)?.*?class="count">(\d+)<', page)
    assert shown == [
        ("welder", " checked", "1"),
        ("nurse", "", "2"),
        ("nurse manager", "", "1"),
        ("head nurse", "", "1"),
    ]
    assert '<input type="hidden" name="consent" value="no_consent">' in page
    part = client.get(PEOPLE + "facet/?of=title&find=zzz", headers=HTMX | {"HX-Target": "values"}).content.decode()
    assert "Nothing here begins like “zzz”" in part and "<html" not in part
    assert client.get(PEOPLE + "facet/?of=nothing").status_code == 404


def test_facet_that_is_not_for_hiring_managers_is_not_there_for_them(client, tenant, member):
    field = create_field("Rating", CustomKind.CHOICE, choices=["Good"], is_restricted=True, by=member)
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    address = f"{PEOPLE}facet/?of={field.facet_name}"
    assert (client.get(address).status_code, manager.get(address).status_code) == (200, 404)


def test_pages_follow_each_other_without_gaps(client):
    people = make_candidates(60)
    page, found = seen(client), []
    for _ in range(3):
        found += names(page)
        if more := re.search(r'href="(\?[^"]*after=[^"]+)"', page):
            page = client.get(PEOPLE + more[1].replace("&amp;", "&")).content.decode()
    assert sorted(found) == sorted(person.name for person in people)


def test_more_results_come_to_htmx_as_lines_alone(client):
    make_candidates(30)
    more = re.search(r'hx-get="([^"]*after=[^"]+)" hx-target="#more"', seen(client))[1].replace("&amp;", "&")
    part = client.get(more, headers=HTMX | {"HX-Target": "more"}).content.decode()
    assert len(names(part)) == 5
    assert "<html" not in part and "<form" not in part


@pytest.mark.parametrize(
    "query", ["?after=x", "?sort=x", "?q=%00", "?after=%00", "?consent=%00&source=x&skill=" + "y" * 3000]
)
def test_addresses_that_make_no_sense_still_give_a_page(client, query):
    make_candidate()
    assert client.get(PEOPLE + query).status_code == 200


def test_people_cost_the_same_for_one_and_for_many(client, django_assert_max_num_queries):
    make_candidate()
    drain()
    # 7 of them are of the search log: its session, whether the search is one that is known, the entry and its words,
    # and whether to ask for a position
    with django_assert_max_num_queries(34):
        client.get(PEOPLE + "?q=nurse")
    make_candidates(20)
    drain()
    with django_assert_max_num_queries(34):
        client.get(PEOPLE + "?q=nurse")


def test_preview_is_a_part_for_htmx_and_the_person_without(client):
    person = make_candidate("Adaeze Nwosu", positions=[{"title": "Nurse", "employer": "Mercy", "start": "2019"}])
    address = f"{PEOPLE}{person.pk}/preview/"
    part = client.get(address, headers=HTMX).content.decode()
    assert "Adaeze Nwosu" in part and "<svg" in part and "<html" not in part
    assert client.get(address)["Location"] == f"{PEOPLE}{person.pk}/"


def test_preview_says_why_and_what_was_noted_last(client, member):
    person = make_candidate("Adaeze Nwosu", headline="ICU Nurse")
    add_note(person, "Asked for nights", by=member)
    add_note(person, "Called <back>", by=member)
    drain()
    part = client.get(f"{PEOPLE}{person.pk}/preview/?q=nurse", headers=HTMX).content.decode()
    assert "<mark>Nurse</mark>" in part
    assert "Called &lt;back&gt;" in part and "Asked for nights" not in part
    assert client.get(f"{PEOPLE}{person.pk}/preview/?q=(nurse", headers=HTMX).status_code == 200


def select(client, then, **form):
    return client.post(PEOPLE + "select/", {"then": then, **form})


def test_chosen_people_become_a_selection(client, member):
    one, two, _ = make_candidates(3)
    response = select(client, "pipeline", selected=[one.pk, two.pk, "x", one.pk])
    selection = Selection.objects.get()
    assert (selection.candidate_ids, selection.search, selection.by) == ([one.pk, two.pk], None, member)
    assert response["Location"] == f"{PEOPLE}selections/{selection.pk}/pipeline/"


def test_whole_result_becomes_a_selection_of_its_search(client):
    select(client, "tag", everyone="on", query="q=nurse&consent=may_write&consent=no_consent&sort=recent")
    assert Selection.objects.get().search == {
        "text": "nurse",
        "facets": {"consent": ["may_write", "no_consent"]},
        "exactly": False,
        "less": [],
    }


def test_choosing_nobody_is_said(client):
    response = client.post(PEOPLE + "select/", {"then": "tag", "query": "q=nurse"}, follow=True)
    assert response.redirect_chain == [(PEOPLE + "?q=nurse", 302)]
    assert "Nobody is chosen yet." in response.content.decode()


def test_few_people_are_added_to_a_pipeline_at_once(client, member):
    pipeline, (one, two) = make_pipeline(member), make_candidates(2)
    page = select(client, "pipeline", selected=[one.pk, two.pk])["Location"]
    assert "Add 2 people to a pipeline" in client.get(page).content.decode()
    response = client.post(page, {"stage": stage(pipeline, "Talking").pk})
    assert response["Location"] == f"/o/acme/pipelines/{pipeline.pk}/"
    assert sorted(e.stage.name for e in pipeline.entries.all()) == ["Talking", "Talking"]


def test_few_people_make_a_new_pipeline(client):
    page = select(client, "pipeline", selected=[make_candidate().pk])["Location"]
    assert client.post(page, {}).status_code == 422
    pipeline_page = client.post(page, {"name": "Nurses"})["Location"]
    assert "Nurses" in client.get(pipeline_page).content.decode()


def test_whole_result_is_added_in_the_background(client, member, django_capture_on_commit_callbacks):
    pipeline = make_pipeline(member)
    nurses, welder = make_candidates(3, headline="Nurse"), make_candidate(headline="Welder")
    make_entry(pipeline, member, "Hired", nurses[0])
    drain()
    page = select(client, "pipeline", everyone="on", query="q=nurse")["Location"]
    response = client.post(page, {"stage": stage(pipeline, "Found").pk})
    run = finished(response)
    assert (run.state, run.done, run.total) == ("done", 3, 3)
    assert run.result["sentences"] == ["2 were put into it; the others were in it before."]
    entries = pipeline.entries.order_by("candidate_id").values_list("candidate_id", "stage__name")
    assert list(entries) == [(nurses[0].pk, "Hired"), (nurses[1].pk, "Found"), (nurses[2].pk, "Found")]
    assert not pipeline.entries.filter(candidate=welder).exists()


def finished(response):
    """The run that a page leads to, worked on here as a worker would."""
    from crm.actions.bulk_runs import work_on

    assert re.fullmatch(r"/o/acme/runs/\d+/", response["Location"]), response["Location"]
    run = BulkRun.objects.latest("pk")
    work_on(run.pk, worker="test")
    run.refresh_from_db()
    return run


def test_run_that_was_interrupted_goes_on_where_it_stopped(client, member, monkeypatch):
    from talentpool.actions import bulk_acts

    monkeypatch.setattr(bulk_acts, "SLICE", 2)
    make_candidates(5, headline="Nurse")
    drain()
    response = client.post(select(client, "tag", everyone="on", query="q=nurse")["Location"], {"name": "ICU"})
    run = BulkRun.objects.latest("pk")
    bulk_acts._tag_slice(run)
    run.save()
    make_candidate(headline="Nurse, came later")
    drain()
    run = finished(response)
    assert run.cursor == {"done": 5}
    assert Activity.objects.filter(kind="tagged").count() == 5


def test_whole_result_is_tagged_once(client):
    make_candidates(3, headline="Nurse")
    Tag.objects.create(name="icu")
    drain()
    for expected in (3, 0):
        page = select(client, "tag", everyone="on", query="q=nurse")["Location"]
        assert finished(client.post(page, {"name": "ICU"})).result["new"] == expected
    assert list(Tag.objects.values_list("name", flat=True)) == ["icu"]


def test_export_is_a_guarded_table_for_its_maker_alone(client, tenant, member):
    one = make_candidate("=cmd|'/C calc'!A0", skills=["ICU", "CRRT"], consent=True)
    two = make_candidate("Zoë Ünal", email="zoe@example.org", location="-1+1")
    page = select(client, "export", selected=[one.pk, two.pk])["Location"]
    assert "leaves Rapport" in client.get(page).content.decode()
    run = finished(client.post(page))
    assert run.result["sentences"] == ["2 people. The file is kept for a day."]
    response = client.get(run.result["url"])
    rows = response.content.decode("utf-8-sig").splitlines()
    assert response["Content-Disposition"].startswith("attachment")
    assert rows[0].startswith("Rapport id,Name,Headline")
    assert f"{one.pk},'=cmd|'/C calc'!A0," in rows[1] and "ICU; CRRT" in rows[1] and "May be written to" in rows[1]
    assert "Zoë Ünal" in rows[2] and "'-1+1" in rows[2]
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["bulk_run.started", "people.exported", "export.downloaded"]
    colleague = signed_in(make_member(tenant, Role.ADMIN))
    assert colleague.get(run.result["url"]).status_code == 404


def test_export_is_not_for_everyone(tenant):
    sourcer = signed_in(make_member(tenant, Role.SOURCER))
    person = make_candidate()
    drain()
    assert 'value="export"' not in sourcer.get(PEOPLE).content.decode()
    assert sourcer.get(select(sourcer, "export", selected=[person.pk])["Location"]).status_code == 403


def test_selection_of_a_colleague_is_not_found(client, tenant):
    colleague = signed_in(make_member(tenant, Role.ADMIN))
    page = select(colleague, "tag", selected=[make_candidate().pk])["Location"]
    assert client.get(page).status_code == 404


def test_search_is_saved_and_run_again(client):
    make_candidate("Adaeze Nwosu", headline="Nurse")
    drain()
    address = "/o/acme/segments/new/?q=nurse&consent=no_consent"
    assert "1 person matches" in client.get(address).content.decode()
    answer = client.post(address, {"name": "Nurses"})
    segment = Segment.objects.get()
    assert answer["Location"] == f"/o/acme/segments/{segment.pk}/"
    assert (segment.text, segment.facets) == ("nurse", {"consent": ["no_consent"]})
    page = client.get(f"/o/acme/segments/{segment.pk}/").content.decode()
    assert "?q=nurse&amp;consent=no_consent" in page
    assert client.post(address, {"name": "Nurses"}).status_code == 422
    client.post(f"/o/acme/segments/{segment.pk}/delete/")
    assert Segment.objects.count() == 0


def test_search_that_cannot_be_read_is_not_saved(client):
    response = client.get("/o/acme/segments/new/?q=(icu")
    assert response["Location"] == PEOPLE + "?q=%28icu"


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_are_searched_for_tagged_and_saved_as_text(client, text):
    person = make_candidate(text.replace("\x00", "")[:300], headline=text.replace("\x00", "")[:500])
    drain()
    page = client.get(PEOPLE, {"q": text, "source": text})
    narrow = client.get(PEOPLE + "narrow/", {"q": text, "tag": text})
    assert [page.status_code, narrow.status_code, client.get(PEOPLE).status_code] == [200, 200, 200]
    tag_page = select(client, "tag", selected=[person.pk])["Location"]
    assert client.post(tag_page, {"name": text}).status_code in (302, 422)
    assert client.post("/o/acme/segments/new/", {"name": text}).status_code in (302, 422)
    for response in (page, narrow, client.get(PEOPLE), client.get("/o/acme/segments/")):
        assert "<script>alert" not in response.content.decode()
        assert "<img src=x" not in response.content.decode()


def test_people_of_another_organisation_are_never_shown(client, other_tenant):
    from crm.tenancy.scope import tenant_scope

    with tenant_scope(other_tenant.pk):
        theirs = make_candidate("Rival Nurse", headline="Nurse")
        drain()
    make_candidate("Our Nurse", headline="Nurse")
    assert names(seen(client, "?q=nurse")) == ["Our Nurse"]
    select(client, "tag", selected=[theirs.pk])
    page = f"{PEOPLE}selections/{Selection.objects.latest('pk').pk}/tag/"
    client.post(page, {"name": "Stolen"})
    with tenant_scope(other_tenant.pk):
        assert Candidate.objects.get(pk=theirs.pk).candidatetag_set.count() == 0


def test_chosen_people_are_written_to_by_a_campaign(client):
    response = select(client, "write", selected=[make_candidate().pk])
    assert response["Location"] == f"/o/acme/campaigns/new/?selection={Selection.objects.get().pk}"
    assert client.get(response["Location"]).status_code == 200


def test_search_that_a_campaign_is_written_to_is_not_removed(client, member):
    segment = Segment.objects.create(name="Nurses", text="nurse", by=member)
    make_campaign(member, [], audience="segment", selection=None, segment=segment)
    response = client.post(f"/o/acme/segments/{segment.pk}/delete/", follow=True)
    assert "A campaign is written to “Nurses”, so it stays." in response.content.decode()
    assert Segment.objects.count() == 1


def conditions(page):
    """Each row of the chip builder: what it is called, how it is asked for, its values."""
    rows = re.findall(r'<form class="row close condition".*?</form>', page, re.S)
    return [
        (
            re.search(r"<b>([^<]+)</b>", row)[1],
            re.search(r'value="(\w+)" selected', row)[1],
            re.findall(r'class="term[^"]*">([^<]+)<', row),
        )
        for row in rows
    ]


def built(client, **change):
    """The search after a change in the builder, as its address says it."""
    return client.get(PEOPLE + "build/", change | {"build": "on"})["Location"].removeprefix(PEOPLE)


def test_search_is_shown_as_conditions_and_in_words_again(client):
    make_candidate("Ada", headline="Nurse", current_title="Nurse", skills=["CRRT"])
    page = seen(client, "?q=title:(nurse OR RN) skill:CRRT -student&consent=no_consent&build=on")
    assert conditions(page) == [
        ("Title", "any", ["nurse", "RN"]),
        ("Skill", "any", ["CRRT"]),
        ("Anywhere", "none", ["student"]),
    ]
    assert names(page) == ["Ada"]
    assert (
        'href="?q=title%3Anurse+skill%3ACRRT+NOT+student&amp;consent=no_consent&amp;build=on" aria-label="Remove Title RN"'
        in page
    )
    assert 'href="?q=title%3A%28nurse+OR+RN%29+skill%3ACRRT+-student&amp;consent=no_consent">Write it in words' in page
    assert "Build it from conditions" not in page and "Build it from conditions" in seen(client, "?q=nurse")


def test_conditions_are_changed_one_by_one(client):
    q = "title:nurse"
    assert built(client, q=q, row=0, how="any", value="charge nurse") == (
        "?q=title%3A%28nurse+OR+%22charge+nurse%22%29&build=on"
    )
    assert built(client, q=q, row=0, how="none", value="") == "?q=NOT+title%3Anurse&build=on"
    assert built(client, q=q, field="skill", how="all", value="CRRT") == "?q=title%3Anurse+skill%3ACRRT&build=on"
    town = {"field": "near", "value": "Austin, TX"}
    assert built(client, q="", **town, distance="50mi") == "?build=on&q=near%3A%22Austin%2C+TX%22+50mi"
    assert built(client, q="", **town, distance="") == "?build=on&q=near%3A%22Austin%2C+TX%22"
    another = built(client, q='near:"Austin, TX" 50mi', row=0, how="any", value="Utrecht", distance="25km")
    assert another == "?q=%28near%3A%22Austin%2C+TX%22+50mi+OR+near%3A%22Utrecht%22+25km%29&build=on"
    assert built(client, q="", field="near", value="Nowhereville", distance="50mi") == "?build=on&q="
    assert built(client, q=q, field="salary", how="any", low="50k", high="60k") == (
        "?q=title%3Anurse+salary%3A50k..60k&build=on"
    )
    assert built(client, q=q, field="experience", how="any", low="5", consent="may_write") == (
        "?q=title%3Anurse+experience%3A%3E%3D5&consent=may_write&build=on"
    )


@pytest.mark.parametrize(
    "change", [{"row": 7}, {"row": "x"}, {"how": "x"}, {"value": "(("}, {"field": "nothing", "value": "x"}, {"row": 0}]
)
def test_change_that_makes_no_sense_leaves_the_search(client, change):
    assert built(client, q="title:nurse", **change) == "?q=title%3Anurse&build=on"
    assert built(client, q="(nurse", **change) == "?q=%28nurse&build=on"


def test_search_that_only_words_can_say_stays_in_words(client):
    make_candidate()
    assert "says more than conditions can" in seen(client, "?q=title:x OR skill:y&build=on")
    assert "can't be read yet" in seen(client, "?q=(title&build=on")
    assert built(client, q="title:x OR skill:y", field="skill", value="z") == "?q=title%3Ax+OR+skill%3Ay&build=on"


def test_condition_is_begun_with_what_its_field_takes(client):
    make_candidate()
    assert 'aria-label="Years of work from"' in seen(client, "?begin=experience&build=on")
    assert 'data-field="title"' in seen(client, "?begin=title&build=on")
    assert conditions(seen(client, "?begin=nothing&build=on")) == []


def test_conditions_of_restricted_fields_are_not_offered_to_hiring_managers(client, tenant, member):
    create_field("Rating", CustomKind.CHOICE, choices=["Good"], is_restricted=True, by=member)
    make_candidate()
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    offered = '<option value="custom.rating">Rating</option>'
    assert offered in seen(client, "?build=on") and offered not in seen(manager, "?build=on")
