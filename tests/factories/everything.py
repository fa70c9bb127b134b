"""One row of every tenant table, all with the same id, so that an address with that id hits whatever its view looks for."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import NOT_PROVIDED, Model

from crm.models import Member, Tenant
from crm.tenancy.models import TenantModel
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, Merge
from talentpool.models.search_vector import SIZE, HalfVector
from tests.conftest import make_member, make_other_tenant, make_tenant

OURS, THEIRS = 7_000_001, 7_000_002
ANOTHER = 1_000_000_000  # what is added to the id for somebody else's: some tables stand between two people
MOMENT = datetime(2026, 3, 4, 12, tzinfo=UTC)
# What a table's own constraints ask for.
HOLDING = {
    "crm.PoolArchive": {"is_outgoing": True},
    "campaigns.Campaign": {"audience": "segment", "pipeline_id": None, "stage_id": None, "selection_id": None},
    "campaigns.Message": {"address": ""},
    # One that runs, and an application in it, so that what is sent there can be asked for.
    "ats_sync.Connection": {
        "provider": "greenhouse",
        "state": "on",
        "credentials": '{"client_id": "c", "client_secret": "s", "url": "http://127.0.0.1:9"}',
    },
    "ats_sync.AtsRecord": {"kind": "application"},
    "talentpool.Schedule": {"tag_id": None},
    "talentpool.Drop": {"host_key": "ssh-ed25519 AAAA", "offered_key": "ssh-ed25519 BBBB"},
}
BETWEEN_TWO = {"talentpool.Apart": "high_id", "talentpool.MatchPair": "high_id"}


def tenant_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def make_two_organisations() -> tuple[Tenant, Tenant]:
    """Rows of every table in both: ours under one id, theirs under another."""
    for tenant, pk in (two := {make_tenant(): OURS, make_other_tenant(): THEIRS}).items():
        make_everything(tenant, make_member(tenant), pk)
    ours, theirs = two
    return ours, theirs


def make_everything(tenant: Tenant, member: Member, pk: int) -> None:
    """Foreign keys all point at the rows of that id; their constraints are deferred, so the order does not matter."""
    with tenant_scope(tenant.pk):
        for model in tenant_models():
            values = {field.attname: _value(field, tenant, member, pk) for field in model._meta.concrete_fields}
            if model is Member:
                values |= {"user_id": _another_user(member, pk), "role": "owner"}
            values |= HOLDING.get(model._meta.label, {})
            if other := BETWEEN_TWO.get(model._meta.label):
                values[other] = pk + ANOTHER
            if model is Merge:
                values["absorbed_id"] = pk + 2 * ANOTHER
            model._default_manager.bulk_create([model(**values)])
        Candidate.objects.create(pk=pk + ANOTHER, created_at=MOMENT)
        Candidate.objects.create(pk=pk + 2 * ANOTHER, created_at=MOMENT, merged_into_id=pk)
        connection.check_constraints()


def _another_user(member: Member, pk: int) -> int:
    users = type(member.user)._default_manager
    return users.create(email=f"row{pk}@{member.tenant_id}.example", password="!").pk


def _value(field: Any, tenant: Tenant, member: Member, pk: int) -> Any:
    if field.name == "tenant":
        return tenant.pk
    if field.primary_key or (isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)):
        return None if field.name in ("merged_into", "withdrawn_by") else pk
    if isinstance(field, models.ForeignKey):
        return member.user_id
    if field.null:
        return None
    if field.choices:
        return field.choices[0][0]
    if field.default is not NOT_PROVIDED:
        return field.get_default()
    return _plain(field, pk)


def _plain(field: Any, pk: int) -> Any:
    if isinstance(field, models.DateTimeField):
        return MOMENT
    if isinstance(field, models.DateField):
        return MOMENT.date()
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.FloatField):
        return 1.0
    if isinstance(field, models.IntegerField):
        return pk if field.name.endswith("_id") else 1
    if isinstance(field, models.UUIDField):
        return f"00000000-0000-4000-8000-{pk:012d}"
    if isinstance(field, models.BinaryField):
        return b"bytes"
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, (ArrayField, SearchVectorField)):
        return [] if isinstance(field, ArrayField) else ""
    if isinstance(field, models.EmailField):
        return f"row{pk}@example.org"
    if isinstance(field, HalfVector):
        return str([0.5] * SIZE)
    return f"row {pk}"[: field.max_length or None]


def snapshot(tenant: Tenant) -> dict[str, list[str]]:
    """Every row of a tenant as the database has it, by table: in one statement, for some ask after each request."""
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        cursor.execute(_every_row())
        return dict(cursor.fetchall())


@cache
def _every_row() -> str:
    return " UNION ALL ".join(
        f"SELECT '{meta.label}', array_agg(t::text ORDER BY t::text) FROM {meta.db_table} t"
        for meta in (model._meta for model in tenant_models())
    )
