"""How well, and how fast, quotes of a text are placed in a later version of it.

    python -m tests.benchmarks.anchoring [--texts 300] [--seed 1]
    python -m tests.benchmarks.anchoring --before A.md --after B.md --json [--quotes 2400]

Without files: edited texts with known answers (``edited_texts.py``). ``wrong``: kept or shifted, but where its very
words do not stand: must be 0. ``coincident``: a clause was taken out and an equal one put in at the same
place, between the same neighbours, which no text can tell. ``right``: placed where they stand, or said to have changed
where they have, or to be gone where they are. Then 20,000 quotes of 200 articles of which a tenth were edited, as a
ratio to one pass of difflib over the same articles. Prints one JSON line last.

With two Markdown files (an article for each ``## `` heading, its text all between this and the next, stripped, with one
blank line between paragraphs): annotates at least 2,000 quotes of the first (words, phrases, sentences, paragraphs)
and prints a JSON line for each: article, start, end, exact, state, and new with the same four keys where it has a
place. Positions are code points of the article's text.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from comments.anchoring import Alignment, Article, Certainty, Placement, Range, State, Version, place
from tests.benchmarks.edited_texts import Maker, Truth, places_of, quotes_of, truth_of, written

LEAST = 2_000
NEIGHBOURS = 40  # characters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path)
    parser.add_argument("--after", type=Path)
    parser.add_argument("--json", action="store_true", help="a JSON line for each quote")
    parser.add_argument("--quotes", type=int, default=2_400)
    parser.add_argument("--texts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.before and options.after:
        place_in_files(options)
    else:
        print(json.dumps({"benchmark": "anchoring", **correctness(options.texts, options.seed), **speed(options.seed)}))


# --- Real texts


def place_in_files(options: argparse.Namespace) -> None:
    old, new = read(options.before), read(options.after)
    alignment = Alignment(old, new)
    certainty = Certainty(alignment)
    states: Counter[State] = Counter()
    for quoted in quotes_of(old, random.Random(options.seed), max(options.quotes, LEAST)):
        placed = place(alignment, certainty, quoted)
        states[placed.state] += 1
        if options.json:
            print(json.dumps(as_line(old, new, quoted, placed), ensure_ascii=False))
    print({state.value: states[state] for state in State}, file=sys.stderr)
    if states.total() < LEAST:
        print(f"{options.before}: no more than {states.total()} quotes in {len(old)} articles", file=sys.stderr)


def read(path: Path) -> Version:
    """The articles of a Markdown file, with or without a byte order mark and whatever ends its lines."""
    pieces = re.split(r"^## +(.*)$", path.read_text(encoding="utf-8-sig"), flags=re.MULTILINE)[1:]
    articles = zip(pieces[::2], pieces[1::2], strict=True)
    return Version([Article(key.strip(), re.sub(r"\n\s*\n", "\n\n", text.strip())) for key, text in articles])


def as_line(old: Version, new: Version, quoted: Range, placed: Placement) -> dict:
    line = in_words(old, quoted) | {"state": placed.state.value}
    return line | ({"new": in_words(new, placed.range)} if placed.range else {})


def in_words(version: Version, found: Range) -> dict:
    article = version.articles[found.article]
    exact = article.text[found.start : found.end]
    return {"article": article.key, "start": found.start, "end": found.end, "exact": exact}


# --- Known answers


def correctness(texts: int, seed: int) -> dict:
    verdicts: Counter[str] = Counter()
    examples = []
    for n in range(texts):
        for verdict, example in judged(seed * 1_000_003 + n):
            verdicts[verdict] += 1
            if verdict == "wrong":
                examples.append(example)
    for example in examples[:10]:
        print("wrong:", example, file=sys.stderr)
    total = verdicts.total()
    shares = {name: round(count / total, 4) for name, count in sorted(verdicts.items())}
    return {"cases": total, "wrong": verdicts["wrong"], "shares": shares}


def judged(seed: int):
    """(verdict, what it was about) of each quote of one edited text."""
    maker = Maker(seed)
    parts = maker.text(maker.chance.randint(3, 12))
    old, new = written(parts), written(maker.edit(parts, maker.chance.randint(1, 12)))
    alignment = Alignment(old.version, new.version)
    certainty, places = Certainty(alignment), places_of(new)
    for quoted in quotes_of(old.version, maker.chance, 60):
        placed = place(alignment, certainty, quoted)
        truth = truth_of(old, new, quoted, places)
        verdict = verdict_on(placed, truth)
        if verdict == "wrong" and neighbours(old.version, quoted) == neighbours(new.version, placed.range):
            verdict = "coincident"
        yield verdict, (seed, as_line(old.version, new.version, quoted, placed), truth)


def verdict_on(placed: Placement, truth: Truth) -> str:
    """right; wrong (without a label that says so); or labelled: not where it could be, but said to be uncertain."""
    if placed.state in (State.KEPT, State.SHIFTED):
        return "right" if placed.range == truth.same or holds_most(placed.range, truth) else "wrong"
    if placed.state == State.TEXT_CHANGED:
        assert placed.range is not None
        touches = any(overlap(placed.range, found) for found in truth.remains)
        return "right" if truth.same is None and (touches or not truth.remains) else "labelled"
    if placed.state == State.AMBIGUOUS:
        return "right" if truth.same is None else "labelled"
    return "right" if truth.same is None else "lost"


def neighbours(version: Version, found: Range) -> tuple[str, str, str]:
    """The article's heading and what stands beside a range, whatever white space is between."""
    article = version.articles[found.article]
    beside = article.text[: found.start].split(), article.text[found.end :].split()
    return article.key, " ".join(beside[0])[-NEIGHBOURS:], " ".join(beside[1])[:NEIGHBOURS]


def holds_most(found: Range, truth: Truth) -> bool:
    """Beside an equal clause that came anew nobody can tell the two apart: right if most words are its own."""
    own = sum(overlap(found, word) for word in truth.remains)
    return truth.same is None and own > 0.5 * truth.words


def overlap(one: Range, other: Range) -> bool:
    return one.article == other.article and one.start < other.end and other.start < one.end


# --- Speed


def speed(seed: int) -> dict:
    """Placing 20,000 quotes after a tenth of 200 articles were edited, beside one pass of difflib over them."""
    before, after = Maker(seed).text(200), Maker(seed).text(200)
    chance = random.Random(seed)
    for n in chance.sample(range(200), 20):
        after[n : n + 1] = Maker(seed + n).edit([after[n]], 1)[:1] or [after[n]]
    old, new = written(before).version, written(after).version
    quotes = quotes_of(old, chance, 20_000)

    start = time.process_time()
    alignment = Alignment(old, new)
    certainty = Certainty(alignment)
    for quoted in quotes:
        place(alignment, certainty, quoted)
    placing = time.process_time() - start

    start = time.process_time()
    for one, other in zip(old.articles, new.articles, strict=False):
        SequenceMatcher(None, one.text.split(), other.text.split(), autojunk=False).get_opcodes()
    difflib = time.process_time() - start
    return {
        "quotes": len(quotes),
        "placing_seconds": round(placing, 2),
        "difflib_seconds": round(difflib, 2),
        "ratio_to_difflib": round(placing / difflib, 2),
    }


if __name__ == "__main__":
    main()
