"""What the first 7 migrations made, in one.

Each operation on a table renders all models again that touch it, which is nearly all: named one by one, constraints,
indexes and triggers took most of a minute. Those of a new table belong into the options of its CreateModel.
A database that has all of these goes on as it is; one that has only some needs the release before this file first.
"""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import crm.encryption
import crm.models.tenant
import crm.tenancy.constraints
import crm.tenancy.fields
import crm.tenancy.scope

STORAGE = "ALTER TABLE campaigns_message SET (fillfactor = 50)"
FUNCTIONS = """
CREATE FUNCTION tenants_with_mail_to_send() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT tenant_id FROM public.campaigns_campaign
    WHERE state IN ('scheduled', 'sending') AND (state = 'sending' OR send_at <= now())
    UNION SELECT tenant_id FROM public.campaigns_sendchunk WHERE state = 'running' AND lease_until < now()
$$;
REVOKE EXECUTE ON FUNCTION tenants_with_mail_to_send FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_with_mail_to_send TO crm;
"""


class Migration(migrations.Migration):
    replaces = [
        ("campaigns", "0001_initial"),
        ("campaigns", "0002_mail_storage"),
        ("campaigns", "0003_pipeline_audience"),
        ("campaigns", "0004_conversation_verdict"),
        ("campaigns", "0005_alter_message_verdict"),
        ("campaigns", "0006_hired_verdict"),
        ("campaigns", "0007_lean_tenants"),
    ]

    initial = True

    dependencies = [
        ("crm", "0001_squashed_0008_scopes_of_the_ats"),
        ("talentpool", "0001_squashed_0026_warmth_in_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("preheader", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True, max_length=100000)),
                ("sender_name", models.CharField(blank=True, max_length=200)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                (
                    "audience",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("segment", "A segment"),
                            ("pipeline", "Everyone in a pipeline"),
                            ("stage", "A pipeline’s stage"),
                            ("selection", "A selection"),
                        ],
                        max_length=10,
                    ),
                ),
                ("send_at", models.DateTimeField(blank=True, null=True)),
                (
                    "time_zone",
                    models.CharField(blank=True, max_length=64, validators=[crm.models.tenant.validate_time_zone]),
                ),
                (
                    "per_minute",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("scheduled", "Scheduled"),
                            ("sending", "Sending"),
                            ("paused", "Paused"),
                            ("sent", "Sent"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("trouble", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("planned_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.member"
                    ),
                ),
                (
                    "segment",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="talentpool.segment",
                    ),
                ),
                (
                    "selection",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="talentpool.selection",
                    ),
                ),
                (
                    "stage",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="talentpool.stage",
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
                (
                    "pipeline",
                    crm.tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="talentpool.pipeline",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["scheduled", "sending"])),
                        fields=["tenant", "state"],
                        name="campaign_open",
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="campaign_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="campaign_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(field="segment", name="campaigns_campaign_segment_same_tenant"),
                    crm.tenancy.constraints.SameTenant(field="stage", name="campaigns_campaign_stage_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="selection", name="campaigns_campaign_selection_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="by", name="campaigns_campaign_by_same_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("audience", ""),
                                ("pipeline", None),
                                ("segment", None),
                                ("selection", None),
                                ("stage", None),
                            ),
                            models.Q(
                                ("audience", "segment"),
                                ("pipeline", None),
                                ("segment__isnull", False),
                                ("selection", None),
                                ("stage", None),
                            ),
                            models.Q(
                                ("audience", "pipeline"),
                                ("pipeline__isnull", False),
                                ("segment", None),
                                ("selection", None),
                                ("stage", None),
                            ),
                            models.Q(
                                ("audience", "stage"),
                                ("pipeline", None),
                                ("segment", None),
                                ("selection", None),
                                ("stage__isnull", False),
                            ),
                            models.Q(
                                ("audience", "selection"),
                                ("pipeline", None),
                                ("segment", None),
                                ("selection__isnull", False),
                                ("stage", None),
                            ),
                            _connector="OR",
                        ),
                        name="campaign_one_audience",
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="pipeline", name="campaigns_campaign_pipeline_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("url", models.CharField(max_length=2000)),
                (
                    "campaign",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="campaigns.campaign",
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
                "ordering": ["number"],
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="link_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="link_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "campaign", "number"), name="link_number_once"),
                    crm.tenancy.constraints.SameTenant(field="campaign", name="campaigns_link_campaign_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("smtp", "Mail server (SMTP)"), ("provider", "E-mail service provider")],
                        default="smtp",
                        max_length=10,
                    ),
                ),
                ("host", models.CharField(blank=True, max_length=253)),
                (
                    "port",
                    models.PositiveIntegerField(
                        default=587,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                    ),
                ),
                (
                    "encryption",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the start (port 465)"),
                            ("starttls", "STARTTLS (port 587)"),
                            ("none", "None"),
                        ],
                        default="starttls",
                        max_length=8,
                    ),
                ),
                ("user", models.CharField(blank=True, max_length=254)),
                (
                    "provider",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("brevo", "Brevo"),
                            ("mailersend", "MailerSend"),
                            ("postmark", "Postmark"),
                            ("resend", "Resend"),
                            ("sendgrid", "SendGrid"),
                            ("sparkpost", "SparkPost"),
                        ],
                        max_length=20,
                    ),
                ),
                ("secret", crm.encryption.EncryptedTextField(blank=True)),
                (
                    "per_minute",
                    models.PositiveIntegerField(
                        default=600,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000000),
                        ],
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
                "abstract": False,
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="mailroute_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="mailroute_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant",), name="mail_route_one_each"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "smtp"), models.Q(("host", ""), _negated=True)),
                            models.Q(("kind", "provider"), models.Q(("provider", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="mail_route_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(blank=True, max_length=254)),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Planned"),
                            (1, "Sending"),
                            (2, "Sent"),
                            (3, "Held back"),
                            (4, "Refused"),
                            (5, "Will be tried again"),
                            (6, "Fate unknown"),
                            (7, "Cancelled"),
                        ],
                        default=0,
                    ),
                ),
                (
                    "verdict",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Not asked yet"),
                            (1, "May be written to"),
                            (2, "Gets it under another name"),
                            (3, "Erased"),
                            (4, "No e-mail address"),
                            (5, "Address can’t be written to"),
                            (6, "Unsubscribed"),
                            (7, "Reported as spam"),
                            (8, "Bounced before"),
                            (9, "Asked for a pause"),
                            (10, "In process"),
                            (16, "Hired"),
                            (15, "ATS state too old"),
                            (14, "A colleague is talking with them"),
                            (11, "No consent yet"),
                            (12, "Written to lately"),
                            (13, "A value is missing"),
                        ],
                        default=0,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("reply", models.CharField(blank=True, max_length=500)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("clicked_at", models.DateTimeField(blank=True, null=True)),
                ("unsubscribed_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                ("complained_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="campaigns.campaign",
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
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="message_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="message_tenant_and_id"),
                    models.UniqueConstraint(fields=("tenant", "campaign", "origin"), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address", ""),
                            (
                                "address__regex",
                                "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+$",
                            ),
                            _connector="OR",
                        ),
                        name="message_address_is_safe",
                    ),
                    crm.tenancy.constraints.SameTenant(field="campaign", name="campaigns_message_campaign_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="campaigns_message_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="origin", name="campaigns_message_origin_same_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivered", "Delivered"),
                            ("opened", "Opened"),
                            ("clicked", "Clicked"),
                            ("bounced", "Bounced"),
                            ("complained", "Reported as spam"),
                            ("unsubscribed", "Unsubscribed"),
                            ("resubscribed", "Took unsubscribing back"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("machine", models.CharField(blank=True, max_length=100)),
                ("visitor", models.CharField(blank=True, max_length=16)),
                ("detail", models.CharField(blank=True, max_length=500)),
                (
                    "campaign",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.campaign",
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
                    "link",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.link",
                    ),
                ),
                (
                    "message",
                    crm.tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="campaigns.message"
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
                    models.Index(fields=["tenant", "campaign", "kind", "-at"], name="message_event_of_campaign")
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="messageevent_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="messageevent_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(
                        field="message", name="campaigns_messageevent_message_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="campaign", name="campaigns_messageevent_campaign_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(field="link", name="campaigns_messageevent_link_same_tenant"),
                    crm.tenancy.constraints.SameTenant(
                        field="candidate", name="campaigns_messageevent_candidate_same_tenant"
                    ),
                    crm.tenancy.constraints.SameTenant(
                        field="origin", name="campaigns_messageevent_origin_same_tenant"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SendChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Stopped"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    crm.tenancy.fields.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="campaigns.campaign",
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
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["tenant", "campaign", "id"],
                        name="send_chunk_open",
                    )
                ],
                "constraints": [
                    crm.tenancy.constraints.RowsOfTenant(name="sendchunk_rows_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "id"), name="sendchunk_tenant_and_id"),
                    crm.tenancy.constraints.SameTenant(
                        field="campaign", name="campaigns_sendchunk_campaign_same_tenant"
                    ),
                ],
            },
        ),
        migrations.RunSQL(STORAGE, "ALTER TABLE campaigns_message RESET (fillfactor)"),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION tenants_with_mail_to_send"),
    ]
