"""The bytes of each thing that stands in a log. Entry 0 is the manifest; each ballot has the number of its place.

Every entry is one line of canonical JSON (RFC 8785 for what we use of it: strings, whole numbers, lists, objects): keys
sorted, no spaces, UTF-8. Hashes stand in lower-case hexadecimal.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

MANIFEST = "manifest"
BALLOT = "ballot"
AMENDMENT = "amendment"
PAPER = "paper"
CLOSE = "close"


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no spaces, so that the same data are the same bytes.

    >>> canonical({"b": 1, "a": "ñ"}).decode()
    '{"a":"ñ","b":1}'
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def ballot_entry(
    ballot_id: str, voter: bytes, revision: int, commitment: bytes, weight: int = 1, is_paper: bool = False
) -> bytes:
    """A ballot, whose voter stands behind a pseudonym and whose choices stand behind a commitment."""
    return canonical({"kind": BALLOT, **ballot_data(ballot_id, voter, revision, commitment, weight, is_paper)})


def ballot_data(
    ballot_id: str, voter: bytes, revision: int, commitment: bytes, weight: int, is_paper: bool
) -> dict[str, Any]:
    """What an entry says of a ballot. A weight stands there only where it is not 1, and paper where it was on paper."""
    data: dict[str, Any] = {
        "id": ballot_id,
        "voter": voter.hex(),
        "revision": revision,
        "commitment": commitment.hex(),
    }
    return data | ({} if weight == 1 else {"weight": weight}) | ({"paper": True} if is_paper else {})


def statement_entry(kind: str, log: str, body: Mapping[str, Any]) -> bytes:
    """The rules of the poll, a change of them, what came in on paper, or that it ended."""
    return canonical({"kind": kind, "log": log, **body})


def commitment_of(salt: bytes, data: Any) -> bytes:
    """SHA-256 of the salt (32 bytes) followed by the canonical data."""
    return hashlib.sha256(salt + canonical(data)).digest()


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hexadecimal: a manifest names a label by it, for a label may have to be hidden one day."""
    return hashlib.sha256(text.encode()).hexdigest()
