"""The shapes of a ballot in the log: pseudonym, salt, commitment. Pure."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping


def pseudonym_of(voter: int | str, key: bytes) -> bytes:
    """HMAC-SHA256 of the voter under the poll's secret, 32 bytes: the same voter, the same poll, the same value.

    voter: the account's id; on an electoral roll the entry, as ``rolls.eligible.name_of_entry`` says it.
    """
    return hmac.digest(key, str(voter).encode(), "sha256")


def account_mark(account: int, key: bytes) -> bytes:
    """HMAC-SHA256 of the account under the poll's secret, 16 bytes: which account cast a ballot, or keeps a draft.

    A roll's entry, and the pseudonym with it, may come to another account: what was chosen is only for whoever chose
    it. No account's mark is ever a pseudonym.
    """
    return hmac.digest(key, f"account {account}".encode(), "sha256")[:16]


def new_salt() -> bytes:
    return secrets.token_bytes(32)


def canonical(choices: Mapping[str, int]) -> bytes:
    """The choices as bytes: JSON with sorted keys and no spaces, so that the same choices are the same bytes."""
    return json.dumps(dict(choices), sort_keys=True, separators=(",", ":")).encode()


def commitment_of(salt: bytes, choices: Mapping[str, int]) -> bytes:
    """SHA-256 of the salt (32 bytes) followed by the canonical choices."""
    return hashlib.sha256(salt + canonical(choices)).digest()
