"""Authors as numbers: who wrote what can be followed within one consultation, and not from one to the next.

HMAC-SHA256 under a key from SECRET_KEY, in Python for the API and in SQL for exports: both give the same.
"""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler

_BLOCK = 64  # bytes, of SHA-256
_LENGTH = 12  # hexadecimal digits: 48 bits, of which 200,000 authors meet by chance once in 14,000 consultations


def author_number(consultation_id: int, user_id: int | None) -> str | None:
    """The number of an author in one consultation, "p" and 12 digits. None where there is no author."""
    if user_id is None:
        return None
    return "p" + hmac.digest(_key(), f"{consultation_id}:{user_id}".encode(), "sha256").hex()[:_LENGTH]


class AuthorNumber(Func):
    """``author_number`` in SQL: of a consultation's id and a user's. The letter keeps spreadsheets from reading 1e5."""

    output_field = TextField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **context: Any) -> Any:
        consultation, consultation_params = compiler.compile(self.source_expressions[0])
        user, user_params = compiler.compile(self.source_expressions[1])
        key = _key().ljust(_BLOCK, b"\0")
        inner, outer = bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)
        message = f"convert_to({consultation}::text || ':' || {user}::text, 'UTF8')"
        digest = f"sha256(%s::bytea || sha256(%s::bytea || {message}))"
        sql = f"'p' || left(encode({digest}, 'hex'), {_LENGTH})"
        return sql, [outer, inner, *consultation_params, *user_params]


def _key() -> bytes:
    return hashlib.sha256(b"authors of a consultation:" + settings.SECRET_KEY.encode()).digest()
