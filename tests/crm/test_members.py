import pytest
from django.core.exceptions import ValidationError

from crm.actions.members import change_role, remove_member
from crm.actions.tokens import issue_token
from crm.models import ApiToken, AuditEntry, Member, Role
from crm.tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in


def entries():
    return list(AuditEntry.objects.order_by("id").values_list("verb", "member__name", "detail"))


def test_role_is_changed_and_written_down(tenant, member):
    tom = make_member(tenant, Role.RECRUITER)
    change_role(tom, Role.MARKETER, by=member)
    assert Member.objects.get(pk=tom.pk).role == Role.MARKETER
    assert entries() == [("member.role_changed", member.name, {"before": "recruiter", "after": "marketer"})]


def test_same_role_again_is_no_change(tenant, member):
    change_role(member, Role.OWNER, by=member)
    assert entries() == []


def test_last_owner_keeps_the_role(tenant, member):
    make_member(tenant, Role.ADMIN)
    with pytest.raises(ValidationError, match="is the only owner"):
        change_role(member, Role.ADMIN, by=member)
    assert Member.objects.get(pk=member.pk).role == Role.OWNER


def test_last_owner_is_not_removed_while_another_left_before(tenant, member):
    second = make_member(tenant, Role.OWNER, "second@acme.example")
    remove_member(second, by=member)
    with pytest.raises(ValidationError, match="is the only owner"):
        remove_member(member, by=member)
    assert list(Member.objects.owners()) == [member]


def test_one_of_two_owners_may_go(tenant, member):
    make_member(tenant, Role.OWNER, "second@acme.example")
    remove_member(member, by=member)
    assert [owner.user.email for owner in Member.objects.owners()] == ["second@acme.example"]


@pytest.mark.parametrize(("before", "after"), [(Role.OWNER, Role.ADMIN), (Role.RECRUITER, Role.OWNER)])
def test_admin_neither_makes_nor_unmakes_owners(tenant, member, before, after):
    admin = make_member(tenant, Role.ADMIN)
    someone = make_member(tenant, before, "someone@acme.example")
    with pytest.raises(ValidationError, match="Only an owner"):
        change_role(someone, after, by=admin)
    assert Member.objects.get(pk=someone.pk).role == before


def test_removed_member_loses_her_tokens_and_keeps_her_signature(tenant, member):
    tom = make_member(tenant, Role.RECRUITER)
    token, _ = issue_token(tom, "Script", ["candidates:read"])
    other, _ = issue_token(member, "Mine", ["candidates:read"])
    remove_member(tom, by=member)
    tom.refresh_from_db()
    assert tom.removed_at is not None
    assert ApiToken.objects.get(pk=token.pk).revoked_at == tom.removed_at
    assert ApiToken.objects.get(pk=other.pk).revoked_at is None
    assert entries()[-1] == ("member.removed", member.name, {"role": "recruiter", "revoked_tokens": 1})
    assert entries()[0] == ("api_token.issued", tom.name, {"scopes": ["candidates:read"]})


def test_page_changes_a_role(tenant, client):
    tom = make_member(tenant, Role.RECRUITER)
    response = client.post(f"/o/acme/settings/members/{tom.pk}/role/", {"role": "viewer"}, follow=True)
    assert "is viewer now" in response.content.decode()
    assert Member.objects.get(pk=tom.pk).role == Role.VIEWER


def test_page_refuses_a_role_that_does_not_exist(tenant, client):
    tom = make_member(tenant, Role.RECRUITER)
    response = client.post(f"/o/acme/settings/members/{tom.pk}/role/", {"role": "emperor"}, follow=True)
    assert "There is no such role." in response.content.decode()
    assert Member.objects.get(pk=tom.pk).role == Role.RECRUITER


def test_page_says_why_the_last_owner_stays(tenant, member, client):
    response = client.post(f"/o/acme/settings/members/{member.pk}/remove/", follow=True)
    assert "is the only owner" in response.content.decode()
    assert Member.objects.get(pk=member.pk).removed_at is None


def test_who_leaves_is_out_at_once(tenant, member):
    admin = make_member(tenant, Role.ADMIN)
    client = signed_in(admin)
    response = client.post(f"/o/acme/settings/members/{admin.pk}/remove/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/o/acme/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_members_page_makes_as_many_queries_for_many(tenant, client, django_assert_num_queries, number):
    for i in range(number):
        make_member(tenant, Role.RECRUITER, f"member{i}@acme.example")
    client.get("/o/acme/settings/members/")
    with django_assert_num_queries(8):
        page = client.get("/o/acme/settings/members/").content.decode()
    assert page.count('aria-label="Role of') == number + 1


def test_member_of_another_organisation_is_not_found(tenant, other_tenant, client):
    theirs = make_member(other_tenant, Role.RECRUITER)
    assert client.post(f"/o/acme/settings/members/{theirs.pk}/role/", {"role": "viewer"}).status_code == 404
    assert client.post(f"/o/acme/settings/members/{theirs.pk}/remove/").status_code == 404
    with tenant_scope(other_tenant.pk):
        assert Member.objects.get(pk=theirs.pk).removed_at is None
