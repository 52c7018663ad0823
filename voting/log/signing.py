"""The installation's signing key: where it comes from, and that its public half is known for ever.

``SIGNING_KEY`` holds it (32 bytes, base64); a local installation makes one under ``var/``. After a change of keys the
old one, given as ``SIGNING_KEY_BEFORE``, signs its successor, so that whoever trusts the one can trust the other.
Public halves are at ``/polls/keys/``.
"""

import base64
import binascii
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from voting.ledger.note import SigningKey as PrivateKey
from voting.ledger.note import VerifyingKey
from voting.models import SigningKey

ENDORSES = "asamblea key rotation"


class BadKey(ValueError):
    """The setting is no key."""


def private_key() -> PrivateKey:
    """The key that signs now. Raises BadKey."""
    return _read(settings.SIGNING_KEY)


def signer() -> tuple[PrivateKey, SigningKey]:
    """The key that signs now, under the name by which it was first used, and its row: the site's address may change."""
    key = private_key()
    row = registered(key)
    return PrivateKey(row.name, key.seed), row


def host() -> str:
    """What our logs and our key are called after."""
    return urlsplit(settings.SITE_URL).netloc or "asamblea"


def registered(key: PrivateKey) -> SigningKey:
    """The row of the key's public half, made when the key is used for the first time."""
    row = SigningKey.objects.filter(public=key.verifying.public).first()
    if row is not None:
        return row
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO voting_signingkey (name, public, endorsement, created_at) "
            "VALUES (%s, %s, %s, clock_timestamp()) ON CONFLICT DO NOTHING",
            [key.name, key.verifying.public, _endorsement_of(key.verifying)],
        )
    return SigningKey.objects.get(public=key.verifying.public)


def _endorsement_of(key: VerifyingKey) -> str:
    if not settings.SIGNING_KEY_BEFORE:
        return ""
    return _read(settings.SIGNING_KEY_BEFORE).signed(f"{ENDORSES}\n{key}\n")


@lru_cache(maxsize=4)
def _read(text: str) -> PrivateKey:
    try:
        seed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != 32:
        raise BadKey("not 32 bytes in base64: `openssl rand -base64 32` makes them")
    return PrivateKey(host(), seed)
