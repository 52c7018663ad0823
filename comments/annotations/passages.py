"""What lies around chosen words: what stands beside them, their sentence, their paragraph, the whole article."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from consultations.documents.texts import BETWEEN_BLOCKS, sentences


def beside(text: str, start: int, end: int, length: int) -> tuple[str, str]:
    """What stands before and after a range, up to so many characters, in whole words; "…" where more stands there.

    >>> beside("Toda persona puede pedir un árbol.", 13, 18, 10)
    ('…persona ', ' pedir un…')
    """
    before, after = text[:start], text[end:]
    if len(before) > length:
        before = "…" + re.sub(r"\A\S*\s", "", before[-length - 1 :])
    if len(after) > length:
        after = re.sub(r"\s\S*\Z", "", after[: length + 1]) + "…"
    return before, after


def wider(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """(label, start, end) of the sentence, the paragraph and the article around a range, where each is wider."""
    known = (start, end)
    found = (
        (gettext("The whole sentence"), *_sentence(text, start, end)),
        (gettext("The whole paragraph"), *_paragraph(text, start, end)),
        (gettext("The whole article"), 0, len(text)),
    )
    for label, first, last in found:
        if first <= known[0] and known[1] <= last and (first, last) != known:
            known = (first, last)
            yield label, first, last


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    touched = [span for span in sentences(text) if span.start < end and span.end > start]
    return (touched[0].start, touched[-1].end) if touched else (start, end)


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    before = text.rfind(BETWEEN_BLOCKS, 0, start + 1)
    after = text.find(BETWEEN_BLOCKS, max(start, end - 1))
    return (0 if before == -1 else before + len(BETWEEN_BLOCKS), len(text) if after == -1 else after)
