import pytest
from django.test import Client

from crm.models import Member, Role, User
from crm.tenancy.scope import tenant_scope
from tests.conftest import PASSWORD, make_member, signed_in

PROFILE = {"name": "Mara Okafor", "time_zone": "Europe/Berlin", "theme": "dark"}


def test_front_leads_to_the_only_organisation(tenant, client):
    assert client.get("/")["Location"] == "/o/acme/"


def test_front_leads_to_a_choice_of_several_and_then_to_the_last(tenant, other_tenant, member, client):
    make_member(other_tenant, Role.VIEWER, member.user.email)
    assert client.get("/")["Location"] == "/organisations/"
    page = client.get("/organisations/").content.decode()
    assert [f"/o/{slug}/" in page for slug in ("acme", "rival")] == [True, True]
    client.get("/o/rival/")
    assert client.get("/")["Location"] == "/o/rival/"


def test_choice_shows_only_ones_own(tenant, other_tenant, client):
    assert "Rival Care" not in client.get("/organisations/").content.decode()


def test_profile_renames_in_every_organisation(tenant, other_tenant, member, client):
    make_member(other_tenant, Role.VIEWER, member.user.email)
    bystander = make_member(other_tenant, Role.ADMIN)
    client.post("/profile/", PROFILE)
    user = User.objects.get(pk=member.user_id)
    assert (user.name, user.time_zone, user.theme) == ("Mara Okafor", "Europe/Berlin", "dark")
    assert Member.objects.get(user=user).name == "Mara Okafor"
    with tenant_scope(other_tenant.pk):
        assert Member.objects.get(user=user).name == "Mara Okafor"
        assert Member.objects.get(pk=bystander.pk).name == bystander.name


@pytest.mark.parametrize("wrong", [{"name": ""}, {"time_zone": "Mars/Base"}, {"theme": "pink"}])
def test_wrong_profile_is_answered_with_the_form(tenant, member, client, wrong):
    assert client.post("/profile/", PROFILE | wrong).status_code == 422
    assert User.objects.get(pk=member.user_id).name == member.user.name


@pytest.mark.parametrize(
    ("back", "lands"),
    [("/o/acme/people/?q=1", "/o/acme/people/?q=1"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_theme_is_kept_and_leads_back_only_to_us(tenant, member, client, back, lands):
    response = client.post("/profile/theme/", {"theme": "dark", "next": back})
    assert response["Location"] == lands
    assert User.objects.get(pk=member.user_id).theme == "dark"
    assert 'data-theme="dark"' in client.get("/o/acme/").content.decode()


def test_theme_that_does_not_exist_is_refused(tenant, client):
    assert client.post("/profile/theme/", {"theme": "pink"}).status_code == 422


def test_sign_in_and_out_through_the_pages(tenant, member):
    browser = Client()
    response = browser.post("/accounts/login/", {"login": member.user.email, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser.get("/o/acme/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/o/acme/").status_code == 302


def test_wrong_password_is_said_and_signs_nobody_in(tenant, member):
    browser = Client()
    response = browser.post("/accounts/login/", {"login": member.user.email, "password": "wrong"})
    assert 'role="alert"' in response.content.decode()
    assert browser.get("/o/acme/").status_code == 302


@pytest.mark.parametrize("page", ["", "import/", "search/", "pipelines/", "campaigns/", "roles/", "api/"])
def test_help_is_there_for_members_and_before_signing_in(tenant, client, page):
    inside, outside = client.get(f"/o/acme/help/{page}"), Client().get(f"/help/{page}")
    assert (inside.status_code, outside.status_code) == (200, 200)
    assert "Acme Health" in inside.content.decode()
    assert "Acme Health" not in outside.content.decode()


def test_help_on_roles_tells_what_the_table_of_permissions_says(tenant, client):
    page = client.get("/o/acme/help/roles/").content.decode()
    row = page.split("Read the audit log</th>")[1].split("</tr>")[0]
    assert [cell.count(">yes<") for cell in row.split("<td>")[1:]] == [1, 1, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("path", ["/o/acme/sourcing/", "/o/acme/network/"])
def test_empty_places_lead_on(tenant, client, path):
    main = client.get(path).content.decode().split('<main class="page')[1]
    assert "/o/acme/imports/" in main


def test_unknown_address_helps(tenant, client):
    response = client.get("/o/acme/nothing/here/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_role_that_may_not_is_told_its_name(tenant):
    response = signed_in(make_member(tenant, Role.EMPLOYEE)).get("/o/acme/settings/members/")
    assert response.status_code == 403
    assert "Your role here, Employee, does not include this." in response.content.decode()
