"""PostgreSQL's documents are made anew, beside whatever else goes on.

Ranges ask for the beginnings of numbers as words, which documents of before don't have: nobody would be found by
`updated:<2y` until the nightly sweep. OpenSearch's index has other fields now and is built anew by itself.
"""

from django.db import migrations

ASKED = """
INSERT INTO talentpool_searchrebuild (tenant_id, index, asked_at, last_id, people)
SELECT id, 'postgres', now(), 0, 0 FROM crm_tenant
ON CONFLICT (tenant_id, index) DO UPDATE
SET asked_at = excluded.asked_at, started_at = NULL, finished_at = NULL, last_id = 0, people = 0
"""


class Migration(migrations.Migration):
    dependencies = [
        ("talentpool", "0048_search_by_parts"),
    ]

    operations = [
        migrations.RunSQL(ASKED, migrations.RunSQL.noop),
    ]
