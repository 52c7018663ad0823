from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voting", "0002_append_only")]

    operations = [
        migrations.AddField("tally", "held_number", models.PositiveIntegerField(default=0)),
        migrations.AddField("tally", "held", models.JSONField(default=dict)),
        migrations.RunSQL(
            "UPDATE voting_tally SET held_number = shown_number, held = shown", migrations.RunSQL.noop, elidable=True
        ),
    ]
