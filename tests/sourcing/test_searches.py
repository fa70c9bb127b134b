from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone

from crm.models import Role
from crm.tenancy.scope import tenant_scope
from sourcing.models import EntryKind, SearchLogEntry, SearchLogWords
from talentpool.actions.pipelines import add_to_pipeline
from talentpool.actions.selections import next_ids, select_people
from talentpool.models import Selection
from talentpool.search.index.outbox import drain
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_pipeline
from tests.sourcing.conftest import NOW, searched
from tests.talentpool.naughty import NAUGHTY

PEOPLE = "/o/acme/people/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _nothing_cached(tenant):
    cache.delete("pool-size")


def log():
    """What is in the log, in order: kind, the search it follows from, who, and what was done."""
    return [
        (entry.kind, entry.search_id, entry.candidate_ids, entry.act) for entry in SearchLogEntry.objects.order_by("pk")
    ]


def test_a_search_is_written_down_as_typed_and_as_run_with_who_was_shown(client, member):
    nurse = make_candidate("Adaeze Nwosu", headline="ICU Nurse")
    make_candidate("Tom Reyes", headline="Welder")
    drain()
    client.get(PEOPLE, {"q": "nurse AND NOT (student)", "consent": ["no_consent"]})
    [entry] = SearchLogEntry.objects.all()
    assert (entry.kind, entry.member, entry.candidate_ids, entry.total, entry.total_is_estimate, entry.via) == (
        "searched", member, [nurse.pk], 1, False, "web",
    )  # fmt: skip
    assert entry.detail == {"sort": "relevance", "engine": "PostgreSQL", "fell_back": False}
    said = SearchLogWords.objects.get(entry=entry).said
    assert "enfermera: another name of nurse" in said.pop("other_names")
    assert said == {
        "text": "nurse AND NOT (student)",
        "as_run": "nurse -student",
        "facets": {"consent": ["no_consent"]},
        "facets_in_words": {"Contact": ["No consent yet"]},
        "options": {"sees_restricted": True, "exactly": False, "less": []},
    }


def test_looking_through_everybody_is_no_search_and_what_cannot_be_read_is_none(client):
    make_candidate()
    drain()
    client.get(PEOPLE)
    client.get(PEOPLE, {"q": "nurse AND ("})
    assert log() == []


def test_pages_and_orders_of_a_search_are_one_search_and_loading_again_is_none(member):
    first = searched(member, "nurse", 1, 2)
    searched(member, "nurse", 3, 4, cursor="x")
    searched(member, "nurse", 1, 2)
    searched(member, "nurse", 4, 1, sort="recent")
    other = searched(member, "doctor", 9)
    searched(member, "nurse", 2, facets={"tag": ("7",)})
    assert log() == [
        ("searched", None, [1, 2], ""),
        ("paged", first.pk, [3, 4], ""),
        ("paged", first.pk, [4, 1], ""),
        ("searched", None, [9], ""),
        ("searched", None, [2], ""),
    ]
    assert first.session == other.session


def test_half_an_hour_of_rest_begins_a_new_session(member):
    first = searched(member, "nurse", 1)
    second = searched(member, "nurse", 1, 2, now=NOW + timedelta(minutes=29))
    third = searched(member, "nurse", 1, 2, now=NOW + timedelta(minutes=60))
    assert (second.kind, third.kind) == ("paged", "searched")
    assert first.session == second.session != third.session


def test_colleagues_search_in_sessions_of_their_own(member, tenant):
    colleague = make_member(tenant, Role.RECRUITER)
    assert searched(member, "nurse", 1).session != searched(colleague, "nurse", 1).session


def test_whoever_is_opened_is_led_back_to_the_search_that_showed_them(client, tenant):
    nurse, welder = make_candidate("Adaeze", headline="ICU Nurse"), make_candidate("Tom", headline="Welder")
    drain()
    client.get(PEOPLE, {"q": "nurse"})
    search = SearchLogEntry.objects.get()
    for _ in range(2):
        client.get(f"{PEOPLE}{nurse.pk}/preview/", headers=HTMX)
        client.get(f"{PEOPLE}{nurse.pk}/")
    client.get(f"{PEOPLE}{welder.pk}/")  # from elsewhere
    signed_in(make_member(tenant, Role.RECRUITER)).get(f"{PEOPLE}{nurse.pk}/")
    assert log()[1:] == [
        ("opened", search.pk, [nurse.pk], "preview"),
        ("opened", search.pk, [nurse.pk], "profile"),
    ]


def test_whoever_is_chosen_is_considered_and_of_a_whole_result_everybody_when_it_is_written_out(client, member):
    people = make_candidates(3, headline="ICU Nurse")
    drain()
    client.get(PEOPLE, {"q": "nurse"})
    search, ids = SearchLogEntry.objects.get(), [person.pk for person in people]
    client.post(f"{PEOPLE}select/", {"selected": ids[:2], "then": "tag", "query": "q=nurse"})
    client.post(f"{PEOPLE}select/", {"everyone": "on", "then": "export", "query": "q=nurse"})
    whole = Selection.objects.get(search__isnull=False)
    run = type("Run", (), {"params": {"selection": whole.pk}, "cursor": {}, "total": 0})()
    next_ids(run, 1000)
    assert log()[1:] == [
        ("considered", search.pk, ids[:2], "tag"),
        ("considered", search.pk, [], "export"),
        ("considered", search.pk, ids, "export"),
    ]


def test_putting_somebody_found_into_a_pipeline_is_considering_them(member):
    found, other = make_candidate(), make_candidate()
    search = searched(member, "nurse", found.pk, now=NOW)
    add_to_pipeline(make_pipeline(member), [found.pk, other.pk], by=member)
    assert log() == [("searched", None, [found.pk], "")]  # it is long ago
    search = searched(member, "nurse", found.pk, now=timezone.now())
    add_to_pipeline(make_pipeline(member, name="Another"), [found.pk, other.pk], by=member)
    assert log()[2:] == [("considered", search.pk, [found.pk], "pipeline")]


def test_people_chosen_without_a_search_are_no_matter_of_the_log(member):
    select_people(candidate_ids=[make_candidate().pk], by=member, act="tag")
    select_people(search={"text": "", "facets": {}}, by=member, act="tag")
    assert log() == []


def test_the_api_searches_are_written_down_with_their_token(member):
    make_candidate("Adaeze Nwosu", headline="ICU Nurse")
    drain()
    assert program_of(member).get("/candidates/search", q="nurse").status_code == 200
    [entry] = SearchLogEntry.objects.all()
    assert (entry.kind, entry.via.startswith("api: ")) == ("searched", True)


def test_hostile_texts_are_kept_as_far_as_they_can_be(member):
    for number, text in enumerate([*NAUGHTY, "a\0b", "half \ud800 of a pair", "y" * 4_000]):
        entry = searched(member, f'"nurse {text[:4_000].replace(chr(34), "")}"', number)
        assert entry is not None
        assert "\0" not in SearchLogWords.objects.get(entry=entry).said["text"]


def test_the_application_can_neither_change_nor_remove_an_entry(member):
    searched(member, "nurse", 1)
    for act in (
        lambda: SearchLogEntry.objects.update(act="x"),
        lambda: SearchLogEntry.objects.all().delete(),
        lambda: SearchLogWords.objects.update(salt="x"),
        lambda: SearchLogWords.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert SearchLogEntry.objects.count() == SearchLogWords.objects.count() == 1


def test_another_organisation_sees_nothing_of_it(member, other_member):
    searched(member, "nurse", 1)
    with tenant_scope(other_member.tenant_id):
        assert SearchLogEntry.objects.count() == 0
        assert searched(other_member, "nurse", 1).kind == EntryKind.SEARCHED
