"""The hash of what was removed: it binds the agency to one text, and lets the author prove which.

A plain SHA-256 of a short text gives it away: whoever guesses "you idiot" sees that the hash fits. So each removal has
a random salt of 128 bits. The hash is public at once; the salt is for the author alone, and for whoever the author
gives it to: ``printf '%s\\n%s' "$salt" "$text" | sha256sum`` gives the hash of the open book. Who guesses the text but
has no salt learns nothing, and two removals of the same words do not look alike.
"""

import hashlib
import secrets

SALT_BYTES = 16


def new_salt() -> str:
    """32 hexadecimal digits."""
    return secrets.token_hex(SALT_BYTES)


def hash_of(text: str, salt: str) -> str:
    """SHA-256, in hexadecimal, of the salt as it is written, a line feed, and the text in UTF-8."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
