from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Until here every weight was 1: ``loading.py`` took no other."""

    dependencies = [("voting", "0006_ties_as_listed")]

    operations = [
        migrations.RemoveConstraint(model_name="eligiblevoter", name="a_weight_is_positive"),
        migrations.AlterField(model_name="eligiblevoter", name="weight", field=models.PositiveIntegerField(default=1)),
        migrations.AlterField(model_name="stagedvoter", name="weight", field=models.PositiveIntegerField()),
        migrations.AddConstraint(
            model_name="eligiblevoter",
            constraint=models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=1_000_000), name="a_weight_is_in_range"
            ),
        ),
        migrations.AddField(model_name="electoralroll", name="is_weighted", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="ballot", name="weight", field=models.PositiveIntegerField(db_default=1, default=1)
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(condition=Q(weight__gte=1), name="a_ballot_weighs_1_at_least"),
        ),
    ]
