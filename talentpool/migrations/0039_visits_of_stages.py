import django.db.models.deletion
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0009_bulk_changes"),
        ("talentpool", "0038_sets_of_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="StageVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="+",
                        to="talentpool.pipeline",
                    ),
                ),
                (
                    "stage",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="talentpool.stage"
                    ),
                ),
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
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["tenant", "pipeline", "stage", "entered_at"], name="stage_visit_figures"),
                    models.Index(
                        condition=models.Q(("left_at", None)),
                        fields=["tenant", "pipeline", "origin"],
                        name="stage_visit_open",
                    ),
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="stagevisit_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="stagevisit_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(
                        field="pipeline", name="talentpool_stagevisit_pipeline_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="stage", name="talentpool_stagevisit_stage_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="talentpool_stagevisit_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_stagevisit_origin_same_tenant"),
                ],
            },
        ),
    ]
