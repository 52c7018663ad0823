"""What waits for a moderator: reported contributions, held ones, and appeals, in one list for one screen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, TextField, Value

from accounts.access import Person
from accounts.models import User
from comments.models import Appeal, Flag, Ground, ModerationDecision
from comments.moderation.appealing import why_not_answer
from comments.moderation.kinds import KINDS, Contribution, Kind, shown_texts
from comments.moderation.undoing import A_FEW_MINUTES
from consultations.clock import database_now
from consultations.models import Consultation, ConsultationGroupObjectPermission

ON_A_PAGE = 20
MOST = 5_000  # rows of the queue that are read to sort and count them; more than anybody has ever let wait
FLAGS, HELD, APPEALS = "flags", "held", "appeals"
WHATS = (FLAGS, HELD, APPEALS)


@dataclass(frozen=True)
class Waiting:
    """A line of the queue before it is read: ``what`` waits, since when, and by how many it was reported."""

    what: str
    kind: str
    pk: int
    consultation_id: int
    weight: int
    since: datetime
    last: datetime


SORTS = {
    "oldest": lambda row: (row.since, row.pk),
    "newest": lambda row: (-row.last.timestamp(), -row.pk),
    "most": lambda row: (-row.weight, row.since, row.pk),
}


@dataclass(frozen=True)
class Item:
    """A line of the queue as its card shows it."""

    what: str
    target: Contribution | None
    kind: Kind | None
    flags: list[Flag] = field(default_factory=list)
    appeal: Appeal | None = None
    why_not: Any = None  # why the reader may not answer this appeal
    shown_text: str = ""  # of an appeal: what it is about, in Markdown

    @property
    def anchor(self) -> str:
        """Names the card in the page."""
        return f"appeal-{self.appeal.pk}" if self.appeal else f"{self.kind.name}-{self.target.pk}"  # type: ignore[union-attr]

    @property
    def consultation(self) -> Consultation:
        return self.appeal.decision.consultation if self.appeal else self.target.consultation  # type: ignore[union-attr]

    @property
    def grounds(self) -> list[tuple[str, int]]:
        """What the reporters found wrong, and how many of them, the most frequent first."""
        counted = Counter(flag.ground for flag in self.flags)
        return [(str(Ground(ground).label), count) for ground, count in counted.most_common()]

    @property
    def likely_ground(self) -> str:
        """The ground that most reporters named: the form begins with it."""
        return Counter(flag.ground for flag in self.flags).most_common(1)[0][0] if self.flags else ""

    @property
    def explanations(self) -> list[Flag]:
        return [flag for flag in self.flags if flag.explanation]


@dataclass(frozen=True)
class Queue:
    items: list[Item]
    counts: dict[str, int]
    page: int
    has_more: bool


def moderated_by(user: Person) -> list[Consultation]:
    """The consultations in which the person may hide things. One query."""
    if not isinstance(user, User) or not user.is_active:
        return []
    grants = ConsultationGroupObjectPermission.objects.filter(
        group__user=user, permission__codename="moderate_consultation"
    )
    found = Consultation.objects.filter(pk__in=grants.values("content_object"))
    return list(found.select_related("agency").order_by("agency__name", "title", "pk"))


def waiting_in(consultations: Iterable[Consultation]) -> list[Waiting]:
    """Everything that waits in these consultations. One query."""
    ids = [consultation.pk for consultation in consultations]
    if not ids:
        return []
    parts: list[QuerySet[Any]] = [_appeals(ids)]
    for kind in KINDS.values():
        parts += [_flagged(kind, ids), _held(kind, ids)]
    rows = parts[0].union(*parts[1:], all=True)[:MOST]
    return [Waiting(*row) for row in rows]


def counts_of(rows: Iterable[Waiting]) -> dict[str, int]:
    """How many of each wait: the desk's numbers."""
    return dict.fromkeys(WHATS, 0) | Counter(row.what for row in rows)


COLUMNS = ("what", "kind", "target", "belongs_to", "weight", "since", "last")


def _named(what: str, kind: str) -> dict[str, Value]:
    return {"what": Value(what, output_field=TextField()), "kind": Value(kind, output_field=TextField())}


def _flagged(kind: Kind, ids: list[int]) -> QuerySet[Any]:
    """Contributions in sight with unanswered reports. What is held or hidden shows nobody anything to report."""
    prefix = f"{kind.name}__"
    found = Flag.objects.filter(
        kind.still_there(prefix),
        answered_at__isnull=True,
        **{f"{prefix}consultation__in": ids, f"{prefix}held_at__isnull": True, f"{prefix}hidden_at__isnull": True},
    )
    named = found.order_by().annotate(**_named(FLAGS, kind.name), target=F(f"{kind.name}_id"))
    grouped = named.annotate(belongs_to=F(f"{prefix}consultation_id")).values("what", "kind", "target", "belongs_to")
    counted = grouped.annotate(weight=Count("pk"), since=Min("created_at"), last=Max("created_at"))
    return counted.values_list(*COLUMNS)


def _held(kind: Kind, ids: list[int]) -> QuerySet[Any]:
    found = kind.model.objects.filter(kind.still_there(), consultation__in=ids, held_at__isnull=False)
    return (
        found.order_by()
        .annotate(
            **_named(HELD, kind.name),
            target=F("pk"),
            belongs_to=F("consultation_id"),
            weight=Value(0),
            since=F("held_at"),
            last=F("held_at"),
        )
        .values_list(*COLUMNS)
    )


def _appeals(ids: list[int]) -> QuerySet[Any]:
    found = Appeal.objects.filter(answered_at__isnull=True, decision__consultation__in=ids)
    return (
        found.order_by()
        .annotate(
            **_named(APPEALS, "appeal"),
            target=F("pk"),
            belongs_to=F("decision__consultation_id"),
            weight=Value(0),
            since=F("made_at"),
            last=F("made_at"),
        )
        .values_list(*COLUMNS)
    )


def queue_of(
    consultations: Sequence[Consultation], reader: User, *, what: str = "", sort: str = "oldest", page: int = 1
) -> Queue:
    """One page of the queue. Five queries at most, however long it is."""
    rows = waiting_in(consultations)
    wanted = sorted((row for row in rows if not what or row.what == what), key=SORTS.get(sort, SORTS["oldest"]))
    start = (page - 1) * ON_A_PAGE
    shown = wanted[start : start + ON_A_PAGE]
    return Queue(_read(shown, reader), counts_of(rows), page, has_more=len(wanted) > start + ON_A_PAGE)


def _read(rows: list[Waiting], reader: User) -> list[Item]:
    """The cards of these lines, in their order."""
    targets = {
        name: kind.to_show().in_bulk([row.pk for row in rows if row.kind == name])
        for name, kind in KINDS.items()
        if any(row.kind == name for row in rows)
    }
    flags = _flags_on([row for row in rows if row.what == FLAGS])
    decisions = "decision__comment__author", "decision__proposal__author", "decision__account"
    appeals = Appeal.objects.select_related(
        "decision__consultation__agency", "decision__moderator", *decisions
    ).in_bulk([row.pk for row in rows if row.what == APPEALS])
    texts = shown_texts(appeal.decision.target for appeal in appeals.values())
    items = []
    for row in rows:
        if row.what == APPEALS:
            appeal = appeals[row.pk]
            items.append(_appeal_item(appeal, reader, texts.get(appeal.decision.target, "")))  # type: ignore[arg-type]
        elif row.pk in targets[row.kind]:
            items.append(Item(row.what, targets[row.kind][row.pk], KINDS[row.kind], flags[row.kind, row.pk]))
    return items


def _appeal_item(appeal: Appeal, reader: User, shown_text: str) -> Item:
    target = appeal.decision.target
    kind = next((kind for kind in KINDS.values() if isinstance(target, kind.model)), None)
    return Item(APPEALS, target, kind, appeal=appeal, why_not=why_not_answer(appeal, reader), shown_text=shown_text)


def _flags_on(rows: list[Waiting]) -> dict[tuple[str, int], list[Flag]]:
    found: dict[tuple[str, int], list[Flag]] = defaultdict(list)
    if not rows:
        return found
    wanted = Flag.objects.none()
    for name in KINDS:
        ids = [row.pk for row in rows if row.kind == name]
        wanted = wanted | Flag.objects.filter(**{f"{name}__in": ids}, answered_at__isnull=True)
    for flag in wanted.order_by("pk"):
        name = next(name for name in KINDS if getattr(flag, f"{name}_id"))
        found[name, getattr(flag, f"{name}_id")].append(flag)
    return found


def just_decided(reader: User) -> list[ModerationDecision]:
    """The reader's last decisions that can still be taken back, the newest first. One query."""
    found = ModerationDecision.objects.filter(
        moderator=reader, undone_at__isnull=True, decided_at__gt=database_now() - A_FEW_MINUTES
    ).exclude(subject=ModerationDecision.Subject.ACCOUNT)
    return list(found.select_related("consultation")[:5])
