import pytest

from crm.actions.tokens import issue_token
from crm.models import ApiToken, Role
from tests.conftest import make_member, signed_in

PAGE = "/o/acme/settings/tokens/"
ASKED = {"name": "Career site", "scopes": ["candidates:read", "candidates:write"], "days": "90"}


def test_secret_is_shown_once(tenant, client):
    shown = client.post(PAGE, ASKED).content.decode()
    token = ApiToken.objects.get()
    assert token.scopes == ["candidates:read", "candidates:write"]
    secret = shown.split('<code id="secret">')[1].split("</code>")[0]
    assert secret.startswith(f"rap_{tenant.pk}_")
    assert secret.endswith(token.hint)
    assert secret not in client.get(PAGE).content.decode()
    assert client.get(PAGE)["Cache-Control"].startswith("max-age=0, no-cache, no-store")


@pytest.mark.parametrize("change", [{"scopes": ["everything"]}, {"scopes": []}, {"name": ""}, {"days": "-1"}])
def test_token_that_makes_no_sense_is_not_made(tenant, client, change):
    response = client.post(PAGE, ASKED | change)
    assert response.status_code == 422
    assert ApiToken.objects.count() == 0


def test_recruiter_sees_and_revokes_only_her_own(tenant, member):
    tom = make_member(tenant, Role.RECRUITER)
    theirs, _ = issue_token(member, "Of the owner", ["candidates:read"])
    own, _ = issue_token(tom, "Of the recruiter", ["candidates:read"])
    browser = signed_in(tom)
    page = browser.get(PAGE).content.decode()
    assert ("Of the owner" in page, "Of the recruiter" in page) == (False, True)
    assert browser.post(f"{PAGE}{theirs.pk}/revoke/").status_code == 404
    assert browser.post(f"{PAGE}{own.pk}/revoke/").status_code == 302
    assert list(ApiToken.objects.filter(revoked_at=None)) == [theirs]


def test_owner_revokes_anybodys(tenant, client):
    token, _ = issue_token(make_member(tenant, Role.RECRUITER), "Of the recruiter", ["candidates:read"])
    page = client.post(f"{PAGE}{token.pk}/revoke/", follow=True).content.decode()
    assert "is revoked; programs that use it are refused" in page
    assert not ApiToken.objects.get(pk=token.pk).is_live


def test_viewer_makes_none(tenant):
    assert signed_in(make_member(tenant, Role.VIEWER)).get(PAGE).status_code == 403
