"""What the first 8 migrations made, in one.

Each operation on a table renders all models again that touch it, which is nearly all: named one by one, constraints,
indexes and triggers took most of a minute. Those of a new table belong into the options of its CreateModel.
A database that has all of these goes on as it is; one that has only some needs the release before this file first.
"""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

import crm.models.tenant
import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope

# The few questions that are asked across tenants, each a function of the owner's that answers with the least it can.
FUNCTIONS = """
CREATE FUNCTION memberships_of_user(wanted bigint) RETURNS TABLE (slug varchar, name varchar, role varchar)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.slug, t.name, m.role FROM public.crm_member m JOIN public.crm_tenant t ON t.id = m.tenant_id
    WHERE m.user_id = wanted AND m.removed_at IS NULL ORDER BY lower(t.name), t.id
$$;
CREATE FUNCTION tenants_with_open_runs() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT tenant_id FROM public.crm_bulkrun
    WHERE state = 'queued' OR (state = 'running' AND lease_until < now())
$$;
REVOKE EXECUTE ON FUNCTION memberships_of_user, tenants_with_open_runs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION memberships_of_user, tenants_with_open_runs TO crm;
"""


class Migration(migrations.Migration):
    replaces = [
        ("crm", "0001_initial"),
        ("crm", "0002_across_tenants"),
        ("crm", "0003_idempotent_answers"),
        ("crm", "0004_mail_scope"),
        ("crm", "0005_pool_archives"),
        ("crm", "0006_settings_scope"),
        ("crm", "0007_tenant_hold_conversations"),
        ("crm", "0008_scopes_of_the_ats"),
    ]

    initial = True

    # Default privileges hold for tables made after them, so this comes before every other app's first migration.
    run_before = [
        ("account", "0001_initial"),
        ("axes", "0001_initial"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0001_initial"),
    ]

    dependencies = []

    operations = [
        # The application's role owns nothing: what it may do with the owner's tables is said once, here.
        migrations.RunSQL(
            """
            GRANT USAGE ON SCHEMA public TO crm;
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO crm;
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO crm;
            GRANT SELECT ON django_migrations TO crm;
            """,
            migrations.RunSQL.noop,
        ),
        BtreeGinExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "time_zone",
                    models.CharField(default="UTC", max_length=64, validators=[crm.models.tenant.validate_time_zone]),
                ),
                ("language", models.CharField(default="en", max_length=12)),
                (
                    "country",
                    models.CharField(
                        default="US",
                        help_text="Read national phone numbers as numbers of this country.",
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Z]{2}$", "Two letters, such as US or DE.")
                        ],
                    ),
                ),
                (
                    "postal_address",
                    models.TextField(blank=True, help_text="Shown beneath every campaign; the law asks for it."),
                ),
                ("sender_name", models.CharField(blank=True, max_length=200)),
                ("sender_email", models.EmailField(blank=True, max_length=254)),
                (
                    "contact_gap_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        help_text="Nobody is written to twice within so many days, by anyone.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                    ),
                ),
                ("consent_required", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("hold_conversations", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "time_zone",
                    models.CharField(blank=True, max_length=64, validators=[crm.models.tenant.validate_time_zone]),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("system", "As the device"), ("light", "Light"), ("dark", "Dark")],
                        default="system",
                        max_length=8,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="user_email_lower_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("admin", "Admin"),
                            ("recruiter", "Recruiter"),
                            ("sourcer", "Sourcer"),
                            ("marketer", "Marketer"),
                            ("hiring_manager", "Hiring manager"),
                            ("viewer", "Viewer"),
                            ("employee", "Employee"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="member_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="member_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "user"), name="member_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("admin", "Admin"),
                            ("recruiter", "Recruiter"),
                            ("sourcer", "Sourcer"),
                            ("marketer", "Marketer"),
                            ("hiring_manager", "Hiring manager"),
                            ("viewer", "Viewer"),
                            ("employee", "Employee"),
                        ],
                        max_length=20,
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="invitation_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="invitation_tenant_and_id"),
                    models.UniqueConstraint(
                        models.F("tenant"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        name="invitation_open_once",
                    ),
                    crm.tenancy.constraints.SameTenant(field="by", name="crm_invitation_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Stopped"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("params", models.JSONField(default=dict)),
                ("cursor", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("back_url", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["tenant", "state", "lease_until"],
                        name="bulkrun_open",
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="bulkrun_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="bulkrun_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="crm_bulkrun_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("verb", models.CharField(max_length=60)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("subject_label", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
                ("address", models.GenericIPAddressField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("via", models.CharField(blank=True, max_length=60)),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["tenant", "-at", "-id"], name="auditentry_newest"),
                    models.Index(fields=["tenant", "subject_type", "subject_id"], name="auditentry_subject"),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="auditentry_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="auditentry_tenant_and_id"),
                    crm.tenancy.constraints.AppendOnly(name="auditentry_append_only"),
                    crm.tenancy.constraints.SameTenant(field="member", name="crm_auditentry_member_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("secret_hash", models.CharField(max_length=64)),
                ("hint", models.CharField(max_length=8)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("candidates:read", "Read candidates and search"),
                                ("candidates:write", "Create and change candidates"),
                                ("imports", "Upload imports and read their state"),
                                ("mail", "Hand in e-mail and review what waits"),
                                ("pipelines:read", "Read pipelines"),
                                ("pipelines:write", "Add to pipelines and move"),
                                ("agencies:read", "Read agencies and what they submitted"),
                                ("ats:read", "Read connections to an ATS and what went there"),
                                ("ats:write", "Add people to an ATS, move and reject them there"),
                                ("settings", "Change own fields, matching and rules"),
                                ("move_out", "Take the whole pool out"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="crm.member"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="apitoken_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="apitoken_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "secret_hash"), name="api_token_secret_once"),
                    crm.tenancy.constraints.SameTenant(field="member", name="crm_apitoken_member_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("body", models.BinaryField(default=b"")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
                (
                    "token",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.apitoken"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "created_at"], name="idempotent_answer_age")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="idempotentanswer_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="idempotentanswer_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "token", "key"), name="idempotent_answer_once"),
                    crm.tenancy.constraints.SameTenant(field="token", name="crm_idempotentanswer_token_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolArchive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_outgoing", models.BooleanField()),
                ("name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "run",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.bulkrun",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "expires_at"], name="pool_archive_age")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="poolarchive_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="poolarchive_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="run", name="crm_poolarchive_run_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="crm_poolarchive_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchivePiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
                (
                    "archive",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="crm.poolarchive",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="archivepiece_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="archivepiece_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "archive", "number"), name="archive_piece_once"),
                    crm.tenancy.constraints.SameTenant(field="archive", name="crm_archivepiece_archive_same_tenant"),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION memberships_of_user; DROP FUNCTION tenants_with_open_runs"),
    ]
