"""All tables of this room; before them what ``consultations/spanish.py`` names: a text search without accents and
endings, and an immutable function.

The extensions are "trusted": the owner of a database may create them without being a superuser. The function names the
schema of ``unaccent``, because ANALYZE and REINDEX run with an empty search path.
"""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

import consultations.spanish

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION spanish_without_accents (COPY = spanish);
ALTER TEXT SEARCH CONFIGURATION spanish_without_accents
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
"""
FUNCTION = """
DO $do$
DECLARE
    place text := (
        SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
        WHERE extname = 'unaccent'
    );
BEGIN
    EXECUTE format(
        $f$
        CREATE FUNCTION without_accents(text) RETURNS text
            LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS
            $body$ BEGIN RETURN lower(%1$s.unaccent('%1$s.unaccent'::regdictionary, $1)); END $body$
        $f$,
        place
    );
END $do$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),  # phases that must not overlap compare an id and a range in one index
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION spanish_without_accents"),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION without_accents(text)"),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address")),
                ("title", models.CharField(max_length=140, verbose_name="title")),
                ("summary", models.CharField(max_length=300, verbose_name="summary")),
                ("body", models.TextField(blank=True, max_length=50000, verbose_name="text")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "Everyone, without an account"),
                            ("private", "Only the members of the agencies that you choose"),
                        ],
                        default="public",
                        max_length=10,
                    ),
                ),
                (
                    "eligibility",
                    models.CharField(
                        choices=[
                            ("registered", "Anyone with a confirmed e-mail"),
                            ("verified", "Only people whose identity is verified"),
                            ("resident", "Only people whose residence the agency has verified"),
                            ("invited", "Only the members of the agencies that you choose"),
                        ],
                        default="registered",
                        max_length=12,
                    ),
                ),
                ("recipe", models.SlugField(blank=True, editable=False, max_length=30)),
                ("is_unlisted", models.BooleanField(default=False)),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("receives_supports", models.BooleanField(default=True)),
                ("is_cause", models.BooleanField(default=False)),
                ("pre_moderates", models.BooleanField(default=False)),
                ("needs_second_reader", models.BooleanField(default=False)),
                ("closing_words", models.TextField(blank=True, max_length=5000)),
                ("report_url", models.URLField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="accounts.agency"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opened_consultations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shared_with",
                    models.ManyToManyField(blank=True, related_name="shared_consultations", to="accounts.agency"),
                ),
            ],
            options={
                "permissions": [
                    ("publish_consultation", "Publish a draft, and change its phases"),
                    ("propose_consultation", "Make proposals"),
                    ("comment_consultation", "Comment"),
                    ("vote_consultation", "Vote"),
                    ("take_part_consultation", "Propose, comment and vote where only members may"),
                    ("reply_consultation", "Reply officially, and propose in the agency's name"),
                    ("moderate_consultation", "Hide and restore what people write, and see reports"),
                    ("export_personal_consultation", "Export data about persons"),
                    ("measure_consultation", "See its numbers over time"),
                    ("audit_consultation", "Read who changed what in it"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_cents", models.PositiveBigIntegerField(verbose_name="amount")),
                ("currency", models.CharField(default="ARS", max_length=3, verbose_name="currency")),
                (
                    "district_rule",
                    models.CharField(
                        choices=[
                            ("chosen", "In one that they choose, once"),
                            ("resident", "In the one where they live, as the electoral roll says"),
                        ],
                        default="chosen",
                        max_length=10,
                    ),
                ),
                ("support_threshold", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="budget",
                        to="consultations.consultation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("blocked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("until", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "blocked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocks",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ConsultationGroupObjectPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="consultations.consultation"),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("alt", models.CharField(max_length=250, verbose_name="what the picture shows")),
                ("file", models.CharField(editable=False, max_length=100)),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                ("card_file", models.CharField(editable=False, max_length=100)),
                ("digest", models.CharField(editable=False, max_length=16)),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cover",
                        to="consultations.consultation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=120, verbose_name="what you ask")),
                ("help_text", models.CharField(blank=True, max_length=300, verbose_name="help")),
                (
                    "kind",
                    models.CharField(
                        choices=[("text", "Text"), ("number", "Number"), ("choice", "Choice among several")],
                        default="text",
                        max_length=6,
                        verbose_name="kind of answer",
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("is_required", models.BooleanField(default=False)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="custom_fields",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="DateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "phase_kind",
                    models.CharField(
                        choices=[
                            ("information", "Information"),
                            ("proposals", "Proposals"),
                            ("support", "Support"),
                            ("discussion", "Discussion"),
                            ("review", "Review"),
                            ("costing", "Costs"),
                            ("voting", "Voting"),
                            ("results", "Results"),
                            ("follow_up", "Follow-up"),
                        ],
                        max_length=12,
                    ),
                ),
                ("old_starts_at", models.DateTimeField()),
                ("old_ends_at", models.DateTimeField(null=True)),
                ("new_starts_at", models.DateTimeField(null=True)),
                ("new_ends_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="date_changes",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="District",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("amount_cents", models.PositiveBigIntegerField(verbose_name="amount")),
                ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="population")),
                ("is_for_all", models.BooleanField(default=False)),
                ("boundary", models.JSONField(blank=True, null=True)),
                ("support_threshold", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="districts",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "permissions": [("review_district", "Give an opinion on every proposal of a district")],
            },
        ),
        migrations.CreateModel(
            name="DistrictChoice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("voter", models.CharField(max_length=40)),
                ("chosen_on", models.DateField()),
                (
                    "consultation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="district_choices",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="choices",
                        to="consultations.district",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="district_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DistrictReviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewers",
                        to="consultations.district",
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("took_part", models.BooleanField(default=False)),
                ("since", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("stopped_at", models.DateTimeField(editable=False, null=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-since"],
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("information", "Information"),
                            ("proposals", "Proposals"),
                            ("support", "Support"),
                            ("discussion", "Discussion"),
                            ("review", "Review"),
                            ("costing", "Costs"),
                            ("voting", "Voting"),
                            ("results", "Results"),
                            ("follow_up", "Follow-up"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                (
                    "ends_at",
                    models.DateTimeField(blank=True, help_text="Empty: no end.", null=True, verbose_name="ends"),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("body", models.TextField(blank=True, max_length=5000, verbose_name="what was promised")),
                ("promised_cents", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="money")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pledges",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="pledges",
                        to="consultations.district",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                ("planned_for", models.DateField(blank=True, null=True, verbose_name="planned for")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="consultations.pledge",
                    ),
                ),
            ],
            options={
                "ordering": ["planned_for", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PledgeFollow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="consultations.pledge"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pledge_follows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-since"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_official", models.BooleanField(default=False)),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("body", models.TextField(blank=True, max_length=10000, verbose_name="what and why")),
                ("category", models.CharField(blank=True, max_length=120, verbose_name="category")),
                ("rough_cost_cents", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="rough cost")),
                ("cost_cents", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="cost")),
                (
                    "feasibility",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("feasible", "Feasible"),
                            ("with_changes", "Feasible with changes"),
                            ("not_feasible", "Not feasible"),
                        ],
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("needs_second_reader", models.BooleanField(default=False, editable=False)),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("support_count", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("edited_at", models.DateTimeField(editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("withdrawn_words", models.CharField(blank=True, editable=False, max_length=300)),
                ("held_at", models.DateTimeField(editable=False, null=True)),
                ("mark", models.CharField(blank=True, editable=False, max_length=20)),
                ("external_id", models.CharField(blank=True, editable=False, max_length=60)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("hidden_at", models.DateTimeField(editable=False, null=True)),
                ("hidden_reason", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.SearchVector(
                                    "title", config="spanish_without_accents", weight="A"
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    "category", "place", config="spanish_without_accents", weight="B"
                                ),
                                django.contrib.postgres.search.SearchConfig("spanish_without_accents"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                "body", config="spanish_without_accents", weight="C"
                            ),
                            django.contrib.postgres.search.SearchConfig("spanish_without_accents"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="proposals",
                        to="consultations.district",
                        verbose_name="district",
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="merged",
                        to="consultations.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [("review_proposal", "Give an opinion on whether it can be carried out")],
            },
        ),
        migrations.AddField(
            model_name="pledge",
            name="proposal",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="pledge",
                to="consultations.proposal",
            ),
        ),
        migrations.CreateModel(
            name="CoAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("accepted_at", models.DateTimeField(editable=False, null=True)),
                ("declined_at", models.DateTimeField(editable=False, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="co_authorships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="co_authors",
                        to="consultations.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CarriedSupport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carried_supports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carried_supports",
                        to="consultations.proposal",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BroughtIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("brought_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "brought_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brought_in",
                        to="consultations.proposal",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=250, verbose_name="what it is")),
                ("file_name", models.CharField(editable=False, max_length=120)),
                ("suffix", models.CharField(editable=False, max_length=5)),
                ("size_bytes", models.PositiveIntegerField(editable=False)),
                ("file", models.CharField(editable=False, max_length=100)),
                ("digest", models.CharField(editable=False, max_length=16)),
                ("width", models.PositiveIntegerField(editable=False, null=True)),
                ("height", models.PositiveIntegerField(editable=False, null=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "added_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="consultations.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProposalDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("typed", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposal_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposal_drafts",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "sent_as",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consultations.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at"],
            },
        ),
        migrations.CreateModel(
            name="ProposalReviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewers",
                        to="consultations.proposal",
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProposalVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField(blank=True)),
                ("category", models.CharField(blank=True, max_length=120)),
                ("rough_cost_cents", models.PositiveBigIntegerField(null=True)),
                ("cost_cents", models.PositiveBigIntegerField(null=True)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("answers", models.JSONField(default=dict)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="consultations.district",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="consultations.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300, verbose_name="question")),
                (
                    "details",
                    models.TextField(blank=True, max_length=2000, verbose_name="what to know before answering"),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("delayed", "Delayed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                        verbose_name="where it stands",
                    ),
                ),
                ("body", models.TextField(max_length=2000, verbose_name="what happened")),
                ("spent_cents", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="spent so far")),
                ("old_planned_for", models.DateField(editable=False, null=True)),
                ("new_planned_for", models.DateField(blank=True, null=True)),
                ("reported_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("alt", models.CharField(blank=True, max_length=250, verbose_name="what the picture shows")),
                ("file", models.CharField(blank=True, editable=False, max_length=100)),
                ("digest", models.CharField(blank=True, editable=False, max_length=16)),
                ("width", models.PositiveIntegerField(editable=False, null=True)),
                ("height", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="consultations.milestone",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("first", "First reader"), ("second", "Second reader"), ("decision", "Decision")],
                        max_length=10,
                    ),
                ),
                (
                    "feasibility",
                    models.CharField(
                        choices=[
                            ("feasible", "Feasible"),
                            ("with_changes", "Feasible with changes"),
                            ("not_feasible", "Not feasible"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(max_length=2000)),
                ("cost_cents", models.PositiveBigIntegerField(blank=True, null=True)),
                ("office", models.CharField(blank=True, max_length=120)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="consultations.proposal"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("merged", "Merged"), ("split", "Split")], max_length=6)),
                ("reason", models.CharField(max_length=300)),
                ("supports_then", models.PositiveIntegerField()),
                ("undone_at", models.DateTimeField(editable=False, null=True)),
                ("undone_reason", models.CharField(blank=True, max_length=300)),
                ("done_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="precessions",
                        to="consultations.proposal",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successions",
                        to="consultations.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="consultations.proposal",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("summary", models.TextField(blank=True, max_length=5000, verbose_name="what changed, and why")),
                ("revision", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="consultations.document",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("identity", models.UUIDField(default=uuid.uuid4)),
                (
                    "origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("title", "Title"),
                            ("chapter", "Chapter"),
                            ("section", "Section"),
                            ("article", "Article"),
                            ("text", "Text without a number"),
                        ],
                        default="article",
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("heading", models.CharField(blank=True, max_length=300, verbose_name="heading")),
                ("body", models.TextField(blank=True, max_length=50000, verbose_name="text")),
                ("text", models.TextField(blank=True, editable=False)),
                ("html", models.TextField(blank=True, editable=False)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="articles", to="consultations.version"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="an_answered_consultation_has_an_editor",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("consultation", "user"),
                name="one_block_per_consultation_and_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("blocked_at")), _connector="OR"),
                name="a_block_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_lifted_block_has_a_moderator",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_block_has_a_reason"
            ),
        ),
        migrations.AlterUniqueTogether(
            name="consultationgroupobjectpermission",
            unique_together={("group", "permission", "content_object")},
        ),
        migrations.AddConstraint(
            model_name="cover",
            constraint=models.CheckConstraint(
                condition=models.Q(("alt", ""), _negated=True), name="a_cover_says_what_it_shows"
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("choices__len__gte", 2), ("kind", "choice")),
                    models.Q(models.Q(("kind", "choice"), _negated=True), ("choices", [])),
                    _connector="OR",
                ),
                name="a_choice_has_two_choices_or_more",
            ),
        ),
        migrations.AddConstraint(
            model_name="customfield",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("consultation", "position"),
                name="one_custom_field_a_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="datechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_date_change_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("consultation", "position"),
                name="one_district_a_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("consultation", "name"),
                name="one_district_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_for_all", True)), fields=("consultation",), name="one_part_of_a_budget_for_all"
            ),
        ),
        migrations.AddConstraint(
            model_name="districtchoice",
            constraint=models.UniqueConstraint(fields=("consultation", "voter"), name="a_district_is_chosen_once"),
        ),
        migrations.AlterUniqueTogether(
            name="districtreviewer",
            unique_together={("user", "permission", "content_object")},
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("consultation", "position"),
                name="one_document_a_position",
            ),
        ),
        migrations.AddIndex(
            model_name="follow",
            index=models.Index(
                condition=models.Q(("stopped_at__isnull", True)), fields=["consultation"], name="followers"
            ),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(
                fields=("user", "consultation"), name="one_follow_per_person_and_consultation"
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_phase_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.UniqueConstraint(fields=("consultation", "kind"), name="one_phase_of_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    ("consultation", "="),
                    (
                        models.Func(
                            models.F("starts_at"),
                            models.F("ends_at"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="phases_do_not_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="a_milestone_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="pledgefollow",
            constraint=models.UniqueConstraint(fields=("user", "pledge"), name="one_follow_per_person_and_pledge"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["consultation", "-id"], name="proposals_newest_first"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="proposal_search"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    consultations.spanish.WithoutAccents("title"), name="gin_trgm_ops"
                ),
                name="proposal_title_trigrams",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at__isnull", True), ("hidden_by__isnull", True), ("hidden_reason", "")),
                    models.Q(
                        ("hidden_at__isnull", False),
                        ("hidden_by__isnull", False),
                        models.Q(("hidden_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_hidden_proposal_has_a_moderator_and_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("consultation", "external_id"),
                name="one_proposal_per_external_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at__isnull", False), ("withdrawn_words", ""), _connector="OR"),
                name="words_of_withdrawal_need_a_withdrawal",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="no_proposal_merges_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="a_pledge_has_a_title"
            ),
        ),
        migrations.AddIndex(
            model_name="coauthor",
            index=models.Index(fields=["email"], name="invitations_of_an_address"),
        ),
        migrations.AddConstraint(
            model_name="coauthor",
            constraint=models.UniqueConstraint(fields=("proposal", "email"), name="one_invitation_per_address"),
        ),
        migrations.AddConstraint(
            model_name="coauthor",
            constraint=models.UniqueConstraint(fields=("proposal", "user"), name="a_co_author_signs_once"),
        ),
        migrations.AddConstraint(
            model_name="coauthor",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="an_invitation_is_in_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="coauthor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("user__isnull", True)),
                    models.Q(("accepted_at__isnull", False), ("declined_at__isnull", True), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="who_accepts_has_an_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriedsupport",
            constraint=models.UniqueConstraint(
                fields=("user", "proposal"), name="one_carried_support_per_person_and_proposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="broughtin",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="who_is_brought_in_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="an_attachment_says_what_it_is"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("height__isnull", True), ("width__isnull", True)),
                    models.Q(("height__isnull", False), ("width__isnull", False)),
                    _connector="OR",
                ),
                name="a_picture_has_two_sides",
            ),
        ),
        migrations.AddIndex(
            model_name="proposaldraft",
            index=models.Index(
                condition=models.Q(("sent_as__isnull", True)), fields=["author", "-saved_at"], name="drafts_of_a_person"
            ),
        ),
        migrations.AlterUniqueTogether(
            name="proposalreviewer",
            unique_together={("user", "permission", "content_object")},
        ),
        migrations.AddConstraint(
            model_name="proposalversion",
            constraint=models.UniqueConstraint(fields=("proposal", "number"), name="one_version_of_a_number"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("consultation", "position"),
                name="one_question_a_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), _negated=True), name="a_report_says_what_happened"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("alt", ""), ("file", ""), ("width__isnull", True)),
                    models.Q(
                        models.Q(("file", ""), _negated=True),
                        models.Q(("alt", ""), _negated=True),
                        ("width__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_picture_of_a_report_says_what_it_shows",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="reports_are_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="92044c4ca52a0a76c00424a7e0327926e595b16e",
                    operation="DELETE",
                    pgid="pgtrigger_reports_are_never_deleted_b1d6a",
                    table="consultations_report",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="reports_stay_as_given",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."milestone_id" IS DISTINCT FROM (NEW."milestone_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."spent_cents" IS DISTINCT FROM (NEW."spent_cents") OR OLD."old_planned_for" IS DISTINCT FROM (NEW."old_planned_for") OR OLD."new_planned_for" IS DISTINCT FROM (NEW."new_planned_for") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."alt" IS DISTINCT FROM (NEW."alt") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."width" IS DISTINCT FROM (NEW."width") OR OLD."height" IS DISTINCT FROM (NEW."height"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9904f5e6c76bfae11fc3b68f0d59150e6d3fbe3a",
                    operation="UPDATE",
                    pgid="pgtrigger_reports_stay_as_given_6a176",
                    table="consultations_report",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_review_has_a_reason"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="reviews_are_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="450a60f238c51ab501979efd191e818f65066c5c",
                    operation="DELETE",
                    pgid="pgtrigger_reviews_are_never_deleted_76a4d",
                    table="consultations_review",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="reviews_stay_as_given",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."consultation_id" IS DISTINCT FROM (NEW."consultation_id") OR OLD."proposal_id" IS DISTINCT FROM (NEW."proposal_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."feasibility" IS DISTINCT FROM (NEW."feasibility") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."cost_cents" IS DISTINCT FROM (NEW."cost_cents") OR OLD."office" IS DISTINCT FROM (NEW."office") OR OLD."given_at" IS DISTINCT FROM (NEW."given_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cfac6af49be3c4a91013a315ea064abb14acfa9f",
                    operation="UPDATE",
                    pgid="pgtrigger_reviews_stay_as_given_b31cf",
                    table="consultations_review",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("source", "result"),
                name="one_succession_of_two_proposals",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at__isnull", True), ("undone_reason", "")),
                    models.Q(("undone_at__isnull", False), models.Q(("undone_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="what_is_taken_back_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("result")), _negated=True), name="no_proposal_succeeds_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_succession_has_a_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="support",
            index=models.Index(
                condition=models.Q(("proposal__isnull", True)), fields=["consultation"], name="supports_of_a_cause"
            ),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.UniqueConstraint(fields=("user", "proposal"), name="one_support_per_person_and_proposal"),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.UniqueConstraint(
                condition=models.Q(("proposal__isnull", True)),
                fields=("user", "consultation"),
                name="one_support_per_person_and_cause",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="support",
            trigger=pgtrigger.compiler.Trigger(
                name="count_supports",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'INSERT' THEN\n                        UPDATE consultations_proposal SET support_count = support_count + 1 WHERE id = NEW.proposal_id;\n                    ELSE\n                        UPDATE consultations_proposal SET support_count = support_count - 1 WHERE id = OLD.proposal_id;\n                    END IF;\n                    RETURN NULL;\n                    ",
                    hash="900a42eff2b7c85e7e2389c397ede54c278aa333",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_count_supports_215f6",
                    table="consultations_support",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("document", "number"), name="one_version_a_number"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("document",),
                name="one_draft_version_a_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_published_version_has_a_publisher",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="published_versions_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0fb337175ad63083925a555dcbb482241becd71c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_versions_stay_c9b4e",
                    table="consultations_version",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("version", "position"),
                name="one_article_a_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                fields=("version", "identity"), name="an_article_stands_once_in_a_version"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="published_articles_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF EXISTS (\n                        SELECT 1 FROM consultations_version WHERE published_at IS NOT NULL\n                        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,\n                                   CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)\n                    ) THEN\n                        RAISE EXCEPTION 'The articles of a published version stay as they are.';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                    ",
                    hash="e7a1753427fab4c8e21b5b8be1db7ce87452e07d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_articles_stay_e2cb6",
                    table="consultations_article",
                    when="BEFORE",
                ),
            ),
        ),
    ]
