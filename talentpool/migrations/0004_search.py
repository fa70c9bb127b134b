import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.scope

# Row security's indexes: @@ is not leakproof, so that under a policy PostgreSQL reads every row of the tenant before it
# asks @@ (1.3 s where the index takes 30 ms). These functions therefore run as the tables' owner, whom the policy does
# not hold, and say the policy's own condition themselves; without a tenant the cast fails, as it does in the policy.
_RIGHTS = """
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET work_mem = '64MB' SET jit = off SET plan_cache_mode = force_custom_plan
"""

FUNCTIONS = f"""
ALTER TABLE talentpool_searchdocument SET (toast_tuple_target = 128);
ALTER TABLE talentpool_searchdocument ALTER tokens SET STORAGE EXTERNAL, ALTER facet_ids SET STORAGE PLAIN;
CREATE SEQUENCE search_version;

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
        WHERE m.missed = 0 OR v & 15 = m.missed GROUP BY v
    ), ranked AS (
        SELECT v, n, row_number() OVER (PARTITION BY v & 15 ORDER BY n DESC, v) AS place FROM counted
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

REMOVE_FUNCTIONS = """
DROP FUNCTION search_counts, search_page, search_facets, search_ids, search_tenants_waiting;
DROP SEQUENCE search_version;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0002_across_tenants"),
        ("talentpool", "0003_erased_keys"),
    ]

    operations = [
        # Empty so far: a model's id can't become another kind of column.
        migrations.DeleteModel("SearchDocument"),
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
            },
        ),
        migrations.AddField(
            model_name="searchoutbox",
            name="index",
            field=models.CharField(
                choices=[("postgres", "PostgreSQL"), ("opensearch", "OpenSearch")],
                db_default="postgres",
                default="postgres",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="searchoutbox",
            name="at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddIndex(
            model_name="searchoutbox",
            index=models.Index(fields=["tenant", "index", "id"], name="search_outbox_waiting"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="search_application_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="ddd1ac14f3517a9870a13592657839c85ff87f08",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_application_insert_13038",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="search_application_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="24a63303e8745319015e6d7146ef890f7872191f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_application_delete_71acc",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="search_application_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.candidate_id, o.state) IS DISTINCT FROM (n.candidate_id, n.state)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="2a07f181b82d146c9055ff2725dc04259a85eb91",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_application_update_1d183",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="search_person_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, id FROM rows; RETURN NULL;",
                    hash="d163d856b7d0fb751ca3e15afc77c8419ba6c10d",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_person_insert_35a03",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_candidate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="search_person_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, id FROM rows; RETURN NULL;",
                    hash="bbae5fbf215954509e163c8b2bc8d2be0b2aab9f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_person_delete_799c6",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_candidate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="search_person_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.name, o.headline, o.summary, o.current_title, o.current_employer, o.location, o.country, o.email, o.contact_points, o.positions, o.education, o.skills, o.languages, o.certificates, o.merged_into_id, o.erased_at, o.updated_at) IS DISTINCT FROM (n.name, n.headline, n.summary, n.current_title, n.current_employer, n.location, n.country, n.email, n.contact_points, n.positions, n.education, n.skills, n.languages, n.certificates, n.merged_into_id, n.erased_at, n.updated_at)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, id FROM rows; RETURN NULL;",
                    hash="ee00ab894d18d8a06e1fe8c4115a112785ac9ff6",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_person_update_2c482",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_candidate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidatetag",
            trigger=pgtrigger.compiler.Trigger(
                name="search_tagging_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="3a864945da70bd73aa13cf94e8b41a08d5f6f0bf",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_tagging_insert_2b871",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_candidatetag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidatetag",
            trigger=pgtrigger.compiler.Trigger(
                name="search_tagging_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="af01991d3ad963ad2cca6601e1b2a2b6a38f7124",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_tagging_delete_85e16",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_candidatetag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidatetag",
            trigger=pgtrigger.compiler.Trigger(
                name="search_tagging_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH rows AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="9a2ff3c463552a92b835ff58b17b851fd4109e79",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_tagging_update_11f80",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_candidatetag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="search_consent_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="0de13be8c02531ecdf9f4f7c2c2aa803f2b0d740",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_consent_insert_f6f28",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="search_consent_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="40dbb0c7c4ee59ed6686420ec7a8e32ef0a0fc70",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_consent_delete_6458c",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="search_consent_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH rows AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="0696b93bbc042a0b250631162e779be2cab2229d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_consent_update_c6b80",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="file",
            trigger=pgtrigger.compiler.Trigger(
                name="search_file_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="7459b9a5b05b3d0559d8aad2a136e134ceb91b73",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_file_insert_9a4e4",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_file",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="file",
            trigger=pgtrigger.compiler.Trigger(
                name="search_file_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="e513cd02bcfea5883e6c38c00f078d6f0088be92",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_file_delete_4fa18",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_file",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="file",
            trigger=pgtrigger.compiler.Trigger(
                name="search_file_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.candidate_id, o.name, o.text) IS DISTINCT FROM (n.candidate_id, n.name, n.text)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="24817797e1d84e597c6542e2587e22a0b46ba3ab",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_file_update_12db2",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_file",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="profile",
            trigger=pgtrigger.compiler.Trigger(
                name="search_profile_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="573345e442b333af86f9e0b59afaffc7f44a5900",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_profile_insert_c5f13",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_profile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="profile",
            trigger=pgtrigger.compiler.Trigger(
                name="search_profile_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="589ae33ece3bd479a71e2f6b58ee16ad2f484837",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_profile_delete_44a84",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_profile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="profile",
            trigger=pgtrigger.compiler.Trigger(
                name="search_profile_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.candidate_id, o.source_id) IS DISTINCT FROM (n.candidate_id, n.source_id)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT tenant_id, candidate_id FROM rows WHERE candidate_id IS NOT NULL; RETURN NULL;",
                    hash="289c88322a6e4d1840df4b21a595685784e06d56",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_profile_update_4b651",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_profile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="search_source_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT p.tenant_id, p.candidate_id FROM rows JOIN talentpool_profile p ON p.tenant_id = rows.tenant_id AND p.source_id = rows.id; RETURN NULL;",
                    hash="71c9f8272547196e440c3cadaf62c7514a03e385",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_source_insert_3d722",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="search_source_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT p.tenant_id, p.candidate_id FROM rows JOIN talentpool_profile p ON p.tenant_id = rows.tenant_id AND p.source_id = rows.id; RETURN NULL;",
                    hash="6e2d2202c185cb34af2f623ed8dd398d7193e6d2",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_source_delete_84df5",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="search_source_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.name) IS DISTINCT FROM (n.name)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT p.tenant_id, p.candidate_id FROM rows JOIN talentpool_profile p ON p.tenant_id = rows.tenant_id AND p.source_id = rows.id; RETURN NULL;",
                    hash="f90afd6ce2d7ed3527593f2b73b5988539736bc2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_source_update_9acd8",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_source",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suppression",
            trigger=pgtrigger.compiler.Trigger(
                name="search_suppression_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT c.tenant_id, c.id FROM rows JOIN talentpool_candidate c ON c.tenant_id = rows.tenant_id AND c.email = rows.address; RETURN NULL;",
                    hash="b714cf9770b27946076234cca1b4cdcd39d52ed0",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_suppression_insert_ba433",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_suppression",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suppression",
            trigger=pgtrigger.compiler.Trigger(
                name="search_suppression_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT c.tenant_id, c.id FROM rows JOIN talentpool_candidate c ON c.tenant_id = rows.tenant_id AND c.email = rows.address; RETURN NULL;",
                    hash="3863be7136c101b433b148768899e517dc3eb0c0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_suppression_delete_59d0f",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_suppression",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suppression",
            trigger=pgtrigger.compiler.Trigger(
                name="search_suppression_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH rows AS (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT c.tenant_id, c.id FROM rows JOIN talentpool_candidate c ON c.tenant_id = rows.tenant_id AND c.email = rows.address; RETURN NULL;",
                    hash="f0f13e840a498bf9b65681c004e672ae7d98035b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_suppression_update_70981",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_suppression",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tag",
            trigger=pgtrigger.compiler.Trigger(
                name="search_tag_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT t.tenant_id, t.candidate_id FROM rows JOIN talentpool_candidatetag t ON t.tenant_id = rows.tenant_id AND t.tag_id = rows.id; RETURN NULL;",
                    hash="eb4207a9e6bf9321cdf51c75c998521ba0975ec7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_search_tag_insert_aa735",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="talentpool_tag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tag",
            trigger=pgtrigger.compiler.Trigger(
                name="search_tag_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=" INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT t.tenant_id, t.candidate_id FROM rows JOIN talentpool_candidatetag t ON t.tenant_id = rows.tenant_id AND t.tag_id = rows.id; RETURN NULL;",
                    hash="159d6e8cb7c6b4dd08ddc93f97bb15ac7b5d492b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_search_tag_delete_aed3c",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="talentpool_tag",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tag",
            trigger=pgtrigger.compiler.Trigger(
                name="search_tag_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="WITH differing AS (SELECT o.id FROM old_rows o JOIN new_rows n USING (id) WHERE (o.name) IS DISTINCT FROM (n.name)), rows AS (SELECT * FROM old_rows WHERE id IN (SELECT id FROM differing) UNION ALL SELECT * FROM new_rows WHERE id IN (SELECT id FROM differing)) INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT DISTINCT t.tenant_id, t.candidate_id FROM rows JOIN talentpool_candidatetag t ON t.tenant_id = rows.tenant_id AND t.tag_id = rows.id; RETURN NULL;",
                    hash="193107b342399cedd6832188a7fbd2df22c99c16",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_search_tag_update_b0d8b",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="talentpool_tag",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(fields=["tenant", "-changed_at", "-id"], name="search_document_recent"),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["tenant", "tokens"], name="search_document_tokens"
            ),
        ),
        migrations.AddConstraint(
            model_name="searchdocument",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="searchdocument_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="searchdocument",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="searchdocument_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="searchsweep",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="searchsweep_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="searchsweep",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="searchsweep_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="searchsweep",
            constraint=models.UniqueConstraint(fields=("tenant", "index"), name="search_sweep_once"),
        ),
        migrations.AddConstraint(
            model_name="searchvalue",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="searchvalue_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="searchvalue",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="searchvalue_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="searchvalue",
            constraint=models.UniqueConstraint(fields=("tenant", "value_id"), name="search_value_once"),
        ),
        migrations.RunSQL(FUNCTIONS, REMOVE_FUNCTIONS),
    ]
