"""What a time-stamping service offers, and the choice of one."""

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
    """A service that stamps the SHA-256 of a note: of a signed head, as bytes."""

    name: str

    def stamp(self, note: bytes) -> Stamp:
        """Ask for a stamp. Raises StampFailed."""

    def complete(self, note: bytes, stamp: Stamp) -> Stamp:
        """Ask again for a stamp that has no time yet; the same one if it still has none. Raises StampFailed."""

    def is_valid(self, note: bytes, stamp: Stamp) -> bool:
        """Whether the stamp is one of this note."""


class NoService:
    """Stamps nothing."""

    name = "none"

    def stamp(self, note: bytes) -> Stamp:
        raise StampFailed("no time-stamping service is set")

    def complete(self, note: bytes, stamp: Stamp) -> Stamp:
        return stamp

    def is_valid(self, note: bytes, stamp: Stamp) -> bool:
        return False
