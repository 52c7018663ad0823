"""Whether an equal passage is the same passage, or only has the same words.

A law says the same in many places ("en los términos que fije la ley"). A run of equal tokens is believed

1. if its text occurs once in the whole old version and once in the whole new one; or
2. if it begins or ends its article in both, occurs once in it, and the two articles are the same beyond doubt; or
3. if it stands between two believed runs of the same article, and occurs once between them in both; or
4. if what surrounds it, some words to both sides, is clearly liker than around every other place where its text occurs,
   seen from either version.

A short run needs, besides, something beside it that stood beside it before. Otherwise another place is as good, or the
same words came anew, and the quote in it is ambiguous.
"""

from collections.abc import Iterator

from rapidfuzz import fuzz

from comments.anchoring.aligning import SHORTEST_MOVE, Alignment, Run
from comments.anchoring.texts import Range, Version

CONTEXT = 120  # characters to each side
NEAR = 40  # characters: what stands right beside it
MARGIN = 15.0  # of 100: by how much the place must be liker than the next best
LIKE_ENOUGH = 75.0  # of 100: two sentences of one language that have nothing in common reach 50
EVIDENCE = 20  # characters that agree, to the letter, beside a quote
OWN = 25  # characters: a shorter run alone says little of where it is from
MOST_PLACES = 200  # a text that occurs oftener is no evidence of anything
SAME_ARTICLE = 0.5  # of the old article's characters: what has to stay for it to be the same beyond doubt


class Certainty:
    """Answers for one alignment, and remembers what it found out about each run."""

    def __init__(self, alignment: Alignment):
        self.alignment = alignment
        self._index = {run.start: n for n, run in enumerate(alignment.runs)}
        self._known: dict[int, bool] = {}
        self._same: dict[int, bool] = {}

    def of(self, run: Run) -> bool:
        if run.start not in self._known:
            self._known[run.start] = False  # while it is being worked out, it supports no other
            rules = (self._is_unique, self._is_unique_in_article, self._is_between, self._stands_out)
            self._known[run.start] = self._has_context(run) and any(rule(run) for rule in rules)
        return self._known[run.start]

    def has_rival(self, quoted: Range, run: Run, found: Range) -> bool:
        """Whether the quoted words stand at another new place with more beside them of what stood beside the quote.

        run: the equal passage in which the quote lies. Where that ends, its last clause may have gone on with what
        follows it elsewhere now.
        """
        old, new = self.alignment.old, self.alignment.new
        left, right = quoted.start - old.spans[run.start][0], old.spans[run.end - 1][1] - quoted.end
        if min(left, right) >= EVIDENCE:
            return False
        text = old.articles[quoted.article].text
        # So much has to be the same beside it, on this side or on that, to be more than there is.
        more_left, more_right = max(left + 1, EVIDENCE), max(right + 1, EVIDENCE)
        rivals: list[tuple[str, int]] = []
        if more_left <= min(CONTEXT, quoted.start):
            rivals.append((text[quoted.start - more_left : quoted.end], more_left))
        if more_right <= min(CONTEXT, len(text) - quoted.end):
            rivals.append((text[quoted.start : quoted.end + more_right], 0))
        return any(
            (article, at + offset) != (found.article, found.start)
            for words, offset in rivals
            for article, at in new.places_of(words)
        )

    def _has_context(self, run: Run) -> bool:
        """Whether a short run has beside it, on one side at least, what it had; a long one needs none."""
        text = self._text(run)
        before, after = self._articles(run)
        if len(text) >= SHORTEST_MOVE or (len(text) >= OWN and self._is_at_an_end(run, before, after)):
            return True
        old, new = self.alignment.old, self.alignment.new
        here = _surroundings(old.articles[before].text, old.spans[run.start][0], len(text))
        there = _surroundings(new.articles[after].text, new.spans[run.target][0], len(text))
        near = ((here[0][-NEAR:], there[0][-NEAR:]), (here[1][:NEAR], there[1][:NEAR]))
        return any(fuzz.ratio(*side) >= LIKE_ENOUGH for side in near)

    def _text(self, run: Run) -> str:
        return self.alignment.old.between(run.start, run.end - 1)

    def _articles(self, run: Run) -> tuple[int, int]:
        return self.alignment.old.article_of(run.start), self.alignment.new.article_of(run.target)

    def _is_unique(self, run: Run) -> bool:
        text = self._text(run)
        return _occurs_once(text, self.alignment.old.whole) and _occurs_once(
            self.alignment.new.between(run.target, run.target + run.length - 1), self.alignment.new.whole
        )

    def _is_unique_in_article(self, run: Run) -> bool:
        before, after = self._articles(run)
        if self.alignment.pairs.get(before) != after or not self._is_same_article(before):
            return False
        text = self._text(run)
        # What the law says in other articles too may have gone from here, and come anew beside where it was.
        if not self._is_at_an_end(run, before, after) and (len(text) < OWN or self._is_said_elsewhere(text)):
            return False
        old, new = self.alignment.old.articles[before].text, self.alignment.new.articles[after].text
        return _occurs_once(text, old) and _occurs_once(text, new)

    def _is_at_an_end(self, run: Run, before: int, after: int) -> bool:
        """Whether it begins, or ends, its article in both versions."""
        old, new = self.alignment.old.tokens_of(before), self.alignment.new.tokens_of(after)
        return (run.start == old.start and run.target == new.start) or (
            run.end == old.stop and run.target + run.length == new.stop
        )

    def _is_said_elsewhere(self, text: str) -> bool:
        return not (_occurs_once(text, self.alignment.old.whole) and _occurs_once(text, self.alignment.new.whole))

    def _is_same_article(self, before: int) -> bool:
        """Much of it stayed and is found in no other article; or all of it did, under the same heading."""
        if before not in self._same:
            old, new = self.alignment.old, self.alignment.new
            after = self.alignment.pairs[before]
            left, right = old.articles[before], new.articles[after]
            if left == right:
                self._same[before] = True
            else:
                stayed = [run for run in self._runs_of(before) if new.article_of(run.target) == after]
                own = sum(len(self._text(run)) for run in stayed if self._is_unique(run))
                self._same[before] = own >= SAME_ARTICLE * len(left.text) or (
                    left.key == right.key and own >= 0.5 * SAME_ARTICLE * len(left.text)
                )
        return self._same[before]

    def _runs_of(self, article: int) -> Iterator[Run]:
        tokens = self.alignment.old.tokens_of(article)
        return (run for run in self.alignment.runs if run.start in tokens)

    def _is_between(self, run: Run) -> bool:
        n = self._index[run.start]
        runs = self.alignment.runs
        if not 0 < n < len(runs) - 1:
            return False
        earlier, later = runs[n - 1], runs[n + 1]
        is_in_order = earlier.target + earlier.length <= run.target and run.target + run.length <= later.target
        if not is_in_order or {self._articles(earlier), self._articles(later)} != {self._articles(run)}:
            return False
        if not (self._is_certain_itself(earlier) and self._is_certain_itself(later)):
            return False
        old, new = self.alignment.old, self.alignment.new
        text = self._text(run)
        return _occurs_once(text, old.between(earlier.end, later.start - 1)) and _occurs_once(
            text, new.between(earlier.target + earlier.length, later.target - 1)
        )

    def _is_certain_itself(self, run: Run) -> bool:
        return self._is_unique(run) or self._is_unique_in_article(run)

    def _stands_out(self, run: Run) -> bool:
        """Compares surroundings: of the new places with those of the old one, and the other way round."""
        old, new = self.alignment.old, self.alignment.new
        text = self._text(run)
        before, after = self._articles(run)
        here = _surroundings(old.articles[before].text, old.spans[run.start][0], len(text))
        there = _surroundings(new.articles[after].text, new.spans[run.target][0], len(text))
        likeness = _likeness(here, there)
        if likeness < LIKE_ENOUGH:
            return False
        rivals = [(here, other) for other in self._places(new, text, after, new.spans[run.target][0])]
        rivals += [(there, other) for other in self._places(old, text, before, old.spans[run.start][0])]
        if len(rivals) > MOST_PLACES:
            return False
        return all(likeness - _likeness(one, other) >= MARGIN for one, other in rivals)

    def _places(self, version: Version, text: str, article: int, start: int) -> Iterator[tuple[str, str]]:
        """The surroundings of every other place where ``text`` occurs."""
        for n, at in version.places_of(text):
            if (n, at) != (article, start):
                yield _surroundings(version.articles[n].text, at, len(text))


def _occurs_once(text: str, whole: str) -> bool:
    at = whole.find(text)
    return at != -1 and whole.find(text, at + 1) == -1


def _surroundings(text: str, start: int, length: int) -> tuple[str, str]:
    return text[max(0, start - CONTEXT) : start], text[start + length : start + length + CONTEXT]


def _likeness(one: tuple[str, str], other: tuple[str, str]) -> float:
    """0 to 100: the mean of both sides."""
    return (fuzz.ratio(one[0], other[0]) + fuzz.ratio(one[1], other[1])) / 2
