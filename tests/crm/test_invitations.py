import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from crm.actions.invitations import (
    accept_invitation,
    invite,
    link_secret,
    open_invitation,
    resend_invitation,
    tenant_id_of,
    withdraw_invitation,
)
from crm.actions.members import remove_member
from crm.models import AuditEntry, Invitation, Member, Role, User
from crm.tasks import send_invitation
from crm.tenancy.scope import tenant_scope
from tests.conftest import PASSWORD, make_member, signed_in

ADDRESS = "lucia@example.org"


@pytest.fixture
def invitation(tenant, member):
    return invite(ADDRESS, Role.RECRUITER, by=member)


def letter(invitation):
    """Send the letter as the worker would, and find the path in it."""
    mail.outbox.clear()
    send_invitation(invitation.pk)
    [message] = mail.outbox
    return message, re.search(r"https?://[^/]+(/join/\S+)", message.body)[1]


def test_letter_says_who_where_and_how(invitation, member):
    message, path = letter(invitation)
    assert message.to == [ADDRESS]
    assert message.subject == f"{member.name} invites you to Acme Health at Rapport"
    assert path == f"/join/{link_secret(invitation)}/"
    assert "as recruiter" in message.body


def test_letter_is_the_same_when_its_task_runs_twice(invitation):
    assert letter(invitation)[1] == letter(invitation)[1]


def test_letter_is_not_sent_once_withdrawn(invitation, member):
    withdraw_invitation(invitation, by=member)
    mail.outbox.clear()
    send_invitation(invitation.pk)
    assert mail.outbox == []


def test_secret_is_kept_nowhere(invitation):
    invitation.refresh_from_db()
    assert link_secret(invitation) not in str(vars(invitation))
    assert open_invitation(link_secret(invitation)) == invitation


def test_somebody_new_joins(tenant, invitation):
    _, path = letter(invitation)
    browser = Client()
    assert "Join Acme Health" in browser.get(path).content.decode()
    response = browser.post(path, {"name": "Lucía Méndez-Arroyo", "password": "three odd words here"})
    assert (response.status_code, response["Location"]) == (302, "/o/acme/")
    joined = Member.objects.get(user__email=ADDRESS)
    assert (joined.name, joined.role) == ("Lucía Méndez-Arroyo", Role.RECRUITER)
    assert browser.get("/o/acme/").status_code == 200
    assert AuditEntry.objects.filter(verb="member.joined").count() == 1


def test_link_works_once(tenant, invitation):
    _, path = letter(invitation)
    Client().post(path, {"name": "Lucía", "password": "three odd words here"})
    again = Client().get(path)
    assert (again.status_code, "works no more" in again.content.decode()) == (404, True)


@pytest.mark.parametrize("password", ["short", "password123", ADDRESS])
def test_weak_password_is_refused_with_the_form(tenant, invitation, password):
    _, path = letter(invitation)
    response = Client().post(path, {"name": "Lucía", "password": password})
    assert response.status_code == 422
    assert not User.objects.filter(email=ADDRESS).exists()


def test_known_user_signs_in_first_and_then_joins(tenant, other_tenant, invitation):
    theirs = make_member(other_tenant, Role.VIEWER, ADDRESS)
    _, path = letter(invitation)
    page = Client().get(path).content.decode()
    assert f"/accounts/login/?next={path}" in page
    assert Client().post(path, {"name": "Thief", "password": "three odd words here"}).status_code == 200
    assert not Member.objects.filter(user=theirs.user).exists()
    browser = signed_in(theirs)
    assert browser.post(path)["Location"] == "/o/acme/"
    assert Member.objects.get(user=theirs.user).role == Role.RECRUITER


def test_somebody_else_who_is_signed_in_does_not_join(tenant, invitation, other_member):
    _, path = letter(invitation)
    browser = signed_in(other_member)
    page = browser.post(path)
    assert "for another address" in page.content.decode()
    assert not Member.objects.filter(user=other_member.user).exists()


def test_invitation_too_old_is_void(tenant, invitation):
    _, path = letter(invitation)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(path).status_code == 404


def test_letter_sent_again_voids_the_old_link(tenant, member, invitation):
    _, old = letter(invitation)
    resend_invitation(invitation, by=member, now=timezone.now() + timedelta(days=1))
    _, new = letter(invitation)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)


def test_link_made_for_one_organisation_opens_nothing_in_another(tenant, other_tenant, other_member, invitation):
    with tenant_scope(other_tenant.pk):
        theirs = invite(ADDRESS, Role.OWNER, by=other_member)
        secret = link_secret(theirs)
        assert open_invitation(link_secret(invitation)) is None
    assert open_invitation(secret) is None
    forged = secret.replace(f"{other_tenant.pk}-", f"{tenant.pk}-", 1)
    assert Client().get(f"/join/{forged}/").status_code == 404


@pytest.mark.parametrize("secret", ["1", "x-y", "0-1-2", "99999999999999999999-1-a", "1-1-" + "0" * 64])
def test_made_up_link_is_void(db, secret):
    assert Client().get(f"/join/{secret}/").status_code == 404


def test_tenant_id_is_read_from_plain_digits_alone():
    assert [tenant_id_of(secret) for secret in ["12-3-f", "-1-2", "٣-1", "", "9" * 20 + "-1"]] == [
        12,
        None,
        None,
        None,
        None,
    ]


def test_nobody_is_invited_twice_at_a_time(tenant, member, invitation):
    with pytest.raises(ValidationError, match="invited already"):
        invite(ADDRESS.upper(), Role.VIEWER, by=member)
    assert Invitation.objects.count() == 1


def test_invitation_that_ran_out_may_be_replaced(tenant, member, invitation):
    later = invite(ADDRESS, Role.VIEWER, by=member, now=timezone.now() + timedelta(days=8))
    assert (later.pk != invitation.pk, later.role) == (True, Role.VIEWER)


def test_member_is_not_invited(tenant, member):
    with pytest.raises(ValidationError, match="is a member already"):
        invite(member.user.email, Role.VIEWER, by=member)


def test_admin_invites_no_owner(tenant, member):
    with pytest.raises(ValidationError, match="Only an owner"):
        invite(ADDRESS, Role.OWNER, by=make_member(tenant, Role.ADMIN))


def test_removed_member_comes_back_as_the_same_member(tenant, member):
    tom = make_member(tenant, Role.RECRUITER, ADDRESS)
    remove_member(tom, by=member)
    back = accept_invitation(invite(ADDRESS, Role.VIEWER, by=member), tom.user)
    assert (back.pk, back.role, back.removed_at) == (tom.pk, Role.VIEWER, None)


def test_page_invites_and_lists_who_was_invited(tenant, client):
    response = client.post("/o/acme/settings/members/invite/", {"email": ADDRESS, "role": "sourcer"}, follow=True)
    page = response.content.decode()
    assert f"A letter to {ADDRESS} is on its way" in page
    assert page.count("Withdraw this invitation?") == 1


def test_page_answers_a_wrong_address_with_the_form(tenant, client):
    response = client.post("/o/acme/settings/members/invite/", {"email": "lucia@", "role": "sourcer"})
    assert response.status_code == 422
    assert 'value="lucia@"' in response.content.decode()


def test_page_withdraws(tenant, client, invitation):
    client.post(f"/o/acme/settings/invitations/{invitation.pk}/withdraw/")
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    again = client.post(f"/o/acme/settings/invitations/{invitation.pk}/resend/", follow=True)
    assert "This invitation was withdrawn." in again.content.decode()


def test_nobody_signs_up_uninvited(db):
    response = Client().post("/accounts/signup/", {"email": ADDRESS, "password1": PASSWORD})
    assert "by invitation" in response.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()
