"""A member with addresses, and a way to send to them."""

import pytest
from django.utils import timezone

from crm.models import Member, Role, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions.incoming_mail import deliver
from talentpool.actions.mail_addresses import address_of
from talentpool.actions.mail_intake import take_in_mail
from talentpool.intake.mail.recipients import Target, Way, address_with
from talentpool.models import IncomingMail, MailDoor
from tests.talentpool.mail.mails import MEMBER


@pytest.fixture(autouse=True)
def _domain(settings):
    settings.INBOUND_DOMAIN = "in.rapport.test"


def colleague(tenant, role, email):
    """A member without a password, which takes long to hash."""
    with tenant_scope(tenant.pk):
        user = User.objects.create(email=email, password="!")
        return Member.objects.create(user=user, role=role, name=email.partition("@")[0].title())


@pytest.fixture
def tom(tenant):
    return colleague(tenant, Role.RECRUITER, MEMBER)


@pytest.fixture
def owner(tenant):
    return colleague(tenant, Role.OWNER, "olga@acme-recruiting.test")


@pytest.fixture
def to(tom):
    """`to()` is Tom's address to forward to, `to(Way.BCC)` the one for copies."""

    def address(way=Way.ADD, member=tom):
        return address_with(Target(way, member.tenant_id, address_of(member).token), "in.rapport.test")

    return address


@pytest.fixture
def arrive():
    """Delivers as a door does, lets a worker take it in, and answers with the row."""

    def deliver_and_take_in(raw, *recipients, **door):
        [pk] = deliver(raw, recipients, **{"door": MailDoor.WEBHOOK} | door)
        take_in_mail(pk, worker="test", now=timezone.now())
        return IncomingMail.objects.get(pk=pk)

    return deliver_and_take_in
