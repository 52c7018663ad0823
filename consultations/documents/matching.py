"""Which article of the version before each part of an imported text goes on with. Pure; a person looks it over.

First the same words, then the same number, then likeness. What is matched by likeness is shown to the editor before
anything is saved; what is like nothing is new.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

ALIKE = 60.0  # of 100: as much of two texts is common that one is the other, edited
SAME_NUMBER = 35.0  # with the same number, less will do
MOSTLY = 0.6  # of the sentences of a part that stand word for word in another one: it was split off, or taken in
LONGEST_COMPARED = 6_000


@dataclass(frozen=True)
class Passage:
    """A part of a version: its kind, its number as it is written, its heading, its words."""

    kind: str
    label: str
    heading: str
    body: str


def matches(old: Sequence[Passage], new: Sequence[Passage]) -> list[tuple[int, ...]]:
    """For each new passage the indexes of the old ones that it goes on with; none where it is new.

    The first is the one that it *is* now; an old one that is named by two new ones was split, a new one that names
    two was merged.
    """
    pairs = _Pairs(old, new)
    pairs.take(_same_words(pairs))
    pairs.take(_same_number(pairs, SAME_NUMBER))
    pairs.take(_alike(pairs))
    pairs.take(_same_number(pairs, 0.0))
    found: list[tuple[int, ...]] = [(pairs.of_new[n],) if n in pairs.of_new else () for n in range(len(new))]
    return _with_splits_and_merges(old, new, found)


class _Pairs:
    """What is matched so far."""

    def __init__(self, old: Sequence[Passage], new: Sequence[Passage]):
        self.old, self.new = old, new
        self.of_new: dict[int, int] = {}
        self.taken: set[int] = set()

    def take(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Match (old, new) where both are free still."""
        for o, n in pairs:
            if o not in self.taken and n not in self.of_new:
                self.of_new[n] = o
                self.taken.add(o)

    def free_old(self) -> list[int]:
        return [o for o in range(len(self.old)) if o not in self.taken]

    def free_new(self) -> list[int]:
        return [n for n in range(len(self.new)) if n not in self.of_new]


def _same_words(pairs: _Pairs) -> list[tuple[int, int]]:
    places: dict[tuple[str, str], list[int]] = {}
    for o, passage in enumerate(pairs.old):
        places.setdefault((passage.kind, _words(passage)), []).append(o)
    found = []
    for n, passage in enumerate(pairs.new):
        if not (words := _words(passage)):
            continue
        same = places.get((passage.kind, words), [])
        # Of several equal ones ("De forma."), the one with the same number, else the first that is free.
        found += [(o, n) for o in sorted(same, key=lambda o: number_of(pairs.old[o].label) != number_of(passage.label))]
    return found


def _same_number(pairs: _Pairs, at_least: float) -> list[tuple[int, int]]:
    places: dict[tuple[str, str], list[int]] = {}
    for o in pairs.free_old():
        places.setdefault((pairs.old[o].kind, number_of(pairs.old[o].label)), []).append(o)
    found = []
    for n in pairs.free_new():
        passage = pairs.new[n]
        same = places.get((passage.kind, number_of(passage.label)), []) if passage.label else []
        if len(same) == 1 and fuzz.ratio(_short(pairs.old[same[0]]), _short(passage)) >= at_least:
            found.append((same[0], n))
    return found


def _alike(pairs: _Pairs) -> list[tuple[int, int]]:
    """The likest first."""
    old, new = pairs.free_old(), pairs.free_new()
    found = []
    for n in new:
        choices = {o: _short(pairs.old[o]) for o in old if pairs.old[o].kind == pairs.new[n].kind}
        likest = process.extract(_short(pairs.new[n]), choices, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
        found += [(score, o, n) for _text, score, o in likest]
    return [(o, n) for _score, o, n in sorted(found, key=lambda one: (-one[0], one[1], one[2]))]


def _with_splits_and_merges(
    old: Sequence[Passage], new: Sequence[Passage], found: list[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    homes: dict[str, set[int]] = {}  # a sentence -> the new parts in which it stands
    sources: dict[str, set[int]] = {}
    for n, passage in enumerate(new):
        for sentence in _sentences(passage):
            homes.setdefault(sentence, set()).add(n)
    for o, passage in enumerate(old):
        for sentence in _sentences(passage):
            sources.setdefault(sentence, set()).add(o)
    result = list(found)
    for n, passage in enumerate(new):
        if not found[n] and (source := _mostly_in(_sentences(passage), sources)) is not None:
            result[n] = (source,)
    gone = set(range(len(old))) - {o for one in result for o in one}
    for o in sorted(gone):
        if (home := _mostly_in(_sentences(old[o]), homes)) is not None and result[home]:
            result[home] = (*result[home], o)
    return result


def _mostly_in(sentences: Sequence[str], places: dict[str, set[int]]) -> int | None:
    """The one place in which most of the sentences stand; None where there is none, or several."""
    counts: dict[int, int] = {}
    for sentence in sentences:
        for place in places.get(sentence, ()):
            counts[place] = counts.get(place, 0) + 1
    best = sorted(counts, key=lambda place: -counts[place])[:2]
    if not best or counts[best[0]] < MOSTLY * len(sentences):
        return None
    return None if len(best) > 1 and counts[best[0]] == counts[best[1]] else best[0]


def number_of(label: str) -> str:
    """A number as it is compared: "ARTÍCULO 14º Bis.-" and "Art. 14 bis" are one.

    >>> number_of("ARTÍCULO 14º Bis.-") == number_of("Art. 14 bis")
    True
    """
    words = re.sub(r"(?<=\d)\s?(?:[°ºª]|[oa]\b|ero\b|er\b|ro\b|do\b|to\b)", "", label.casefold())
    words = re.sub(r"^art(?:[íi]culo|\.)?\s+", "art ", words)
    return " ".join(re.findall(r"\w+", words))


def _words(passage: Passage) -> str:
    return " ".join(f"{passage.heading} {passage.body}".casefold().split())


def _short(passage: Passage) -> str:
    return _words(passage)[:LONGEST_COMPARED]


def _sentences(passage: Passage) -> list[str]:
    """In as far as they say something by themselves."""
    pieces = re.split(r"(?<=[.;:])\s+|\n+", passage.body)
    return [" ".join(piece.casefold().split()) for piece in pieces if len(piece) >= 25]
