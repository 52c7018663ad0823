"""The signed head of a log: a C2SP checkpoint, that is, a text of a few lines with a signature under it.

    asamblea.example/polls/12            which log
    4212                                 how many entries
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2…=   root of the tree over them, base64
    time 2026-11-21T20:51:49Z            an extension line of ours: when it was signed

    — asamblea.example Az3grlgtzPIC…     name of the key; base64 of its id (4 bytes) and the signature (64)

The format is shared with Go's checksum database and others (c2sp.org/tlog-checkpoint, c2sp.org/signed-note), so that
witnesses and verifiers of theirs can read our heads.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\u2014 "
TIME = "time "


class BadNote(ValueError):
    """A signed text that is not well formed, or not signed by any of the given keys."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public half of a signing key, under the name that stands before its signatures."""

    name: str
    public: bytes  # 32 bytes

    @property
    def id(self) -> bytes:
        """The four bytes that a signature names it by."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifyingKey":
        """From ``name+id+base64``, as it is published. Raises BadNote."""
        match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text)
        data = _unbase64(match[3]) if match else b""
        if match is None or len(data) != 33 or data[:1] != ED25519:
            raise BadNote("not an Ed25519 key")
        key = cls(match[1], data[1:])
        if key.id.hex() != match[2]:
            raise BadNote("the key's id is not its own")
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs. ``seed``: 32 secret bytes."""

    name: str
    seed: bytes

    @property
    def verifying(self) -> VerifyingKey:
        return VerifyingKey(self.name, self._private.public_key().public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"  # never the seed

    def signed(self, text: str) -> str:
        """``text`` (lines, each ended; no empty one) as a note with our signature."""
        if not text.endswith("\n") or "\n\n" in text or any(ord(sign) < 32 and sign != "\n" for sign in text):
            raise BadNote("not a text that can be signed")
        signature = self._private.sign(text.encode())
        line = base64.b64encode(self.verifying.id + signature).decode()
        return f"{text}\n{DASH}{self.name} {line}\n"


def opened(note: str, keys: Iterable[VerifyingKey]) -> tuple[str, VerifyingKey]:
    """The text of a signed note, and the key that signed it.

    Raises BadNote unless one of ``keys`` did. The first signature that names a known key decides.
    """
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    if not separator or not signatures.endswith("\n"):
        raise BadNote("no signature")
    known = {(key.name, key.id): key for key in keys}
    for name, key_id, signature in [_signature(line) for line in signatures[:-1].split("\n")]:
        key = known.get((name, key_id))
        if key is not None:
            if not key.verifies(text, signature):
                raise BadNote("a signature is wrong")
            return text, key
    raise BadNote("not signed by a known key")


def _signature(line: str) -> tuple[str, bytes, bytes]:
    """The key's name, its id and the signature."""
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    data = _unbase64(encoded)
    if not line.startswith(DASH) or not name or len(data) < 5:
        raise BadNote("a signature is not well formed")
    return name, data[:4], data[4:]


@dataclass(frozen=True, slots=True)
class Head:
    """The state of a log: which, how many entries, their root, and when that was."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        time = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{TIME}{time}\n"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Raises BadNote."""
        lines = text.split("\n")
        if len(lines) != 5 or lines[4] or not lines[0] or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
            raise BadNote("not a head")
        root = _unbase64(lines[2])
        if len(root) != 32 or not lines[3].startswith(TIME):
            raise BadNote("not a head")
        try:
            at = datetime.strptime(lines[3].removeprefix(TIME), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError as fault:
            raise BadNote("not a head") from fault
        return cls(lines[0], int(lines[1]), root, at)


def _unbase64(text: str) -> bytes:
    """Empty where it is none, or not in its one proper spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if base64.b64encode(data).decode() == text else b""
