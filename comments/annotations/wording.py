"""Two wordings as one: what goes struck out, what comes underlined, word by word. Pure: text in, HTML out."""

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from consultations.differences import Piece, differences

LONGEST_QUOTE = 400  # characters on a card; the thread's own page leads to all of them


def word_diff(old: str, new: str) -> SafeString:
    """``old`` becoming ``new``, with <del> and <ins>; each says what it is to those who do not see it.

    What stays or goes is shortened in its middle where it is long; what comes stands whole.
    """
    return format_html_join("", "{}", ((_html(piece),) for piece in differences(old, new)))


def shortened(words: str) -> str:
    if len(words) <= LONGEST_QUOTE:
        return words
    return f"{words[: LONGEST_QUOTE // 2].rstrip()} […] {words[-LONGEST_QUOTE // 2 :].lstrip()}"


def _html(piece: Piece) -> SafeString:
    if piece.kind == "same":
        return escape(shortened(piece.text))
    if piece.kind == "removed":
        what = gettext("Struck:")
        return format_html('<del><span class="visually-hidden">{} </span>{}</del>', what, shortened(piece.text))
    return format_html('<ins><span class="visually-hidden">{} </span>{}</ins>', gettext("New:"), piece.text)
