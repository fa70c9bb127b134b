import pytest

from crm.models import Role
from talentpool.models import Activity, Pipeline, PipelineEntry
from talentpool.queries.pipelines import CARDS
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_entry, make_pipeline, stage
from tests.talentpool.naughty import NAUGHTY

HTMX = {"HX-Request": "true"}


def url(path=""):
    return f"/o/acme/pipelines/{path}"


def where(pipeline):
    entries = PipelineEntry.objects.filter(pipeline=pipeline).order_by("pk")
    return list(entries.values_list("candidate__name", "stage__name"))


@pytest.fixture
def pipeline(member):
    return make_pipeline(member)


@pytest.fixture
def entry(pipeline, member):
    return make_entry(pipeline, member, candidate=make_candidate("Adaeze Nwosu"))


def move(client, entry, to, **more):
    to_stage = stage(entry.pipeline, to)
    form = {"entry": entry.pk, "stage": to_stage.pk, "version": entry.version} | more
    return client.post(url(f"{entry.pipeline_id}/move/"), form, headers=more.pop("headers", {}))


def test_pipelines_say_what_to_do_when_there_is_none(client):
    page = client.get(url()).content.decode()
    assert "No pipeline yet" in page
    assert "/o/acme/people/" in page


def test_pipelines_are_listed_with_the_people_at_each_stage(client, pipeline, entry):
    page = client.get(url()).content.decode()
    assert "Critical care nurses" in page
    assert f'href="/o/acme/pipelines/{pipeline.pk}/list/?stage={entry.stage_id}"' in page


def test_new_pipeline_is_made_with_its_own_stages(client):
    response = client.post(url("new/"), {"name": "Nurses", "stages": "Seen\r\n\r\n Asked "})
    pipeline = Pipeline.objects.get()
    assert response["Location"] == url(f"{pipeline.pk}/")
    assert [s.name for s in pipeline.stages.all()] == ["Seen", "Asked"]


@pytest.mark.parametrize(("name", "stages"), [("", "Seen"), ("Nurses", ""), ("Nurses", "Seen\nseen")])
def test_new_pipeline_says_what_is_wrong(client, name, stages):
    response = client.post(url("new/"), {"name": name, "stages": stages})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert Pipeline.objects.count() == 0


def test_board_shows_cards_in_columns(client, pipeline, entry):
    page = client.get(url(f"{pipeline.pk}/")).content.decode()
    assert f'id="card-{entry.pk}"' in page
    assert page.count("data-column=") == 5
    write = f"/o/acme/campaigns/new/?pipeline={pipeline.pk}&amp;stage="
    assert [f"{write}{each.pk}" in page for each in pipeline.stages.all()] == [True] * 5


def test_board_is_as_quick_with_many_people(client, pipeline, member, django_assert_max_num_queries):
    for _ in range(3):
        make_entry(pipeline, member)
    with django_assert_max_num_queries(14):
        client.get(url(f"{pipeline.pk}/"))
    for person in make_candidates(70):
        make_entry(pipeline, member, candidate=person)
    with django_assert_max_num_queries(14):
        page = client.get(url(f"{pipeline.pk}/")).content.decode()
    assert page.count("data-card=") == CARDS
    assert "Show more" in page


def test_column_brings_the_next_cards_to_htmx_and_leads_to_the_list_without(client, pipeline, member, entry):
    for person in make_candidates(CARDS):
        make_entry(pipeline, member, candidate=person)
    address = url(f"{pipeline.pk}/stages/{entry.stage_id}/")
    board = client.get(url(f"{pipeline.pk}/")).content.decode()
    more = board.split(f'hx-get="{address}?after=')[1].split('"')[0]
    assert client.get(f"{address}?after={more}", headers=HTMX).content.decode().count("data-card=") == 1
    assert client.get(address)["Location"] == url(f"{pipeline.pk}/list/?stage={entry.stage_id}")


def test_move_without_script_goes_back_to_the_board_and_offers_undo(client, pipeline, entry):
    response = move(client, entry, "Talking")
    found = stage(pipeline, "Found")
    assert response["Location"] == url(f"{pipeline.pk}/?moved={entry.pk}&back={found.pk}")
    page = client.get(response["Location"]).content.decode()
    assert "Adaeze Nwosu is at <b>Talking</b> now." in page
    assert "Undo: back to Found" in page


def test_move_is_undone_by_moving_back(client, pipeline, entry):
    move(client, entry, "Talking")
    entry.refresh_from_db()
    move(client, entry, "Found")
    assert where(pipeline) == [("Adaeze Nwosu", "Found")]
    kinds = Activity.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["pipeline_added", "pipeline_moved", "pipeline_moved"]


def test_move_by_htmx_swaps_both_columns_and_the_line_that_says_so(client, pipeline, entry):
    found, talking = entry.stage_id, stage(pipeline, "Talking").pk
    response = client.post(
        url(f"{pipeline.pk}/move/"), {"entry": entry.pk, "stage": talking, "version": 1}, headers=HTMX
    )
    page = response.content.decode()
    assert response.status_code == 200
    for part in (f"column-{found}", f"column-{talking}", "last-step", "entry"):
        assert f'id="{part}"' in page
    assert page.count("hx-swap-oob") == 4
    assert "<html" not in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_move_that_was_overtaken_says_so(client, tenant, pipeline, entry, headers):
    tom = signed_in(make_member(tenant, Role.RECRUITER, "tom@acme.example"))
    move(tom, entry, "Talking")
    response = move(client, entry, "Contacted", headers=headers)
    page = response if headers else client.get(response["Location"])
    assert response.status_code == (422 if headers else 302)
    assert "moved Adaeze Nwosu to Talking before you" in page.content.decode()
    assert where(pipeline) == [("Adaeze Nwosu", "Talking")]


def test_move_from_the_list_goes_back_to_the_list(client, pipeline, entry):
    response = move(client, entry, "Talking", list=f"stage={entry.stage_id}&after=x")
    found = stage(pipeline, "Found").pk
    assert response["Location"] == url(f"{pipeline.pk}/list/?stage={found}&moved={entry.pk}&back={found}")


def test_entry_is_a_page_and_a_dialog(client, pipeline, entry):
    address = url(f"{pipeline.pk}/entries/{entry.pk}/")
    page = client.get(address).content.decode()
    dialog = client.get(address, headers=HTMX | {"HX-Target": "entry"}).content.decode()
    assert [("<html" in text, text.count('type="radio"')) for text in (page, dialog)] == [(True, 5), (False, 5)]


def test_removed_person_can_be_put_back(client, pipeline, entry):
    response = client.post(url(f"{pipeline.pk}/entries/{entry.pk}/remove/"))
    assert where(pipeline) == []
    page = client.get(response["Location"]).content.decode()
    assert "Adaeze Nwosu is out of this pipeline and stays in the pool." in page
    back = {"candidate": entry.candidate_id, "stage": stage(pipeline, "Found").pk}
    client.post(url(f"{pipeline.pk}/put-back/"), back)
    assert where(pipeline) == [("Adaeze Nwosu", "Found")]


def test_list_shows_one_stage_or_all(client, pipeline, member, entry):
    make_entry(pipeline, member, "Talking", make_candidate("Tom Reyes"))
    everyone = client.get(url(f"{pipeline.pk}/list/")).content.decode()
    talking = client.get(url(f"{pipeline.pk}/list/?stage={stage(pipeline, 'Talking').pk}")).content.decode()
    nonsense = client.get(url(f"{pipeline.pk}/list/?stage=x&after=%00")).content.decode()
    names = ["Adaeze Nwosu", "Tom Reyes"]
    shown = [[name in page for name in names] for page in (everyone, talking, nonsense)]
    assert shown == [[True, True], [False, True], [True, True]]


def test_list_moves_and_removes_those_who_are_chosen(client, pipeline, member, entry):
    others = [make_entry(pipeline, member) for _ in range(2)]
    chosen = {"selected": [entry.pk, others[0].pk], "stage": stage(pipeline, "Hired").pk}
    client.post(url(f"{pipeline.pk}/entries/"), chosen | {"do": "move"})
    assert [name for _, name in where(pipeline)] == ["Hired", "Hired", "Found"]
    client.post(url(f"{pipeline.pk}/entries/"), {"selected": [others[0].pk], "do": "remove"})
    assert [name for name, _ in where(pipeline)] == ["Adaeze Nwosu", others[1].candidate.name]


@pytest.mark.parametrize(
    "form", [{}, {"do": "move"}, {"selected": "x", "do": "move"}, {"do": "nonsense", "selected": "9"}]
)
def test_list_says_when_nobody_is_chosen(client, pipeline, entry, form):
    response = client.post(url(f"{pipeline.pk}/entries/"), form, follow=True)
    assert response.status_code == 200
    assert 'class="message error"' in response.content.decode()


def test_stages_are_renamed_added_reordered(client, pipeline):
    ids = [s.pk for s in pipeline.stages.all()]
    form = {"stages-TOTAL_FORMS": 6, "stages-INITIAL_FORMS": 5}
    for n, (pk, name, order) in enumerate(
        zip(ids, ["Found", "Contacted", "Talks", "", "Hired"], [2, 1, 3, 4, 5], strict=True)
    ):
        form |= {f"stages-{n}-id": pk, f"stages-{n}-name": name, f"stages-{n}-order": order}
    form |= {"stages-5-id": "", "stages-5-name": "Offer", "stages-5-order": "4"}
    response = client.post(url(f"{pipeline.pk}/stages/"), form)
    assert response.status_code == 302
    assert [s.name for s in pipeline.stages.all()] == ["Contacted", "Found", "Talks", "Offer", "Hired"]


def test_stage_with_people_is_not_removed(client, pipeline, entry):
    form = {
        "stages-TOTAL_FORMS": 1,
        "stages-INITIAL_FORMS": 1,
        "stages-0-id": "",
        "stages-0-name": "Only",
        "stages-0-order": 1,
    }
    response = client.post(url(f"{pipeline.pk}/stages/"), form)
    assert response.status_code == 422
    assert "1 person is at “Found”" in response.content.decode()


def test_pipeline_is_changed_and_put_away(client, pipeline):
    client.post(url(f"{pipeline.pk}/edit/"), {"name": "ICU", "job_title": "Nurse", "need": "May"})
    client.post(url(f"{pipeline.pk}/archive/"))
    pipeline.refresh_from_db()
    assert (pipeline.name, pipeline.job_title, pipeline.need) == ("ICU", "Nurse", "May")
    assert "ICU" in client.get(url("?show=archived")).content.decode()
    client.post(url(f"{pipeline.pk}/archive/"))
    assert Pipeline.objects.current().count() == 1


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_are_kept_or_refused_and_shown_as_text(client, text):
    response = client.post(url("new/"), {"name": text, "need": text, "job_title": text, "stages": f"A\n{text[:80]}"})
    assert response.status_code in (302, 422)
    for pipeline in Pipeline.objects.all():
        for path in (url(), url(f"{pipeline.pk}/"), url(f"{pipeline.pk}/list/"), url(f"{pipeline.pk}/stages/")):
            page = client.get(path)
            assert page.status_code == 200
            assert "<script>alert" not in page.content.decode()


def test_members_who_may_not_edit_see_and_cannot_move(tenant, pipeline, entry):
    viewer = signed_in(make_member(tenant, Role.VIEWER))
    page = viewer.get(url(f"{pipeline.pk}/")).content.decode()
    assert ("Adaeze Nwosu" in page, "data-move" in page, "New pipeline" in viewer.get(url()).content.decode()) == (
        True,
        False,
        False,
    )
    assert move(viewer, entry, "Talking").status_code == 403
    assert viewer.post(url("new/"), {"name": "x", "stages": "y"}).status_code == 403
    assert where(pipeline) == [("Adaeze Nwosu", "Found")]


def test_stages_and_entries_of_other_pipelines_are_refused(client, member, pipeline, entry):
    other = make_pipeline(member, "Another")
    theirs = make_entry(other, member)
    for form in ({"entry": theirs.pk, "stage": entry.stage_id}, {"entry": entry.pk, "stage": theirs.stage_id}):
        client.post(url(f"{pipeline.pk}/move/"), form | {"version": 1})
    assert client.get(url(f"{pipeline.pk}/entries/{theirs.pk}/")).status_code == 404
    assert client.get(url(f"{pipeline.pk}/stages/{theirs.stage_id}/")).status_code == 404
    assert (where(pipeline), where(other)) == ([("Adaeze Nwosu", "Found")], [(theirs.candidate.name, "Found")])
