"""Where files are kept: below ``MEDIA_ROOT``, under names of ours. Written before the transaction that names them
ends, and taken away again if it fails; deleted only after the transaction that forgets them has ended.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

DIGEST_LENGTH = 16  # hexadecimal digits of the SHA-256 that stand in an address


def digest_of(content: bytes) -> str:
    """What names a content in its address, so that an address never changes what it means."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]


class Keeper:
    """Writes files, and remembers which."""

    def __init__(self, folder: str):
        self.folder = folder
        self.written: list[str] = []

    def keep(self, content: bytes, suffix: str) -> str:
        """Write a file; return the name by which ``read`` finds it. The name tells nothing about the file."""
        token = secrets.token_hex(16)
        name = f"{self.folder}/{token[:2]}/{token}.{suffix}"
        self.written.append(name)  # before: what a full disk leaves of a file goes, too
        default_storage.save(name, ContentFile(content))
        return name


@contextmanager
def keeping(folder: str) -> Iterator[Keeper]:
    """A transaction in which files are written too: where it fails, neither rows nor files stay."""
    keeper = Keeper(folder)
    try:
        with transaction.atomic():
            yield keeper
    except BaseException:
        discard(keeper.written)
        raise


def read(name: str) -> bytes:
    """The content of a file. Raises FileNotFoundError where somebody has taken it away."""
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def discard(names: Iterable[str]) -> None:
    for name in names:
        if name:
            default_storage.delete(name)


def discard_after_commit(names: Iterable[str]) -> None:
    """Delete files that no row will name any more once this transaction has ended."""
    transaction.on_commit(partial(discard, list(names)))
