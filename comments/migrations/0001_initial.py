import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.math
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_official", models.BooleanField(default=False)),
                ("body", models.TextField(max_length=5000, verbose_name="comment")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("edited_at", models.DateTimeField(editable=False, null=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("locked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "mark",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("highlighted", "Highlighted"),
                            ("question", "Question"),
                            ("refer", "Referred to another office"),
                            ("not_applicable", "Not applicable"),
                            ("alert", "Alert"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("held_at", models.DateTimeField(editable=False, null=True)),
                ("agree_count", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("disagree_count", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                (
                    "agree_floor",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(agree_count=0, then=models.Value(0.0)),
                            default=django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.functions.comparison.Cast(
                                            models.F("agree_count"), models.FloatField()
                                        ),
                                        "+",
                                        models.Value(1.9207294103470627),
                                    ),
                                    "-",
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(1.959963984540054),
                                        "*",
                                        django.db.models.functions.math.Sqrt(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        django.db.models.functions.comparison.Cast(
                                                            models.F("agree_count"), models.FloatField()
                                                        ),
                                                        "*",
                                                        django.db.models.functions.comparison.Cast(
                                                            models.F("disagree_count"), models.FloatField()
                                                        ),
                                                    ),
                                                    "/",
                                                    django.db.models.expressions.CombinedExpression(
                                                        django.db.models.functions.comparison.Cast(
                                                            models.F("agree_count"), models.FloatField()
                                                        ),
                                                        "+",
                                                        django.db.models.functions.comparison.Cast(
                                                            models.F("disagree_count"), models.FloatField()
                                                        ),
                                                    ),
                                                ),
                                                "+",
                                                models.Value(0.9603647051735313),
                                            )
                                        ),
                                    ),
                                ),
                                "/",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.functions.comparison.Cast(
                                            models.F("agree_count"), models.FloatField()
                                        ),
                                        "+",
                                        django.db.models.functions.comparison.Cast(
                                            models.F("disagree_count"), models.FloatField()
                                        ),
                                    ),
                                    "+",
                                    models.Value(3.8414588206941254),
                                ),
                            ),
                            output_field=models.FloatField(),
                        ),
                        output_field=models.FloatField(),
                    ),
                ),
                ("hidden_at", models.DateTimeField(editable=False, null=True)),
                ("hidden_reason", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="answered_by",
                        to="comments.comment",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField(max_length=1000, verbose_name="why it should be decided otherwise")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "outcome",
                    models.CharField(blank=True, choices=[("granted", "Granted"), ("denied", "Denied")], max_length=10),
                ),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("owner", "Owner"),
                            ("editor", "Editor"),
                            ("moderator", "Moderator"),
                            ("analyst", "Analyst"),
                            ("member", "Member"),
                        ],
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("is_by_same_person", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Disposition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("taken", "Taken"),
                            ("taken_in_part", "Taken in part"),
                            ("not_taken", "Not taken"),
                            ("out_of_scope", "Out of scope"),
                            ("already_covered", "Already covered"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("revision", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("insult", "Insults or threatens somebody"),
                            ("personal_data", "Gives away somebody's personal data"),
                            ("spam", "Advertising, or repeated many times"),
                            ("off_topic", "Has nothing to do with the consultation"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("explanation", models.CharField(blank=True, max_length=500, verbose_name="explanation")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="ModerationDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("comment", "A comment"),
                            ("official_reply", "An official reply"),
                            ("proposal", "A proposal"),
                            ("account", "An account"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject_number", models.BigIntegerField(null=True)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("hidden", "Hidden"),
                            ("restored", "Shown again"),
                            ("kept", "Kept as it is"),
                            ("released", "Published after a first look"),
                            ("refused", "Not published after a first look"),
                            ("locked", "Conversation locked"),
                            ("unlocked", "Conversation opened again"),
                            ("marked", "Mark changed"),
                            ("blocked", "Account blocked from writing here"),
                            ("unblocked", "Account may write here again"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("insult", "Insults or threatens somebody"),
                            ("personal_data", "Gives away somebody's personal data"),
                            ("spam", "Advertising, or repeated many times"),
                            ("off_topic", "Has nothing to do with the consultation"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("mark", models.CharField(blank=True, max_length=20)),
                ("text_salt", models.CharField(blank=True, max_length=32)),
                ("text_hash", models.CharField(blank=True, max_length=64)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("editor", "Editor"),
                            ("moderator", "Moderator"),
                            ("analyst", "Analyst"),
                            ("member", "Member"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("before", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("kept", "same words, same place"),
                            ("shifted", "same words, moved"),
                            ("text_changed", "text changed"),
                            ("ambiguous", "several places fit"),
                            ("orphaned", "text gone"),
                        ],
                        max_length=12,
                    ),
                ),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.SmallIntegerField(choices=[(1, "Agree"), (-1, "Disagree")])),
            ],
        ),
        migrations.CreateModel(
            name="Annotation",
            fields=[
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="annotation",
                        serialize=False,
                        to="comments.comment",
                    ),
                ),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("exact", models.TextField()),
                ("prefix", models.CharField(blank=True, max_length=64)),
                ("suffix", models.CharField(blank=True, max_length=64)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("comment", "Comment"), ("suggest", "Suggest other wording"), ("ask", "Ask")],
                        default="comment",
                        max_length=10,
                    ),
                ),
                ("suggestion", models.TextField(blank=True, max_length=5000)),
                ("source", models.URLField(blank=True, editable=False, max_length=500)),
                ("source_creator", models.CharField(blank=True, editable=False, max_length=200)),
            ],
        ),
    ]
