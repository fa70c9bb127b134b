from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("talentpool", "0033_beginnings_of_values")]

    operations = [
        migrations.AddField("segment", "exactly", models.BooleanField(default=True)),
        migrations.AddField("segment", "less", models.JSONField(default=list)),
    ]
