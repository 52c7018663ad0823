"""The lot: a permutation of the options that is drawn once, before the count, and that anybody can draw again.

The seed is the SHA-256 of the root of the final seal's tree (32 bytes) followed by the poll's id in decimal digits.
Each option has a ticket, the SHA-256 of the seed (32 bytes) followed by the option's id; the lowest ticket comes first.
So nobody can know the draw while a ballot may still come, and nobody can choose it afterwards: each ballot changes the
root.
"""

from collections.abc import Iterable
from hashlib import sha256


def seed_of(root: bytes, poll: str) -> bytes:
    """root: of the final seal. poll: its id, as text."""
    return sha256(root + poll.encode()).digest()


def draw(seed: bytes, options: Iterable[str]) -> tuple[str, ...]:
    """All options in the order of their tickets.

    >>> draw(seed_of(bytes(32), "7"), ["1", "2", "3"])
    ('2', '1', '3')
    """
    return tuple(sorted(options, key=lambda option: (sha256(seed + option.encode()).digest(), option)))
