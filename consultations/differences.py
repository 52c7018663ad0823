"""What changed from one text to another, word by word. Pure.

>>> [(piece.kind, piece.text) for piece in differences("Una plaza chica.", "Una plaza con sombra.")]
[('same', 'Una plaza '), ('removed', 'chica'), ('added', 'con sombra'), ('same', '.')]
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import LCSseq

Kind = Literal["same", "removed", "added"]
Run = tuple[Kind, str]

# A word, a space or a sign: so that a changed word does not take its comma along.
TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing takes a table of the one's words by the other's; beyond this much of it both are given whole.
LARGEST_TABLE = 400_000_000
FEW_WORDS = 2  # that stay between two changes say less than the changes: they are read as part of them


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both ("same"), only in the old ("removed") or only in the new one ("added")."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces in reading order: without "added" they are ``old``, without "removed" they are ``new``.

    Not by difflib: a whole article, and the same few words over and over, take it minutes.
    """
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    if before == after:
        return [Piece("same", old)] if old else []
    if len(before) * len(after) > LARGEST_TABLE:
        return list(_change(old, new))
    runs: list[Run] = []
    for step in LCSseq.opcodes(before, after):
        if step.tag == "equal":
            runs += [("same", token) for token in before[step.src_start : step.src_end]]
        else:
            runs += [("removed", token) for token in before[step.src_start : step.src_end]]
            runs += [("added", token) for token in after[step.dest_start : step.dest_end]]
    return list(_joined(_without_islands(runs)))


def _joined(runs: Sequence[Run]) -> Iterator[Piece]:
    """Neighbours joined; a change is what went, then what came."""
    for is_same, group in groupby(runs, key=lambda run: run[0] == "same"):
        there = list(group)
        if is_same:
            yield Piece("same", "".join(token for _kind, token in there))
        else:
            removed, added = ("".join(t for kind, t in there if kind == one) for one in ("removed", "added"))
            yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


def _without_islands(runs: Sequence[Run]) -> list[Run]:
    """With what happens to stay between two changes read as changed: spaces, and then a few words, where the changes
    are larger than they. "De la" between two other names says nothing."""
    for most in (0, FEW_WORDS):
        groups = [list(group) for _is_same, group in groupby(runs, key=lambda run: run[0] == "same")]
        runs = []
        for place, group in enumerate(groups):
            is_inside = group[0][0] == "same" and 0 < place < len(groups) - 1
            if is_inside and _is_island(group, groups[place - 1], groups[place + 1], most):
                runs += [("removed", token) for _kind, token in group] + [("added", token) for _kind, token in group]
            else:
                runs += group
    return list(runs)


def _is_island(group: Sequence[Run], before: Sequence[Run], after: Sequence[Run], most: int) -> bool:
    words = _size(group)
    if words > most or any("\n" in token for _kind, token in group):
        return False
    return min(_size(before), _size(after)) > words


def _size(group: Sequence[Run]) -> int:
    return sum(_is_word(token) for _kind, token in group)


def _is_word(token: str) -> bool:
    return bool(re.match(r"\w", token))
