"""Polls and their options: what is asked, of whom, by which method, and when the count is shown."""

from dataclasses import replace
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from consultations.models import Consultation, District, Phase, Proposal
from voting import methods
from voting.methods.placed import Placed
from voting.methods.rankings import RankingMethod
from voting.methods.rules import KNAPSACK, Rules, in_form
from voting.methods.score import Score


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, user: Person) -> Self:
        """Polls of consultations that the person may see."""
        return self.filter(consultation__in=Consultation.objects.visible_to(user).values("pk"))

    def due(self, now: datetime) -> Self:
        """Open polls whose time has come to close."""
        return self.filter(closed_at__isnull=True, consultation__published_at__isnull=False, phase__ends_at__lte=now)


class Poll(models.Model):
    """A question with options. It takes its times from its voting phase."""

    class Method(models.TextChoices):
        FOR_AGAINST_ABSTAIN = "for_against_abstain", _("For, against or abstain")
        SINGLE_CHOICE = "single_choice", _("One option")
        APPROVAL = "approval", _("All the options that you approve of")
        SCORE = "score", _("A mark for each option")
        CUMULATIVE = "cumulative", _("Points to spread over the options")
        IRV = "irv", _("An order: instant runoff")
        SCHULZE = "schulze", _("An order: duels (Schulze)")
        BORDA = "borda", _("An order: points by place (Borda)")
        STV = "stv", _("An order, for several seats (STV)")
        DHONDT = "dhondt", _("One list: seats by D'Hondt")
        SAINTE_LAGUE = "sainte_lague", _("One list: seats by Sainte-Laguë")
        HARE = "hare", _("One list: seats by Hare, largest remainders")
        GREEDY = "greedy", _("Proposals that fit the budget, most votes first")
        GREEDY_NO_SKIP = "greedy_no_skip", _("Budget: most votes first, to the first that does not fit")
        GREEDY_THRESHOLD = "greedy_threshold", _("Budget: most votes first, with a least number of votes")
        GREEDY_PER_COST = "greedy_per_cost", _("Budget: most votes for the money first")
        EQUAL_SHARES = "equal_shares", _("Budget: equal shares")
        PHRAGMEN = "phragmen", _("Budget: in proportion, with one pass (Phragmén)")
        CAUSE = "cause", _("A cause: one press to support it")
        SLIDER = "slider", _("A slider, from fully against to fully for")
        HIERARCHY = "hierarchy", _("An order of importance")

    class ResultsPolicy(models.TextChoices):
        LIVE = "live", _("While people vote")
        AFTER_VOTING = "after_voting", _("To each person after voting, to everyone after the close")
        AFTER_CLOSE = "after_close", _("After the close")
        EMBARGO = "embargo", _("After the close, and not before a time that you set")

    class Disclosure(models.TextChoices):
        PUBLISHED = "published", _("Every single ballot is published after the close, without a name")
        AUDITORS = "auditors", _("Only accredited observers see single ballots")

    # Goes with a draft that is deleted; once there is a ballot, nothing of a poll is ever deleted.
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="polls")
    phase = models.ForeignKey(Phase, on_delete=models.RESTRICT, related_name="polls")
    # Of a budget: the part whose money it allocates. None: the whole amount.
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.RESTRICT, related_name="polls")
    question = models.CharField(_("question"), max_length=200)
    method = models.CharField(_("method"), max_length=24, choices=Method.choices, default=Method.FOR_AGAINST_ABSTAIN)
    max_choices = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    # What one ballot may give one option: 1 is chosen or not. More where ballots give points.
    max_points = models.PositiveIntegerField(default=1, editable=False)
    # Equal options fall to the one that is listed first: an election that was imported keeps the draw of its file.
    breaks_ties_as_listed = models.BooleanField(default=False, editable=False)
    rules = models.JSONField(default=dict, blank=True, editable=False)  # methods/rules.py, those not as by default
    disclosure = models.CharField(max_length=10, choices=Disclosure.choices, default=Disclosure.PUBLISHED)
    results_policy = models.CharField(max_length=16, choices=ResultsPolicy.choices, default=ResultsPolicy.AFTER_CLOSE)
    embargo_until = models.DateTimeField(_("results not before"), null=True, blank=True)
    # Who votes, where not everybody does who takes part. The same for all polls of a consultation.
    electoral_roll = models.ForeignKey(
        "voting.ElectoralRoll", null=True, editable=False, on_delete=models.RESTRICT, related_name="polls"
    )
    # From which each voter's order of the options is drawn (districts and budgets); empty: as listed, for everybody.
    order_seed = models.BinaryField(max_length=16, default=bytes, blank=True, editable=False)
    # Where there are paper ballots and no roll: how the agency keeps people from voting twice, in its own words.
    paper_rule = models.CharField(max_length=300, blank=True, editable=False)
    is_binding = models.BooleanField(_("the agency binds itself to the outcome"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    scrubbed_at = models.DateTimeField(null=True, editable=False)  # when what the close deleted was gone from the disk

    objects = PollQuerySet.as_manager()
    known_options: list[methods.Option] | None = None  # where they were read with the poll
    known_entry: tuple[int, int | None] | None = None  # the same: of which account, the id of its entry on the roll
    known_place: tuple[int, District | None] | None = None  # the same: of which account, where it votes
    known_secret: bytes | None = None  # the same

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(results_policy="embargo", embargo_until__isnull=False)
                | ~Q(results_policy="embargo") & Q(embargo_until__isnull=True),
                name="an_embargo_has_an_end",
            ),
            # The Council of Europe's recommendation on e-voting wants no count before the close.
            models.CheckConstraint(
                condition=Q(is_binding=False) | Q(results_policy__in=["after_close", "embargo"]),
                name="a_binding_vote_is_counted_after_its_close",
            ),
            models.UniqueConstraint(fields=["district"], name="one_poll_a_district"),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("voting:poll", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        """Whether the final tally is made. A poll whose time is over is closed by whoever comes first."""
        return self.closed_at is not None

    @property
    def is_weighted(self) -> bool:
        """Whether ballots may weigh more than 1."""
        return self.electoral_roll is not None and self.electoral_roll.is_weighted

    @property
    def form(self) -> Rules:
        """What the poll says about its method."""
        return Rules.read(self.rules)

    @property
    def counting(self) -> methods.Method:
        """The method in the poll's form. A poll whose ballots give places in a budget has ``max_choices`` of them."""
        return in_form(methods.METHODS[self.method], self.form, self.max_choices or 0)

    @property
    def ballot_kind(self) -> str:
        """What a ballot gives options: "one" of them its choice, "several" a tick, or places, points, marks."""
        if isinstance(self.counting, RankingMethod | Placed):
            return "places"
        if isinstance(self.counting, Score):
            return "marks"
        if self.method == self.Method.CUMULATIVE or self.max_points > 1:
            return "points"
        return "several" if self.shares_money or self.method == self.Method.APPROVAL else "one"

    @property
    def most_each(self) -> int:
        """The most that one ballot adds to the running count of an option."""
        counting = self.counting
        if isinstance(counting, Placed):
            return counting.places
        return counting.highest if isinstance(counting, Score) else self.max_points

    @property
    def gives_places(self) -> bool:
        return self.ballot_kind == "places"

    @property
    def shares_money(self) -> bool:
        return methods.METHODS[self.method].money

    @property
    def ballot_limits(self) -> methods.Limits:
        """What a ballot is checked against: reads nothing, but for the money where a ballot may spend no more."""
        limits = self.form.limits(methods.Limits(max_choices=self.max_choices, max_points=self.max_points))
        return replace(limits, budget=self.money_cents or 0) if self.is_knapsack else limits

    @property
    def limits(self) -> methods.Limits:
        """The same with the money that there is to share out."""
        return replace(self.ballot_limits, budget=self.money_cents if self.shares_money else None)

    @property
    def is_knapsack(self) -> bool:
        """Whether a ballot may spend no more than there is."""
        return self.shares_money and self.form.ballot == KNAPSACK

    @property
    def is_of_one_district(self) -> bool:
        """Whether only those vote whose district it is."""
        return self.district is not None and not self.district.is_for_all

    @property
    def money_cents(self) -> int | None:
        """What it allocates: its district's money, else all of the consultation's."""
        if self.district is not None:
            return self.district.amount_cents
        budget = getattr(self.consultation, "budget", None)
        return budget.amount_cents if budget else None

    def counted_options(self) -> list[methods.Option]:
        """The options in order, in the shape that methods count. Reads the few columns that counting asks for."""
        if self.known_options is not None:
            return self.known_options
        rows = self.options.values_list("pk", "kind", "cost_cents")
        return [methods.Option(id=str(pk), kind=kind, cost=cost or 0) for pk, kind, cost in rows]

    def withdrawn_options(self) -> set[str]:
        """The ids of the options that can no longer win."""
        if not self.shares_money:
            return set()
        return {str(pk) for pk in self.options.filter(withdrawn_at__isnull=False).values_list("pk", flat=True)}


class OptionManager(models.Manager["Option"]):
    """Options come with their proposal: its cost is counted, and whether it is hidden decides what is shown."""

    def get_queryset(self) -> models.QuerySet["Option"]:
        return super().get_queryset().select_related("proposal")


class Option(models.Model):
    """One thing that can be chosen; in a budget it is a proposal with its cost."""

    class Kind(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        ABSTAIN = "abstain", _("Abstain")

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveIntegerField()
    label = models.CharField(_("option"), max_length=300)
    kind = models.CharField(max_length=8, choices=Kind.choices, blank=True)
    proposal = models.ForeignKey(Proposal, null=True, blank=True, on_delete=models.RESTRICT, related_name="options")
    cost_cents = models.PositiveBigIntegerField(null=True, blank=True)  # as it was put to the vote
    # Of a budget: it can no longer win, by a public amendment. Ballots that chose it stand.
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = OptionManager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "position"], name="one_option_a_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["poll", "kind"], condition=~Q(kind=""), name="one_option_of_a_kind"),
            models.UniqueConstraint(
                fields=["poll", "proposal"], condition=Q(proposal__isnull=False), name="one_option_per_proposal"
            ),
        ]

    def __str__(self) -> str:
        if self.proposal is not None and self.proposal.is_hidden:
            return self.proposal.shown_title
        return str(self.get_kind_display()) if self.kind else self.label

    def as_counted(self) -> methods.Option:
        return methods.Option(id=str(self.pk), kind=self.kind, cost=self.cost_cents or 0)
