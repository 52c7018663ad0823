"""From letters to the mail server: at least once each, whatever dies meanwhile.

A worker claims a letter (one attempt more, not to be tried again before ``try_at``; committed), hands it to the mail
server, then marks it sent. One that dies before the server has it loses nothing: the letter is tried again. One that
dies in the instant after the server took it and before the mark sends it twice, under the same Message-ID, by which
mail programs know a double. There is no exactly-once with SMTP.
"""

import logging
import time
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.core.mail import get_connection
from django.db import transaction

from accounts.models import Letter
from accounts.notices.mails import NothingToSay, mail_of

logger = logging.getLogger(__name__)

LETTERS_AT_A_TIME = 100
# How long to wait after each attempt: the first is the lease too, so longer than a mail server may take.
PAUSES = [timedelta(minutes=minutes) for minutes in (5, 20, 60, 240, 720, 720, 720)]
FAILURES_IN_A_ROW = 3  # of one connection after another: it is the server, not the letters


class Rest:
    """How long this process leaves a mail server alone that does not answer: from half a minute to ten."""

    def __init__(self) -> None:
        self.failures, self.until = 0, 0.0

    def is_on(self) -> bool:
        return time.monotonic() < self.until

    def begin(self) -> None:
        self.failures += 1
        self.until = time.monotonic() + min(30 * 2 ** (self.failures - 1), 600)

    def end(self) -> None:
        self.failures, self.until = 0, 0.0


rest = Rest()


def send_letters(now: datetime) -> bool:
    """Send those whose time has come, at most LETTERS_AT_A_TIME. True if there may be more.

    A server that does not answer costs no letter an attempt: nothing is claimed before there is a connection.
    """
    if rest.is_on() or not _waiting(now).exists():
        return False
    server = get_connection()
    try:
        server.open()
    except (OSError, SMTPException) as error:
        rest.begin()
        logger.error("The mail server does not answer, letters wait: %s", error)
        return False
    rest.end()
    try:
        return _send_with(server, now)
    finally:
        server.close()


def _send_with(server: Any, now: datetime) -> bool:
    failures = 0
    for _ in range(LETTERS_AT_A_TIME):
        letter = claim(now)
        if letter is None:
            return False
        try:
            if not _send(letter, server, now):
                continue
            failures = 0
        except (OSError, SMTPException) as error:  # OSError: the line is dead
            failures += 1
            fail(letter, error, now)
            _reconnect(server)
            if failures == FAILURES_IN_A_ROW:
                rest.begin()
                return False
        except Exception as error:  # a letter that cannot be made: it must not keep the others
            logger.exception("%s cannot be made", letter)
            fail(letter, error, now)
    return True


def claim(now: datetime) -> Letter | None:
    """The letter that has waited longest, for this worker alone until ``try_at``."""
    with transaction.atomic():
        letter = _waiting(now).select_for_update(skip_locked=True).order_by("try_at", "pk").first()
        if letter is not None:
            letter.try_at = now + PAUSES[min(letter.attempts, len(PAUSES) - 1)]
            letter.attempts += 1
            letter.save(update_fields=["attempts", "try_at"])
    return letter


def _waiting(now: datetime) -> Any:
    return Letter.objects.filter(sent_at__isnull=True, dropped_at__isnull=True, try_at__lte=now)


def _send(letter: Letter, server: Any, now: datetime) -> bool:
    """False where there was nothing to send: the letter is dropped."""
    try:
        mail = mail_of(letter, now)
    except NothingToSay as reason:
        drop(letter, str(reason), now)
        return False
    mail.connection = server
    mail.send()
    letter.sent_at = now
    letter.save(update_fields=["sent_at"])
    return True


def fail(letter: Letter, error: Exception, now: datetime) -> None:
    """After the last attempt, or when the server says that there is no such address, give up."""
    is_refused = isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _ in error.recipients.values())
    if is_refused or letter.attempts >= len(PAUSES):
        logger.error("%s is given up after %s attempts: %s", letter, letter.attempts, type(error).__name__)
        drop(letter, type(error).__name__, now)


def drop(letter: Letter, reason: str, now: datetime) -> None:
    letter.dropped_at, letter.dropped_because = now, reason[:60]
    letter.save(update_fields=["dropped_at", "dropped_because"])


def _reconnect(server: Any) -> None:
    try:
        server.close()
        server.open()
    except (OSError, SMTPException):
        logger.warning("The mail server has hung up.")
