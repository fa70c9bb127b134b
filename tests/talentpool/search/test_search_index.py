import pytest

from crm.models import AuditEntry, Role
from talentpool.models import SearchDocument, SearchIndex
from talentpool.queries.search import search_indexes
from talentpool.search.index.outbox import drain, tenants_waiting
from talentpool.search.index.sweep import sweep
from talentpool.tasks import sweep_search, sweep_search_index
from tests.conftest import make_member, signed_in
from tests.talentpool.search.people import NOON, person

PAGE = "/o/acme/settings/search/"


@pytest.fixture
def at_once(monkeypatch):
    """Tasks run when they are queued."""
    monkeypatch.setitem(sweep_search_index.app.conf, "task_always_eager", True)


def test_the_page_says_how_many_changes_wait_and_what_the_last_check_found(client, tenant, member):
    person("Ana")
    person("Bob")
    assert "Not yet; the first is tonight." in client.get(PAGE).content.decode()
    (state,) = search_indexes()
    assert (state.index, state.answers, state.waiting, state.last_check) == (SearchIndex.POSTGRES, True, 2, None)
    drain()
    SearchDocument.objects.filter(tokens__isnull=False).first().delete()
    sweep(SearchIndex.POSTGRES, now=NOON)
    (state,) = search_indexes()
    assert (state.waiting, state.last_check.people, state.last_check.missing) == (1, 2, 1)
    assert client.get(PAGE).status_code == 200


def test_a_check_can_be_asked_for(client, tenant, member, at_once):
    person("Ana")
    assert client.post(PAGE).url == PAGE
    (state,) = search_indexes()
    assert (state.last_check.people, state.last_check.missing) == (1, 1)
    assert AuditEntry.objects.filter(verb="search.checked", member=member).count() == 1


def test_an_index_can_be_built_anew_and_the_page_says_how_far_it_is(client, tenant, member):
    person("Ana")
    drain()
    SearchDocument.objects.all().delete()
    assert "never needed" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}rebuild/").url == PAGE
    assert "asked for" in client.get(PAGE).content.decode()
    assert tenants_waiting() == [tenant.pk]
    drain()
    (state,) = search_indexes()
    assert (state.rebuild.people, state.rebuild.finished_at is None, SearchDocument.objects.count()) == (1, False, 1)
    assert AuditEntry.objects.filter(verb="search.rebuilt", member=member).count() == 1
    assert client.get(PAGE).status_code == 200


def test_only_who_manages_the_organisation_sees_the_page(tenant):
    assert signed_in(make_member(tenant, Role.RECRUITER)).get(PAGE).status_code == 403


def test_every_tenant_is_checked_at_night(tenant, other_tenant, at_once):
    person("Ana")
    sweep_search.apply()
    (state,) = search_indexes()
    assert state.last_check.people == 1
