"""Text as people typed it or programs sent it, made fit to be kept. Each use case then says what it asks of it."""

import re

# PostgreSQL holds no zero character and no half of a surrogate pair; the other control characters say nothing to
# anybody, and XML (Atom, .docx) cannot hold them.
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
