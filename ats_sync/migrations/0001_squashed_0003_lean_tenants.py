"""What the first 3 migrations made, in one.

Each operation on a table renders all models again that touch it, which is nearly all: named one by one, constraints,
indexes and triggers took most of a minute. Those of a new table belong into the options of its CreateModel.
A database that has all of these goes on as it is; one that has only some needs the release before this file first.
"""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import crm.encryption
import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope

WORK = """
CREATE FUNCTION tenants_with_ats_work() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tenant_id FROM public.ats_sync_event
    WHERE state IN ('queued', 'running') AND next_at <= now() AND (state = 'queued' OR lease_until < now())
    UNION
    SELECT tenant_id FROM public.ats_sync_push
    WHERE state IN ('queued', 'running') AND next_at <= now() AND (state = 'queued' OR lease_until < now())
    UNION
    SELECT tenant_id FROM public.ats_sync_connection
    WHERE state = 'on' AND next_poll_at <= now() AND (lease_until IS NULL OR lease_until < now())
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_ats_work FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_ats_work TO crm;
"""
ADDRESS = """
CREATE FUNCTION connection_at(secret text) RETURNS TABLE (tenant_id bigint, connection_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.tenant_id, c.id FROM public.ats_sync_connection c WHERE c.address = secret
$$;
REVOKE EXECUTE ON FUNCTION connection_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION connection_at TO crm;
"""


class Migration(migrations.Migration):
    replaces = [
        ("ats_sync", "0001_initial"),
        ("ats_sync", "0002_remove_connection_prefers_remove_connection_years"),
        ("ats_sync", "0003_lean_tenants"),
    ]

    initial = True

    dependencies = [
        ("crm", "0001_squashed_0008_scopes_of_the_ats"),
        ("talentpool", "0001_squashed_0026_warmth_in_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Connection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("setting_up", "Being set up"),
                            ("on", "On"),
                            ("paused", "Paused"),
                            ("refused", "Signed out by the ATS"),
                            ("ended", "Disconnected"),
                        ],
                        default="setting_up",
                        max_length=12,
                    ),
                ),
                ("credentials", crm.encryption.EncryptedTextField(default="{}")),
                ("session", crm.encryption.EncryptedTextField(default="{}")),
                ("webhook_secret", crm.encryption.EncryptedTextField(blank=True, default="")),
                ("address", models.CharField(max_length=64)),
                (
                    "stale_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                    ),
                ),
                (
                    "poll_seconds",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(15),
                            django.core.validators.MaxValueValidator(3600),
                        ],
                    ),
                ),
                ("wants_eeo", models.BooleanField(default=False)),
                ("missing", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("loaded_at", models.DateTimeField(blank=True, null=True)),
                ("as_of", models.DateTimeField(blank=True, null=True)),
                ("next_poll_at", models.DateTimeField(blank=True, null=True)),
                ("turn_began_at", models.DateTimeField(blank=True, null=True)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("swept_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                ("error_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "source",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="talentpool.source"
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
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="connection_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="connection_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "address"), name="connection_address_once"),
                    crm.tenancy.constraints.SameTenant(field="source", name="ats_sync_connection_source_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="ats_sync_connection_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AtsRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("department", "Department"),
                            ("source", "Source"),
                            ("reason", "Reject reason"),
                            ("user", "User"),
                            ("stage", "Stage"),
                            ("job", "Job"),
                            ("person", "Person"),
                            ("application", "Application"),
                            ("step", "Stage change"),
                            ("note", "Note"),
                            ("file", "File"),
                            ("offer", "Offer"),
                            ("interview", "Interview"),
                            ("scorecard", "Scorecard"),
                        ],
                        max_length=12,
                    ),
                ),
                ("external_id", models.CharField(max_length=100)),
                ("parent", models.CharField(blank=True, max_length=100)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("content", models.JSONField(default=dict)),
                ("maps_to", models.CharField(blank=True, max_length=100)),
                ("fingerprint", models.CharField(blank=True, max_length=32)),
                ("updated_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField()),
                ("is_hearsay", models.BooleanField(default=False)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "gone",
                    models.CharField(
                        blank=True,
                        choices=[("deleted", "Deleted"), ("merged", "Merged"), ("anonymised", "Anonymised")],
                        max_length=10,
                    ),
                ),
                ("into", models.CharField(blank=True, max_length=100)),
                (
                    "application",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.application",
                    ),
                ),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ats_records",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "file",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.file",
                    ),
                ),
                (
                    "job",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.job",
                    ),
                ),
                (
                    "note",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.note",
                    ),
                ),
                (
                    "origin",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "profile",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.profile",
                    ),
                ),
                (
                    "step",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.applicationstep",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
                (
                    "connection",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="records",
                        to="ats_sync.connection",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "connection", "kind", "parent"], name="ats_record_parent")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="atsrecord_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="atsrecord_tenant_and_id"),
                    models.UniqueConstraint(
                        fields=("tenant", "connection", "kind", "external_id"), name="ats_record_once"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="ats_sync_atsrecord_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="ats_sync_atsrecord_origin_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="connection", name="ats_sync_atsrecord_connection_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="job", name="ats_sync_atsrecord_job_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="profile", name="ats_sync_atsrecord_profile_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="application", name="ats_sync_atsrecord_application_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="step", name="ats_sync_atsrecord_step_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="note", name="ats_sync_atsrecord_note_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="file", name="ats_sync_atsrecord_file_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                ("mark", models.CharField(max_length=64)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("says", models.CharField(blank=True, max_length=300)),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "connection",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="ats_sync.connection",
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
                        fields=["tenant", "connection", "id"],
                        name="ats_event_open",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["next_at"],
                        name="ats_event_due",
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="event_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="event_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "connection", "mark"), name="ats_event_once"),
                    crm.tenancy.constraints.SameTenant(
                        field="connection", name="ats_sync_event_connection_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Push",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("add", "Add to the ATS"),
                            ("apply", "Add to a job"),
                            ("note", "Note"),
                            ("tag", "Tag"),
                            ("move", "Move to a stage"),
                            ("reject", "Reject"),
                            ("file", "File"),
                            ("contacted", "Contacted about a job"),
                        ],
                        max_length=10,
                    ),
                ),
                ("content", models.JSONField(default=dict)),
                ("mark", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("external_id", models.CharField(blank=True, max_length=100)),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "connection",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pushes",
                        to="ats_sync.connection",
                    ),
                ),
                (
                    "origin",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
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
                        fields=["tenant", "connection", "id"],
                        name="push_open",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])), fields=["next_at"], name="push_due"
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="push_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="push_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "connection", "mark"), name="push_once"),
                    crm.tenancy.constraints.SameTenant(field="connection", name="ats_sync_push_connection_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="ats_sync_push_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="candidate", name="ats_sync_push_candidate_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="origin", name="ats_sync_push_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("department", "Department"),
                            ("source", "Source"),
                            ("reason", "Reject reason"),
                            ("user", "User"),
                            ("stage", "Stage"),
                            ("job", "Job"),
                            ("person", "Person"),
                            ("application", "Application"),
                            ("step", "Stage change"),
                            ("note", "Note"),
                            ("file", "File"),
                            ("offer", "Offer"),
                            ("interview", "Interview"),
                            ("scorecard", "Scorecard"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.TextField(blank=True)),
                ("place", models.TextField(blank=True)),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("read", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "connection",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="ats_sync.connection"
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
                    crm.tenancy.constraints.RowsOfTenant(name="round_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="round_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "connection", "kind"), name="round_once"),
                    crm.tenancy.constraints.SameTenant(
                        field="connection", name="ats_sync_round_connection_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("there", models.JSONField(default=dict)),
                ("here", models.JSONField(default=dict)),
                ("gone", models.PositiveIntegerField(default=0)),
                ("missed", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "connection",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sweeps", to="ats_sync.connection"
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
                "ordering": ["-id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="sweep_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="sweep_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(
                        field="connection", name="ats_sync_sweep_connection_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Drift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("department", "Department"),
                            ("source", "Source"),
                            ("reason", "Reject reason"),
                            ("user", "User"),
                            ("stage", "Stage"),
                            ("job", "Job"),
                            ("person", "Person"),
                            ("application", "Application"),
                            ("step", "Stage change"),
                            ("note", "Note"),
                            ("file", "File"),
                            ("offer", "Offer"),
                            ("interview", "Interview"),
                            ("scorecard", "Scorecard"),
                        ],
                        max_length=12,
                    ),
                ),
                ("external_id", models.CharField(max_length=100)),
                ("says", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("found", "Found"), ("settled", "Settled")], default="found", max_length=10
                    ),
                ),
                ("found_at", models.DateTimeField()),
                (
                    "connection",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="ats_sync.connection",
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
                (
                    "sweep",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="differences", to="ats_sync.sweep"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="drift_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="drift_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="sweep", name="ats_sync_drift_sweep_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="connection", name="ats_sync_drift_connection_same_tenant"
                    ),
                ],
            },
        ),
        migrations.RunSQL(WORK, "DROP FUNCTION tenants_with_ats_work"),
        migrations.RunSQL(ADDRESS, "DROP FUNCTION connection_at"),
    ]
