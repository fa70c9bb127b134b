"""The proofs of the three locks."""

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from crm import checks
from crm.audit import record
from crm.models import AuditEntry, Member, Tenant
from crm.tenancy.models import TenantModel
from crm.tenancy.scope import NoTenant, current_tenant_id, tenant_scope
from talentpool.models import Candidate, Note

# Tables that belong to no tenant, with the reason.
GLOBAL_TABLES = {
    "crm_tenant": "the table of customers itself",
    "crm_user": "a person signs in once for all organisations",
    "django_migrations": "Django's",
    "django_content_type": "Django's",
    "django_session": "Django's; holds a user id and the last organisation's slug",
    "auth_permission": "Django's, unused",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "account_emailaddress": "allauth's; belongs to a user",
    "account_emailconfirmation": "allauth's; belongs to a user",
    "axes_accessattempt": "axes'; sign-in attempts come before any organisation",
    "axes_accessattemptexpiration": "axes'",
    "axes_accesslog": "axes'",
    "axes_accessfailurelog": "axes'",
}


def rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_every_table_has_row_security_or_a_reason(db):
    tables = dict(
        rows(
            "SELECT relname, relrowsecurity FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
    )
    assert {name for name, secured in tables.items() if not secured} - set(GLOBAL_TABLES) == set()
    assert set(GLOBAL_TABLES) - set(tables) == set()


def test_every_policy_is_the_one_equality(db):
    wanted = "(tenant_id = (current_setting('crm.tenant_id'::text))::bigint)"
    assert [
        row
        for row in rows("SELECT tablename, qual, cmd, roles::text FROM pg_policies")
        if row[1:] != (wanted, "ALL", "{public}")
    ] == []


def test_every_foreign_key_between_tenant_tables_carries_the_tenant(db):
    tenant_tables = {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)}
    plain = rows(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 1"
    )
    assert [pair for pair in plain if pair[0] in tenant_tables and pair[1] in tenant_tables] == []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if issubclass(model, TenantModel) and field.is_relation and issubclass(field.related_model, TenantModel):
                assert rows(
                    "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass AND conkey @> ARRAY["
                    "(SELECT attnum FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s)]",
                    model._meta.db_table,
                    model._meta.db_table,
                    field.column,
                ) == [(1,)], f"{model.__name__}.{field.name}"


def test_every_unique_constraint_begins_with_the_tenant(db):
    found = rows("""
        SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, a.attname FROM pg_index i
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        JOIN pg_class c ON c.oid = i.indrelid WHERE i.indisunique AND NOT i.indisprimary AND c.relrowsecurity""")
    assert [row for row in found if row[2] != "tenant_id"] == []


def test_a_query_without_a_scope_is_an_error(db):
    with pytest.raises(NoTenant):
        current_tenant_id()
    with pytest.raises(DataError, match="no tenant scope"), transaction.atomic():
        Candidate.objects.count()


def test_raw_sql_sees_only_the_scope(tenant, other_tenant):
    Candidate.objects.create(name="Ours")
    with tenant_scope(other_tenant.pk):
        Candidate.objects.create(name="Theirs")
        assert rows("SELECT name FROM talentpool_candidate") == [("Theirs",)]
    assert rows("SELECT name FROM talentpool_candidate") == [("Ours",)]


def test_a_row_cannot_be_written_for_another_tenant(tenant, other_tenant):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Candidate.objects.create(name="Smuggled", tenant_id=other_tenant.pk)


def test_a_row_cannot_point_into_another_tenant(tenant, other_tenant, member):
    with tenant_scope(other_tenant.pk):
        theirs = Candidate.objects.create(name="Theirs")
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(candidate_id=theirs.pk, origin_id=theirs.pk, text="?", by=member, at=timezone.now())
        connection.check_constraints()
    assert Note.objects.count() == 0


def test_scopes_nest_and_survive_a_failed_transaction(tenant, other_tenant):
    with pytest.raises(DataError), transaction.atomic(), tenant_scope(other_tenant.pk):
        rows("SELECT 'x'::int")
    assert current_tenant_id() == tenant.pk
    assert rows("SELECT current_setting('crm.tenant_id')") == [(str(tenant.pk),)]


def test_audit_entries_cannot_be_changed(tenant, member):
    record("test.done", tenant, by=member, colour="green")
    for change in (lambda: AuditEntry.objects.update(verb="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert list(AuditEntry.objects.values_list("verb", "subject_label", "detail")) == [
        ("test.done", "Acme Health", {"colour": "green"})
    ]


def test_the_role_of_the_application_has_no_powers(db):
    assert checks.powers_of_role() == []


@pytest.mark.parametrize(("role", "power"), [("crm_owner", "owns tables"), ("postgres", "is a superuser")])
def test_a_powerful_role_is_refused(db, monkeypatch, role, power):
    monkeypatch.setattr(checks, "ROLE_QUERY", checks.ROLE_QUERY.replace("current_user", f"'{role}'"))
    with pytest.raises(checks.PowerfulRole, match=power):
        checks.refuse_powerful_role()


def test_memberships_are_told_to_their_user_alone(tenant, other_tenant, member, other_member):
    assert rows("SELECT slug, role FROM memberships_of_user(%s)", member.user_id) == [("acme", "owner")]
    assert Tenant.objects.count() == 2 and Member.objects.count() == 1
