import django.db.models.deletion
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.scope

# The first pipeline of each job is its own; one in use goes with the job from now on.
OWN = """
    UPDATE talentpool_pipeline SET by_itself = true, follows_job = archived_at IS NULL
    WHERE id IN (SELECT min(id) FROM talentpool_pipeline WHERE job_id IS NOT NULL GROUP BY tenant_id, job_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0001_squashed_0008_scopes_of_the_ats"),
        ("talentpool", "0029_applications_in_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="PipelineSetting",
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
                ("for_jobs", models.BooleanField(default=True)),
                ("stages", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="pipelinesetting_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="pipelinesetting_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant",), name="pipeline_setting_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="job",
            name="own_pipeline",
            field=models.CharField(
                blank=True,
                choices=[("", "As for all jobs"), ("yes", "Yes"), ("no", "No")],
                db_default="",
                default="",
                max_length=3,
            ),
        ),
        migrations.AddField(model_name="pipeline", name="by_itself", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="pipeline", name="follows_job", field=models.BooleanField(default=False)),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="pipeline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("by_itself", True)), fields=("tenant", "job"), name="pipeline_of_job_once"
            ),
        ),
    ]
