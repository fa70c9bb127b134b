import django.db.models.deletion
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope

CASCADE = django.db.models.deletion.CASCADE


def _id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _tenant(**more):
    return (
        "tenant",
        models.ForeignKey(
            db_index=False,
            default=crm.tenancy.scope.current_tenant_id,
            editable=False,
            on_delete=CASCADE,
            related_name="+",
            to="crm.tenant",
            **more,
        ),
    )


def _segment(related_name):
    return (
        "segment",
        crm.tenancy.fields.TenantForeignKey(
            db_index=False, on_delete=CASCADE, related_name=related_name, to="talentpool.segment"
        ),
    )


def _constraints(model, once, fields, *keys):
    return [
        crm.tenancy.constraints.RowsOfTenant(name=f"{model}_rows_of_tenant"),
        models.UniqueConstraint(fields=("tenant", "id"), name=f"{model}_tenant_and_id"),
        models.UniqueConstraint(fields=("tenant", *fields), name=once),
        *(
            crm.tenancy.constraints.SameTenant(field=key, name=f"talentpool_{model}_{key}_same_tenant")
            for key in ("segment", *keys)
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0001_squashed_0008_scopes_of_the_ats"),
        ("talentpool", "0036_guests_of_pipelines"),
    ]

    operations = [
        migrations.AddField("segment", "counted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("segment", "hidden_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "segment", "ready_made", models.CharField(blank=True, db_default="", max_length=200), preserve_default=True
        ),
        migrations.AddField(
            "segment",
            "sharing",
            models.CharField(
                choices=[("team", "The whole team"), ("chosen", "Colleagues I choose"), ("private", "Only me")],
                db_default="team",
                default="team",
                max_length=10,
            ),
        ),
        migrations.AddField("segment", "size", models.PositiveBigIntegerField(db_default=0, default=0)),
        migrations.AlterField(
            "segment",
            "by",
            crm.tenancy.fields.TenantForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
            ),
        ),
        migrations.AddConstraint(
            "segment",
            models.UniqueConstraint(
                condition=~models.Q(ready_made=""), fields=("tenant", "ready_made"), name="segment_ready_made_once"
            ),
        ),
        migrations.CreateModel(
            name="SegmentDay",
            fields=[
                _id(),
                _tenant(),
                _segment("days"),
                ("day", models.DateField()),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("joined", models.PositiveBigIntegerField(default=0)),
                ("left", models.PositiveBigIntegerField(default=0)),
                ("is_new_query", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["day"],
                "abstract": False,
                "constraints": _constraints("segmentday", "segment_day_once", ("segment", "day")),
            },
        ),
        migrations.CreateModel(
            name="SegmentMember",
            fields=[
                _id(),
                _tenant(db_constraint=False),
                _segment("members"),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(on_delete=CASCADE, related_name="+", to="talentpool.candidate"),
                ),
                ("joined_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": _constraints(
                    "segmentmember", "segment_member_once", ("segment", "candidate"), "candidate"
                ),
                "indexes": [
                    models.Index(fields=["tenant", "segment", "-joined_at", "-candidate"], name="segment_member_latest")
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentShare",
            fields=[
                _id(),
                _tenant(),
                _segment("shares"),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(on_delete=CASCADE, related_name="+", to="crm.member"),
                ),
            ],
            options={
                "abstract": False,
                "constraints": _constraints("segmentshare", "segment_share_once", ("segment", "member"), "member"),
            },
        ),
    ]
