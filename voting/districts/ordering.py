"""The order in which somebody sees the options of a budget: each voter their own, so that none is at the head for all.

The seed stands in the poll's frozen rules; the order follows from it and the voter's pseudonym, so it is the same on
each device and after each reload, and nobody chose it. Whoever only looks has the order of the day.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from voting.ballots.shapes import pseudonym_of
from voting.models import Option, Poll

SEED_BYTES = 16
Named = TypeVar("Named", bound=Option)


def new_seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


def ticket(seed: bytes, viewer: bytes, option: str) -> bytes:
    """The lowest comes first.

    >>> ticket(b"seed", b"me", "7") == ticket(b"seed", b"you", "7")
    False
    """
    return hashlib.sha256(seed + viewer + option.encode()).digest()


def viewer_of(poll: Poll, name: str | None, now: datetime) -> bytes:
    """Whose order it is. name: as the pseudonym is made of it; None for a visitor, and after the close."""
    secret = getattr(poll, "secret", None)
    if name is None or secret is None:
        return now.date().isoformat().encode()
    return pseudonym_of(name, bytes(secret.key))


def in_order_of(poll: Poll, options: Iterable[Named], viewer: bytes) -> list[Named]:
    """As they are listed, where the poll has no seed."""
    seed = bytes(poll.order_seed)
    if not seed:
        return list(options)
    return sorted(options, key=lambda option: ticket(seed, viewer, str(option.pk)))
