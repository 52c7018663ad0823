"""What changed from one text to another, word by word. Pure.

>>> [(piece.kind, piece.text) for piece in differences("Una plaza chica.", "Una plaza con sombra.")]
[('same', 'Una plaza '), ('removed', 'chica'), ('added', 'con sombra'), ('same', '.')]
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["same", "removed", "added"]
Run = tuple[Kind, str]

TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
# Beyond as many changed words nobody follows a comparison; and somebody could make us count for minutes.
MOST_CHANGES = 600


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both ("same"), only in the old ("removed") or only in the new one ("added")."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces in reading order: without "added" they are ``old``, without "removed" they are ``new``.

    Texts that differ in more than MOST_CHANGES words are given whole between what they begin and end with alike.
    """
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    inner_before, inner_after = before[start : len(before) - end], after[start : len(after) - end]
    runs: list[Run] = [("same", token) for token in before[:start]]
    runs += _shortest(inner_before, inner_after) or [
        *(("removed", token) for token in inner_before),
        *(("added", token) for token in inner_after),
    ]
    runs += [("same", token) for token in before[len(before) - end :]]
    return list(joined(runs))


def _shortest(before: Sequence[str], after: Sequence[str]) -> list[Run] | None:
    """The shortest way from one to the other (Myers 1986, greedy); None if it has more than MOST_CHANGES steps."""
    furthest = {1: 0}  # diagonal -> how far into ``before``
    trail: list[dict[int, int]] = []
    for changes in range(min(len(before) + len(after), MOST_CHANGES) + 1):
        trail.append(dict(furthest))
        for diagonal in range(-changes, changes + 1, 2):
            goes_down = diagonal == -changes or (
                diagonal != changes and furthest[diagonal - 1] < furthest[diagonal + 1]
            )
            x = furthest[diagonal + 1] if goes_down else furthest[diagonal - 1] + 1
            while x < len(before) and x - diagonal < len(after) and before[x] == after[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            if x >= len(before) and x - diagonal >= len(after):
                return _way_back(before, after, trail)
    return None


def _way_back(before: Sequence[str], after: Sequence[str], trail: Sequence[dict[int, int]]) -> list[Run]:
    runs: list[Run] = []
    x, y = len(before), len(after)
    for changes in range(len(trail) - 1, -1, -1):
        furthest, diagonal = trail[changes], x - y
        goes_down = diagonal == -changes or (diagonal != changes and furthest[diagonal - 1] < furthest[diagonal + 1])
        previous = diagonal + 1 if goes_down else diagonal - 1
        from_x = furthest[previous] if changes else 0
        from_y = from_x - previous if changes else 0
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            runs.append(("same", before[x]))
        if changes:
            runs.append(("added", after[from_y]) if goes_down else ("removed", before[from_x]))
            x, y = from_x, from_y
    return runs[::-1]


def joined(runs: Sequence[Run]) -> Iterator[Piece]:
    """Neighbours joined; a change is what went, then what came, also over the spaces between changed words."""
    same, removed, added = "", "", ""
    for index, (kind, token) in enumerate(runs):
        if kind == "same" and removed and added and token.isspace() and _goes_on(runs, index):
            removed, added = removed + token, added + token
        elif kind == "same":
            yield from _change(removed, added)
            removed, added = "", ""
            same += token
        else:
            if same:
                yield Piece("same", same)
                same = ""
            removed, added = (removed + token, added) if kind == "removed" else (removed, added + token)
    yield from _change(removed, added)
    if same:
        yield Piece("same", same)


def _goes_on(runs: Sequence[Run], index: int) -> bool:
    return index + 1 < len(runs) and runs[index + 1][0] != "same"


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)
