"""The two organisations of the demo and who signs in to them."""

from django.contrib.auth.hashers import make_password

from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope

SLUG = "st-brendan"
SECOND_SLUG = "harbor-freight"

# name, first part of the address, role
MEMBERS: tuple[tuple[str, str, Role], ...] = (
    ("Mara Okafor", "mara", Role.OWNER),
    ("Ingrid Vandermeer", "ingrid", Role.ADMIN),
    ("Tom Reyes", "tom", Role.RECRUITER),
    ("Priya Nair", "priya", Role.SOURCER),
    ("Lucía Ibáñez", "lucia", Role.MARKETER),
    ("Samuel Whitfield", "samuel", Role.HIRING_MANAGER),
    ("Hana Sato", "hana", Role.VIEWER),
    ("Joe Castillo", "joe", Role.EMPLOYEE),
)
SHARED = "tom"  # belongs to both, to show how one switches


def address(first_part: str) -> str:
    return f"{first_part}@demo.example"


def found_organisations(password: str) -> tuple[Tenant, Tenant]:
    first = Tenant.objects.create(
        name="St. Brendan Health",
        slug=SLUG,
        time_zone="America/Los_Angeles",
        postal_address="1200 Blossom Avenue, Fresno, CA 93721",
        sender_name="St. Brendan Talent Team",
        sender_email="talent@st-brendan.example",
    )
    second = Tenant.objects.create(
        name="Harbor Freight Tech",
        slug=SECOND_SLUG,
        time_zone="America/Los_Angeles",
        postal_address="8 Quay Street, Long Beach, CA 90802",
        sender_name="Harbor Freight Tech",
        sender_email="people@harbor-freight.example",
    )
    stored = make_password(password)  # once: hashing is slow by design
    users = {part: User.objects.create(email=address(part), name=name, password=stored) for name, part, _ in MEMBERS}
    with tenant_scope(first.pk):
        Member.objects.bulk_create(Member(user=users[part], name=name, role=role) for name, part, role in MEMBERS)
    with tenant_scope(second.pk):
        Member.objects.create(user=users[SHARED], name=users[SHARED].name, role=Role.OWNER)
    return first, second


def members_by_part() -> dict[str, Member]:
    """Of the current organisation: {"mara": …}."""
    members = Member.objects.select_related("user")
    return {member.user.email.partition("@")[0]: member for member in members}
