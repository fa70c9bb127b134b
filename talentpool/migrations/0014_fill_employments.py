from django.db import migrations

# People of before there were employments: the indexer, which keeps them, comes once to everybody.
ASK = "INSERT INTO talentpool_searchoutbox (tenant_id, candidate_id) SELECT tenant_id, id FROM talentpool_candidate"


class Migration(migrations.Migration):
    dependencies = [("talentpool", "0013_field_rules")]

    operations = [migrations.RunSQL(ASK, migrations.RunSQL.noop)]
