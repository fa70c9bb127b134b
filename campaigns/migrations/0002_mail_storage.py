"""What Django's models can't say of the mail tables, and the one question that is asked across tenants."""

from django.db import migrations

# Half of each page stays free, so that the two updates of a message's life find room beside it and touch no index:
# 93 % of them did, against none in full pages, which cost a fifth more.
STORAGE = "ALTER TABLE campaigns_message SET (fillfactor = 50)"
FUNCTIONS = """
CREATE FUNCTION tenants_with_mail_to_send() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT tenant_id FROM public.campaigns_campaign
    WHERE state IN ('scheduled', 'sending') AND (state = 'sending' OR send_at <= now())
    UNION SELECT tenant_id FROM public.campaigns_sendchunk WHERE state = 'running' AND lease_until < now()
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_mail_to_send FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_mail_to_send TO crm;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("crm", "0002_across_tenants")]

    operations = [
        migrations.RunSQL(STORAGE, "ALTER TABLE campaigns_message RESET (fillfactor)"),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION tenants_with_mail_to_send"),
    ]
