"""The secrets of a local installation: made once, kept under ``var/``, readable by their owner alone."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def local_secret(var_dir: Path) -> str:
    """Django's secret key."""
    return _kept(var_dir / "secret_key", lambda: secrets.token_urlsafe(50))


def local_signing_key(var_dir: Path) -> str:
    """The key that signs the ballot log: 32 bytes, base64."""
    return _kept(var_dir / "signing_key", lambda: base64.b64encode(secrets.token_bytes(32)).decode())


def is_signing_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def _kept(path: Path, make: Callable[[], str]) -> str:
    """What ``path`` holds; made if there is none. Safe against two first starts at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        candidate.touch(mode=0o600)
        candidate.write_text(make())
        try:
            os.link(candidate, path)  # atomic: the first process wins, the others read its file
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text().strip()
