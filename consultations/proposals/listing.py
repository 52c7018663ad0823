"""The list of a consultation's proposals: what its address asks for, and the page that answers."""

import re
import secrets
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.postgres.search import SearchQuery, TrigramWordSimilarity
from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.http import QueryDict

from accounts.access import Person
from accounts.prepared import one_of, prepared
from consultations.models import Consultation, Feasibility, Proposal
from consultations.querysets import ProposalQuerySet
from consultations.review.thresholds import progress_of, with_threshold
from consultations.spanish import LONGEST_SEARCH, SEARCH, WithoutAccents

ON_A_PAGE = 24
IN_A_ROW = 3  # of the grid on a wide screen
ALIKE = 0.4  # of 1: "bisicletas" finds "bicicletas"
SEED = re.compile(r"[0-9a-z]{1,12}")

ORDERS = ("newest", "supports", "comments", "cost", "random")
DIGITS = re.compile(r"[0-9]{1,18}")
KINDS = ("mine", "supported", "answered")
NOT_REVIEWED = "unknown"
FINDINGS = (*Feasibility.values, NOT_REVIEWED)
# Of what people said, what everybody may read.
READABLE = Q(comments__hidden_at__isnull=True, comments__deleted_at__isnull=True, comments__held_at__isnull=True)


@dataclass(frozen=True)
class Asked:
    """The address's query, made sense of: what is not understood is left out.

    district: the number of one. only: one of KINDS, or empty. feasibility: what the review found. seed: what the random
    order is made from; it stays in the link.
    """

    q: str = ""
    category: str = ""
    place: str = ""
    district: str = ""
    only: str = ""
    feasibility: str = ""  # one of Feasibility, or "unknown"
    sort: str = "newest"
    seed: str = ""

    @classmethod
    def of(cls, query: QueryDict, user: Person) -> Self:
        sort, only = query.get("sort", ""), query.get("only", "")
        if only in ("mine", "supported") and not user.is_authenticated:
            only = ""
        return cls(
            q=_line(query.get("q", "")),
            category=query.get("category", ""),
            place=_line(query.get("place", "")),
            district=district if DIGITS.fullmatch(district := query.get("district", "")) else "",
            only=only if only in KINDS else "",
            feasibility=found if (found := query.get("feasibility", "")) in FINDINGS else "",
            sort=sort if sort in ORDERS else ORDERS[0],
            seed=query.get("seed", "") if SEED.fullmatch(query.get("seed", "")) else "",
        )

    @property
    def needs_seed(self) -> bool:
        return self.sort == "random" and not self.seed

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.category or self.place or self.district or self.only or self.feasibility)


def new_seed() -> str:
    return secrets.token_hex(3)


def proposals_page(consultation: Consultation, asked: Asked, user: Person, number: str | None) -> Page[Any]:
    """One page of cards, in three queries: how many there are, which come on this page, and what they show.

    Apart, so that only those on the page are looked up in full. Of hidden ones the reason is listed where nothing is
    filtered; what is held or withdrawn, among one's own only.
    """
    page = Paginator(_in_order(asked_for(consultation, asked, user), asked), ON_A_PAGE).get_page(number)
    ids = [row[0] for row in page.object_list]
    cards = {card.pk: card for card in cards_of(ids, user)}
    page.object_list = [cards[pk] for pk in ids if pk in cards]
    return page


def cards_of(ids: list[int], user: Person) -> list[Any]:
    """These, the newest first, with what a card shows, in one query; ``is_own``: whether this person signs it."""
    return _as_cards(_of_ids(user, ids=ids), user)


def newest_cards(consultation: Consultation, user: Person) -> list[Any]:
    """The same of the last ones of a consultation that everybody may read: a row of them."""
    cards = _newest(user, consultation=consultation.pk)
    for card in cards:
        card.consultation = consultation  # whose agency signs what is official
    return _as_cards(cards, user)


@prepared
def _of_ids(user: Person, *, ids: list[int]) -> Any:
    return _to_draw(Proposal.objects.filter(pk__in=one_of(ids)), user)


@prepared
def _newest(user: Person, *, consultation: int) -> Any:
    return _to_draw(Proposal.objects.filter(consultation=consultation).shown(), user)[:IN_A_ROW]


def _to_draw(proposals: ProposalQuerySet, user: Person) -> Any:
    found = with_threshold(proposals.with_signers().with_support_of(user))
    found = found.annotate(comment_count=COMMENT_COUNT, fate_kind=F("disposition__kind"))
    return found.annotate(district_name=F("district__name")).order_by("-pk")


def _as_cards(cards: list[Any], user: Person) -> list[Any]:
    for card in cards:
        card.is_own = card.is_signed_by(user.pk)
        card.progress = progress_of(card)
    return cards


def similar_titles(consultation: Consultation, q: str, user: Person) -> list[Any]:
    """For a search that found nothing: up to three titles with a word that is nearly the one that was typed."""
    typed: Any = WithoutAccents(Value(q))
    likeness = TrigramWordSimilarity(typed, WithoutAccents("title"))
    found = consultation.proposals.shown().annotate(likeness=likeness).filter(likeness__gte=ALIKE)
    ids = list(found.order_by("-likeness", "pk").values_list("pk", flat=True)[:3])
    return cards_of(ids, user) if ids else []


def own_held_count(consultation: Consultation, asked: Asked, user: Person) -> int:
    """How many of a person's own wait for a moderator, where the list leaves them out. A query where that can be."""
    if not (consultation.pre_moderates and user.is_authenticated) or asked.only == "mine":
        return 0
    found = consultation.proposals.filter(held_at__isnull=False, hidden_at__isnull=True, withdrawn_at__isnull=True)
    return found.filter(author=user.pk).count()


def categories(consultation: Consultation) -> list[str]:
    """For the filter: the consultation's own; where it has none, those in use (of a file that was imported)."""
    if consultation.categories:
        return list(consultation.categories)
    shown = consultation.proposals.shown().exclude(category="")
    return list(shown.order_by("category").values_list("category", flat=True).distinct())


COMMENT_COUNT = Coalesce(
    Subquery(
        Proposal.objects.filter(pk=OuterRef("pk"))
        .order_by()
        .values("pk")
        .annotate(number=Count("comments", filter=READABLE))
        .values("number"),
        output_field=IntegerField(),
    ),
    Value(0),
)


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SEARCH]


def asked_for(consultation: Consultation, asked: Asked, user: Person) -> ProposalQuerySet:
    """What the list and the map show, in no order."""
    found = Proposal.objects.filter(consultation=consultation)
    if asked.only == "mine":
        return _matching(found.filter(found.written_by(user)), asked)
    if not asked.is_filtered:
        return found.released().filter(withdrawn_at__isnull=True, merged_into__isnull=True)
    found = found.shown()
    if asked.only == "supported":
        found = found.filter(supports__user=user.pk)
    elif asked.only == "answered":
        official = Proposal.objects.filter(READABLE, comments__is_official=True, consultation=consultation)
        found = found.filter(pk__in=official.values("pk"))
    return _matching(found, asked)


def _matching(found: ProposalQuerySet, asked: Asked) -> ProposalQuerySet:
    if asked.q:
        found = found.filter(search=SearchQuery(asked.q, config=SEARCH, search_type="websearch"))
    if asked.category:
        found = found.filter(category=asked.category)
    if asked.feasibility:
        found = found.filter(feasibility="" if asked.feasibility == NOT_REVIEWED else asked.feasibility)
    if asked.district:
        found = found.filter(district=int(asked.district))
    if asked.place:
        plain = found.annotate(plain_place=WithoutAccents("place"))
        found = plain.filter(plain_place__contains=WithoutAccents(Value(asked.place)))
    return found


def _in_order(found: ProposalQuerySet, asked: Asked) -> Any:
    """Ids, each in a tuple."""
    if asked.sort == "supports":
        return found.order_by("-support_count", "-pk").values_list("pk")
    if asked.sort == "comments":
        counted = found.order_by().values("pk").annotate(said=Count("comments", filter=READABLE))
        return counted.order_by("-said", "-pk").values_list("pk")
    if asked.sort == "cost":
        return found.order_by(F("cost_cents").desc(nulls_last=True), "-pk").values_list("pk")
    if asked.sort == "random":
        chance = MD5(Concat(Cast("pk", CharField()), Value(asked.seed)))
        return found.order_by(chance, "pk").values_list("pk")
    return found.order_by("-pk").values_list("pk")
