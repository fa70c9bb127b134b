"""What the first 26 migrations made, in one.

Each operation on a table renders all models again that touch it, which is nearly all: named one by one, constraints,
indexes and triggers took most of a minute. Those of a new table belong into the options of its CreateModel.
A database that has all of these goes on as it is; one that has only some needs the release before this file first.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

import crm.encryption
import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope
import talentpool.models.source

STORAGE = """
ALTER TABLE talentpool_searchdocument SET (toast_tuple_target = 128);
ALTER TABLE talentpool_searchdocument ALTER tokens SET STORAGE EXTERNAL, ALTER facet_ids SET STORAGE PLAIN;
CREATE SEQUENCE search_version;
ALTER TABLE talentpool_filecontent ALTER COLUMN content SET STORAGE EXTERNAL;
"""
_RIGHTS = """
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET work_mem = '64MB' SET jit = off SET plan_cache_mode = force_custom_plan
"""
SEARCH = f"""
-- How many people each of the queries finds.
CREATE FUNCTION search_counts(queries text[]) RETURNS bigint[] LANGUAGE plpgsql STABLE {_RIGHTS} AS $$
DECLARE
    query text;
    n bigint;
    counts bigint[] := '{{}}';
BEGIN
    FOREACH query IN ARRAY queries LOOP
        SELECT count(*) INTO n FROM public.talentpool_searchdocument d
        WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ query::tsquery;
        counts := counts || n;
    END LOOP;
    RETURN counts;
END $$;

-- A page, latest change first, after (before_at, before_id). To walk is to go down the order and try each row: cheap
-- when many match. Else all matches are fetched by the index and sorted.
CREATE FUNCTION search_page(query text, before_at timestamptz, before_id bigint, size integer, walk boolean)
RETURNS TABLE (id bigint, changed_at timestamptz) LANGUAGE plpgsql STABLE ROWS 25 {_RIGHTS} AS $$
BEGIN
    IF walk THEN
        RETURN QUERY
        SELECT d.id, d.changed_at FROM public.talentpool_searchdocument d
        WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint
            AND (d.changed_at, d.id) < (before_at, before_id)
            AND CASE WHEN d.tokens @@ query::tsquery THEN true ELSE false END
        ORDER BY d.changed_at DESC, d.id DESC LIMIT size;
    ELSE
        RETURN QUERY
        WITH matching AS MATERIALIZED (
            SELECT d.id, d.changed_at FROM public.talentpool_searchdocument d
            WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ query::tsquery
        )
        SELECT m.id, m.changed_at FROM matching m WHERE (m.changed_at, m.id) < (before_at, before_id)
        ORDER BY m.changed_at DESC, m.id DESC LIMIT size;
    END IF;
END $$;

-- People per facet value, the most frequent ones of each facet and the selected ones; value 0 is the total.
-- selected: facet number -> value ids. Who fails one facet's selection alone still counts within that facet.
CREATE FUNCTION search_facets(query text, selected jsonb, most integer)
RETURNS TABLE (value_id bigint, people bigint) LANGUAGE plpgsql STABLE ROWS 60 {_RIGHTS} AS $$
BEGIN
    RETURN QUERY
    WITH chosen AS MATERIALIZED (
        SELECT c.key::integer AS facet, ARRAY(SELECT jsonb_array_elements_text(c.value)::bigint) AS ids
        FROM jsonb_each(selected) c
    ), matching AS MATERIALIZED (
        SELECT d.facet_ids, CASE WHEN selected = '{{}}' THEN 0 ELSE (
            SELECT CASE count(*) WHEN 0 THEN 0 WHEN 1 THEN max(c.facet) ELSE -1 END
            FROM chosen c WHERE NOT d.facet_ids && c.ids
        ) END AS missed
        FROM public.talentpool_searchdocument d
        WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ query::tsquery
    ), counted AS (
        SELECT v, count(*) AS n FROM matching m CROSS JOIN unnest(m.facet_ids) v
        WHERE m.missed = 0 OR v & 31 = m.missed GROUP BY v
    ), ranked AS (
        SELECT v, n, row_number() OVER (PARTITION BY v & 31 ORDER BY n DESC, v) AS place FROM counted
    )
    SELECT r.v, r.n FROM ranked r
    WHERE r.place <= most OR EXISTS (SELECT FROM chosen c WHERE r.v = ANY (c.ids))
    UNION ALL
    SELECT 0, count(*) FROM matching m WHERE m.missed = 0;
END $$;

-- Everybody whom a query finds, in the order of ids.
CREATE FUNCTION search_ids(query text, after_id bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE {_RIGHTS} AS $$
BEGIN
    RETURN ARRAY(
        SELECT d.id FROM public.talentpool_searchdocument d
        WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ query::tsquery AND d.id > after_id
        ORDER BY d.id
    );
END $$;

-- For the indexer, which looks across tenants and then enters each: whose outbox is not empty.
CREATE FUNCTION search_tenants_waiting() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM public.crm_tenant t
    WHERE EXISTS (SELECT FROM public.talentpool_searchoutbox o WHERE o.tenant_id = t.id) ORDER BY t.id
$$;

REVOKE EXECUTE ON FUNCTION search_counts, search_page, search_facets, search_ids, search_tenants_waiting FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_counts, search_page, search_facets, search_ids, search_tenants_waiting TO crm;
"""
REMOVE_SEARCH = """
DROP FUNCTION search_counts, search_page, search_facets, search_ids, search_tenants_waiting;
DROP SEQUENCE search_version;
"""
STATISTICS = """
CREATE FUNCTION refresh_people_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    ANALYZE talentpool_candidate, talentpool_profile, talentpool_identitykey, talentpool_activity,
        talentpool_persontraits, talentpool_matchblock;
END $$;
REVOKE EXECUTE ON FUNCTION refresh_people_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_people_statistics() TO crm;
"""
# Asked across tenants, each with the least it can answer: where there is work, and where somebody is at home.
ACROSS = """
-- For the matcher, which looks across tenants and then enters each: where records wait to be compared.
CREATE FUNCTION match_tenants_waiting() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM public.crm_tenant t
    WHERE EXISTS (SELECT FROM public.talentpool_matchoutbox o WHERE o.tenant_id = t.id) ORDER BY t.id
$$;
REVOKE EXECUTE ON FUNCTION match_tenants_waiting() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION match_tenants_waiting() TO crm;
CREATE FUNCTION tenants_with_open_imports() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT tenant_id FROM public.talentpool_importrun
    WHERE state = 'queued' OR (state = 'running' AND lease_until < now())
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_open_imports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_open_imports TO crm;
CREATE FUNCTION tenants_with_due_tasks() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM public.crm_tenant t WHERE EXISTS (
        SELECT FROM public.talentpool_task k
        WHERE k.tenant_id = t.id AND k.done_at IS NULL AND k.reminded_at IS NULL AND k.due_at <= now()
    ) ORDER BY t.id
$$;
CREATE FUNCTION tenants_with_files_to_scan() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM public.crm_tenant t WHERE EXISTS (
        SELECT FROM public.talentpool_file f WHERE f.tenant_id = t.id AND f.scanned_at IS NULL
    ) ORDER BY t.id
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_due_tasks, tenants_with_files_to_scan FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_due_tasks, tenants_with_files_to_scan TO crm;
CREATE FUNCTION tenants_with_open_mail() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT tenant_id FROM public.talentpool_incomingmail
    WHERE state = 'queued' OR (state = 'running' AND lease_until < now())
$$;
CREATE FUNCTION tenants_with_mailboxes() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tenant_id FROM public.talentpool_mailbox
    WHERE is_active AND (lease_until IS NULL OR lease_until < now())
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_open_mail, tenants_with_mailboxes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_open_mail, tenants_with_mailboxes TO crm;
CREATE FUNCTION tenants_with_due_drops() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT tenant_id FROM public.talentpool_drop
    WHERE (is_on AND next_at <= now() AND state <> 'running') OR state = 'queued'
       OR (state = 'running' AND lease_until < now())
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_due_drops FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_due_drops TO crm;
CREATE FUNCTION agencies_of_user(wanted bigint) RETURNS TABLE (slug varchar, name varchar, agency varchar)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.slug, t.name, a.name FROM public.talentpool_agencyuser u
    JOIN public.talentpool_agency a ON a.tenant_id = u.tenant_id AND a.id = u.agency_id AND a.ended_at IS NULL
    JOIN public.crm_tenant t ON t.id = u.tenant_id
    WHERE u.user_id = wanted AND u.removed_at IS NULL ORDER BY lower(t.name), t.id
$$;
REVOKE EXECUTE ON FUNCTION agencies_of_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agencies_of_user TO crm;
"""
REMOVE_ACROSS = """
DROP FUNCTION match_tenants_waiting, tenants_with_open_imports, tenants_with_due_tasks, tenants_with_files_to_scan,
    tenants_with_open_mail, tenants_with_mailboxes, tenants_with_due_drops, agencies_of_user;
"""


class Migration(migrations.Migration):
    replaces = [
        ("talentpool", "0001_initial"),
        ("talentpool", "0002_identity_key_kinds"),
        ("talentpool", "0003_erased_keys"),
        ("talentpool", "0004_search"),
        ("talentpool", "0005_quiet"),
        ("talentpool", "0006_people_statistics"),
        ("talentpool", "0007_import_steps"),
        ("talentpool", "0008_open_imports"),
        ("talentpool", "0009_report_indexes"),
        ("talentpool", "0010_merging"),
        ("talentpool", "0011_matching_traits"),
        ("talentpool", "0012_relations"),
        ("talentpool", "0013_field_rules"),
        ("talentpool", "0014_fill_employments"),
        ("talentpool", "0015_wishes_and_custom_fields"),
        ("talentpool", "0016_incoming_mail"),
        ("talentpool", "0017_conversations_by_mail"),
        ("talentpool", "0018_large_imports"),
        ("talentpool", "0019_drops_and_undoing"),
        ("talentpool", "0020_match_gates"),
        ("talentpool", "0021_erasure_secret"),
        ("talentpool", "0022_agencies"),
        ("talentpool", "0023_frequent_organisations"),
        ("talentpool", "0024_ats_applications"),
        ("talentpool", "0025_statement_outboxes"),
        ("talentpool", "0026_warmth_in_search"),
    ]

    initial = True

    dependencies = [("crm", "0001_squashed_0008_scopes_of_the_ats")]

    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=300)),
                ("given_name", models.CharField(blank=True, max_length=150)),
                ("family_name", models.CharField(blank=True, max_length=150)),
                ("headline", models.CharField(blank=True, max_length=500)),
                ("summary", models.TextField(blank=True)),
                ("current_title", models.CharField(blank=True, max_length=300)),
                ("current_employer", models.CharField(blank=True, max_length=300)),
                ("location", models.CharField(blank=True, max_length=300)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("contact_points", models.JSONField(default=list)),
                ("positions", models.JSONField(default=list)),
                ("education", models.JSONField(default=list)),
                ("skills", models.JSONField(default=list)),
                ("languages", models.JSONField(default=list)),
                ("certificates", models.JSONField(default=list)),
                ("suggestions", models.JSONField(default=list)),
                ("lineage", models.JSONField(default=dict)),
                ("warmth", models.PositiveSmallIntegerField(default=0)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("last_contact_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merged_into",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "owner",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                ("custom", models.JSONField(default=dict)),
                ("wants", models.JSONField(default=dict)),
                ("is_undone", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["tenant", "-updated_at", "-id"], name="candidate_recent"),
                    models.Index(fields=["tenant", "email"], name="candidate_email"),
                    models.Index(fields=["tenant", "created_at"], name="candidate_created"),
                    models.Index(
                        fields=["tenant", "id"],
                        include=("created_at", "erased_at", "merged_into", "email", "is_undone"),
                        name="candidate_figures",
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="candidate_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="candidate_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="owner", name="talentpool_candidate_owner_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="merged_into", name="talentpool_candidate_merged_into_same_tenant"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_person_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, id FROM rows) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="6fc720290414e53397d87b709ce50ec4b792742e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_person_insert_35a03",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_candidate",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_person_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, id FROM rows) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="4a994b89756b7f65a4c4103fde2172a0e0a049e5",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_person_delete_799c6",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_candidate",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_person_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.name, o.headline, o.summary, o.current_title, o.current_employer, o.location, o.country, o.email, o.contact_points, o.positions, o.education, o.skills, o.languages, o.certificates, o.wants, o.custom, o.warmth, o.merged_into_id, o.erased_at, o.updated_at) IS DISTINCT FROM (n.name, n.headline, n.summary, n.current_title, n.current_employer, n.location, n.country, n.email, n.contact_points, n.positions, n.education, n.skills, n.languages, n.certificates, n.wants, n.custom, n.warmth, n.merged_into_id, n.erased_at, n.updated_at)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, id FROM rows) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="57ffac98e50bdaabf02abcd65914a25cb3f87f37",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_person_update_2c482",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_candidate",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Came from a source"),
                            ("edited", "Edited"),
                            ("noted", "Noted"),
                            ("called", "Spoke on the telephone"),
                            ("met", "Met"),
                            ("task_done", "Task done"),
                            ("tagged", "Tagged"),
                            ("untagged", "Tag removed"),
                            ("file_added", "File added"),
                            ("owner_changed", "Owner changed"),
                            ("pipeline_added", "Added to a pipeline"),
                            ("pipeline_moved", "Moved in a pipeline"),
                            ("pipeline_removed", "Removed from a pipeline"),
                            ("consent_given", "Consent given"),
                            ("consent_withdrawn", "Consent withdrawn"),
                            ("message_sent", "Message sent"),
                            ("message_opened", "Message opened"),
                            ("message_clicked", "Link opened"),
                            ("message_replied", "Replied"),
                            ("message_bounced", "Message bounced"),
                            ("unsubscribed", "Unsubscribed"),
                            ("merged", "Merged"),
                            ("unmerged", "Merge undone"),
                            ("mail_received", "Wrote an e-mail"),
                            ("mail_sent", "Got an e-mail"),
                            ("application", "Application"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
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
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
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
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["tenant", "candidate", "-at", "-id"], name="activity_of_candidate"),
                    models.Index(
                        condition=models.Q(("kind__in", ["called", "met", "mail_received", "mail_sent"])),
                        fields=["tenant", "at"],
                        name="activity_conversations",
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="activity_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="activity_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_activity_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_activity_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_activity_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(choices=[("jobs", "Jobs and news")], default="jobs", max_length=20)),
                (
                    "basis",
                    models.CharField(
                        choices=[("consent", "They agreed"), ("legitimate_interest", "Legitimate interest")],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("proof", models.JSONField(default=dict)),
                ("granted_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                ("overruled", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn_at", None)), fields=["tenant", "candidate"], name="consent_valid"
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="consent_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="consent_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_consent_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_consent_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_consent_origin_same_tenant"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_consent_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="acbb11f057a8474c1cc9d6d61ed0da415222678e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_consent_insert_f6f28",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_consent",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_consent_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="8c5e7a8063c89bec41113631dbf1d2c7b99e2e8d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_consent_delete_6458c",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_consent",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_consent_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH rows AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="79c631018138d9b46520082c90c143bf23b99723",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_consent_update_c6b80",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_consent",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FieldEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("replaced", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
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
                (
                    "withdrawn_by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="fieldedit_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="fieldedit_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_fieldedit_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="withdrawn_by", name="talentpool_fieldedit_withdrawn_by_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_fieldedit_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_fieldedit_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=120)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file_set",
                        to="talentpool.candidate",
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
                    "scan",
                    models.CharField(
                        choices=[
                            ("unscanned", "Not scanned"),
                            ("waiting", "Waiting for the virus scan"),
                            ("clean", "Scanned, nothing found"),
                            ("infected", "Infected"),
                        ],
                        db_default="unscanned",
                        default="unscanned",
                        max_length=10,
                    ),
                ),
                ("scan_note", models.CharField(blank=True, db_default="", max_length=200)),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["tenant", "sha256"], name="file_sha256"),
                    models.Index(
                        condition=models.Q(("scanned_at", None)), fields=["tenant", "id"], name="file_to_scan"
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="file_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="file_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="candidate", name="talentpool_file_candidate_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_file_origin_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_file_by_same_tenant"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_file_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="47fdc1072eb19b4fbf6c94835cecffe026f2591b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_file_insert_9a4e4",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_file",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_file_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="ab7f79c01d7f6a7dff504d8e1010e96c84a97828",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_file_delete_4fa18",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_file",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_file_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.candidate_id, o.name, o.text) IS DISTINCT FROM (n.candidate_id, n.name, n.text)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="06ea4f7e1c03ffd527b0c70baebe0ba6e71552c6",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_file_update_12db2",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_file",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileContent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                (
                    "file",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contents", to="talentpool.file"
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
                    crm.tenancy.constraints.RowsOfTenant(name="filecontent_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="filecontent_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "file"), name="file_content_once"),
                    crm.tenancy.constraints.SameTenant(field="file", name="talentpool_filecontent_file_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
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
                (
                    "kind",
                    models.CharField(
                        choices=[("note", "Note"), ("call", "Call"), ("meeting", "Meeting")],
                        db_default="note",
                        default="note",
                        max_length=10,
                    ),
                ),
                ("author", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["-at", "-id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="note_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="note_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_note_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="candidate", name="talentpool_note_candidate_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_note_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchOutbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "index",
                    models.CharField(
                        choices=[("postgres", "PostgreSQL"), ("opensearch", "OpenSearch")],
                        db_default="postgres",
                        default="postgres",
                        max_length=10,
                    ),
                ),
                (
                    "candidate_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("many", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "index", "many", "id"], name="search_outbox_in_order")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchoutbox_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchoutbox_tenant_and_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("facets", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
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
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="segment_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="segment_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "name"), name="segment_name_once"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_segment_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("candidate_ids", models.JSONField(default=list)),
                ("search", models.JSONField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                    crm.tenancy.constraints.RowsOfTenant(name="selection_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="selection_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_selection_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("past_applicant", "Past applicant"),
                            ("talent_network", "Talent network"),
                            ("resume_board", "Résumé board"),
                            ("referral", "Referral"),
                            ("agency", "Agency"),
                            ("event", "Event"),
                            ("sourced", "Sourced"),
                            ("ats", "ATS"),
                            ("hand", "Added by hand"),
                            ("api", "API"),
                            ("email", "E-mail"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                ("trust", models.PositiveSmallIntegerField(default=50)),
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
                ("mark", models.CharField(default=talentpool.models.source.new_mark, max_length=20)),
                ("stale_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("synced_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="source_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="source_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "name"), name="source_name_once"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_source_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT p.tenant_id, p.candidate_id FROM rows JOIN talentpool_profile p ON p.tenant_id = rows.tenant_id AND p.source_id = rows.id) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="676aa156b92d47d07cf20e422ecf23c271ccec9a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_source_insert_3d722",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_source",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_source_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT p.tenant_id, p.candidate_id FROM rows JOIN talentpool_profile p ON p.tenant_id = rows.tenant_id AND p.source_id = rows.id) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="91bb176048cb15d90e5f86dcca52af0539a77842",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_source_delete_84df5",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_source",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_source_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.name) IS DISTINCT FROM (n.name)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT p.tenant_id, p.candidate_id FROM rows JOIN talentpool_profile p ON p.tenant_id = rows.tenant_id AND p.source_id = rows.id) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="b188c934b5f06a7642332b4dd3e7c8c0572294ff",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_source_update_9acd8",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_source",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
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
                ("kind", models.CharField(max_length=20)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("encoding", "Which letters?"),
                            ("columns", "Columns"),
                            ("check", "Trying it out"),
                            ("ready", "Ready"),
                            ("run", "Bringing in"),
                            ("over", "Over"),
                            ("undo", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        default="columns",
                        max_length=10,
                    ),
                ),
                ("options", models.JSONField(default=dict)),
                ("cursor", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "file",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="talentpool.file"
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
                    "source",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="talentpool.source"
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("undone", models.JSONField(default=dict)),
                (
                    "undone_by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["tenant", "state", "lease_until"],
                        name="importrun_open",
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="importrun_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="importrun_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="file", name="talentpool_importrun_file_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="source", name="talentpool_importrun_source_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_importrun_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="undone_by", name="talentpool_importrun_undone_by_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New people"),
                            ("updated", "Known, updated"),
                            ("unchanged", "Known, nothing new"),
                            ("duplicate", "Twice in the file"),
                            ("invalid", "Can’t be read"),
                            ("erased", "Erased, kept out"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("cells", models.JSONField(default=list)),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.candidate",
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
                    "run",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="talentpool.importrun"
                    ),
                ),
                ("email", models.CharField(blank=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "run", "outcome", "number"], name="importrow_by_outcome")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="importrow_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="importrow_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "run", "number"), name="import_row_once"),
                    crm.tenancy.constraints.SameTenant(field="run", name="talentpool_importrow_run_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_importrow_candidate_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300)),
                ("location", models.CharField(blank=True, max_length=300)),
                ("department", models.CharField(blank=True, max_length=200)),
                ("is_open", models.BooleanField(default=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                ("apply_url", models.CharField(blank=True, max_length=2000)),
                (
                    "source",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.source",
                    ),
                ),
                ("team", models.JSONField(default=list)),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["title"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="job_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="job_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="source", name="talentpool_job_source_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("hired", "Hired"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("state_at", models.DateTimeField(blank=True, null=True)),
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
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
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
                    "job",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="talentpool.job"
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("applied", "Applied"),
                            ("screening", "Screening"),
                            ("interview", "Interview"),
                            ("offer", "Offer"),
                            ("hired", "Hired"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "source",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="talentpool.source",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["tenant", "candidate"], name="application_open"
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="application_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="application_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="job", name="talentpool_application_job_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_application_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_application_origin_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="source", name="talentpool_application_source_same_tenant"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_application_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="4e3e018510a73bd4be4de229b260ae34bc343bfa",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_application_insert_13038",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_application",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_application_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="482bb57189769ab24dc68f5a9ade8875b90202d0",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_application_delete_71acc",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_application",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_application_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.candidate_id, o.state) IS DISTINCT FROM (n.candidate_id, n.state)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="c8898e06be873327b10ca459c512f9d7be502e43",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_application_update_1d183",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_application",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pipeline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("need", models.TextField(blank=True)),
                ("job_title", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "job",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pipelines",
                        to="talentpool.job",
                    ),
                ),
                (
                    "owner",
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
                "ordering": ["name", "id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="pipeline_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="pipeline_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="job", name="talentpool_pipeline_job_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="owner", name="talentpool_pipeline_owner_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("row", "Row of a table"),
                            ("resume", "Résumé"),
                            ("json_resume", "JSON Resume"),
                            ("form", "Form"),
                            ("ats", "ATS record"),
                            ("api", "API"),
                            ("hand", "Added by hand"),
                            ("mail", "E-mail"),
                            ("clip", "Web page"),
                        ],
                        max_length=20,
                    ),
                ),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("raw", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("suggestions", models.JSONField(default=list)),
                ("fingerprint", models.CharField(max_length=64)),
                ("observed_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "import_run",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="profiles",
                        to="talentpool.importrun",
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
                (
                    "source",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="talentpool.source"
                    ),
                ),
                ("row_number", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=["tenant", "source", "external_id"],
                        name="profile_external_id",
                    ),
                    models.Index(fields=["tenant", "candidate", "id"], include=("source",), name="profile_first"),
                    models.Index(
                        condition=models.Q(("import_run__isnull", False)),
                        fields=["tenant", "import_run", "id"],
                        name="profile_of_import",
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="profile_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="profile_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "source", "fingerprint"), name="profile_once"),
                    crm.tenancy.constraints.SameTenant(field="source", name="talentpool_profile_source_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="file", name="talentpool_profile_file_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="import_run", name="talentpool_profile_import_run_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_profile_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_profile_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_profile_origin_same_tenant"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_profile_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="ff11bbc76e93de5e1a2e08eef8cff4e9b947da5e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_profile_insert_c5f13",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_profile",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_profile_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="c06b71d6a9187b8503aabf21e12ac60278ff9df9",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_profile_delete_44a84",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_profile",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_profile_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.candidate_id, o.source_id) IS DISTINCT FROM (n.candidate_id, n.source_id)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="c1416ec723df0a2ce7a48cb47f73b19cdcc05e8b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_profile_update_4b651",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_profile",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("external", "Id at a source"),
                            ("email", "E-mail"),
                            ("url", "Profile link"),
                            ("phone", "Phone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=300)),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
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
                (
                    "profile",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.profile",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="identitykey_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="identitykey_tenant_and_id"),
                    models.UniqueConstraint(
                        fields=("tenant", "kind", "value", "origin", "profile"),
                        name="identity_key_once",
                        nulls_distinct=False,
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="profile", name="talentpool_identitykey_profile_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_identitykey_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_identitykey_origin_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "pipeline",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stages", to="talentpool.pipeline"
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
                "ordering": ["pipeline", "position"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="stage_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="stage_tenant_and_id"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("tenant", "pipeline", "position"),
                        name="stage_position_once",
                    ),
                    crm.tenancy.constraints.SameTenant(field="pipeline", name="talentpool_stage_pipeline_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PipelineEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "added_by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
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
                    "origin",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "pipeline",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="talentpool.pipeline"
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
                    "stage",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="talentpool.stage"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "stage", "-moved_at", "-id"], name="pipeline_entry_board")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="pipelineentry_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="pipelineentry_tenant_and_id"),
                    models.UniqueConstraint(
                        fields=("tenant", "pipeline", "candidate", "origin"), name="pipeline_entry_once"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="pipeline", name="talentpool_pipelineentry_pipeline_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="stage", name="talentpool_pipelineentry_stage_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="added_by", name="talentpool_pipelineentry_added_by_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_pipelineentry_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_pipelineentry_origin_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "Unsubscribed"),
                            ("bounced", "Bounced before"),
                            ("complained", "Reported as spam"),
                            ("quiet", "Asked for a pause"),
                            ("erased", "Erased"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
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
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="suppression_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="suppression_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "address", "reason"), name="suppression_once"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_suppression_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT c.tenant_id, c.id FROM rows JOIN talentpool_candidate c ON c.tenant_id = rows.tenant_id AND c.email = rows.address) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="6418cad0af0851d6dffd0a7343f72f7a00071891",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_suppression_insert_ba433",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_suppression",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_suppression_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT c.tenant_id, c.id FROM rows JOIN talentpool_candidate c ON c.tenant_id = rows.tenant_id AND c.email = rows.address) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="63e2af1688071734cf5cdbecdbc4135a6773c7be",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_suppression_delete_59d0f",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_suppression",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_suppression_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH rows AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT c.tenant_id, c.id FROM rows JOIN talentpool_candidate c ON c.tenant_id = rows.tenant_id AND c.email = rows.address) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="38e37f1d23213a15097f10678a1494671ab8cc54",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_suppression_update_70981",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_suppression",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
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
                    "colour",
                    models.CharField(
                        choices=[
                            ("grey", "Grey"),
                            ("red", "Red"),
                            ("orange", "Orange"),
                            ("yellow", "Yellow"),
                            ("green", "Green"),
                            ("teal", "Teal"),
                            ("blue", "Blue"),
                            ("purple", "Purple"),
                            ("pink", "Pink"),
                        ],
                        db_default="teal",
                        default="teal",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="tag_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="tag_tenant_and_id"),
                    models.UniqueConstraint(
                        models.F("tenant"), django.db.models.functions.text.Lower("name"), name="tag_name_once"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_tag_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT t.tenant_id, t.candidate_id FROM rows JOIN talentpool_candidatetag t ON t.tenant_id = rows.tenant_id AND t.tag_id = rows.id) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="dcb97e9bae46d3fbe1588cae55fd5df04f7b84bf",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_tag_insert_aa735",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_tag",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_tag_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT t.tenant_id, t.candidate_id FROM rows JOIN talentpool_candidatetag t ON t.tenant_id = rows.tenant_id AND t.tag_id = rows.id) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="3588399bff7e839415cfd1feffb87946775b61c3",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_tag_delete_aed3c",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_tag",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_tag_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.name) IS DISTINCT FROM (n.name)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT t.tenant_id, t.candidate_id FROM rows JOIN talentpool_candidatetag t ON t.tenant_id = rows.tenant_id AND t.tag_id = rows.id) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="181fb345bddce7ba064b4db2cfd614a121423e48",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_tag_update_b0d8b",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_tag",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CandidateTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
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
                (
                    "tag",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="talentpool.tag"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="candidatetag_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="candidatetag_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "candidate", "tag", "origin"), name="candidate_tag_once"),
                    crm.tenancy.constraints.SameTenant(field="tag", name="talentpool_candidatetag_tag_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_candidatetag_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_candidatetag_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_candidatetag_origin_same_tenant"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="search_tagging_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="436e91460e495e3418ede724059db736430c1739",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_search_tagging_insert_2b871",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_candidatetag",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_tagging_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="03dc7040bdd646bbcbb431256d5837bec10653b5",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_search_tagging_delete_85e16",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_candidatetag",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="search_tagging_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH rows AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="fe05434214343548569c869dc89c70cb3823a11b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_search_tagging_update_11f80",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_candidatetag",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasedKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
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
                    crm.tenancy.constraints.RowsOfTenant(name="erasedkey_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="erasedkey_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "hash"), name="erased_key_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
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
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField()),
                ("version", models.BigIntegerField()),
                ("digest", models.BigIntegerField()),
                (
                    "facet_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("tokens", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["tenant", "-changed_at", "-id"], name="search_document_recent"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["tenant", "tokens"], name="search_document_tokens"
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchdocument_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchdocument_tenant_and_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchSweep",
            fields=[
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
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "index",
                    models.CharField(choices=[("postgres", "PostgreSQL"), ("opensearch", "OpenSearch")], max_length=10),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("people", models.PositiveBigIntegerField()),
                ("missing", models.PositiveBigIntegerField()),
                ("stale", models.PositiveBigIntegerField()),
                ("surplus", models.PositiveBigIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchsweep_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchsweep_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "index"), name="search_sweep_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchValue",
            fields=[
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
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value_id", models.BigIntegerField()),
                ("facet", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=200)),
                ("label", models.CharField(max_length=200)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="searchvalue_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="searchvalue_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "value_id"), name="search_value_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
                (
                    "high",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="talentpool.candidate"
                    ),
                ),
                (
                    "low",
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
                    crm.tenancy.constraints.RowsOfTenant(name="apart_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="apart_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "low", "high"), name="apart_once"),
                    models.CheckConstraint(condition=models.Q(("low__lt", models.F("high"))), name="apart_in_order"),
                    crm.tenancy.constraints.SameTenant(field="low", name="talentpool_apart_low_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="high", name="talentpool_apart_high_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_apart_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bits", models.FloatField()),
                ("strong", models.BooleanField(default=False)),
                ("evidence", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("later", "Later"),
                            ("merged", "Merged"),
                            ("apart", "Not the same"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("later_until", models.DateTimeField(blank=True, null=True)),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
                (
                    "high",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="talentpool.candidate"
                    ),
                ),
                (
                    "low",
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
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
                (
                    "gate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sure", "Personal, or of two kinds"),
                            ("career", "One employer at one time, one town, and a very rare name"),
                            ("phone", "One phone and one name, and nothing that differs"),
                            ("", "Not enough to merge by itself"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "later"])),
                        fields=["tenant", "-bits", "-id"],
                        name="match_pair_waiting",
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="matchpair_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="matchpair_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "low", "high"), name="match_pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("low__lt", models.F("high"))), name="match_pair_in_order"
                    ),
                    crm.tenancy.constraints.SameTenant(field="low", name="talentpool_matchpair_low_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="high", name="talentpool_matchpair_high_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="decided_by", name="talentpool_matchpair_decided_by_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("automatic", models.BooleanField(default=False)),
                ("bits", models.FloatField(blank=True, null=True)),
                ("evidence", models.JSONField(default=list)),
                ("inherited", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "absorbed",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged_by",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
                (
                    "survivor",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="talentpool.candidate"
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
                    "undone_by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "-at", "-id"], name="merge_recent")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="merge_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="merge_tenant_and_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("tenant", "absorbed"), name="merge_live_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("survivor", models.F("absorbed")), _negated=True), name="merge_of_two"
                    ),
                    crm.tenancy.constraints.SameTenant(field="survivor", name="talentpool_merge_survivor_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="absorbed", name="talentpool_merge_absorbed_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_merge_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="undone_by", name="talentpool_merge_undone_by_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id", "k", "traits_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("k", models.BigIntegerField()),
                ("traits_id", models.BigIntegerField()),
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
                "constraints": [crm.tenancy.constraints.RowsOfTenant(name="matchblock_rows_of_tenant")],
            },
        ),
        migrations.CreateModel(
            name="MatchingRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("automatic", models.BooleanField(default=True)),
                ("caution", models.FloatField(default=0)),
                ("ask_less", models.FloatField(default=0)),
                ("career_gate", models.BooleanField(default=False)),
                ("phone_gate", models.BooleanField(default=False)),
                ("records", models.PositiveBigIntegerField(default=0)),
                ("counted_at", models.DateTimeField(blank=True, null=True)),
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
                    "frequent",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("looking", models.JSONField(default=dict)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="matchingrules_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="matchingrules_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant",), name="matching_rules_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchOutbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                ("keyed", models.BooleanField(db_default=False, default=False)),
                ("many", models.BooleanField(db_default=False, default=False)),
                (
                    "traits_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="matchoutbox_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="matchoutbox_tenant_and_id"),
                ],
                "indexes": [models.Index(fields=["tenant", "many", "id"], name="match_outbox_in_order")],
            },
        ),
        migrations.CreateModel(
            name="NameCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(choices=[("given", "First name"), ("family", "Last name")], max_length=6)),
                ("name", models.CharField(max_length=120)),
                ("records", models.PositiveIntegerField()),
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
                    crm.tenancy.constraints.RowsOfTenant(name="namecount_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="namecount_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "part", "name"), name="name_count_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonTraits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given", models.CharField(max_length=60)),
                ("middle", models.CharField(max_length=60)),
                ("family", models.CharField(max_length=120)),
                (
                    "family_parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("given_sound", models.CharField(max_length=60)),
                (
                    "name_forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("generation", models.CharField(max_length=2)),
                ("born", models.CharField(max_length=8)),
                ("town", models.CharField(max_length=60)),
                ("postcode", models.CharField(max_length=10)),
                ("street", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=60)),
                (
                    "employers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "employer_years",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "work_years",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "schools",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "emails",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "mailboxes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                (
                    "phones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "pages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "linkedin",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("given_bits", models.FloatField()),
                ("family_bits", models.FloatField()),
                (
                    "blocks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
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
                    "origin",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "profile",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.profile",
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
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="persontraits_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="persontraits_tenant_and_id"),
                    models.UniqueConstraint(
                        fields=("tenant", "profile", "origin"), name="person_traits_once", nulls_distinct=False
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="profile", name="talentpool_persontraits_profile_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_persontraits_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_persontraits_origin_same_tenant"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="match_traits_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            DELETE FROM talentpool_matchblock AS b\n            USING (SELECT tenant_id, id, unnest(blocks) AS k FROM rows) AS gone\n            WHERE b.tenant_id = gone.tenant_id AND b.k = gone.k AND b.traits_id = gone.id;\n            RETURN NULL;\n        ",
                            hash="37e78b08c67897f39caf7e2a2f1be5e978a45c85",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_match_traits_delete_7eb99",
                            referencing="REFERENCING OLD TABLE AS rows ",
                            table="talentpool_persontraits",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="match_traits_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="INSERT INTO talentpool_matchoutbox (tenant_id, traits_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT tenant_id, id FROM rows) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="806cad5fc1a3ecdc5dd7acf634afae5a835d77e0",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_match_traits_insert_ba6ea",
                            referencing="REFERENCING NEW TABLE AS rows ",
                            table="talentpool_persontraits",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="match_traits_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="INSERT INTO talentpool_matchoutbox (tenant_id, traits_ids, many) SELECT tenant_id, array_agg(id), count(*) >= 20 FROM (SELECT *, (row_number() OVER () - 1) / 1000 AS place FROM (SELECT n.tenant_id, n.id FROM old_rows o JOIN new_rows n USING (id) WHERE o.candidate_id <> n.candidate_id) AS c (tenant_id, id)) AS numbered GROUP BY tenant_id, place; RETURN NULL;",
                            hash="e4ce8ba2b51197bab91eb4681129a2ef8c348c76",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_match_traits_update_de342",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="talentpool_persontraits",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("employer", models.CharField(max_length=80)),
                ("place", models.CharField(blank=True, max_length=60)),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="employments",
                        to="talentpool.candidate",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["tenant", "employer", "-last"],
                        include=("first", "candidate", "place"),
                        name="employment_colleagues",
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="employment_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="employment_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_employment_candidate_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("words", models.CharField(max_length=255)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "note",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="talentpool.note"
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
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at", None)), fields=["tenant", "member", "-at"], name="mention_unread"
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="mention_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="mention_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "note", "member"), name="mention_once"),
                    crm.tenancy.constraints.SameTenant(field="note", name="talentpool_mention_note_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="member", name="talentpool_mention_member_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_mention_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_mention_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("text", models.TextField()),
                ("until", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "note",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="talentpool.note"
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
            ],
            options={
                "ordering": ["-until", "-id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="noteversion_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="noteversion_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="note", name="talentpool_noteversion_note_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_noteversion_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_noteversion_origin_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("mentions", models.BooleanField(default=True)),
                ("tasks", models.BooleanField(default=True)),
                ("digest", models.BooleanField(default=False)),
                ("digest_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.member"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="noticesetting_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="noticesetting_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "member"), name="notice_setting_once"),
                    crm.tenancy.constraints.SameTenant(
                        field="member", name="talentpool_noticesetting_member_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("text", models.CharField(max_length=500)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("overdue_at", models.DateTimeField(blank=True, null=True)),
                ("whole_day", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignee",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="task_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "done_by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
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
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["tenant", "assignee", "due_at"], name="task_open"
                    ),
                    models.Index(
                        condition=models.Q(("done_at", None), ("reminded_at", None)),
                        fields=["tenant", "due_at"],
                        name="task_to_remind",
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="task_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="task_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="candidate", name="talentpool_task_candidate_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_task_origin_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="assignee", name="talentpool_task_assignee_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_task_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="done_by", name="talentpool_task_done_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watcher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
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
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.member"
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="watcher_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="watcher_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "candidate", "member", "origin"), name="watcher_once"),
                    crm.tenancy.constraints.SameTenant(field="member", name="talentpool_watcher_member_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_watcher_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_watcher_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_watcher_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FieldRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rules", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
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
                "verbose_name_plural": "field rules",
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="fieldrules_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="fieldrules_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_fieldrules_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=30)),
                ("label", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("long_text", "Long text"),
                            ("number", "Number"),
                            ("money", "Money"),
                            ("date", "Date"),
                            ("yes_no", "Yes or no"),
                            ("choice", "One of several"),
                            ("choices", "Some of several"),
                            ("link", "Link"),
                            ("member", "Somebody of the team"),
                        ],
                        max_length=20,
                    ),
                ),
                ("help_text", models.CharField(blank=True, max_length=300)),
                ("choices", models.JSONField(default=list)),
                ("past_choices", models.JSONField(default=list)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_restricted", models.BooleanField(default=False)),
                ("facet", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "ordering": ["position", "pk"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="customfield_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="customfield_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "key"), name="custom_field_once"),
                    models.UniqueConstraint(fields=("tenant", "facet"), name="custom_facet_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mail_addresses", to="crm.member"
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
                    crm.tenancy.constraints.RowsOfTenant(name="mailaddress_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="mailaddress_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "token"), name="mail_address_token_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("tenant", "member"),
                        name="mail_address_one_each",
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="member", name="talentpool_mailaddress_member_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomingMail",
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
                    "door",
                    models.CharField(
                        choices=[
                            ("webhook", "E-mail service provider"),
                            ("mailbox", "Mailbox"),
                            ("server", "Mail server"),
                            ("api", "API"),
                        ],
                        max_length=10,
                    ),
                ),
                ("way", models.CharField(blank=True, max_length=3)),
                ("sender", models.CharField(blank=True, max_length=254)),
                ("sender_name", models.CharField(blank=True, max_length=300)),
                ("is_from_nobody", models.BooleanField(default=False)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("message_id", models.CharField(blank=True, max_length=400)),
                ("fingerprint", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Being read"),
                            ("taken", "Taken in"),
                            ("review", "To review"),
                            ("refused", "Not taken"),
                            ("ignored", "Left alone"),
                            ("discarded", "Discarded"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("problems", models.JSONField(default=list)),
                ("decision", models.JSONField(default=dict)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="crm.member"
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
                    "address",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.mailaddress",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["tenant", "state", "lease_until"],
                        name="incomingmail_open",
                    ),
                    models.Index(fields=["tenant", "outcome", "-id"], name="incomingmail_by_outcome"),
                    models.Index(fields=["tenant", "sender"], name="incomingmail_sender"),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="incomingmail_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="incomingmail_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "fingerprint"), name="incoming_mail_once"),
                    crm.tenancy.constraints.SameTenant(
                        field="address", name="talentpool_incomingmail_address_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="member", name="talentpool_incomingmail_member_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254)),
                ("host", models.CharField(max_length=253)),
                (
                    "port",
                    models.PositiveIntegerField(
                        default=993,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                    ),
                ),
                (
                    "encryption",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the start (port 993)"),
                            ("starttls", "STARTTLS (port 143)"),
                            ("none", "None"),
                        ],
                        default="tls",
                        max_length=8,
                    ),
                ),
                ("user", models.CharField(max_length=254)),
                ("secret", crm.encryption.EncryptedTextField()),
                ("folder", models.CharField(default="INBOX", max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                ("uid_validity", models.BigIntegerField(blank=True, null=True)),
                ("last_uid", models.BigIntegerField(default=0)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
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
                    crm.tenancy.constraints.RowsOfTenant(name="mailbox_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="mailbox_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant",), name="mailbox_one_each"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailContent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                (
                    "mail",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contents",
                        to="talentpool.incomingmail",
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
                    crm.tenancy.constraints.RowsOfTenant(name="mailcontent_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="mailcontent_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "mail"), name="mail_content_once"),
                    crm.tenancy.constraints.SameTenant(field="mail", name="talentpool_mailcontent_mail_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("thread", models.CharField(max_length=64)),
                ("message_id", models.CharField(blank=True, max_length=400)),
                ("is_from_person", models.BooleanField(default=True)),
                ("sender", models.JSONField(default=dict)),
                ("recipients", models.JSONField(default=list)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("files", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "mail",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="letters",
                        to="talentpool.incomingmail",
                    ),
                ),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="crm.member"
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
                    models.Index(fields=["tenant", "candidate", "-at"], name="mailletter_of_candidate"),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["tenant", "message_id"],
                        name="mailletter_message_id",
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="mailletter_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="mailletter_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "origin", "key"), name="mail_letter_once"),
                    crm.tenancy.constraints.SameTenant(field="mail", name="talentpool_mailletter_mail_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="member", name="talentpool_mailletter_member_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_mailletter_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_mailletter_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlockedSender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="crm.member"
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
                    crm.tenancy.constraints.RowsOfTenant(name="blockedsender_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="blockedsender_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "address"), name="blocked_sender_once"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_blockedsender_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.PositiveIntegerField()),
                ("letters", models.TextField()),
                (
                    "run",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="talentpool.importrun"
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
                    crm.tenancy.constraints.RowsOfTenant(name="importchunk_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="importchunk_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "run", "start"), name="import_chunk_once"),
                    crm.tenancy.constraints.SameTenant(field="run", name="talentpool_importchunk_run_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRemainder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reasons", models.JSONField(default=list)),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
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
                    "run",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remainders",
                        to="talentpool.importrun",
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
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="importremainder_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="importremainder_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "run", "origin"), name="import_remainder_once"),
                    crm.tenancy.constraints.SameTenant(field="run", name="talentpool_importremainder_run_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_importremainder_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_importremainder_origin_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Drop",
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
                            ("folder", "Folder on the server"),
                            ("sftp", "SFTP directory"),
                            ("url", "CSV at an address"),
                        ],
                        max_length=10,
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=500)),
                ("url", models.CharField(blank=True, max_length=2000)),
                ("host", models.CharField(blank=True, max_length=253)),
                ("port", models.PositiveIntegerField(default=22)),
                ("username", models.CharField(blank=True, max_length=120)),
                ("password", crm.encryption.EncryptedTextField(blank=True, default="")),
                ("private_key", crm.encryption.EncryptedTextField(blank=True, default="")),
                ("host_key", models.CharField(blank=True, max_length=1000)),
                ("offered_key", models.CharField(blank=True, max_length=1000)),
                ("etag", models.CharField(blank=True, max_length=500)),
                ("last_modified", models.CharField(blank=True, max_length=100)),
                ("every_minutes", models.PositiveIntegerField(default=60)),
                ("is_on", models.BooleanField(default=True)),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[("consent", "They agreed"), ("legitimate_interest", "Legitimate interest")],
                        max_length=20,
                    ),
                ),
                ("basis_text", models.TextField(blank=True)),
                ("seen", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "source",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drops", to="talentpool.source"
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
                "ordering": ["id"],
                "abstract": False,
                "indexes": [models.Index(condition=models.Q(("is_on", True)), fields=["next_at"], name="drop_due")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="drop_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="drop_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="source", name="talentpool_drop_source_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_drop_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DropFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("mark", models.CharField(max_length=64)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                ("said", models.TextField(blank=True)),
                (
                    "drop",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="talentpool.drop"
                    ),
                ),
                (
                    "run",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.importrun",
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
                    crm.tenancy.constraints.RowsOfTenant(name="dropfile_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="dropfile_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "drop", "mark"), name="drop_file_once"),
                    crm.tenancy.constraints.SameTenant(field="drop", name="talentpool_dropfile_drop_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="run", name="talentpool_dropfile_run_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("headings_key", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=list)),
                ("saved_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "source",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_columns",
                        to="talentpool.source",
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
                "ordering": ["-used_at", "-id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="savedcolumns_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="savedcolumns_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "source", "headings_key"), name="saved_columns_once"),
                    crm.tenancy.constraints.SameTenant(
                        field="source", name="talentpool_savedcolumns_source_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_savedcolumns_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasureSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", crm.encryption.EncryptedTextField()),
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
                    crm.tenancy.constraints.RowsOfTenant(name="erasuresecret_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="erasuresecret_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant",), name="erasure_secret_one_each"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("contact_name", models.CharField(blank=True, max_length=200)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("terms", models.TextField(blank=True, max_length=5000)),
                (
                    "ownership_days",
                    models.PositiveSmallIntegerField(
                        default=180,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1825),
                        ],
                    ),
                ),
                (
                    "known_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                "verbose_name_plural": "agencies",
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="agency_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="agency_tenant_and_id"),
                    models.UniqueConstraint(
                        models.F("tenant"), django.db.models.functions.text.Lower("name"), name="agency_name_once"
                    ),
                    crm.tenancy.constraints.SameTenant(field="source", name="talentpool_agency_source_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("secret_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="talentpool.agency"
                    ),
                ),
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
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="agencyinvitation_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="agencyinvitation_tenant_and_id"),
                    models.UniqueConstraint(
                        models.F("tenant"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        name="agency_invitation_open_once",
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="agency", name="talentpool_agencyinvitation_agency_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_agencyinvitation_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(blank=True, max_length=5000, verbose_name="words")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="talentpool.agency"
                    ),
                ),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "job",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="talentpool.job"
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
                "verbose_name_plural": "jobs opened to agencies",
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="agencyjob_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="agencyjob_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "agency", "job"), name="agency_job_once"),
                    crm.tenancy.constraints.SameTenant(field="agency", name="talentpool_agencyjob_agency_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="job", name="talentpool_agencyjob_job_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_agencyjob_by_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyUser",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="users", to="talentpool.agency"
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="agencyuser_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="agencyuser_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "user"), name="agency_user_once"),
                    crm.tenancy.constraints.SameTenant(field="agency", name="talentpool_agencyuser_agency_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("name", models.CharField(blank=True, max_length=300)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("message", models.TextField(blank=True, max_length=5000)),
                ("statement", models.TextField(blank=True)),
                ("agreed_on", models.DateField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("claimed", "Received"),
                            ("owned", "Received again"),
                            ("known", "Known already"),
                            ("taken", "Submitted by somebody else first"),
                            ("refused", "Can’t be considered"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("in_process", "In process"),
                            ("rejected", "Not chosen"),
                            ("hired", "Hired"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("state_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="talentpool.agency"
                    ),
                ),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="talentpool.agencyuser",
                    ),
                ),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "job",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="talentpool.job"
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
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talentpool.profile",
                    ),
                ),
                (
                    "state_by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
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
                "indexes": [models.Index(fields=["tenant", "agency", "-id"], name="submission_of_agency")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="submission_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="submission_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_submission_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_submission_origin_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="agency", name="talentpool_submission_agency_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="job", name="talentpool_submission_job_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_submission_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="profile", name="talentpool_submission_profile_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="state_by", name="talentpool_submission_state_by_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "agency",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="talentpool.agency"
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
                (
                    "submission",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.submission",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "candidate", "at"], name="claim_first")],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="claim_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="claim_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="agency", name="talentpool_claim_agency_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="submission", name="talentpool_claim_submission_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_claim_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_claim_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("moved", "Moved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("hired", "Hired"),
                            ("reopened", "Opened again"),
                            ("offer", "Offer"),
                            ("interview", "Interview"),
                            ("scorecard", "Scorecard"),
                            ("deleted", "Deleted in the ATS"),
                        ],
                        max_length=10,
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=120)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                ("key", models.CharField(max_length=120)),
                (
                    "application",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="talentpool.application"
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
                "ordering": ["at", "id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="applicationstep_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="applicationstep_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "application", "key"), name="application_step_once"),
                    crm.tenancy.constraints.SameTenant(
                        field="application", name="talentpool_applicationstep_application_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_applicationstep_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_applicationstep_origin_same_tenant"
                    ),
                ],
            },
        ),
        migrations.RunSQL(STORAGE + SEARCH, REMOVE_SEARCH),
        migrations.RunSQL(STATISTICS, "DROP FUNCTION refresh_people_statistics()"),
        migrations.RunSQL(ACROSS, REMOVE_ACROSS),
    ]
