"""Where e-mail goes in a demonstration: files below ``var/``, shown at /demo/mail/. Never in production.

Codes to log in are among them, so whoever reads the page can be anybody: it exists only where ``DEMO_MAILBOX`` is on,
which no environment variable turns on in production (``config/settings.py``).
"""

import email
import email.policy
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage as Mail
from django.core.mail.backends.base import BaseEmailBackend

KEPT = 200  # e-mails


@dataclass(frozen=True)
class Letter:
    """An e-mail as the page shows it; ``headers`` are those that say how to leave."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str
    headers: dict[str, str]


class Mailbox(BaseEmailBackend):
    """Writes each e-mail to a file of its own. Several processes may."""

    def send_messages(self, email_messages: Sequence[Mail]) -> int:
        folder().mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            path = folder() / f"{time.time_ns()}.eml"
            path.with_suffix(".part").write_bytes(mail.message().as_bytes())
            path.with_suffix(".part").rename(path)
        for old in _paths()[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def folder() -> Path:
    return Path(settings.VAR_DIR) / "mail"


def letters() -> list[Letter]:
    """The newest first."""
    return [letter for path in _paths() if (letter := _read(path)) is not None]


def letter(name: str) -> Letter | None:
    return _read(folder() / f"{name}.eml") if re.fullmatch(r"\d+", name) else None


def _paths() -> list[Path]:
    return sorted(folder().glob("*.eml"), key=lambda path: path.stem, reverse=True)


def _read(path: Path) -> Letter | None:
    try:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    except FileNotFoundError:
        return None
    assert isinstance(message, EmailMessage)
    return Letter(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])).replace(tzinfo=UTC),  # Django writes -0000
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers={name: str(message[name]) for name in ("List-Unsubscribe", "List-Unsubscribe-Post") if message[name]},
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
