"""What changed from one version to another, article by article and word by word. Pure.

An article is followed by its identity, and by its ``origins`` over all versions between; never by likeness.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from uuid import UUID

from consultations.differences import Piece, differences

State = Literal["same", "changed", "moved", "split", "merged", "added", "removed"]
# In the order in which a summary names them.
STATES: Sequence[State] = ("changed", "moved", "split", "merged", "added", "removed", "same")

Origins = Mapping[UUID, Sequence[UUID]]


@dataclass(frozen=True)
class Standing:
    """An article in one version: which it is, how it is called, what it says. ``place``: from 0."""

    identity: UUID
    place: int
    kind: str
    label: str
    heading: str
    text: str

    @property
    def name(self) -> str:
        return self.label or self.heading or f"{self.text[:40]}…"

    @property
    def title(self) -> str:
        return " ".join(word for word in (self.label, self.heading) if word)


@dataclass(frozen=True)
class Change:
    """What became of one article, or of those that were split or merged with each other.

    old, new: where they stand in each version; none where it was added or removed. after_old, after_new: what stood
    before it, where it was moved; None at the beginning.
    """

    state: State
    old: tuple[Standing, ...]
    new: tuple[Standing, ...]
    after_old: Standing | None = None
    after_new: Standing | None = None

    @property
    def identity(self) -> UUID:
        """Names the change for good: its permanent link ends with it."""
        return (self.new or self.old)[0].identity

    @property
    def name(self) -> str:
        return (self.new or self.old)[0].name

    @property
    def is_reworded(self) -> bool:
        return _text(self.old) != _text(self.new)

    @property
    def is_retitled(self) -> bool:
        """Called otherwise: another number, or another heading."""
        return [one.title for one in self.old] != [one.title for one in self.new]

    @cached_property
    def title_pieces(self) -> list[Piece]:
        return differences(" · ".join(one.title for one in self.old), " · ".join(one.title for one in self.new))

    @cached_property
    def pieces(self) -> list[Piece]:
        """Its words: "removed" ones stand only in the old version, "added" ones only in the new one."""
        return differences(_text(self.old), _text(self.new))


def changes_between(old: Sequence[Standing], new: Sequence[Standing], origins: Origins) -> list[Change]:
    """All articles of both versions, in the order of the new one; what was removed stands where it stood.

    origins: of each new article the old ones of which it was made, as ``over_all`` gives them.
    """
    by_identity = {one.identity: one for one in old}
    sources = {one.identity: [o for o in origins.get(one.identity, ()) if o in by_identity] for one in new}
    groups = _groups(new, sources)
    stays = _in_order([(by_identity[o[0]].place, n[0].place) for o, n in groups if len(o) == len(n) == 1])
    found: list[tuple[tuple[float, int], Change]] = []
    for identities, standings in groups:
        before = tuple(sorted((by_identity[o] for o in identities), key=lambda one: one.place))
        moved = len(before) == len(standings) == 1 and standings[0].place not in stays
        found.append(((standings[0].place, 0), _change(before, tuple(standings), moved, old, new)))
    named = {o for identities, _standings in groups for o in identities}
    home = {o: standings[0].place for identities, standings in groups for o in identities}
    at = -1.0
    for one in old:
        if one.identity in named:
            at = home[one.identity]
        else:
            found.append(((at, one.place + 1), Change("removed", (one,), ())))
    return [change for _place, change in sorted(found, key=lambda pair: pair[0])]


def over_all(steps: Iterable[Origins]) -> dict[UUID, list[UUID]]:
    """Origins over several versions: ``steps`` are those of each version after the old one, up to the new one."""
    known: dict[UUID, list[UUID]] | None = None
    for step in steps:
        if known is None:
            known = {identity: list(origins) for identity, origins in step.items()}
        else:
            known = {
                identity: list(dict.fromkeys(first for one in origins for first in known.get(one, ())))
                for identity, origins in step.items()
            }
    return known or {}


def counts_of(changes: Iterable[Change]) -> dict[State, int]:
    """How many there are of each state, in the order in which a summary names them; only those that there are."""
    counts = Counter(change.state for change in changes)
    return {state: counts[state] for state in STATES if counts[state]}


def _groups(new: Sequence[Standing], sources: Mapping[UUID, Sequence[UUID]]) -> list[tuple[list[UUID], list[Standing]]]:
    """New articles with the old ones of which they were made; those that share an old one are together."""
    groups: list[tuple[list[UUID], list[Standing]]] = []
    home: dict[UUID, int] = {}
    for one in new:
        made_of = sources[one.identity]
        place = next((home[o] for o in made_of if o in home), None)
        if place is None:
            place = len(groups)
            groups.append(([], []))
        groups[place][1].append(one)
        for o in made_of:
            if o not in home:
                home[o] = place
                groups[place][0].append(o)
    return groups


def _change(
    old: tuple[Standing, ...],
    new: tuple[Standing, ...],
    moved: bool,
    all_old: Sequence[Standing],
    all_new: Sequence[Standing],
) -> Change:
    if not old:
        return Change("added", (), new)
    if len(old) > 1 or len(new) > 1:
        return Change("split" if len(old) == 1 else "merged", old, new)
    if moved:
        return Change("moved", old, new, _before(all_old, old[0].place), _before(all_new, new[0].place))
    change = Change("changed", old, new)
    return change if change.is_reworded or change.is_retitled else Change("same", old, new)


def _before(standings: Sequence[Standing], place: int) -> Standing | None:
    return standings[place - 1] if place > 0 else None


def _in_order(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """The places in the new version of as many articles as can be said to have stayed in order (the longest
    increasing run): the fewest possible are then called moved."""
    tails: list[int] = []
    last: list[int] = []  # the pair that ends a run of that length
    previous: dict[int, int | None] = {}
    ordered = sorted(pairs, key=lambda pair: pair[1])
    for index, (was, _now) in enumerate(ordered):
        length = bisect_left(tails, was)
        previous[index] = last[length - 1] if length else None
        if length == len(tails):
            tails.append(was)
            last.append(index)
        else:
            tails[length], last[length] = was, index
    kept = set()
    index_now: int | None = last[-1] if last else None
    while index_now is not None:
        kept.add(ordered[index_now][1])
        index_now = previous[index_now]
    return kept


def _text(standings: Sequence[Standing]) -> str:
    return "\n\n".join(one.text for one in standings if one.text)
