"""Every view says who may come in, and means it."""

import pytest

from crm.models import Role
from crm.permissions import ROLE_PERMISSIONS, Permission
from tests.addresses import addresses
from tests.conftest import make_member, signed_in

FOREIGN = ("allauth.", "django.", "ninja.")  # guarded by LoginRequiredMiddleware or public by their own rules


def ours():
    return [address for address in addresses() if not address.view.__module__.startswith(FOREIGN)]


def test_every_role_has_its_permissions():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert ROLE_PERMISSIONS[Role.EMPLOYEE] == {Permission.VIEW_HOME, Permission.REFER}
    assert Permission.EDIT_CANDIDATES not in ROLE_PERMISSIONS[Role.VIEWER]


def test_every_view_says_who_may_come_in():
    silent = [
        address.name
        for address in ours()
        if not any(
            hasattr(address.view, mark) for mark in ("required_permission", "public_reason", "signed_in_only", "portal")
        )
    ]
    assert silent == []


def test_every_page_of_an_organisation_requires_a_permission():
    pages = [address for address in ours() if address.is_of_organisation and not address.is_of_portal]
    assert [address.name for address in pages if not hasattr(address.view, "required_permission")] == []


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.VIEWER, Role.HIRING_MANAGER])
def test_role_without_the_permission_is_told_so(tenant, role):
    client = signed_in(make_member(tenant, role))
    wrong = []
    for address in ours():
        if (
            address.is_of_organisation
            and not address.is_of_portal
            and address.view.required_permission not in ROLE_PERMISSIONS[role]
        ):
            path = address.path_with("acme", 1)
            codes = {client.get(path).status_code, client.post(path).status_code}
            if codes - {403, 405}:
                wrong.append((address.name, codes))
    assert wrong == []
