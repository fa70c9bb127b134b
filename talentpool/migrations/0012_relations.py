import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope

# For the schedule, which looks across tenants and then enters each: whose tasks are due, whose files wait for the scanner.
FUNCTIONS = """
CREATE FUNCTION tenants_with_due_tasks() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM public.crm_tenant t WHERE EXISTS (
        SELECT FROM public.talentpool_task k
        WHERE k.tenant_id = t.id AND k.done_at IS NULL AND k.reminded_at IS NULL AND k.due_at <= now()
    ) ORDER BY t.id
$$;
CREATE FUNCTION tenants_with_files_to_scan() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id FROM public.crm_tenant t WHERE EXISTS (
        SELECT FROM public.talentpool_file f WHERE f.tenant_id = t.id AND f.scanned_at IS NULL
    ) ORDER BY t.id
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_due_tasks, tenants_with_files_to_scan FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_due_tasks, tenants_with_files_to_scan TO crm;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0003_idempotent_answers"),
        ("talentpool", "0011_matching_traits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Employment",
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
                ("employer", models.CharField(max_length=80)),
                ("place", models.CharField(blank=True, max_length=60)),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="employments",
                        to="talentpool.candidate",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Mention",
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
                ("words", models.CharField(max_length=255)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "note",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="talentpool.note"
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NoteVersion",
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
                ("text", models.TextField()),
                ("until", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "note",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="talentpool.note"
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
            ],
            options={
                "ordering": ["-until", "-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NoticeSetting",
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
                ("mentions", models.BooleanField(default=True)),
                ("tasks", models.BooleanField(default=True)),
                ("digest", models.BooleanField(default=False)),
                ("digest_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.member"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Task",
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
                ("text", models.CharField(max_length=500)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("overdue_at", models.DateTimeField(blank=True, null=True)),
                ("whole_day", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignee",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "candidate",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="task_set",
                        to="talentpool.candidate",
                    ),
                ),
                (
                    "done_by",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.member",
                    ),
                ),
                (
                    "origin",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talentpool.candidate",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Watcher",
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "member",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.member"
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="file",
            name="scan",
            field=models.CharField(
                choices=[
                    ("unscanned", "Not scanned"),
                    ("waiting", "Waiting for the virus scan"),
                    ("clean", "Scanned, nothing found"),
                    ("infected", "Infected"),
                ],
                db_default="unscanned",
                default="unscanned",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="file",
            name="scan_note",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="file",
            name="scanned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="kind",
            field=models.CharField(
                choices=[("note", "Note"), ("call", "Call"), ("meeting", "Meeting")],
                db_default="note",
                default="note",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="colour",
            field=models.CharField(
                choices=[
                    ("grey", "Grey"),
                    ("red", "Red"),
                    ("orange", "Orange"),
                    ("yellow", "Yellow"),
                    ("green", "Green"),
                    ("teal", "Teal"),
                    ("blue", "Blue"),
                    ("purple", "Purple"),
                    ("pink", "Pink"),
                ],
                db_default="teal",
                default="teal",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Came from a source"),
                    ("edited", "Edited"),
                    ("noted", "Noted"),
                    ("called", "Spoke on the telephone"),
                    ("met", "Met"),
                    ("task_done", "Task done"),
                    ("tagged", "Tagged"),
                    ("untagged", "Tag removed"),
                    ("file_added", "File added"),
                    ("owner_changed", "Owner changed"),
                    ("pipeline_added", "Added to a pipeline"),
                    ("pipeline_moved", "Moved in a pipeline"),
                    ("pipeline_removed", "Removed from a pipeline"),
                    ("consent_given", "Consent given"),
                    ("consent_withdrawn", "Consent withdrawn"),
                    ("message_sent", "Message sent"),
                    ("message_opened", "Message opened"),
                    ("message_clicked", "Link opened"),
                    ("message_replied", "Replied"),
                    ("message_bounced", "Message bounced"),
                    ("unsubscribed", "Unsubscribed"),
                    ("merged", "Merged"),
                    ("unmerged", "Merge undone"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("kind__in", ["called", "met", "message_replied"])),
                fields=["tenant", "at"],
                name="activity_conversations",
            ),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(condition=models.Q(("scanned_at", None)), fields=["tenant", "id"], name="file_to_scan"),
        ),
        migrations.AddIndex(
            model_name="employment",
            index=models.Index(
                fields=["tenant", "employer", "-last"],
                include=("first", "candidate", "place"),
                name="employment_colleagues",
            ),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="employment_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="employment_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=crm.tenancy.constraints.SameTenant(
                field="candidate", name="talentpool_employment_candidate_same_tenant"
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("seen_at", None)), fields=["tenant", "member", "-at"], name="mention_unread"
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="mention_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="mention_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("tenant", "note", "member"), name="mention_once"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=crm.tenancy.constraints.SameTenant(field="note", name="talentpool_mention_note_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=crm.tenancy.constraints.SameTenant(field="member", name="talentpool_mention_member_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=crm.tenancy.constraints.SameTenant(
                field="candidate", name="talentpool_mention_candidate_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_mention_origin_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="noteversion",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="noteversion_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="noteversion",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="noteversion_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="noteversion",
            constraint=crm.tenancy.constraints.SameTenant(field="note", name="talentpool_noteversion_note_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="noteversion",
            constraint=crm.tenancy.constraints.SameTenant(
                field="candidate", name="talentpool_noteversion_candidate_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="noteversion",
            constraint=crm.tenancy.constraints.SameTenant(
                field="origin", name="talentpool_noteversion_origin_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticesetting",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="noticesetting_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="noticesetting",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="noticesetting_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="noticesetting",
            constraint=models.UniqueConstraint(fields=("tenant", "member"), name="notice_setting_once"),
        ),
        migrations.AddConstraint(
            model_name="noticesetting",
            constraint=crm.tenancy.constraints.SameTenant(
                field="member", name="talentpool_noticesetting_member_same_tenant"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["tenant", "assignee", "due_at"], name="task_open"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at", None), ("reminded_at", None)),
                fields=["tenant", "due_at"],
                name="task_to_remind",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="task_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="task_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=crm.tenancy.constraints.SameTenant(
                field="candidate", name="talentpool_task_candidate_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_task_origin_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=crm.tenancy.constraints.SameTenant(
                field="assignee", name="talentpool_task_assignee_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=crm.tenancy.constraints.SameTenant(field="by", name="talentpool_task_by_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=crm.tenancy.constraints.SameTenant(field="done_by", name="talentpool_task_done_by_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=crm.tenancy.constraints.RowsOfTenant(name="watcher_rows_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="watcher_tenant_and_id"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=models.UniqueConstraint(fields=("tenant", "candidate", "member", "origin"), name="watcher_once"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=crm.tenancy.constraints.SameTenant(field="member", name="talentpool_watcher_member_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=crm.tenancy.constraints.SameTenant(field="by", name="talentpool_watcher_by_same_tenant"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=crm.tenancy.constraints.SameTenant(
                field="candidate", name="talentpool_watcher_candidate_same_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=crm.tenancy.constraints.SameTenant(field="origin", name="talentpool_watcher_origin_same_tenant"),
        ),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION tenants_with_due_tasks; DROP FUNCTION tenants_with_files_to_scan"),
    ]
