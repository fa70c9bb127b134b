from django.db import migrations

# The first import into a new database would be planned for empty tables: PostgreSQL then checks each foreign key by
# reading all people of the organisation, until its own statistics come round a minute later. Only a table's owner may
# ask for them sooner, hence the function.
CREATE = """
CREATE FUNCTION refresh_people_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    ANALYZE talentpool_candidate, talentpool_profile, talentpool_identitykey, talentpool_activity;
END $$;
REVOKE EXECUTE ON FUNCTION refresh_people_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_people_statistics() TO crm;
"""


class Migration(migrations.Migration):
    dependencies = [("talentpool", "0005_quiet")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION refresh_people_statistics()")]
