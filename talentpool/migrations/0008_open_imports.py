"""Which organisations have imports to work on, asked across tenants by the one who re-queues them."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION tenants_with_open_imports() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT tenant_id FROM public.talentpool_importrun
    WHERE state = 'queued' OR (state = 'running' AND lease_until < now())
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_open_imports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_open_imports TO crm;
"""


class Migration(migrations.Migration):
    dependencies = [("talentpool", "0007_import_steps")]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION tenants_with_open_imports")]
