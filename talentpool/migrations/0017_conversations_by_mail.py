from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("talentpool", "0016_incoming_mail")]

    operations = [
        migrations.RemoveIndex(model_name="activity", name="activity_conversations"),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("kind__in", ["called", "met", "mail_received", "mail_sent"])),
                fields=["tenant", "at"],
                name="activity_conversations",
            ),
        ),
    ]
