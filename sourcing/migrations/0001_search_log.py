import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope

# The application may not change or remove entries. What the law asks for goes through two functions of the owner's,
# and the chain tells whatever they did without a sealed entry about it. Nothing younger than a year can be removed.
FUNCTIONS = """
CREATE FUNCTION search_log_mask(masked bigint, words jsonb, new_salt text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.sourcing_searchlogwords SET said = words, salt = new_salt
    WHERE tenant_id = current_setting('crm.tenant_id')::bigint AND entry_id = masked
$$;
CREATE FUNCTION search_log_remove(ids bigint[]) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE tenant CONSTANT bigint := current_setting('crm.tenant_id')::bigint; gone bigint[];
BEGIN
    IF EXISTS (SELECT FROM public.sourcing_legalhold WHERE tenant_id = tenant
               AND ended_at IS NULL AND job_id IS NULL AND pipeline_id IS NULL) THEN
        RETURN;
    END IF;
    gone := ARRAY(SELECT id FROM public.sourcing_searchlogentry WHERE tenant_id = tenant AND id = ANY(ids)
                  AND at < now() - interval '1 year' AND kind NOT IN ('masked', 'removed'));
    DELETE FROM public.sourcing_searchlogwords WHERE tenant_id = tenant AND entry_id = ANY(gone);
    DELETE FROM public.sourcing_searchlogentry WHERE tenant_id = tenant AND id = ANY(gone);
    RETURN QUERY SELECT unnest(gone);
END
$$;
REVOKE EXECUTE ON FUNCTION search_log_mask, search_log_remove FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_log_mask, search_log_remove TO crm;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("crm", "0001_squashed_0008_scopes_of_the_ats"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchLogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("searched", "Searched"),
                            ("paged", "Looked at more of them"),
                            ("opened", "Opened"),
                            ("considered", "Considered"),
                            ("contacted", "Contacted"),
                            ("position", "Position given"),
                            ("masked", "Name masked"),
                            ("removed", "Removed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("session", models.UUIDField(null=True)),
                ("search_id", models.BigIntegerField(null=True)),
                (
                    "candidate_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("total", models.PositiveIntegerField(null=True)),
                ("total_is_estimate", models.BooleanField(default=False)),
                ("job_id", models.BigIntegerField(null=True)),
                ("pipeline_id", models.BigIntegerField(null=True)),
                ("act", models.CharField(blank=True, max_length=20)),
                ("detail", models.JSONField(default=dict)),
                ("words_digest", models.CharField(blank=True, max_length=64)),
                ("via", models.CharField(blank=True, max_length=60)),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
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
                "indexes": [
                    models.Index(fields=["tenant", "-at"], name="searchlogentry_newest"),
                    models.Index(fields=["tenant", "member", "-at"], name="searchlogentry_of_member"),
                    models.Index(fields=["tenant", "session"], name="searchlogentry_of_session"),
                    models.Index(fields=["tenant", "search_id"], name="searchlogentry_of_search"),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchlogentry_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchlogentry_tenant_and_id"),
                    crm.tenancy.constraints.AppendOnly(name="searchlogentry_append_only"),
                    crm.tenancy.constraints.SameTenant(
                        field="member", name="sourcing_searchlogentry_member_same_tenant"
                    ),
                ],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SearchLogHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("seal", models.CharField(blank=True, max_length=200)),
                ("contacts_until", models.DateTimeField(null=True)),
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
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchloghead_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchloghead_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant",), name="searchloghead_once"),
                ],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SearchLogLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField()),
                ("entry_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
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
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchloglink_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchloglink_tenant_and_id"),
                    crm.tenancy.constraints.AppendOnly(name="searchloglink_append_only"),
                    models.UniqueConstraint(fields=("tenant", "number"), name="searchloglink_number_once"),
                    models.UniqueConstraint(fields=("tenant", "entry_id"), name="searchloglink_entry_once"),
                ],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SearchLogSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "asking",
                    models.CharField(
                        choices=[
                            ("never", "Don’t ask for the position"),
                            ("ask", "Ask for the position, once per session of searching"),
                            ("require", "Ask, and let nobody act upon a result before it is answered"),
                        ],
                        default="never",
                        max_length=10,
                    ),
                ),
                (
                    "keep_years",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
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
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchlogsettings_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchlogsettings_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant",), name="searchlogsettings_once"),
                ],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SearchLogWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("salt", models.CharField(max_length=32)),
                ("said", models.JSONField()),
                (
                    "entry",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words_set",
                        to="sourcing.searchlogentry",
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
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchlogwords_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchlogwords_tenant_and_id"),
                    crm.tenancy.constraints.AppendOnly(name="searchlogwords_append_only"),
                    models.UniqueConstraint(fields=("tenant", "entry"), name="searchlogwords_once"),
                    crm.tenancy.constraints.SameTenant(field="entry", name="sourcing_searchlogwords_entry_same_tenant"),
                ],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("job_id", models.BigIntegerField(null=True)),
                ("pipeline_id", models.BigIntegerField(null=True)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
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
                "ordering": ["-begun_at", "-id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="legalhold_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="legalhold_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="sourcing_legalhold_by_same_tenant"),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION search_log_mask, search_log_remove"),
    ]
