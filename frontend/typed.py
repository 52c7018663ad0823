"""Text as people typed it or programs sent it, made fit to be kept. Each use case then says what it asks of it."""

import re

# PostgreSQL holds no zero character and no half of a surrogate pair; the other control characters say nothing to
# anybody, and XML (Atom, .docx) cannot hold them.
# Marks that nobody sees: without width, or that turn the direction of what follows them.
UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
NOT_KEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def as_lines(words: str) -> str:
    """Without what cannot be kept; lines end as on Unix, whatever the form or file ended them with."""
    return NOT_KEPT.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def tidied(words: str) -> str:
    """The same without white space around it.

    >>> tidied(" Una plaza\\r\\ncon \\x00sombra. ")
    'Una plaza\\ncon sombra.'
    """
    return as_lines(words).strip()


def one_line(words: str) -> str:
    """The same on one line, each stretch of white space a space.

    >>> one_line(" Una   plaza\\r\\ncon sombra ")
    'Una plaza con sombra'
    """
    return " ".join(as_lines(words).split())


def as_name(words: str) -> str:
    """What a person or a thing is called: on one line, and nothing in it that cannot be seen.

    So no name looks empty, or like somebody else's, or turns the words around it.

    >>> as_name(" Ana\u202e\r\nBcc: \u200bGómez ")
    'Ana Bcc: Gómez'
    """
    return one_line(UNSEEN.sub("", words))
