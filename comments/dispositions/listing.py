"""Lists of contributions with what became of them: for the desk that answers them, and for the reply report.

Thousands in one list of three kinds out of two tables, by keyset, in a constant number of queries.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString

from comments.annotations.cards import quote_html
from comments.dispositions.contributions import KINDS, Kind, needing
from comments.models import Comment, Disposition
from comments.moderation.kinds import Contribution
from comments.queries import UNREAD, with_mentioned, with_quotes
from consultations.models import Consultation, Proposal
from consultations.spanish import WithoutAccents
from frontend.typed import one_line

ON_A_PAGE = 25
LONGEST_SEARCH = 200  # characters
LACKING, GIVEN = "lacking", "given"
FATES = (LACKING, GIVEN, *Disposition.Kind.values)
SORTS = ("oldest", "newest", "agreed")
COLUMNS = ("contribution_kind", "number", "rank")


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what is not understood is left out.

    fate: one of FATES. place: "consultation" (as a whole), "question-<id>", "document-<id>" or "article-<identity>".
    change: identity of an article whose change answers them. one: "<kind>-<id>", a single contribution.
    """

    kind: str = ""
    fate: str = ""
    place: str = ""
    q: str = ""
    sort: str = SORTS[0]
    change: str = ""
    one: str = ""

    @classmethod
    def of(cls, query: QueryDict, *, fate: str = "") -> Self:
        """fate: what is shown where the address does not say."""
        kind, sort, place = query.get("kind", ""), query.get("sort", ""), query.get("place", "")
        return cls(
            kind=kind if kind in KINDS else "",
            fate=next((each for each in FATES if each == query.get("fate", fate)), ""),
            place=place if place_condition(place) is not None else "",
            q=one_line(query.get("q", ""))[:LONGEST_SEARCH],
            sort=sort if sort in SORTS else SORTS[0],
            change=str(_uuid(query.get("change", "")) or ""),
            one=query.get("one", "") if parsed(query.get("one", "")) else "",
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.place or self.q or self.change or self.one)


def parsed(name: str) -> tuple[Kind, int] | None:
    """The kind and the number that "comment-12" means; None for what means nothing."""
    kind, _dash, number = name.partition("-")
    if kind in KINDS and number.isascii() and number.isdigit() and len(number) < 19:
        return KINDS[kind], int(number)
    return None


def place_condition(place: str) -> Q | None:
    """The condition on comments that a place means; None for what means none."""
    if place == "consultation":
        return Q(question__isnull=True, document__isnull=True)
    what, _dash, name = place.partition("-")
    if what in ("question", "document") and name.isascii() and name.isdigit() and len(name) < 19:
        return Q(**{what: int(name)})
    if what == "article":
        identity = _uuid(name)
        return Q(annotation__article__identity=identity) if identity else None
    return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Item:
    """A contribution as a line shows it. With all that its line needs fetched."""

    kind: Kind
    target: Any

    @property
    def name(self) -> str:
        """ "comment-12": in addresses and forms."""
        return f"{self.kind.name}-{self.target.pk}"

    @property
    def disposition(self) -> Disposition | None:
        return getattr(self.target, "disposition", None)

    @property
    def revision(self) -> int:
        return self.disposition.revision if self.disposition else 0

    @property
    def annotation(self) -> Any:
        return self.target.annotation if self.kind.name == "annotation" else None

    @property
    def quote(self) -> SafeString | str:
        """Of an annotation: the words that it is about, with what it wants."""
        return quote_html(self.target) if isinstance(self.target, Comment) else ""

    @property
    def agree_count(self) -> int:
        """How many agree with it; of a proposal, how many support it."""
        return self.target.support_count if isinstance(self.target, Proposal) else self.target.agree_count


@dataclass(frozen=True)
class Page:
    """after: the cursor of the next page, empty on the last."""

    items: list[Item]
    after: str


@dataclass(frozen=True)
class Totals:
    """How many contributions of each kind have which fate; ``LACKING`` where they have none."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def of_kind(self, kind: str = "") -> int:
        return sum(count for (name, _fate), count in self.counts.items() if kind in ("", name))

    def of_fate(self, fate: str = "", kind: str = "") -> int:
        if fate == GIVEN:
            return self.of_kind(kind) - self.of_fate(LACKING, kind)
        return sum(count for (name, each), count in self.counts.items() if kind in ("", name) and fate in ("", each))


def totals_of(consultation: Consultation) -> Totals:
    """One query."""
    parts = [
        needing(kind, consultation)
        .annotate(contribution_kind=Value(kind.name, output_field=TextField()), fate=F("disposition__kind"))
        .values("contribution_kind", "fate")
        .annotate(count=Count("pk"))
        .values_list("contribution_kind", "fate", "count")
        for kind in KINDS.values()
    ]
    counted: Counter[tuple[str, str]] = Counter()
    for kind_name, fate, count in parts[0].union(*parts[1:], all=True):
        counted[kind_name, fate or LACKING] += count
    return Totals(dict(counted))


def found(kind: Kind, consultation: Consultation, asked: Asked) -> QuerySet[Any]:
    """The contributions of one kind that an address asks for, in no order."""
    rows = needing(kind, consultation)
    is_said = kind.model is Comment
    if asked.one:
        of, number = parsed(asked.one) or (kind, 0)
        return rows.filter(pk=number) if of.model is kind.model else rows.none()
    if asked.kind and asked.kind != kind.name:
        return rows.none()
    if asked.place:
        condition = place_condition(asked.place)
        rows = rows.filter(condition) if is_said and condition is not None else rows.none()
    if asked.change:
        rows = rows.filter(disposition__article__identity=asked.change)
    if asked.fate == LACKING:
        rows = rows.filter(disposition__isnull=True)
    elif asked.fate == GIVEN:
        rows = rows.filter(disposition__isnull=False)
    elif asked.fate:
        rows = rows.filter(disposition__kind=asked.fate)
    return _matching(rows, kind, asked.q) if asked.q else rows


def all_found(consultation: Consultation, asked: Asked) -> list[Contribution]:
    """All that an address asks for: what "all that match" means. A query for each kind."""
    return [each for kind in KINDS.values() for each in found(kind, consultation, asked)]


def count_of(consultation: Consultation, asked: Asked) -> int:
    """How many an address asks for. One query."""
    parts = [found(kind, consultation, asked).values_list("pk") for kind in KINDS.values()]
    return parts[0].union(*parts[1:], all=True).count()


def page_of(consultation: Consultation, asked: Asked, after: str = "", *, size: int = ON_A_PAGE) -> Page:
    """A page of the list: one query for which they are, and one for each table that they come from."""
    is_descending = asked.sort != "oldest"
    cursor = _read_cursor(after, asked.sort)
    parts = []
    for kind in KINDS.values():
        rows = found(kind, consultation, asked).annotate(
            contribution_kind=Value(kind.name, output_field=TextField()), number=F("pk"), rank=_rank(kind, asked.sort)
        )
        if cursor:
            rows = rows.filter(_past(cursor, kind, is_descending))
        parts.append(rows.values_list(*COLUMNS))
    sign = "-" if is_descending else ""
    ordered = parts[0].union(*parts[1:], all=True).order_by(f"{sign}rank", f"{sign}contribution_kind", f"{sign}number")
    rows = list(ordered[: size + 1])
    shown = rows[:size]
    last = _cursor(shown[-1]) if len(rows) > len(shown) else ""
    return Page(items_of([(name, number) for name, number, _rank in shown]), last)


def items_of(names: Sequence[tuple[str, int]]) -> list[Item]:
    """The contributions that are meant, in that order, with what a line shows of them. A query for each table."""
    said = [number for kind, number in names if KINDS[kind].model is Comment]
    made = [number for kind, number in names if KINDS[kind].model is Proposal]
    comments = {each.pk: each for each in comments_to_show(said)} if said else {}
    proposals = {each.pk: each for each in proposals_to_show(made)} if made else {}
    items = []
    for kind, number in names:
        target = (comments if KINDS[kind].model is Comment else proposals).get(number)
        if target is not None:
            items.append(Item(KINDS[kind], target))
    return items


_CHANGE = ("disposition__article__version__document",)
_UNREAD = ("disposition__article__body", "disposition__article__html", "disposition__article__text")


def comments_to_show(ids: Iterable[int]) -> QuerySet[Comment]:
    rows = Comment.objects.filter(pk__in=list(ids)).select_related(
        "author", "consultation__agency", "question", "document", *_CHANGE
    )
    return with_mentioned(with_quotes(rows)).defer(*UNREAD, *_UNREAD)


def proposals_to_show(ids: Iterable[int]) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(pk__in=list(ids)).with_signers()
    return rows.select_related("consultation__agency", *_CHANGE).defer("search", *_UNREAD)


# --- Order


def _rank(kind: Kind, sort: str) -> F:
    if sort == "agreed":
        return F("agree_count" if kind.model is Comment else "support_count")
    return F("created_at")


@dataclass(frozen=True)
class _Cursor:
    """The last line of the page before."""

    rank: datetime | int
    kind: str
    number: int


def _cursor(row: tuple[str, int, Any]) -> str:
    name, number, rank = row
    return f"{name}-{number}-{rank.isoformat() if isinstance(rank, datetime) else rank}"


def _read_cursor(text: str, sort: str) -> _Cursor | None:
    name, _dash, rest = text.partition("-")
    number, _dash, rank = rest.partition("-")
    if not parsed(f"{name}-{number}"):
        return None
    if sort == "agreed":
        is_number = rank.isascii() and rank.isdigit() and len(rank) < 10
        return _Cursor(int(rank), name, int(number)) if is_number else None
    try:
        moment = parse_datetime(rank.replace(" ", "+"))  # a plus sign in an address is a space
    except ValueError:
        return None
    return _Cursor(moment, name, int(number)) if moment is not None and moment.tzinfo else None


def _past(cursor: _Cursor, kind: Kind, is_descending: bool) -> Q:
    """What comes after the cursor, of one kind: by rank, then the name of the kind, then the number."""
    beyond = "lt" if is_descending else "gt"
    further = Q(**{f"rank__{beyond}": cursor.rank})
    if kind.name == cursor.kind:
        return further | Q(**{"rank": cursor.rank, f"pk__{beyond}": cursor.number})
    is_later = kind.name < cursor.kind if is_descending else kind.name > cursor.kind
    return further | Q(rank=cursor.rank) if is_later else further


# --- Search


def _matching(rows: QuerySet[Any], kind: Kind, q: str) -> QuerySet[Any]:
    """Those in whose words ``q`` stands; accents and capitals make no difference."""
    places = {"comment": ("body",), "annotation": ("body", "annotation__exact"), "proposal": ("title", "body")}
    condition = Q()
    for place in places[kind.name]:
        alias = f"plain_{place.rpartition('__')[2]}"
        rows = rows.annotate(**{alias: WithoutAccents(place)})
        condition |= Q(**{f"{alias}__contains": WithoutAccents(Value(q))})
    return rows.filter(condition)
