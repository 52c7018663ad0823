"""The secret of a local installation: made once, kept under ``var/``, readable by its owner alone."""

import os
import secrets
from pathlib import Path


def local_secret(var_dir: Path) -> str:
    """Return the secret kept in ``var_dir``; make it if there is none. Safe against two first starts at once."""
    path = var_dir / "secret_key"
    var_dir.mkdir(parents=True, exist_ok=True)
    candidate = path.with_name(f"secret_key.{os.getpid()}")
    if not path.exists():
        candidate.touch(mode=0o600)
        candidate.write_text(secrets.token_urlsafe(50))
        try:
            os.link(candidate, path)  # atomic: the first process wins, the others read its file
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text().strip()
