"""Keyed hashes: what stands on a roll in place of a document number, an e-mail or a code.

There are fewer document numbers than a laptop hashes in a minute, so a plain hash would hide none. These are keyed with
a secret of the installation (``ROLL_SECRET``), and tied to one consultation: two rolls cannot be laid side by side.
"""

import hmac
import secrets

from django.conf import settings

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that a reader of a letter mistakes for another
GROUPS, LETTERS = 4, 4  # 30 ** 16: nobody guesses one


def email_key(consultation_id: int, email: str) -> bytes:
    """32 bytes. ``email`` as ``reading`` gives it: in lower case."""
    return _keyed("email", str(consultation_id), email)


def document_key(consultation_id: int, document: str) -> bytes:
    """32 bytes. ``document`` as ``documents.identity_of`` gives it."""
    return _keyed("document", str(consultation_id), document)


def code_key(code: str) -> bytes:
    """32 bytes. ``code`` as ``plain_code`` gives it. The same for all rolls: a code says itself which it is for."""
    return _keyed("code", code)


def new_code() -> str:
    """ "XXXX-XXXX-XXXX-XXXX"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def plain_code(typed: str) -> str:
    """A code as typed, without what people put between; empty where it cannot be one."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    is_one = len(code) == GROUPS * LETTERS and set(code) <= set(ALPHABET)
    return code if is_one else ""


def _keyed(*parts: str) -> bytes:
    """Each part with its length before it, so that no two lists of parts are the same text."""
    text = "".join(f"{len(part)}:{part}" for part in ("asamblea roll 1", *parts))
    return hmac.digest(settings.ROLL_SECRET.encode(), text.encode(), "sha256")
