import io

import pytest
from django.core.management import CommandError, call_command

from crm.models import AuditEntry, Member, Tenant, User
from crm.tenancy.scope import tenant_scope


@pytest.fixture
def typed(monkeypatch):
    """What is typed for the password."""
    return lambda words: monkeypatch.setattr("sys.stdin", io.StringIO(words + "\n"))


def test_organisation_begins_with_its_owner(db, typed, capsys):
    typed("a long enough secret")
    call_command(
        "create_organisation", "New Care", "new-care", "Ann@New.example", "Ann Bell", time_zone="Europe/Berlin"
    )
    tenant = Tenant.objects.get()
    assert (tenant.name, tenant.slug, tenant.time_zone) == ("New Care", "new-care", "Europe/Berlin")
    with tenant_scope(tenant.pk):
        assert list(Member.objects.values_list("name", "role", "user__email")) == [
            ("Ann Bell", "owner", "ann@new.example")
        ]
        assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["organisation.created"]
    assert User.objects.get().check_password("a long enough secret")
    assert "/o/new-care/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("slug", "zone", "password", "words"),
    [
        ("acme", "UTC", "a long enough secret", "already exists"),
        ("new", "Middle/Earth", "a long enough secret", "is not a time zone"),
        ("new", "UTC", "short", "too short"),
        ("no spaces", "UTC", "a long enough secret", "valid"),
    ],
)
def test_bad_words_are_told_and_nothing_is_made(tenant, typed, slug, zone, password, words):
    typed(password)
    with pytest.raises(CommandError, match=words):
        call_command("create_organisation", "New Care", slug, "ann@new.example", "Ann Bell", time_zone=zone)
    assert Tenant.objects.count() == 1
    assert not User.objects.filter(email="ann@new.example").exists()
