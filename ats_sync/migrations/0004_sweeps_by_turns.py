import django.utils.timezone
from django.db import migrations, models

WORK = """
CREATE OR REPLACE FUNCTION tenants_with_ats_work() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tenant_id FROM public.ats_sync_event
    WHERE state IN ('queued', 'running') AND next_at <= now() AND (state = 'queued' OR lease_until < now())
    UNION
    SELECT tenant_id FROM public.ats_sync_push
    WHERE state IN ('queued', 'running') AND next_at <= now() AND (state = 'queued' OR lease_until < now())
    UNION
    SELECT tenant_id FROM public.ats_sync_connection
    WHERE state = 'on' AND next_poll_at <= now() AND (lease_until IS NULL OR lease_until < now())%s
$$;
"""
SWEEPS = """
    UNION
    SELECT tenant_id FROM public.ats_sync_sweep
    WHERE state IN ('queued', 'running') AND next_at <= now() AND (state = 'queued' OR lease_until < now())"""
STATES = [
    *[("queued", "Waiting"), ("running", "Running"), ("done", "Done")],
    *[("cancelled", "Stopped"), ("failed", "Failed")],
]


class Migration(migrations.Migration):
    dependencies = [
        ("ats_sync", "0003_lean_tenants"),
        ("crm", "0008_scopes_of_the_ats"),
    ]

    operations = [
        migrations.AddField(
            model_name="sweep",
            name="after",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="sweep",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="sweep",
            name="failures",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="sweep",
            name="is_listed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sweep",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("department", "Department"),
                    ("source", "Source"),
                    ("reason", "Reject reason"),
                    ("user", "User"),
                    ("stage", "Stage"),
                    ("job", "Job"),
                    ("person", "Person"),
                    ("application", "Application"),
                    ("step", "Stage change"),
                    ("note", "Note"),
                    ("file", "File"),
                    ("offer", "Offer"),
                    ("interview", "Interview"),
                    ("scorecard", "Scorecard"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="sweep",
            name="kind_began_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sweep",
            name="lease_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sweep",
            name="next_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="sweep",
            name="place",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="sweep",
            name="settles",
            field=models.BooleanField(default=True),
        ),
        # Those that there are went through in one go.
        migrations.AddField(
            model_name="sweep",
            name="state",
            field=models.CharField(choices=STATES, default="done", max_length=10),
        ),
        migrations.AlterField(
            model_name="sweep",
            name="state",
            field=models.CharField(choices=STATES, default="queued", max_length=10),
        ),
        migrations.AddField(
            model_name="sweep",
            name="worker",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddConstraint(
            model_name="sweep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=("tenant", "connection"),
                name="sweep_one_at_a_time",
            ),
        ),
        migrations.RunSQL(WORK % SWEEPS, WORK % ""),
    ]
