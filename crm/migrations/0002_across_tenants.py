"""The few questions that are asked across tenants, each a function of the owner's that answers with the least it can."""

from django.db import migrations

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
    dependencies = [("crm", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION memberships_of_user; DROP FUNCTION tenants_with_open_runs")
    ]
