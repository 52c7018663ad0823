"""What the pages of this room read, each in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from accounts.access import Person, why_not
from accounts.models import Agency
from accounts.prepared import prepared
from accounts.refusals import Reason
from consultations.clock import Act, State, active_phase, is_allowed
from consultations.models import Consultation, Phase
from consultations.page_facts import with_page_facts
from consultations.sentences import state_sentence
from consultations.spanish import LONGEST_SEARCH, SEARCH
from frontend.typed import one_line

CARDS_ON_FRONT_PAGE = 6
CONSULTATIONS_ON_A_PAGE = 20


@dataclass(frozen=True)
class Acts:
    """What a person can do in a consultation now. ``hindered``: what the clock allows and something else does not.
    ``writes_first``: a visitor writes a proposal first, and logs in to send it."""

    can: list[Act]
    hindered: dict[Reason, list[Act]]
    writes_first: bool = False


def card(consultation: Consultation, now: datetime) -> dict[str, Any]:
    """What ``components/consultation_card.html`` shows."""
    return {
        "title": consultation.title,
        "url": consultation.get_absolute_url(),
        "agency": consultation.agency.name,
        "summary": consultation.summary,
        "state": consultation.state_at(now),
        "is_answered": consultation.is_answered_at(now),
        "is_private": consultation.is_private,
        "when": state_sentence(consultation, now, short=True),
        "cover": _small_cover(consultation),
    }


def _small_cover(consultation: Consultation) -> dict[str, Any] | None:
    cover = getattr(consultation, "cover", None)
    if cover is None:
        return None
    cover.consultation = consultation  # whose address is in the cover's: no query for each card
    return {"url": cover.card_url, "width": cover.CARD_WIDTH, "height": cover.CARD_HEIGHT}


def front_page_lists(user: Person, now: datetime) -> dict[State, list[dict[str, Any]]]:
    """A few cards for each state: what closes soonest, what opens soonest, what closed last."""
    lists: dict[State, list[dict[str, Any]]] = {State.OPEN: [], State.SOON: [], State.CLOSED: []}
    for found in _most_urgent(user, now=now):
        shown = card(found, now)
        lists[shown["state"]].append(shown)
    return lists


@prepared
def _most_urgent(user: Person, *, now: datetime) -> QuerySet[Consultation]:
    """The first of each state, in one pass. Only their ids come out of it: what a card shows is looked up for those."""
    published = Consultation.objects.visible_to(user).listed().filter(published_at__isnull=False)
    placed = published.with_times().by_urgency(now)
    order: Any = placed.query.order_by
    place = Window(RowNumber(), partition_by=F("rank"), order_by=order)
    first = placed.order_by().annotate(place=place).filter(place__lte=CARDS_ON_FRONT_PAGE)
    return Consultation.objects.filter(pk__in=first.values("pk")).with_times().by_urgency(now).for_cards()


def consultations_page(user: Person, now: datetime, asked: QueryDict) -> Page[Consultation]:
    """One page of what the person may see; ``asked`` is the address's ``q``, ``state``, ``agency`` and ``page``.

    q: words of title, summary or agency, in any order. Those of the long texts are not looked at: no index has them.
    """
    found = Consultation.objects.visible_to(user).listed().with_times()
    state = next((state for state in State if state == asked.get("state")), None)
    if state:
        found = found.in_state(state, now)
    if asked.get("agency"):
        found = found.filter(agency__slug=asked["agency"])
    if words := words_asked(asked):
        said = SearchVector("title", "summary", "agency__name", config=SEARCH)
        found = found.annotate(said=said).filter(said=SearchQuery(words, config=SEARCH, search_type="websearch"))
    return Paginator(found.for_cards().by_urgency(now), CONSULTATIONS_ON_A_PAGE).get_page(asked.get("page"))


def words_asked(asked: QueryDict) -> str:
    return one_line(asked.get("q", ""))[:LONGEST_SEARCH]


def states_to_filter(user: Person) -> list[tuple[str, str]]:
    """The states that the list offers; drafts only to people who are logged in, since nobody else sees one."""
    names = [(State.OPEN, _("Open")), (State.SOON, _("Opening soon")), (State.CLOSED, _("Closed"))]
    if user.is_authenticated:
        names.append((State.DRAFT, _("Drafts")))
    return [(state.value, str(name)) for state, name in names]


def agencies_with_consultations(user: Person) -> QuerySet[Agency]:
    """Those that have something to show to this person, for the filter of the list."""
    visible = Consultation.objects.visible_to(user).listed()
    return Agency.objects.filter(pk__in=visible.values("agency"))


def consultation_or_404(user: Person, slug: str) -> Consultation:
    """The consultation with its agency, budget and phases; what a person may not see is not found."""
    return _only(_readable(user, slug=slug))


def consultation_page_or_404(user: Person, slug: str) -> Consultation:
    """The same with all that its own page shows of it."""
    return _only(_with_its_page(user, slug=slug))


def _only(found: list[Consultation]) -> Consultation:
    if not found:
        raise Http404
    return found[0]


def _to_read(user: Person, slug: str) -> QuerySet[Consultation]:
    found = Consultation.objects.visible_to(user).filter(slug=slug).select_related("agency", "budget")
    polls = Consultation.objects.filter(pk=OuterRef("pk"), polls__isnull=False)
    found = found.prefetch_related("phases").annotate(has_polls=Exists(polls))
    return found.with_block_of(user).with_follow_of(user).with_cause_of(user)


@prepared
def _readable(user: Person, *, slug: str) -> QuerySet[Consultation]:
    return _to_read(user, slug)


@prepared
def _with_its_page(user: Person, *, slug: str) -> QuerySet[Consultation]:
    return with_page_facts(_to_read(user, slug))


# Who may put a proposal forward may support one.
_ACTS = {
    Act.VOTE: "consultations.vote_consultation",
    Act.PROPOSE: "consultations.propose_consultation",
    Act.SUPPORT: "consultations.propose_consultation",
    Act.COMMENT: "consultations.comment_consultation",
}


def what_now(consultation: Any, user: Person, now: datetime) -> Acts:
    """Asks the clock first: who could not take part anyway need not log in. Takes what ``consultation_or_404`` gave."""
    answer = Acts([], {}, writes_first=not user.is_authenticated and is_allowed(consultation, Act.PROPOSE, now))
    for act, permission in _ACTS.items():
        if not is_allowed(consultation, act, now) or (act == Act.VOTE and not consultation.has_polls):
            continue
        if act == Act.SUPPORT and not _is_for_supporting(consultation, now):
            continue
        reason = why_not(user, permission, consultation)
        if reason is None:
            answer.can.append(act)
        else:
            answer.hindered.setdefault(reason, []).append(act)
    return answer


def _is_for_supporting(consultation: Consultation, now: datetime) -> bool:
    """Whether to support proposals is what the phase is about, and not merely possible in it."""
    phase = active_phase(consultation, now)
    return consultation.receives_supports and phase is not None and phase.kind == Phase.Kind.SUPPORT
