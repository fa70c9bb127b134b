import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope

CASCADE, PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT


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


def _key(name, to, on_delete=CASCADE, related_name="+", **more):
    key = crm.tenancy.fields.TenantForeignKey(on_delete=on_delete, related_name=related_name, to=to, **more)
    return (name, key)


def _constraints(model, keys, *own):
    return [
        crm.tenancy.constraints.RowsOfTenant(name=f"{model}_rows_of_tenant"),
        models.UniqueConstraint(fields=("tenant", "id"), name=f"{model}_tenant_and_id"),
        *own,
        *(crm.tenancy.constraints.SameTenant(field=key, name=f"talentpool_{model}_{key}_same_tenant") for key in keys),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0001_squashed_0008_scopes_of_the_ats"),
        ("talentpool", "0040_visits_so_far"),
    ]

    operations = [
        migrations.CreateModel(
            name="SegmentAlert",
            fields=[
                _id(),
                _tenant(),
                _key("segment", "talentpool.segment", related_name="alerts", db_index=False),
                _key("member", "crm.member"),
                (
                    "every",
                    models.CharField(choices=[("day", "Each morning"), ("week", "On Monday mornings")], max_length=10),
                ),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": _constraints(
                    "segmentalert",
                    ("segment", "member"),
                    models.UniqueConstraint(fields=("tenant", "segment", "member"), name="segment_alert_once"),
                ),
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                _id(),
                _tenant(),
                _key("segment", "talentpool.segment", related_name="schedules"),
                _key("pipeline", "talentpool.pipeline", blank=True, null=True),
                _key("tag", "talentpool.tag", blank=True, null=True),
                (
                    "every",
                    models.CharField(
                        choices=[("hour", "Every hour"), ("day", "Every day"), ("week", "Every week")],
                        default="day",
                        max_length=10,
                    ),
                ),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        default=25,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                    ),
                ),
                ("since", models.DateTimeField(blank=True, null=True)),
                _key("by", "crm.member", PROTECT),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "constraints": _constraints(
                    "schedule",
                    ("segment", "pipeline", "tag", "by"),
                    models.CheckConstraint(
                        condition=models.Q(("pipeline__isnull", False), ("tag", None))
                        | models.Q(("pipeline", None), ("tag__isnull", False)),
                        name="schedule_has_one_target",
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="ScheduleRun",
            fields=[
                _id(),
                _tenant(),
                _key("schedule", "talentpool.schedule", related_name="runs"),
                ("at", models.DateTimeField()),
                ("put", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("left_over", models.PositiveBigIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
                "constraints": _constraints("schedulerun", ("schedule",)),
            },
        ),
        migrations.CreateModel(
            name="ScheduledPerson",
            fields=[
                _id(),
                _tenant(db_constraint=False),
                _key("candidate", "talentpool.candidate", related_name="%(class)s_set"),
                _key("origin", "talentpool.candidate", db_index=False),
                _key("schedule", "talentpool.schedule", related_name="people"),
                _key("run", "talentpool.schedulerun", related_name="people"),
                ("was_there", models.BooleanField()),
            ],
            options={
                "abstract": False,
                "constraints": _constraints(
                    "scheduledperson",
                    ("candidate", "origin", "schedule", "run"),
                    models.UniqueConstraint(
                        fields=("tenant", "schedule", "candidate", "origin"), name="scheduled_person_once"
                    ),
                ),
            },
        ),
    ]
