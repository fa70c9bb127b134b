import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0009_bulk_changes"),
        ("talentpool", "0035_rules_and_comments"),
    ]

    operations = [
        migrations.AddField(
            model_name="pipelinecomment",
            name="thumb",
            field=models.CharField(blank=True, choices=[("up", "Yes"), ("down", "No")], default="", max_length=4),
        ),
        migrations.AlterField(
            model_name="pipelinecomment",
            name="by",
            field=crm.tenancy.fields.TenantForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.member",
            ),
        ),
        migrations.AlterField(
            model_name="pipelinecomment",
            name="text",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="PipelineGuest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(max_length=254)),
                ("sees_files", models.BooleanField(default=False)),
                ("secret_hash", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "pipeline",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guests", to="talentpool.pipeline"
                    ),
                ),
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
            ],
            options={
                "ordering": ["name", "id"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="pipelineguest_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="pipelineguest_tenant_and_id"),
                    models.UniqueConstraint(
                        models.F("tenant"),
                        models.F("pipeline"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("revoked_at", None)),
                        name="pipeline_guest_once",
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="pipeline", name="talentpool_pipelineguest_pipeline_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="by", name="talentpool_pipelineguest_by_same_tenant"),
                ],
                "indexes": [models.Index(fields=["tenant", "secret_hash"], name="pipeline_guest_secret")],
            },
        ),
        migrations.AddField(
            model_name="pipelinecomment",
            name="guest",
            field=crm.tenancy.fields.TenantForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="talentpool.pipelineguest",
            ),
        ),
        migrations.AddConstraint(
            model_name="pipelinecomment",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__isnull", False), ("guest__isnull", False), _connector="OR"),
                name="pipeline_comment_of_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="pipelinecomment",
            constraint=crm.tenancy.constraints.SameTenant(
                field="guest", name="talentpool_pipelinecomment_guest_same_tenant"
            ),
        ),
    ]
