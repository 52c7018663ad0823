"""Which consultations and proposals a person may see, and in which state they are: the questions that lists ask."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.contrib.postgres.aggregates import BoolOr
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from accounts.access import Person
from accounts.prepared import as_column, one_of
from consultations.clock import State

if TYPE_CHECKING:
    from consultations.models import Consultation, Proposal  # noqa: F401

Contribution = TypeVar("Contribution", bound=models.Model)

BLOCK_FACTS = {"reason": "reason", "until": "until"}  # what a person is told about a block


def _model(name: str) -> Any:
    """A model of this room, which imports these querysets and so cannot be imported here."""
    return apps.get_model("consultations", name)


PUBLIC = Q(visibility="public", published_at__isnull=False)


def _sights() -> Any:
    """Which groups were granted sight of which consultations."""
    return _model("ConsultationGroupObjectPermission").objects.filter(permission__codename="view_consultation")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: Person) -> Self:
        """Public and published ones, and those of which a group of the person was granted sight."""
        if not user.is_authenticated or not user.is_active:
            return self.filter(PUBLIC)
        grants = _sights().filter(group__user=user.pk)
        return self.filter(PUBLIC | Q(pk__in=grants.values("content_object_id")))

    def seen_by_which(self, people: Collection[int]) -> set[int]:
        """Of these people (ids of accounts that are open) those who see any of the consultations: ``visible_to`` asked
        for many at once. Two queries."""
        if self.filter(PUBLIC).exists():
            return set(people)
        grants = _sights().filter(content_object__in=self.values("pk"), group__user__in=one_of(list(people)))
        return set(grants.values_list("group__user", flat=True))

    def with_block_of(self, user: Person) -> Self:
        """Annotates what ``blocking.standing_block`` asks, so that a page about a consultation need not ask it."""
        if not user.is_authenticated:
            return self
        blocks = _model("Block").objects.standing().filter(user=user.pk, consultation=OuterRef("pk"))
        return self.annotate(
            block_asked_for=as_column(user.pk), block_found=Subquery(blocks.values(found=JSONObject(**BLOCK_FACTS))[:1])
        )

    def listed(self) -> Self:
        """Those that lists, feeds and search name. An unlisted one is read by whoever has its address."""
        return self.filter(is_unlisted=False)

    def with_follow_of(self, user: Person) -> Self:
        """Annotates ``is_followed``, and ``took_part``: because of that, and not by the button."""
        follows = _model("Follow").objects.filter(
            consultation=OuterRef("pk"), user=user.pk if user.is_authenticated else None, stopped_at__isnull=True
        )
        return self.annotate(is_followed=Exists(follows), took_part=Exists(follows.filter(took_part=True)))

    def with_cause_of(self, user: Person) -> Self:
        """Annotates, where the consultation is a cause, how many support it, and whether this person does."""
        supports = _model("Support").objects.filter(consultation=OuterRef("pk"), proposal__isnull=True)
        own = Exists(supports.filter(user=user.pk)) if user.is_authenticated else Value(False)
        return self.annotate(cause_support_count=_cause_supports(), is_cause_supported=own)

    def with_times(self) -> Self:
        """Annotates ``opens_at``: start of the first phase; ``closes_at``: end of the last one with participation.

        One pass over the phases: a subquery for each consultation took a third of a second with a thousand of them.
        """
        taking_part = ~Q(phases__kind__in=["results", "follow_up"])
        return self.annotate(
            opens_at=Min("phases__starts_at"),
            closes_at=Max("phases__ends_at", filter=taking_part),
            is_endless=BoolOr(
                Q(phases__ends_at__isnull=True), filter=taking_part & Q(phases__isnull=False), default=Value(False)
            ),
        )

    def in_state(self, state: State, now: datetime) -> Self:
        """Those in ``state`` at ``now``: the same rule as ``Consultation.state_at``, in SQL. Needs ``with_times``."""
        if state == State.DRAFT:
            return self.filter(published_at__isnull=True)
        published = self.filter(published_at__isnull=False)
        if state == State.SOON:
            return published.filter(Q(opens_at__isnull=True) | Q(opens_at__gt=now))
        lasts = Q(is_endless=True) | Q(closes_at__gt=now)
        begun = published.filter(opens_at__lte=now)
        if state == State.OPEN:
            return begun.filter(lasts)
        return begun.filter(is_endless=False).filter(Q(closes_at__isnull=True) | Q(closes_at__lte=now))

    def by_urgency(self, now: datetime) -> Self:
        """Drafts, then what is open (closing soonest first), soon (opening soonest), closed (latest first).

        Needs ``with_times``.
        """
        is_draft = Q(published_at__isnull=True)
        is_soon = Q(opens_at__isnull=True) | Q(opens_at__gt=now)
        is_open = Q(is_endless=True) | Q(closes_at__gt=now)
        rank = Case(When(is_draft, then=0), When(is_soon, then=2), When(is_open, then=1), default=3)
        return self.annotate(rank=rank).order_by(
            "rank",
            Case(When(rank=1, then="closes_at")).asc(nulls_last=True),
            Case(When(rank=2, then="opens_at")).asc(nulls_last=True),
            Case(When(rank=3, then="closes_at")).desc(nulls_last=True),
            "-pk",
        )

    def for_cards(self) -> Self:
        """With what a card in a list shows, in a constant number of queries."""
        return self.select_related("agency", "cover").prefetch_related("phases").defer("body")


def _cause_supports() -> Case:
    supports = _model("Support").objects.filter(consultation=OuterRef("pk"), proposal__isnull=True)
    count = supports.order_by().values("consultation").annotate(number=models.Count("pk")).values("number")
    there = Coalesce(Subquery(count, output_field=models.IntegerField()), 0)
    return Case(When(is_cause=True, then=there), default=0)


class ContributionQuerySet(models.QuerySet[Contribution]):
    """What people put into consultations. What is held waits for a moderator: its author and they alone see it."""

    def visible_to(self, user: Person) -> Self:
        """Those of consultations that the person may see, held ones as ``seen_by`` says.

        Hidden ones are among them: their text is not shown.
        """
        consultations = _model("Consultation").objects.visible_to(user)
        return self.filter(consultation__in=consultations.values("pk")).seen_by(user)

    def seen_by(self, user: Person, *, may_moderate: bool | None = None) -> Self:
        """Without the held ones that are not for these eyes. For what lies in a consultation that the person may see.

        may_moderate: whether they moderate the one consultation that all rows are of, where that is known.
        """
        if may_moderate:
            return self
        if not user.is_authenticated or not user.is_active:
            return self.released()
        seen = Q(held_at__isnull=True) | self.written_by(user)
        if may_moderate is None:
            grants = _model("ConsultationGroupObjectPermission").objects.filter(
                group__user=user.pk, permission__codename="moderate_consultation"
            )
            seen |= Q(consultation__in=grants.values("content_object_id"))
        return self.filter(seen)

    def written_by(self, user: Person) -> Q:
        """Whose own it is."""
        return Q(author=user.pk)

    def released(self) -> Self:
        """Without the held ones: what counts, exports, feeds and search are made of, whoever asks."""
        return self.filter(held_at__isnull=True)


class ProposalQuerySet(ContributionQuerySet["Proposal"]):
    def shown(self) -> Self:
        """Without the hidden, withdrawn, merged and held ones: those that stand, and whose text everybody may read."""
        return self.released().filter(hidden_at__isnull=True, withdrawn_at__isnull=True, merged_into__isnull=True)

    def written_by(self, user: Person) -> Q:
        """Its author's and its co-authors'."""
        signed = _model("CoAuthor").objects.filter(user=user.pk, accepted_at__isnull=False)
        return Q(author=user.pk) | Q(pk__in=signed.values("proposal"))

    def with_signers(self) -> Self:
        """With the author, and the co-authors as ``co_authors_found``: ids and names, in the order of signing."""
        return self.select_related("author").annotate(co_authors_found=_signers())

    def with_support_of(self, user: Person) -> Self:
        """Annotates ``is_supported``: by this person."""
        if not user.is_authenticated:
            return self.annotate(is_supported=Value(False))
        return self.annotate(
            is_supported=Exists(_model("Support").objects.filter(proposal=OuterRef("pk"), user=user.pk))
        )


def _signers() -> ArraySubquery:
    signed = _model("CoAuthor").objects.filter(proposal=OuterRef("pk"), accepted_at__isnull=False)
    names = signed.order_by("accepted_at", "pk").values(json=JSONObject(id="user_id", name="user__name"))
    return ArraySubquery(names)
