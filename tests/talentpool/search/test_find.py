import json
import socket

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from crm.tenancy.scope import tenant_scope
from talentpool.models import SearchDocument, SearchIndex, SearchOutbox
from talentpool.search.engines import opensearch
from talentpool.search.engines.base import EngineDown
from talentpool.search.find import QueryError, SearchRequest, count, find, find_facets, has, matching_ids
from talentpool.search.index.outbox import drain
from tests.simulators.opensearch import ill_opensearch
from tests.talentpool.search.people import person


@pytest.fixture
def nurses(tenant, clean_cache):
    people = [person(f"Person {number}", title="Nurse", minutes=number) for number in range(3)]
    drain()
    yield people
    cache.clear()


def test_a_text_that_cannot_be_read_is_refused_at_once(tenant):
    for ask in (find, count, matching_ids):
        with pytest.raises(QueryError) as error:
            ask(SearchRequest("nurse AND (icu"))
        assert (error.value.message, error.value.position) == (
            "The bracket opened at character 11 is never closed.",
            10,
        )


def test_the_last_page_has_no_next_one(nurses):
    page = find(SearchRequest("nurse", limit=2, with_facets=False))
    assert (page.total, len(page.hits), page.facets) == (3, 2, [])
    page = find(SearchRequest("nurse", limit=2, cursor=page.next_cursor))
    assert (page.total, len(page.hits), page.next_cursor) == (3, 1, None)
    assert find(SearchRequest("nurse", limit=3)).next_cursor is None
    assert len(find(SearchRequest("nurse", limit=-5)).hits) == 1


def test_a_page_costs_few_queries_however_many_people_it_shows(nurses, django_assert_num_queries):
    for limit in (1, 3):
        # count of a sample, facets, all who are found, their tiers (or the first tier that fills the page), the people with
        # tags, sources, files and own fields, values' names
        with django_assert_num_queries(10):
            assert len(find(SearchRequest("nurse", limit=limit)).hits) == limit


def test_facets_by_themselves_look_for_no_page(nurses, django_assert_num_queries):
    with django_assert_num_queries(3):  # count of a sample, facets, values' names
        page = find_facets(SearchRequest("nurse"))
    assert [(each.name, [value.count for value in each.values]) for each in page.facets if each.name == "title"] == [
        ("title", [3])
    ]


def answers_of_postgres(asked):
    page = find(SearchRequest("nurse"))
    assert ([hit.candidate_id for hit in page.hits], page.engine, page.fell_back) == (asked, "PostgreSQL", True)


def test_a_closed_port_is_no_error_page_and_nobody_waits_for_it_again(nurses, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        settings.OPENSEARCH_URL = f"http://127.0.0.1:{taken.getsockname()[1]}"
        newest_first = [each.pk for each in reversed(nurses)]
        answers_of_postgres(newest_first)
        assert count(SearchRequest("nurse")) == 3


EMPTY = {"timed_out": False, "_shards": {"failed": 0}, "hits": {"total": {"value": 0}, "hits": []}, "aggregations": {}}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (0, ""),
        (200, "{}"),
        (200, "[]"),
        (200, "null"),
        (200, "<html>Welcome to nginx"),
        (200, json.dumps(EMPTY)),
        (200, json.dumps(EMPTY | {"timed_out": True})),
        (200, json.dumps(EMPTY | {"_shards": {"failed": 1}})),
        (200, json.dumps(EMPTY | {"hits": {"total": {"value": 9}, "hits": [{"sort": ["x"]}]}})),
        (404, '{"error": "index_not_found_exception"}'),
        (429, '{"error": "too busy"}'),
        (500, "boom"),
        (503, ""),
    ],
)
def test_whatever_opensearch_says_postgres_answers_and_the_page_says_so(nurses, settings, status, body):
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        ill.status, ill.body = status, body.encode()
        answers_of_postgres([each.pk for each in reversed(nurses)])
        assert ill.asked == 1
        assert count(SearchRequest("nurse")) == 3


WHOLE = {"total": 2, "successful": 2, "failed": 0}


@pytest.mark.parametrize("failed", [1, 0])  # none failed, and one is gone
def test_an_answer_for_a_part_of_the_people_is_not_taken(nurses, settings, failed):
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        ill.body = json.dumps({"_shards": {"total": 2, "successful": 1, "failed": failed}, "count": 1}).encode()
        assert count(SearchRequest("nurse")) == 3
        cache.clear()
        assert has(SearchRequest("nurse"), nurses[0].pk) == (True, "PostgreSQL")


@pytest.mark.parametrize("sorts", ["5 5", "6 5", "nobody", str(2**70), "-1"])
def test_digests_of_nobody_are_not_taken(tenant, settings, sorts):
    hits = [{"sort": [each], "fields": {"digest": [7]}} for each in sorts.split()]
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        ill.body = json.dumps(EMPTY | {"_shards": WHOLE, "hits": {"hits": hits}}).encode()
        with pytest.raises(EngineDown, match="makes no sense"):
            list(opensearch.OpenSearchEngine().digests())


def test_whom_an_act_is_upon_does_not_hang_on_opensearch(nurses, settings):
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        assert list(matching_ids(SearchRequest("nurse"))) == [[each.pk for each in nurses]]
        assert ill.asked == 0


@pytest.mark.parametrize("sort", [[1, "5", "nobody"], [1, 5, 2**70], [1, 5, -7]])
def test_a_page_about_ids_that_are_none_is_not_taken(nurses, settings, sort):
    hits = {"total": {"value": 1}, "hits": [{"sort": sort}]}
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        ill.body = json.dumps(EMPTY | {"_shards": WHOLE, "hits": hits}).encode()
        page = find(SearchRequest("nurse", with_facets=False))
        assert (page.total, page.engine, page.trouble) == (3, "PostgreSQL", "down")


def test_a_bulk_that_leaves_somebody_unmentioned_is_not_taken_for_done(nurses, settings):
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        ill.body = json.dumps({"items": [{"index": {"status": 201}}]}).encode()
        with pytest.raises(EngineDown, match="told of 1 documents of 2"):
            opensearch._bulk("people", [{"_op_type": "index", "_id": each, "_source": {}} for each in (1, 2)])


def test_a_slow_opensearch_is_left_alone_for_a_while_and_then_asked_again(nurses, settings, monkeypatch):
    monkeypatch.setattr(opensearch, "PATIENCE", 0.2)
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        ill.delay = 0.6
        for _ in range(3):
            answers_of_postgres([each.pk for each in reversed(nurses)])
        assert ill.asked == 1
        cache.clear()  # as when the rest is over
        answers_of_postgres([each.pk for each in reversed(nurses)])
        assert ill.asked == 2


def test_changes_wait_for_an_opensearch_that_is_down_and_postgres_goes_on(nurses, settings):
    with ill_opensearch() as ill:
        settings.OPENSEARCH_URL = ill.url
        ill.status = 503
        new = person("New", title="Nurse", minutes=9)
        drain()
        assert find(SearchRequest("nurse")).hits[0].candidate_id == new.pk
        assert list(SearchOutbox.objects.values_list("candidate_ids", "index")) == [([new.pk], SearchIndex.OPENSEARCH)]
        drain()
        assert SearchOutbox.objects.filter(index=SearchIndex.OPENSEARCH).count() == 1
    settings.OPENSEARCH_URL = ""
    drain()
    assert SearchOutbox.objects.count() == 0


def asked_as_owner(sql, *parameters):
    """Rows of a function that reads as the tables' owner, called by the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


CALLS = {
    "SELECT search_count(ARRAY[%s])": 1,
    "SELECT id FROM search_page('fetch', ARRAY[%s], '{}', 'infinity', 0, 100)": 1,
    "SELECT id FROM search_page('walk', ARRAY[%s], '{}', 'infinity', 0, 100)": 1,
    "SELECT id FROM search_page('sift', ARRAY['''b:1'''], ARRAY[%s], 'infinity', 0, 100)": 1,
    "SELECT unnest(search_ids(ARRAY[%s], 0))": 1,
    "SELECT people FROM search_facets(ARRAY[%s], '{}', 10) WHERE value_id = 0": 1,
}


@pytest.mark.parametrize("sql", CALLS)
def test_the_functions_that_read_as_owner_give_rows_of_the_current_tenant_only(nurses, other_tenant, sql):
    with tenant_scope(other_tenant.pk):
        theirs = person("Rival", title="Nurse")
        drain()
    everybody = "'b:1'"
    for hostile in (everybody, "'b:1' | 'nurs'", "!'nothing'", "'nurs':*", "!('a' & !'a')"):
        found = [value for (value,) in asked_as_owner(sql, hostile)]
        assert theirs.pk not in found
        assert found in ([3], sorted(each.pk for each in nurses), [each.pk for each in reversed(nurses)])
    with tenant_scope(other_tenant.pk):
        assert asked_as_owner(sql, everybody) in ([(1,)], [(theirs.pk,)])
    for broken in ("", "nurs' or 1=1", "')) UNION SELECT 1; --", "&", "\\"):
        with transaction.atomic():
            try:
                rows = asked_as_owner(sql, broken)
            except DatabaseError:
                transaction.set_rollback(True)
            else:
                assert rows in ([], [(0,)])


def test_without_a_tenant_the_functions_that_read_as_owner_refuse(nurses):
    for sql in CALLS:
        with transaction.atomic():
            asked_as_owner("SELECT set_config('crm.tenant_id', 'no tenant scope', true)")
            with pytest.raises(DatabaseError, match="invalid input syntax for type bigint"):
                asked_as_owner(sql, "'b:1'")
            transaction.set_rollback(True)


def test_no_table_of_the_sessions_own_can_stand_in_for_the_real_one(nurses):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE talentpool_searchdocument (id bigint, tenant_id bigint, tokens tsvector)")
    assert count(SearchRequest("nurse")) == 3


def test_the_application_sees_documents_of_its_own_tenant_only(nurses, other_tenant):
    with tenant_scope(other_tenant.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM talentpool_searchdocument")
        assert cursor.fetchone() == (0,)


def test_the_rebuild_command_makes_every_document_anew(nurses, tenant, capsys):
    SearchDocument.objects.all().delete()
    call_command("rebuild_search", tenant=tenant.slug)
    assert capsys.readouterr().out == "PostgreSQL: 3 people indexed, 0 documents differ.\n"
    assert count(SearchRequest("nurse")) == 3
    with pytest.raises(CommandError, match=r"There is no organisation “nobody”\."):
        call_command("rebuild_search", tenant="nobody")
