import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0001_squashed_0008_scopes_of_the_ats"),
        ("talentpool", "0034_other_names_of_segments"),
    ]

    operations = [
        migrations.CreateModel(
            name="PipelineComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=crm.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.tenant",
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "origin",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "pipeline",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="talentpool.pipeline",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="pipelinecomment_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="pipelinecomment_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(
                        field="pipeline", name="talentpool_pipelinecomment_pipeline_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_pipelinecomment_by_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_pipelinecomment_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="talentpool_pipelinecomment_origin_same_tenant"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "pipeline", "candidate", "-id"], name="pipeline_comment_of")
                ],
            },
        ),
        migrations.AddField(
            model_name="pipelineentry",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="pipelineentry",
            name="owner",
            field=crm.tenancy.fields.TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="crm.member",
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="most",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stage",
            name="rules",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="pipelineentry",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)), fields=["tenant", "due_on"], name="pipeline_entry_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="pipelineentry",
            constraint=crm.tenancy.constraints.SameTenant(
                field="owner", name="talentpool_pipelineentry_owner_same_tenant"
            ),
        ),
    ]
