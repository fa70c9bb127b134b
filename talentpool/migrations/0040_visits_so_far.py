from django.db import migrations

# What is told of the past: each line of somebody's story says to which stage she came; the next one ended that stay.
# A stage that was renamed since is not found by what it was called, and a removed one is gone.
VISITS = """
    INSERT INTO talentpool_stagevisit (tenant_id, candidate_id, origin_id, pipeline_id, stage_id, entered_at, left_at)
    SELECT told.tenant_id, told.candidate_id, told.origin_id, stage.pipeline_id, stage.id, told.at, told.next
    FROM (
        SELECT tenant_id, candidate_id, origin_id, (data ->> 'pipeline_id')::bigint AS pipeline_id, data ->> 'to' AS name,
               at, lead(at) OVER (PARTITION BY tenant_id, origin_id, data ->> 'pipeline_id' ORDER BY at, id) AS next
        FROM talentpool_activity
        WHERE kind IN ('pipeline_added', 'pipeline_moved', 'pipeline_removed')
          AND data ->> 'pipeline_id' ~ '^[0-9]{1,18}$'
    ) told
    JOIN talentpool_stage stage
        ON stage.tenant_id = told.tenant_id AND stage.pipeline_id = told.pipeline_id AND stage.name = told.name
"""


class Migration(migrations.Migration):
    dependencies = [("talentpool", "0039_visits_of_stages")]

    operations = [migrations.RunSQL(VISITS, migrations.RunSQL.noop)]
