"""People as a table: columns that members choose, save, share, and never see what they may not."""

import re

import pytest

from crm.models import AuditEntry, Role
from talentpool.actions.custom_fields import create_field
from talentpool.actions.tags import tag_named, tag_people
from talentpool.custom_values import CustomKind
from talentpool.models import ColumnChoice, ColumnSet
from talentpool.search.index.outbox import drain
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate, make_candidates

PEOPLE = "/o/acme/people/"
COLUMNS = PEOPLE + "columns/"


def numbered(client, *wanted):
    """The fields of the form with numbers at these columns, by their labels."""
    page = client.get(COLUMNS + "new/").content.decode()
    fields = {label: name for name, label in re.findall(r'<label for="id_(place-\d+)">([^<]+)<', page)}
    return {fields[label]: number for number, label in enumerate(wanted, 1)}


def saved(client, *wanted, name="Who to call", **said):
    answer = client.post(COLUMNS + "new/", {"name": name, **numbered(client, *wanted), **said})
    assert answer.status_code == 302, answer.content.decode()
    return ColumnSet.objects.latest("pk")


def table(client, query=""):
    drain()
    page = client.get(PEOPLE + query).content.decode()
    headings = re.findall(r'<th scope="col">([^<]+)<', page)
    rows = re.findall(r"<tr data-row.*?</tr>", page, re.S)
    cells = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S)[1:]]
        for row in rows
    ]
    return headings, cells


def test_people_stand_in_the_columns_chosen_in_their_order(client, member):
    person = make_candidate("Ada", current_title="Nurse", location="Fresno", skills=["CRRT", "ECMO"], owner=member)
    tag_people(tag_named("ICU"), [person.pk], by=member)
    columns = saved(client, "Skills", "Owner", "Title", "Tags", "Location")
    headings, rows = table(client, f"?columns={columns.pk}")
    assert headings == ["Name", "Skills", "Owner", "Title", "Tags", "Location"]
    assert rows == [["Ada", "CRRT, ECMO", member.name, "Nurse", "ICU", "Fresno"]]
    assert table(client) == ([], [])
    assert AuditEntry.objects.get(verb="column_set.saved").subject_id == columns.pk


def test_every_column_can_be_shown(client, member):
    create_field("Years", CustomKind.NUMBER, by=member)
    make_candidate("Ada", custom={"years": "7"}, positions=[{"title": "Nurse", "start": "2015", "end": "2019"}])
    page = client.get(COLUMNS + "new/").content.decode()
    labels = re.findall(r'<label for="id_place-\d+">([^<]+)<', page)
    columns = saved(client, *labels)
    headings, [row] = table(client, f"?columns={columns.pk}")
    assert headings == ["Name", *labels] and labels[-1] == "Years"
    assert (row[-1], row[1 + labels.index("Experience")][:1].isdigit()) == ("7", True)


def test_list_begins_with_the_columns_of_ones_choice(client):
    make_candidate()
    columns = saved(client, "Title")
    client.post(f"{COLUMNS}{columns.pk}/begin/")
    assert table(client)[0] == ["Name", "Title"]
    assert table(client, "?columns=0") == ([], [])
    client.post(COLUMNS + "list/")
    assert (table(client), ColumnChoice.objects.count()) == (([], []), 0)


def test_columns_are_ones_own_until_they_are_shared(client, tenant):
    make_candidate()
    colleague = signed_in(make_member(tenant, Role.RECRUITER))
    own, shared = saved(client, "Title"), saved(client, "Owner", name="Team", is_shared="on")
    assert table(colleague, f"?columns={own.pk}") == ([], [])
    assert table(colleague, f"?columns={shared.pk}")[0] == ["Name", "Owner"]
    assert colleague.post(f"{COLUMNS}{own.pk}/begin/").status_code == 404
    assert colleague.post(f"{COLUMNS}{shared.pk}/begin/").status_code == 302
    assert colleague.get(f"{COLUMNS}{shared.pk}/").status_code == 404
    assert colleague.post(f"{COLUMNS}{shared.pk}/delete/").status_code == 404
    client.post(f"{COLUMNS}{shared.pk}/delete/")
    assert (table(colleague), ColumnChoice.objects.count()) == (([], []), 0)


def test_restricted_columns_are_not_shown_to_hiring_managers(client, tenant, member):
    create_field("Rating", CustomKind.TEXT, is_restricted=True, by=member)
    make_candidate(custom={"rating": "Difficult"})
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    shared = saved(client, "Title", "Rating", is_shared="on")
    assert table(client, f"?columns={shared.pk}")[1][0][-1] == "Difficult"
    assert table(manager, f"?columns={shared.pk}")[0] == ["Name", "Title"]
    assert "Difficult" not in manager.get(f"{PEOPLE}?columns={shared.pk}").content.decode()
    assert "Rating" not in manager.get(COLUMNS + "new/").content.decode()


def test_columns_are_changed_and_named_once(client):
    first = saved(client, "Title")
    saved(client, "Owner", name="Other")
    answer = client.post(f"{COLUMNS}{first.pk}/", {"name": "Other", **numbered(client, "Tags")})
    assert (answer.status_code, "You have columns of that name already." in answer.content.decode()) == (422, True)
    client.post(f"{COLUMNS}{first.pk}/", {"name": "Calls", **numbered(client, "Tags", "Title")})
    first.refresh_from_db()
    assert (first.name, first.columns) == ("Calls", ["tags", "title"])
    assert client.post(COLUMNS + "new/", {"name": "None"}).status_code == 422


def test_people_may_be_shown_as_cards_whatever_the_list_begins_with(client, member):
    make_candidate("Adaeze Nwosu")
    ColumnChoice.objects.create(member=member, columns=saved(client, "Owner"))
    drain()
    page = client.get(f"{PEOPLE}?columns=cards").content.decode()
    assert '<ol class="deck" data-rows>' in page and "Adaeze Nwosu" in page and "<table" not in page
    assert 'id="with-preview"' in page  # the preview comes when it is asked for
    assert 'id="with-preview"' not in client.get(f"{PEOPLE}?columns=0").content.decode()
    assert "columns=cards" in client.get(f"{PEOPLE}?columns=cards&sort=warmth").context["form"].query


@pytest.mark.parametrize("query", ["?columns=x", "?columns=999999", "?columns=%00"])
def test_columns_that_are_not_there_leave_a_list(client, query):
    make_candidate("Ada")
    assert table(client, query) == ([], [])
    assert "Ada" in client.get(PEOPLE + query).content.decode()


def test_next_rows_come_as_rows_and_cost_the_same(client, django_assert_max_num_queries):
    make_candidates(30)
    columns = saved(client, "Title", "Owner", "Tags", "Sources", "Experience")
    drain()
    with django_assert_max_num_queries(30):
        page = client.get(f"{PEOPLE}?columns={columns.pk}").content.decode()
    more = re.search(r'hx-get="([^"]*after=[^"]+)" hx-target="#more"', page)[1].replace("&amp;", "&")
    part = client.get(more, headers={"HX-Request": "true", "HX-Target": "more"}).content.decode()
    assert (part.count("<tr data-row"), "<table" in part) == (5, False)
