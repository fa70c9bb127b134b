"""The functions of search always go by the index of tokens.

PostgreSQL plans with the query at hand, takes a dozen choices for nearly everybody, and does not count what it costs to
read tokens that lie apart from their row: it read everybody's, 60 ms for 20,000 people, where the index answers in 2.
Of a query that comes from a subselect it knows nothing when it plans.
"""

from django.db import migrations

_RIGHTS = """
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET work_mem = '64MB' SET jit = off SET plan_cache_mode = force_custom_plan
"""
SEARCH = f"""
CREATE OR REPLACE FUNCTION search_counts(queries text[]) RETURNS bigint[] LANGUAGE plpgsql STABLE {_RIGHTS} AS $$
DECLARE
    query text;
    n bigint;
    counts bigint[] := '{{{{}}}}';
BEGIN
    FOREACH query IN ARRAY queries LOOP
        SELECT count(*) INTO n FROM public.talentpool_searchdocument d
        WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ {{asked}};
        counts := counts || n;
    END LOOP;
    RETURN counts;
END $$;

CREATE OR REPLACE FUNCTION search_page(
    query text, before_at timestamptz, before_id bigint, size integer, walk boolean
) RETURNS TABLE (id bigint, changed_at timestamptz) LANGUAGE plpgsql STABLE ROWS 25 {_RIGHTS} AS $$
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
            WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ {{asked}}
        )
        SELECT m.id, m.changed_at FROM matching m WHERE (m.changed_at, m.id) < (before_at, before_id)
        ORDER BY m.changed_at DESC, m.id DESC LIMIT size;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION search_facets(query text, selected jsonb, most integer)
RETURNS TABLE (value_id bigint, people bigint) LANGUAGE plpgsql STABLE ROWS 60 {_RIGHTS} AS $$
BEGIN
    RETURN QUERY
    WITH chosen AS MATERIALIZED (
        SELECT c.key::integer AS facet, ARRAY(SELECT jsonb_array_elements_text(c.value)::bigint) AS ids
        FROM jsonb_each(selected) c
    ), matching AS MATERIALIZED (
        SELECT d.facet_ids, CASE WHEN selected = '{{{{}}}}' THEN 0 ELSE (
            SELECT CASE count(*) WHEN 0 THEN 0 WHEN 1 THEN max(c.facet) ELSE -1 END
            FROM chosen c WHERE NOT d.facet_ids && c.ids
        ) END AS missed
        FROM public.talentpool_searchdocument d
        WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ {{asked}}
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

CREATE OR REPLACE FUNCTION search_ids(query text, after_id bigint)
RETURNS bigint[] LANGUAGE plpgsql STABLE {_RIGHTS} AS $$
BEGIN
    RETURN ARRAY(
        SELECT d.id FROM public.talentpool_searchdocument d
        WHERE d.tenant_id = current_setting('crm.tenant_id')::bigint AND d.tokens @@ {{asked}} AND d.id > after_id
        ORDER BY d.id
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("talentpool", "0043_search_vectors"),
    ]

    operations = [
        migrations.RunSQL(SEARCH.format(asked="(SELECT query::tsquery)"), SEARCH.format(asked="query::tsquery")),
    ]
