from django.conf import settings
from django.db import migrations, models
from django.db.models import CASCADE, RESTRICT, Q


class Migration(migrations.Migration):
    """What was promised is called a pledge: a commitment is the hash that the log of a vote carries."""

    dependencies = [
        ("consultations", "0031_successions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("commitment", "a_commitment_has_a_title"),
        migrations.RemoveConstraint("commitmentfollow", "one_follow_per_person_and_commitment"),
        migrations.RenameModel("Commitment", "Pledge"),
        migrations.RenameModel("CommitmentFollow", "PledgeFollow"),
        migrations.RenameField("milestone", "commitment", "pledge"),
        migrations.RenameField("pledgefollow", "commitment", "pledge"),
        migrations.AlterField(
            "pledge",
            "consultation",
            models.ForeignKey(on_delete=CASCADE, related_name="pledges", to="consultations.consultation"),
        ),
        migrations.AlterField(
            "pledge",
            "district",
            models.ForeignKey(
                blank=True, null=True, on_delete=RESTRICT, related_name="pledges", to="consultations.district"
            ),
        ),
        migrations.AlterField(
            "pledge",
            "proposal",
            models.OneToOneField(
                blank=True, null=True, on_delete=RESTRICT, related_name="pledge", to="consultations.proposal"
            ),
        ),
        migrations.AlterField(
            "pledgefollow",
            "user",
            models.ForeignKey(on_delete=CASCADE, related_name="pledge_follows", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            "pledge", models.CheckConstraint(condition=~Q(("title", "")), name="a_pledge_has_a_title")
        ),
        migrations.AddConstraint(
            "pledgefollow",
            models.UniqueConstraint(fields=("user", "pledge"), name="one_follow_per_person_and_pledge"),
        ),
    ]
