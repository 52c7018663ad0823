"""Pieces of pages that are drawn once and kept: the card of a comment, of a proposal.

A piece is kept under *all* that its template is given, and the language. So it can never be stale, nor show one reader
what is another's: whoever sees other words, or may do something else, has another key. What is used least is let go.
"""

import secrets
from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from frontend.comment_words import comment_words

PIECES_KEPT = 4096  # of about 3 kB each
# Where a form has its token. Nobody can write this into what they publish, to have a reader's token put there.
TOKEN_COMES_HERE = secrets.token_hex(32)


class Facts(dict[str, Hashable]):
    """Facts that belong together, as a template reads them. Nobody changes them any more."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


def drawn(template: str, *, csrf_token: object = "", **facts: Hashable) -> SafeString:
    """``template`` with these facts, and with nothing else: no request, no reader.

    facts: words, numbers; named tuples, data or ``Facts`` of them, of which each field is always, or never, safe HTML:
        to the key both are the same letters. csrf_token: for the template's forms, if it has any.
    """
    are_safe = tuple(isinstance(fact, SafeString) for fact in facts.values())
    parts = _drawn(template, get_language(), tuple(facts.items()), are_safe)
    return mark_safe(str(csrf_token).join(parts)) if len(parts) > 1 else parts[0]  # noqa: S308 (as it was drawn)


@lru_cache(maxsize=PIECES_KEPT)
def _drawn(
    template: str, language: str | None, facts: tuple[tuple[str, Hashable], ...], are_safe: tuple[bool, ...]
) -> list[SafeString]:
    shown = {"words": comment_words(), "csrf_token": TOKEN_COMES_HERE, **dict(facts)}
    html = get_template(template).render(shown)
    return [mark_safe(part) for part in html.split(TOKEN_COMES_HERE)]  # noqa: S308 (as it was drawn)
