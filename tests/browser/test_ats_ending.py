"""The pages on which somebody says who is right, what fields mean, how answers are read, and what stays of an ATS."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ats_sync.actions.applying import apply_changes
from ats_sync.actions.connections import create_connection, end_connection
from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind, PersonRecord
from crm.actions.bulk_runs import work_on
from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions.custom_fields import create_field
from talentpool.actions.edits import edit_candidate
from talentpool.actions.notes import add_note
from talentpool.custom_values import CustomKind
from talentpool.models import Candidate, Source
from talentpool.person import PersonFields
from tests.conftest import PASSWORD, make_member

EMAIL = "mara@acme.example"
WIDTHS = (1440, 1024, 390)
LONG = "Licence state " + "of a very long name " * 10


@pytest.fixture
def organisation(transactional_db):
    tenant = Tenant.objects.create(
        name="Acme Health", slug="acme", sender_email="a@acme.example", postal_address="1 St"
    )
    User.objects.create_user(EMAIL, PASSWORD, name="Mara Okafor")
    make_member(tenant, Role.OWNER, EMAIL)
    return tenant


def running(member, name="Old ATS"):
    made = create_connection("generic", name, {"profile": "icims"}, by=member)
    now = timezone.now()
    Connection.objects.filter(pk=made.pk).update(state="on", as_of=now, loaded_at=now)
    Source.objects.filter(pk=made.source_id).update(conflicts={"place": "ask", "names": "theirs"})
    made.refresh_from_db()
    return made


def person(number, place, at):
    fields = PersonFields(
        name=f"Person Number{number}",
        emails=(f"p{number}@example.org",),
        location=place,
        custom={"shift": "Nights", "<b>odd</b>": "x"},
    )
    called = {"shift": "Preferred shift", "licence": LONG, "<b>odd</b>": "<b>odd</b>"}
    return PersonRecord(id=str(number), fields=fields, called=called, tags=("Night shift",), updated_at=at)


@pytest.fixture
def addresses(organisation):
    """Of pages with something on each."""
    with tenant_scope(organisation.pk):
        member = Member.objects.get(tenant=organisation)
        now, connection = timezone.now(), running(member)
        create_field("Preferred shift", CustomKind.TEXT, by=member)
        apply_changes(connection, [person(n, "Fresno, CA", now - timedelta(hours=3)) for n in range(6)], now=now)
        people = list(AtsRecord.objects.filter(kind=Kind.PERSON).values_list("candidate", flat=True))
        for pk in people[:3]:
            place = "Visalia, CA, near the old railway station, opposite the hospital of which everybody speaks"
            edit_candidate(Candidate.objects.get(pk=pk), {"location": place}, by=member, now=now - timedelta(hours=2))
        add_note(Candidate.objects.get(pk=people[5]), "Called", by=member)
        apply_changes(connection, [person(n, "Bakersfield, CA", now) for n in range(6)], now=now)
        ended = running(member, "Ended ATS")
        apply_changes(ended, [person(n + 100, "Fresno, CA", now) for n in range(3)], now=now)
        add_note(Candidate.objects.get(name="Person Number100"), "Stays", by=member)
        end_connection(ended, by=member, removes=True)
        ended.refresh_from_db()
        work_on(ended.removal_id, worker="test")
        base = f"/o/acme/settings/ats/{connection.pk}/"
        names = ("", "end/", "end/people/", "rights/", "conflicts/", "mapping/", "answers/?profile=icims")
        return [base + each for each in names] + [f"/o/acme/settings/ats/{ended.pk}/{each}" for each in ("", "stayed/")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_connection_fit_and_can_be_used_by_everybody(addresses, page, sign_in, accessible, faults, scheme):
    sign_in(EMAIL)
    page.emulate_media(color_scheme=scheme)
    too_wide = []
    for address in addresses:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1000})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                too_wide.append((address, width))
        accessible()
    assert too_wide == []
    assert faults == []
