"""Which article became which, and which token which.

``Alignment(old, new)`` is worked out once for two versions, whatever the number of quotes that are placed by it.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from comments.anchoring.texts import Version

ARTICLE_SHINGLE = 4  # tokens: a passage that rarely occurs twice by chance
ANCHOR_SHINGLE = 3
MOVED_SHINGLE = 6
SHORTEST_MOVE = 80  # characters: a shorter clause may have gone here and be new there
ALIKE = 0.25  # of their shingles, that two articles are taken for the same one
SAME_KEY = 0.15  # what an equal heading adds to that
NOWHERE = -1

Span = tuple[int, int]  # first and end (excluded)


@dataclass(frozen=True)
class Run:
    """Tokens that are the same in both versions and follow one another: old ``start``, new ``target``, ``length``."""

    start: int
    target: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


class Alignment:
    """Where each token of the old version stands in the new one.

    same_article: index of an old article -> index of the new one that is taken for the same, where the caller knows
    (identities that were kept); what it leaves out is worked out from the texts.
    ``targets[n]`` is the new number of old token n, or NOWHERE; ``pairs`` is old article -> new article.
    """

    def __init__(self, old: Version, new: Version, same_article: Mapping[int, int] | None = None):
        self.old, self.new = old, new
        self.pairs = dict(same_article) if same_article is not None else {}
        self.pairs |= match_articles(old, new, self.pairs)
        self.targets = [NOWHERE] * len(old.words)
        self.doubtful: list[Span] = []  # old tokens that stand beside their like: one of two was added, or is gone
        for before, after in self.pairs.items():
            runs = align(old.words, new.words, _span(old, before), _span(new, after))
            for run in at_seams(old, new, runs, self.doubtful):
                self._set(run)
        for run in moved_passages(self):
            self._set(run)
        self.doubtful.sort()
        self._doubtful_starts = [start for start, _ in self.doubtful]
        self.runs = list(self._runs())
        self._starts = [run.start for run in self.runs]

    def _set(self, run: Run) -> None:
        self.targets[run.start : run.end] = range(run.target, run.target + run.length)

    def run_at(self, token: int) -> Run:
        """The run in which an old token stands that has a target."""
        return self.runs[bisect_left(self._starts, token + 1) - 1]

    def is_doubtful(self, tokens: range) -> bool:
        """Whether one passage that nothing tells from its like holds all of them."""
        upto = bisect_left(self._doubtful_starts, tokens.start + 1)
        return any(tokens.stop <= end for _, end in self.doubtful[max(0, upto - 2) : upto])

    def _runs(self) -> Iterator[Run]:
        """Maximal ones: tokens that follow one another in one article of both versions."""
        article_ends = set(self.old.first)
        new_starts = set(self.new.first)
        start = None
        for token, target in enumerate(self.targets):
            goes_on = (
                start is not None
                and target != NOWHERE
                and target == self.targets[token - 1] + 1
                and token not in article_ends
                and target not in new_starts
            )
            if goes_on:
                continue
            if start is not None:
                yield Run(start, self.targets[start], token - start)
            start = token if target != NOWHERE else None
        if start is not None:
            yield Run(start, self.targets[start], len(self.targets) - start)


def _span(version: Version, article: int) -> Span:
    return version.first[article], version.first[article + 1]


# --- Articles


def match_articles(old: Version, new: Version, known: Mapping[int, int]) -> dict[int, int]:
    """Old article -> new article: those that share most, then those of one heading that nothing else claims."""
    taken = set(known.values())
    free_old = [n for n in range(len(old)) if n not in known]
    free_new = [n for n in range(len(new)) if n not in taken]
    likeness = _likeness(old, new, free_old, free_new)
    found: dict[int, int] = {}
    # By descending likeness; of equals the one that keeps its place among its neighbours.
    for (before, after), _ in sorted(
        likeness.items(), key=lambda item: (-item[1], abs(item[0][0] - item[0][1]), item[0])
    ):
        if before not in found and after not in taken:
            found[before] = after
            taken.add(after)
    by_key = {new.articles[n].key: n for n in reversed(free_new) if n not in taken}
    for before in free_old:
        after = by_key.get(old.articles[before].key, NOWHERE)
        if before not in found and after != NOWHERE and after not in taken:
            found[before] = after
            taken.add(after)
    return found


def _likeness(old: Version, new: Version, free_old: Sequence[int], free_new: Sequence[int]) -> dict[Span, float]:
    """Pairs that are alike enough: the shared part of their shingles (Dice), more where the heading is the same."""
    news = {n: Counter(_shingles(new.words, *_span(new, n), ARTICLE_SHINGLE)) for n in free_new}
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, counts in news.items():
        for shingle in counts:
            holders[shingle].append(n)
    alike: dict[Span, float] = {}
    for before in free_old:
        counts = Counter(_shingles(old.words, *_span(old, before), ARTICLE_SHINGLE))
        shared: Counter[int] = Counter()
        for shingle, count in counts.items():
            for after in holders.get(shingle, ()):
                shared[after] += min(count, news[after][shingle])
        for after, common in shared.items():
            share = 2 * common / (counts.total() + news[after].total())
            is_same_key = old.articles[before].key == new.articles[after].key
            if share >= ALIKE or (is_same_key and share + SAME_KEY >= ALIKE):
                alike[before, after] = share + SAME_KEY * is_same_key
    return alike


def _shingles(words: Sequence[str], start: int, end: int, size: int) -> Iterator[tuple[str, ...]]:
    """Every ``size`` tokens in a row; of a text that is shorter, all of it."""
    if end - start < size:
        if end > start:
            yield tuple(words[start:end])
        return
    for n in range(start, end - size + 1):
        yield tuple(words[n : n + size])


# --- Tokens


def align(old: Sequence[str], new: Sequence[str], before: Span, after: Span) -> list[Run]:
    """What stayed in one stretch of tokens, in order: no passage that changed places with another."""
    runs = []
    (start, end), (target, target_end) = before, after
    head = _common(old, new, start, target, min(end - start, target_end - target), 1)
    if head:
        runs.append(Run(start, target, head))
        start, target = start + head, target + head
    tail = _common(old, new, end - 1, target_end - 1, min(end - start, target_end - target), -1)
    end, target_end = end - tail, target_end - tail
    for anchor in [*_anchors(old, new, (start, end), (target, target_end)), Run(end, target_end, tail)]:
        runs += _align_gap(old, new, (start, anchor.start), (target, anchor.target))
        if anchor.length:
            runs.append(anchor)
        start, target = anchor.end, anchor.target + anchor.length
    return runs


def _common(old: Sequence[str], new: Sequence[str], start: int, target: int, most: int, step: int) -> int:
    """How many tokens are the same from here on (``step`` 1), or backwards from here (-1)."""
    count = 0
    while count < most and old[start + step * count] == new[target + step * count]:
        count += 1
    return count


def _anchors(old: Sequence[str], new: Sequence[str], before: Span, after: Span) -> list[Run]:
    """Passages that occur once in each stretch, in the longest order that both have, grown as far as they agree."""
    places = [(start, target) for start, target in _unique_in_both(old, new, before, after, ANCHOR_SHINGLE)]
    anchors: list[Run] = []
    low_old, low_new = before[0], after[0]
    for start, target in _longest_increasing(places):
        if start < low_old or target < low_new:
            continue  # the last one has grown over it
        back = _common(old, new, start - 1, target - 1, min(start - low_old, target - low_new), -1)
        on = _common(old, new, start, target, min(before[1] - start, after[1] - target), 1)
        anchors.append(Run(start - back, target - back, back + on))
        low_old, low_new = start + on, target + on
    return anchors


def _unique_in_both(
    old: Sequence[str], new: Sequence[str], before: Span, after: Span, size: int
) -> Iterator[tuple[int, int]]:
    """Where each shingle stands that occurs exactly once in each stretch."""
    olds, news = _places(old, [before], size), _places(new, [after], size)
    for shingle, places in olds.items():
        targets = news.get(shingle, ())
        if len(places) == len(targets) == 1:
            yield places[0], targets[0]


def _places(words: Sequence[str], spans: Iterable[Span], size: int) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for start, end in spans:
        for n in range(start, end - size + 1):
            found[tuple(words[n : n + size])].append(n)
    return found


def _longest_increasing(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest of their subsequences in which both numbers grow (patience sorting)."""
    places = sorted(places)
    tops: list[int] = []  # the smallest target that ends a subsequence of each length
    ends: list[int] = []  # the place where it is reached
    previous: list[int] = []
    for n, (_, target) in enumerate(places):
        length = bisect_left(tops, target)
        if length == len(tops):
            tops.append(target)
            ends.append(n)
        else:
            tops[length], ends[length] = target, n
        previous.append(ends[length - 1] if length else NOWHERE)
    chosen = []
    n = ends[-1] if ends else NOWHERE
    while n != NOWHERE:
        chosen.append(places[n])
        n = previous[n]
    return chosen[::-1]


def _align_gap(old: Sequence[str], new: Sequence[str], before: Span, after: Span) -> list[Run]:
    """A stretch without anchors: the longest common subsequence, without what agrees by chance."""
    if before[0] == before[1] or after[0] == after[1]:
        return []
    blocks = [
        Run(before[0] + block.src_start, after[0] + block.dest_start, block.src_end - block.src_start)
        for block in LCSseq.opcodes(old[slice(*before)], new[slice(*after)])
        if block.tag == "equal"
    ]
    return _without_chance(old, new, before, after, blocks)


def _without_chance(old: Sequence[str], new: Sequence[str], before: Span, after: Span, blocks: list[Run]) -> list[Run]:
    """Drop equal passages that are no longer than the changes on both sides of them, until none is left."""
    blocks = list(blocks)
    while True:
        weakest = None
        for n, block in enumerate(blocks):
            past = blocks[n - 1] if n else None
            start, target = (past.end, past.target + past.length) if past else (before[0], after[0])
            following = blocks[n + 1] if n + 1 < len(blocks) else None
            end, target_end = (following.start, following.target) if following else (before[1], after[1])
            left = max(_letters(old, start, block.start), _letters(new, target, block.target))
            right = max(_letters(old, block.end, end), _letters(new, block.target + block.length, target_end))
            size = _letters(old, block.start, block.end)
            if size <= left and size <= right and (weakest is None or size < weakest[0]):
                weakest = (size, n)
        if weakest is None:
            return blocks
        del blocks[weakest[1]]


def _letters(words: Sequence[str], start: int, end: int) -> int:
    return sum(len(words[n]) for n in range(start, end))


def at_seams(old: Version, new: Version, runs: list[Run], doubtful: list[Span]) -> list[Run]:
    """The same runs with each insertion and deletion moved to the best seam that says the same.

    Where "A. B." became "A. C. B.", "[C.] was inserted" and "[. C] was inserted" are both true; only the first leaves
    the sentence A whole. (Fraser's "semantic lossless" alignment.) What could have been moved is ``doubtful``: of
    "A. A." one was added, and nothing says which.
    """
    moved = list(runs)
    for n in range(len(moved) - 1):
        earlier, later = moved[n], moved[n + 1]
        is_insertion = earlier.end == later.start
        is_deletion = earlier.target + earlier.length == later.target
        if is_insertion == is_deletion:
            continue
        version, end, start = (
            (new, earlier.target + earlier.length, later.target) if is_insertion else (old, earlier.end, later.start)
        )
        shifts = _shifts(version, end, start, earlier.length, later.length)
        if len(shifts) > 1:
            low, high = min(shifts), max(shifts)
            if earlier.end + high >= later.start + low:
                doubtful.append((earlier.end + low, later.start + high))
            else:  # what is between went in any case
                doubtful += [(earlier.end + low, earlier.end + high), (later.start + low, later.start + high)]
        shift = max(shifts, key=lambda by: _seam(version, end + by))
        moved[n] = Run(earlier.start, earlier.target, earlier.length + shift)
        moved[n + 1] = Run(later.start + shift, later.target + shift, later.length - shift)
    return [run for run in moved if run.length]


def _shifts(version: Version, end: int, start: int, before: int, after: int) -> list[int]:
    """By how many tokens the stretch from ``end`` to ``start`` can be moved and say the same; 0 first."""
    words = version.words
    on = _common(words, words, end, start, after, 1)
    back = _common(words, words, end - 1, start - 1, before, -1)
    return [0, *range(1, on + 1), *range(-1, -back - 1, -1)]


def _seam(version: Version, token: int) -> int:
    """How well a text can be cut before this token: between paragraphs best, then after a sentence, a clause."""
    article = version.article_of(token - 1)
    if token >= version.first[article + 1]:
        return 4
    text, left, right = version.articles[article].text, version.spans[token - 1], version.spans[token]
    if "\n" in text[left[1] : right[0]]:
        return 3
    return {".": 2, ";": 2, ":": 2, ",": 1}.get(version.words[token - 1], 0)


# --- What moved


def moved_passages(alignment: Alignment) -> Iterator[Run]:
    """Passages that left one place and appeared in another, edits within them included.

    Only what is left over in both versions can have moved; a passage has to be unique there, and long enough.
    """
    old, new = alignment.old, alignment.new
    reached = set(alignment.targets) - {NOWHERE}
    gone = _gaps(old, lambda token: alignment.targets[token] == NOWHERE)
    come = _gaps(new, lambda token: token not in reached)
    olds, news = _places(old.words, gone, MOVED_SHINGLE), _places(new.words, come, MOVED_SHINGLE)
    seeds = sorted(
        (places[0], news[shingle][0])
        for shingle, places in olds.items()
        if len(places) == 1 and len(news.get(shingle, ())) == 1
    )
    gap_of_old, gap_of_new = _gap_finder(gone), _gap_finder(come)
    moved: dict[tuple[Span, Span], list[Run]] = defaultdict(list)
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for start, target in seeds:
        if start in taken_old or target in taken_new:
            continue
        before, after = gap_of_old(start), gap_of_new(target)
        back = _common(old.words, new.words, start - 1, target - 1, min(start - before[0], target - after[0]), -1)
        on = _common(old.words, new.words, start, target, min(before[1] - start, after[1] - target), 1)
        run = Run(start - back, target - back, back + on)
        if len(old.between(run.start, run.end - 1)) >= SHORTEST_MOVE:
            taken_old.update(range(run.start, run.end))
            taken_new.update(range(run.target, run.target + run.length))
            moved[before, after].append(run)
    for runs in moved.values():
        yield from runs
        yield from _edits_between(old, new, runs)


def _edits_between(old: Version, new: Version, runs: list[Run]) -> Iterator[Run]:
    """What stayed between the parts of a passage that moved as a whole and was edited."""
    for earlier, later in pairwise(sorted(runs, key=lambda run: run.start)):
        if earlier.target + earlier.length <= later.target:
            before, after = (earlier.end, later.start), (earlier.target + earlier.length, later.target)
            yield from _align_gap(old.words, new.words, before, after)


def _gaps(version: Version, is_free: Callable[[int], bool]) -> list[Span]:
    """Stretches of tokens that are free, none across two articles."""
    gaps = []
    for article in range(len(version)):
        start = None
        tokens = version.tokens_of(article)
        for token in tokens:
            if is_free(token):
                start = token if start is None else start
            elif start is not None:
                gaps.append((start, token))
                start = None
        if start is not None:
            gaps.append((start, tokens.stop))
    return gaps


def _gap_finder(gaps: list[Span]) -> Callable[[int], Span]:
    starts = [start for start, _ in gaps]
    return lambda token: gaps[bisect_left(starts, token + 1) - 1]
