"""What an alignment says about one quote, and whether it may be believed.

The rules, in their order:

- All of the quote's tokens stand one after the other in one article of the new version, with the same text between
  them: *kept* where article and position are the same, *shifted* otherwise. Only if the equal passage around the quote
  is certain (``Certainty``); if not, the words may stand for another passage, and the quote is *ambiguous*.
- Some of them do, or what stood in their place was replaced: *text changed*, with the new range: from what stayed up to
  what stands beside the quote in both versions, but no further than a replacement of what is lost can reach. Where none
  of its words stayed, a few words that gave way to a few others within one sentence are a replacement, whatever they
  look like; a sentence is one only if it is like the old.
- The same words with other capitals or quotation marks are the same passage, *text changed*.
- None does: *ambiguous* where the same words stand elsewhere (equal words without context prove nothing), *orphaned*
  where they do not.

Nothing is placed by likeness alone but as *text changed*, which shows both texts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from comments.anchoring.aligning import NOWHERE, Alignment, Run
from comments.anchoring.certainty import Certainty
from comments.anchoring.texts import Range

# Of the letters of a quote's words, how many must still be there for it to be "changed" and not gone. Measured on the
# texts of tests/benchmarks/anchoring.py: below, what is left is articles and prepositions.
SURVIVING = 0.3
# Likeness (0 to 100, rapidfuzz) of a replacement to what it replaces, where no token of it survived. Of two sentences
# of one law that have nothing to do with each other, one pair in ten reaches 46, one in two hundred 55.
LIKE_ENOUGH = 55.0
SHORT = 60  # characters: a few words of a sentence that gave way to a few others, whatever they look like
NEVER_LONGER = 4  # times: a replacement that is longer than that replaces more than the quote
ALLOWANCE = 30  # characters, on top of that
CLOSING = frozenset(".,;:!?)]}")
CLAUSE_END = re.compile(r"[.;:!?\n]\s*")


class State(StrEnum):
    """Where an annotation stands in a later version."""

    KEPT = "kept"
    SHIFTED = "shifted"
    TEXT_CHANGED = "text_changed"
    AMBIGUOUS = "ambiguous"
    ORPHANED = "orphaned"


@dataclass(frozen=True)
class Placement:
    """``range`` is None where the state is ambiguous or orphaned."""

    state: State
    range: Range | None = None


AMBIGUOUS = Placement(State.AMBIGUOUS)
ORPHANED = Placement(State.ORPHANED)


def place(alignment: Alignment, certainty: Certainty, quoted: Range) -> Placement:
    """Where a range of the old version stands in the new one.

    Raises ValueError for a range that is empty or outside its article's text.
    """
    old = alignment.old
    text = old.articles[quoted.article].text
    if not 0 <= quoted.start < quoted.end <= len(text):
        raise ValueError("The range is empty or outside the text.")
    exact = text[quoted.start : quoted.end]
    tokens = old.covering(quoted.article, quoted.start, quoted.end)
    if not tokens:  # white space alone
        return ORPHANED
    if alignment.is_doubtful(tokens):
        return AMBIGUOUS
    whole = _same_words(alignment, tokens, quoted, exact)
    if whole is not None:
        run = alignment.run_at(tokens.start)
        if not certainty.of(run) or certainty.has_rival(quoted, run, whole):
            return AMBIGUOUS
        return Placement(_same_place(alignment, quoted, whole), whole)
    changed = _changed_words(alignment, certainty, tokens, quoted)
    if changed is not None:
        return changed
    return AMBIGUOUS if exact.strip() in alignment.new.whole else ORPHANED


def _same_words(alignment: Alignment, tokens: range, quoted: Range, exact: str) -> Range | None:
    """The new range where every token stayed beside its neighbour and the text is the same."""
    first = alignment.targets[tokens.start]
    if first == NOWHERE or alignment.run_at(tokens.start).end < tokens.stop:
        return None
    new = alignment.new
    article = new.article_of(first)
    start = new.spans[first][0] + quoted.start - alignment.old.spans[tokens.start][0]
    found = Range(article, start, start + len(exact))
    return found if start >= 0 and new.articles[article].text[found.start : found.end] == exact else None


def _same_place(alignment: Alignment, quoted: Range, found: Range) -> State:
    before, after = alignment.old.articles[quoted.article], alignment.new.articles[found.article]
    return State.KEPT if (before.key, quoted.start) == (after.key, found.start) else State.SHIFTED


# --- Changed words


def _changed_words(alignment: Alignment, certainty: Certainty, tokens: range, quoted: Range) -> Placement | None:
    """The new range of a quote of which a part survived, or that was replaced; None where it is gone."""
    pieces = _pieces(alignment, tokens)
    old, new = alignment.old, alignment.new
    surviving = sum(_letters(old.words[piece.start : piece.end]) for piece in pieces)
    if not surviving:
        return _replaced(alignment, certainty, tokens, quoted)
    if surviving < SURVIVING * _letters(old.words[tokens.start : tokens.stop]):
        return None
    if not any(certainty.of(alignment.run_at(piece.start)) for piece in pieces):
        return AMBIGUOUS
    first, last = _outward(alignment, tokens, pieces)
    article = new.article_of(first)
    found = Range(article, new.spans[first][0], new.spans[last][1])
    return Placement(State.TEXT_CHANGED, _trimmed_to_quote(alignment, tokens, quoted, pieces, found))


def _pieces(alignment: Alignment, tokens: range) -> list[Run]:
    """The parts of a quote that stayed, in the order of the new version and in one article: its largest share."""
    pieces: list[Run] = []
    token = tokens.start
    while token < tokens.stop:
        target = alignment.targets[token]
        if target == NOWHERE:
            token += 1
            continue
        end = min(alignment.run_at(token).end, tokens.stop)
        pieces.append(Run(token, target, end - token))
        token = end
    groups = _in_order(alignment, pieces, _most(len(alignment.old.between(tokens.start, tokens.stop - 1))))
    return max(groups, key=lambda group: sum(piece.length for piece in group), default=[])


def _in_order(alignment: Alignment, pieces: list[Run], most: int) -> list[list[Run]]:
    """The pieces in groups that are each one passage of the new version; ``most``: characters between two of them."""
    new = alignment.new
    groups: list[list[Run]] = []
    for piece in pieces:
        last = groups[-1][-1] if groups else None
        follows = (
            last is not None
            and piece.target >= last.target + last.length
            and new.article_of(piece.target) == new.article_of(last.target)
            and new.spans[piece.target][0] - new.spans[last.target + last.length - 1][1] <= most
        )
        if follows:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _most(length: int) -> int:
    """How long, in characters, what came in the place of so many may be."""
    return NEVER_LONGER * length + ALLOWANCE


def _letters(words: Sequence[str]) -> int:
    """Of the words alone: that a full stop stands there still says nothing."""
    return sum(len(word) for word in words if word[0].isalnum())


def _outward(alignment: Alignment, tokens: range, pieces: list[Run]) -> tuple[int, int]:
    """The first and last new token of a changed quote: with what replaced its ends, up to what stands beside it."""
    old = alignment.old
    text = old.articles[old.article_of(tokens.start)].text
    first, last = pieces[0].target, pieces[-1].target + pieces[-1].length - 1
    if pieces[0].start > tokens.start:
        beside = _beside(alignment, tokens.start - 1, first, -1)
        if beside is not None:
            lost = text[old.spans[tokens.start][0] : old.spans[pieces[0].start][0]]
            first = _in_place_of(alignment, lost, range(first, beside, -1))
        while first < last and alignment.new.words[first] in CLOSING:  # they end what stands before
            first += 1
    if pieces[-1].end < tokens.stop:
        beside = _beside(alignment, tokens.stop, last, 1)
        if beside is not None:
            lost = text[old.spans[pieces[-1].end - 1][1] : old.spans[tokens.stop - 1][1]]
            last = _in_place_of(alignment, lost, range(last, beside))
    return first, last


def _in_place_of(alignment: Alignment, lost: str, path: range) -> int:
    """How far along ``path``, from a token that stayed outwards, new tokens stand in the place of the lost text.

    Up to what stands beside it. Where more came than can be a replacement, up to the last end of a clause before that:
    a sentence that was put in front of another is no part of it.
    """
    new = alignment.new
    longest, clauses = _most(len(lost)), len(CLAUSE_END.findall(lost))
    text = new.articles[new.article_of(path.start)].text
    reached = seam = path.start
    for token in path[1:]:
        if path.step < 0:
            came = text[new.spans[token][0] : new.spans[path.start][0]]
            beyond = text[: new.spans[token][0]].rstrip(" ")[-1:]
        else:
            came = text[new.spans[path.start][1] : new.spans[token][1]]
            beyond = text[new.spans[token][1] - 1 : new.spans[token][1] + 1]
        if len(came) > longest or len(CLAUSE_END.findall(came)) > clauses:
            return seam
        reached = token
        if CLAUSE_END.search(beyond):
            seam = token
    return reached


def _beside(alignment: Alignment, token: int, from_target: int, step: int) -> int | None:
    """The new number of the token beside a quote, or the end of its article, if it stands on that side there too."""
    old, new = alignment.old, alignment.new
    inside = old.tokens_of(old.article_of(token - step))
    article = new.tokens_of(new.article_of(from_target))
    if token not in inside:
        return article.start - 1 if step < 0 else article.stop
    target = alignment.targets[token]
    is_on_that_side = target in article and (target - from_target) * step > 0
    return target if target != NOWHERE and is_on_that_side else None


def _trimmed_to_quote(alignment: Alignment, tokens: range, quoted: Range, pieces: list[Run], found: Range) -> Range:
    """Where the quote began or ended within a word that stayed, so does the new range."""
    old = alignment.old
    start, end = found.start, found.end
    if pieces[0].start == tokens.start:
        start += max(0, quoted.start - old.spans[tokens.start][0])
    if pieces[-1].end == tokens.stop:
        end -= max(0, old.spans[tokens.stop - 1][1] - quoted.end)
    return Range(found.article, start, max(end, start + 1))


def _replaced(alignment: Alignment, certainty: Certainty, tokens: range, quoted: Range) -> Placement | None:
    """The new text that stands between what surrounded the quote; None where nothing does, or nothing like it."""
    old, new = alignment.old, alignment.new
    inside = old.tokens_of(quoted.article)
    left = next((n for n in range(tokens.start - 1, inside.start - 1, -1) if alignment.targets[n] != NOWHERE), None)
    right = next((n for n in range(tokens.stop, inside.stop) if alignment.targets[n] != NOWHERE), None)
    if left is None or right is None:
        return None
    first, last = alignment.targets[left] + 1, alignment.targets[right] - 1
    article = new.article_of(first)
    # Where nothing came, ``last`` is before ``first``, which may be in the next article.
    if last < first or not article == new.article_of(last) == new.article_of(alignment.targets[left]):
        return None
    if not (certainty.of(alignment.run_at(left)) and certainty.of(alignment.run_at(right))):
        return None
    found = Range(article, new.spans[first][0], new.spans[last][1])
    text, exact = old.articles[quoted.article].text, old.between(tokens.start, tokens.stop - 1)
    replacement = new.articles[article].text[found.start : found.end]
    if len(replacement) > _most(len(exact)):
        return None
    whole = (
        text[old.spans[left][1] : old.spans[right][0]],
        new.articles[article].text[new.spans[first - 1][1] : new.spans[last + 1][0]],
    )
    is_in_a_sentence = all(len(side) <= SHORT and not CLAUSE_END.search(side) for side in whole)
    if is_in_a_sentence or fuzz.ratio(exact, replacement) >= LIKE_ENOUGH:
        return Placement(State.TEXT_CHANGED, found)
    return None
