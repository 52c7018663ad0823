"""Two wordings as one: what goes struck out, what comes underlined, word by word. Pure: text in, HTML out."""

import re
from collections.abc import Iterator, Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from rapidfuzz.distance import LCSseq

# A word, the space behind it, or a sign: so that a changed word does not take its comma along.
_PART = re.compile(r"\w+|\s+|[^\w\s]")
LONGEST = 20_000  # parts of both together; beyond, old and new stand whole, one after the other


def word_diff(old: str, new: str) -> SafeString:
    """``old`` becoming ``new``, with <del> and <ins>; each says what it is to those who do not see it."""
    return mark_safe("".join(_pieces(old, new)))  # noqa: S308 (escaped piece by piece)


def _pieces(old: str, new: str) -> Iterator[str]:
    before, after = _PART.findall(old), _PART.findall(new)
    if len(before) + len(after) > LONGEST:
        yield from (_gone(old), _come(new))
        return
    # Not by difflib: a whole article, and the same few words over and over, take it minutes.
    steps = [
        (step.tag, step.src_start, step.src_end, step.dest_start, step.dest_end)
        for step in LCSseq.opcodes(before, after)
    ]
    for tag, i, j, k, n in _whole_changes(steps, before):
        gone, come = "".join(before[i:j]), "".join(after[k:n])
        if tag == "equal":
            yield escape(gone)
            continue
        yield _gone(gone) if gone else ""
        yield _come(come) if come else ""


def _whole_changes(
    codes: Sequence[tuple[str, int, int, int, int]], before: list[str]
) -> Iterator[tuple[str, int, int, int, int]]:
    """Changes with only white space between them become one: "diez salarios" to "dos sueldos" reads as one."""
    held: tuple[str, int, int, int, int] | None = None
    for tag, i, j, k, n in codes:
        is_gap = tag == "equal" and not "".join(before[i:j]).strip()
        if tag == "equal" and not (is_gap and held):
            if held:
                yield held
                held = None
            yield tag, i, j, k, n
        else:
            held = (held[0], held[1], j, held[3], n) if held else ("replace", i, j, k, n)
    if held:
        yield held


def _gone(words: str) -> str:
    return format_html('<del><span class="visually-hidden">{} </span>{}</del>', gettext("Struck:"), words)


def _come(words: str) -> str:
    return format_html('<ins><span class="visually-hidden">{} </span>{}</ins>', gettext("New:"), words)
