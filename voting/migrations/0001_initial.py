import uuid

import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import voting.models.ballots


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("consultations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("pseudonym", models.BinaryField(max_length=32)),
                ("revision", models.PositiveIntegerField()),
                ("commitment", models.BinaryField(max_length=32)),
                ("weight", models.PositiveIntegerField(db_default=1, default=1)),
                ("is_paper", models.BooleanField(db_default=False, default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=200, verbose_name="question")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("for_against_abstain", "For, against or abstain"),
                            ("single_choice", "One option"),
                            ("approval", "All the options that you approve of"),
                            ("score", "A mark for each option"),
                            ("cumulative", "Points to spread over the options"),
                            ("irv", "An order: instant runoff"),
                            ("schulze", "An order: duels (Schulze)"),
                            ("borda", "An order: points by place (Borda)"),
                            ("stv", "An order, for several seats (STV)"),
                            ("dhondt", "One list: seats by D'Hondt"),
                            ("sainte_lague", "One list: seats by Sainte-Laguë"),
                            ("hare", "One list: seats by Hare, largest remainders"),
                            ("greedy", "Proposals that fit the budget, most votes first"),
                            ("greedy_no_skip", "Budget: most votes first, to the first that does not fit"),
                            ("greedy_threshold", "Budget: most votes first, with a least number of votes"),
                            ("greedy_per_cost", "Budget: most votes for the money first"),
                            ("equal_shares", "Budget: equal shares"),
                            ("phragmen", "Budget: in proportion, with one pass (Phragmén)"),
                            ("cause", "A cause: one press to support it"),
                            ("slider", "A slider, from fully against to fully for"),
                            ("hierarchy", "An order of importance"),
                        ],
                        default="for_against_abstain",
                        max_length=24,
                        verbose_name="method",
                    ),
                ),
                ("max_choices", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="at most")),
                ("max_points", models.PositiveIntegerField(default=1, editable=False)),
                ("breaks_ties_as_listed", models.BooleanField(default=False, editable=False)),
                ("rules", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "disclosure",
                    models.CharField(
                        choices=[
                            ("published", "Every single ballot is published after the close, without a name"),
                            ("auditors", "Only accredited observers see single ballots"),
                        ],
                        default="published",
                        max_length=10,
                    ),
                ),
                (
                    "results_policy",
                    models.CharField(
                        choices=[
                            ("live", "While people vote"),
                            ("after_voting", "To each person after voting, to everyone after the close"),
                            ("after_close", "After the close"),
                            ("embargo", "After the close, and not before a time that you set"),
                        ],
                        default="after_close",
                        max_length=16,
                    ),
                ),
                ("embargo_until", models.DateTimeField(blank=True, null=True, verbose_name="results not before")),
                ("order_seed", models.BinaryField(blank=True, default=bytes, max_length=16)),
                ("paper_rule", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "is_binding",
                    models.BooleanField(default=False, verbose_name="the agency binds itself to the outcome"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("scrubbed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="polls",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="polls",
                        to="consultations.district",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("public", models.BinaryField(max_length=32, unique=True)),
                ("endorsement", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "ballot",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="opening",
                        serialize=False,
                        to="voting.ballot",
                    ),
                ),
                ("salt", models.BinaryField(max_length=32)),
                ("choices", models.JSONField()),
                ("account_mark", models.BinaryField(max_length=16, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("account_mark__isnull", False)),
                        fields=["account_mark"],
                        name="openings_by_account",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ElectoralRoll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.PositiveIntegerField(default=0)),
                ("digest", models.BinaryField(default=bytes, max_length=32)),
                ("takes_numbers", models.BooleanField(default=False)),
                ("is_weighted", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="electoral_roll",
                        to="consultations.consultation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EligibleVoter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("is_by_document", models.BooleanField()),
                ("email", models.EmailField(max_length=254, null=True)),
                ("district", models.CharField(blank=True, max_length=80)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("weight", models.PositiveIntegerField(default=1)),
                ("code", models.BinaryField(max_length=32, null=True, unique=True)),
                ("code_expires_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "roll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voters",
                        to="voting.electoralroll",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="eligibilities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportedElection",
            fields=[
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="imported",
                        serialize=False,
                        to="voting.poll",
                    ),
                ),
                ("vote_type", models.CharField(max_length=20)),
                ("meta", models.JSONField()),
                ("project_columns", models.JSONField()),
                ("projects", models.JSONField()),
                ("vote_columns", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="OtherOutcomes",
            fields=[
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="other_outcomes",
                        serialize=False,
                        to="voting.poll",
                    ),
                ),
                ("winners", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="outcome",
                        serialize=False,
                        to="voting.poll",
                    ),
                ),
                ("winners", models.JSONField()),
                ("ties", models.JSONField(default=list)),
                ("explanation", models.JSONField(default=dict)),
                ("salt", models.BinaryField(default=voting.models.ballots._new_secret, max_length=32)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="PollSecret",
            fields=[
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="secret",
                        serialize=False,
                        to="voting.poll",
                    ),
                ),
                ("key", models.BinaryField(default=voting.models.ballots._new_secret)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="voting.poll",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("counted", models.JSONField()),
                ("shown_number", models.PositiveIntegerField(default=0)),
                ("shown", models.JSONField()),
                ("shown_at", models.DateTimeField()),
                ("held_number", models.PositiveIntegerField(default=0)),
                ("held", models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField(
            model_name="poll",
            name="electoral_roll",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="polls",
                to="voting.electoralroll",
            ),
        ),
        migrations.AddField(
            model_name="poll",
            name="phase",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="polls", to="consultations.phase"
            ),
        ),
        migrations.CreateModel(
            name="BallotDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account_mark", models.BinaryField(max_length=16)),
                ("choices", models.JSONField()),
                (
                    "poll",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="voting.poll",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="ballot",
            name="poll",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ballots",
                to="voting.poll",
            ),
        ),
        migrations.CreateModel(
            name="ImportedVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pseudonym", models.BinaryField(max_length=32)),
                ("position", models.PositiveIntegerField()),
                ("voter", models.TextField()),
                ("about", models.JSONField(default=list)),
                ("written", models.JSONField(null=True)),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported_votes",
                        to="voting.poll",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("statement", models.TextField(blank=True)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "ballot",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="leaf", to="voting.ballot"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to="voting.poll",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Observer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("accredited_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("dismissed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observers",
                        to="voting.poll",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observed_polls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=300, verbose_name="option")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("for", "For"), ("against", "Against"), ("abstain", "Abstain")],
                        max_length=8,
                    ),
                ),
                ("cost_cents", models.PositiveBigIntegerField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="options", to="voting.poll"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="options",
                        to="consultations.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Deviation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("excluded", "Won by the count, and does not go ahead"),
                            ("added", "Did not win by the count, and goes ahead"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=1000)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deviations", to="voting.poll"
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviations",
                        to="voting.option",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PaperBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("place", models.CharField(max_length=120, verbose_name="place")),
                ("ballot_count", models.PositiveIntegerField(verbose_name="number of ballots")),
                ("spoilt_count", models.PositiveIntegerField(null=True)),
                ("cast_at", models.DateTimeField(null=True)),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_batches",
                        to="voting.poll",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="PaperClerk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("appointed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("dismissed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clerks",
                        to="voting.poll",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper_clerkships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("choices", models.JSONField(default=dict)),
                ("is_spoilt", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=300)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="voting.paperbatch",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="PaperReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("turn", models.PositiveSmallIntegerField()),
                ("choices", models.JSONField(default=dict)),
                ("is_spoilt", models.BooleanField(default=False)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="voting.paperbatch",
                    ),
                ),
                (
                    "clerk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperVoter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_votes",
                        to="voting.eligiblevoter",
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_voters",
                        to="voting.poll",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RollAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roll_attempts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RollChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("loaded", "Loaded"), ("added", "Added"), ("removed", "Removed")], max_length=8
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="roll_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "roll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="voting.electoralroll"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RollEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roll",
                        to="voting.poll",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roll_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RollUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("faults", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="roll_uploads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roll_upload",
                        to="consultations.consultation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("head", models.TextField()),
                ("frontier", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seals",
                        to="voting.poll",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="voting.signingkey",
                    ),
                ),
            ],
            options={
                "get_latest_by": "number",
            },
        ),
        migrations.CreateModel(
            name="StagedVoter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("is_by_document", models.BooleanField()),
                ("email", models.EmailField(max_length=254, null=True)),
                ("district", models.CharField(blank=True, max_length=80)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("weight", models.PositiveIntegerField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="voters", to="voting.rollupload"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Subtree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.PositiveIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subtrees",
                        to="voting.poll",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TimeStamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=16)),
                ("data", models.JSONField()),
                ("stamped_at", models.DateTimeField(null=True)),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stamps", to="voting.seal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QueuedBallot",
            fields=[
                (
                    "ballot",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="queued",
                        serialize=False,
                        to="voting.ballot",
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queue",
                        to="voting.poll",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="eligiblevoter",
            constraint=models.UniqueConstraint(fields=("roll", "fingerprint"), name="on_a_roll_once"),
        ),
        migrations.AddConstraint(
            model_name="eligiblevoter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("roll", "email"),
                name="an_email_on_a_roll_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="eligiblevoter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)), fields=("roll", "user"), name="one_entry_an_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="eligiblevoter",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 1), ("weight__lte", 1000000)), name="a_weight_is_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="eligiblevoter",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_by_document", True), ("email__isnull", False), _connector="OR"),
                name="an_entry_says_whose_it_is",
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("embargo_until__isnull", False), ("results_policy", "embargo")),
                    models.Q(models.Q(("results_policy", "embargo"), _negated=True), ("embargo_until__isnull", True)),
                    _connector="OR",
                ),
                name="an_embargo_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_binding", False), ("results_policy__in", ["after_close", "embargo"]), _connector="OR"
                ),
                name="a_binding_vote_is_counted_after_its_close",
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.UniqueConstraint(fields=("district",), name="one_poll_a_district"),
        ),
        migrations.AddConstraint(
            model_name="ballotdraft",
            constraint=models.UniqueConstraint(fields=("poll", "account_mark"), name="one_draft_per_voter"),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 1)), name="a_ballot_weighs_1_at_least"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(
                fields=("poll", "pseudonym", "revision"), name="one_standing_ballot_per_voter"
            ),
        ),
        migrations.AddConstraint(
            model_name="importedvote",
            constraint=models.UniqueConstraint(fields=("poll", "position"), name="one_imported_vote_a_position"),
        ),
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.UniqueConstraint(fields=("poll", "number"), name="one_entry_a_number"),
        ),
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ballot__isnull", False), ("statement", "")),
                    models.Q(("ballot__isnull", True), models.Q(("statement", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_ballot_or_a_statement",
            ),
        ),
        migrations.AddConstraint(
            model_name="observer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dismissed_at__isnull", True)), fields=("poll", "user"), name="accredited_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("poll", "position"),
                name="one_option_a_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", ""), _negated=True), fields=("poll", "kind"), name="one_option_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(
                condition=models.Q(("proposal__isnull", False)),
                fields=("poll", "proposal"),
                name="one_option_per_proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="deviation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_deviation_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.UniqueConstraint(fields=("poll", "number"), name="one_paper_batch_a_number"),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("ballot_count__gte", 1)), name="a_paper_batch_has_ballots"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cast_at__isnull", True), ("spoilt_count__isnull", True)),
                    models.Q(("cast_at__isnull", False), ("spoilt_count__isnull", False)),
                    _connector="OR",
                ),
                name="a_paper_batch_is_cast_as_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperclerk",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dismissed_at__isnull", True)), fields=("poll", "user"), name="appointed_clerk_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperdecision",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="a_paper_ballot_is_decided_once"),
        ),
        migrations.AddConstraint(
            model_name="paperreading",
            constraint=models.UniqueConstraint(fields=("batch", "number", "turn"), name="a_paper_ballot_is_read_twice"),
        ),
        migrations.AddConstraint(
            model_name="paperreading",
            constraint=models.UniqueConstraint(
                fields=("batch", "number", "clerk"), name="nobody_reads_a_paper_ballot_twice"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("turn__in", [1, 2])), name="a_paper_ballot_has_two_turns"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="paper_ballots_begin_at_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="papervoter",
            constraint=models.UniqueConstraint(fields=("poll", "entry"), name="on_paper_once"),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.UniqueConstraint(fields=("poll", "user"), name="one_roll_entry_per_person"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("poll", "number"), name="one_seal_a_number"),
        ),
        migrations.AddConstraint(
            model_name="subtree",
            constraint=models.UniqueConstraint(fields=("poll", "level", "index"), name="one_subtree_a_place"),
        ),
    ]
