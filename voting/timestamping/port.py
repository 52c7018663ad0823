"""What a time-stamping service offers, and the choice of one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Json = Mapping[str, Any]


class StampFailed(Exception):
    """The service did not answer, or not as it should. Tried again later."""


@dataclass(frozen=True)
class Stamp:
    """``data``: what proves it, ready for JSON, kept with the head. ``at``: None while the service has not decided."""

    service: str
    data: dict[str, Any]
    at: datetime | None


class Service(Protocol):
    """A service that stamps SHA-256 digests."""

    name: str

    def stamp(self, digest: bytes) -> Stamp:
        """Ask for a stamp. Raises StampFailed."""

    def complete(self, digest: bytes, stamp: Stamp) -> Stamp:
        """Ask again for a stamp that has no time yet; the same one if it still has none. Raises StampFailed."""

    def is_valid(self, digest: bytes, stamp: Stamp) -> bool:
        """Whether the stamp is one of this digest."""


def digest_of(head: str) -> bytes:
    """What is stamped of a signed head: SHA-256 of its note."""
    return hashlib.sha256(head.encode()).digest()


class NoService:
    """Stamps nothing."""

    name = "none"

    def stamp(self, digest: bytes) -> Stamp:
        raise StampFailed("no time-stamping service is set")

    def complete(self, digest: bytes, stamp: Stamp) -> Stamp:
        return stamp

    def is_valid(self, digest: bytes, stamp: Stamp) -> bool:
        return False
