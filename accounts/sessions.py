"""Sessions in the database, which say on which day they began and not when, and whose they are by a number only.

A session that tells the second of a log-in tells, in a quiet vote, whose ballot was sealed then. One that tells the
e-mail would tell it after the account is erased, from each device that nobody logged out of.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.prepared import one_of, prepared

DAY = 86_400  # seconds
LOG_INS = "account_authentication_methods"  # allauth: how and when


class SessionStore(DatabaseSession):
    """Django's, with times to the day, without e-mails, and found by a prepared query."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = _sessions(self.model, key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Expires at the end of its day."""
        session = super().create_model_instance(_to_the_day(data))
        day = session.expire_date.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        session.expire_date = day + timedelta(days=1)
        return session


@prepared
def _sessions(model: Any, *, key: Any, now: Any) -> QuerySet[AbstractBaseSession]:
    return model.objects.filter(session_key=key, expire_date__gt=now)


def people_of(keys: Collection[str | None]) -> dict[str, User]:
    """Who is logged in by these sessions now: key -> person, as ``django.contrib.auth.get_user`` says it of one.

    Not there: what has expired or been logged out of, an account that is closed or has another password since.
    Two queries, however many.
    """
    store = SessionStore()
    rows = store.model.objects.filter(session_key__in=[key for key in keys if key], expire_date__gt=timezone.now())
    sessions = {row.session_key: store.decode(row.session_data) for row in rows}
    ids = {int(session[SESSION_KEY]) for session in sessions.values() if SESSION_KEY in session}
    people = {person.pk: person for person in User.objects.filter(pk__in=one_of(list(ids)), is_active=True)}
    hashes = {pk: person.get_session_auth_hash() for pk, person in people.items()}
    return {
        key: people[pk]
        for key, session in sessions.items()
        if (pk := int(session.get(SESSION_KEY, 0))) in people
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), hashes[pk])
    }


def forget_expired(now: datetime) -> int:
    """Delete the sessions that are over: nobody else does, where people do not log out."""
    return SessionStore().model.objects.filter(expire_date__lt=now).delete()[0]


def _to_the_day(data: dict[str, Any]) -> dict[str, Any]:
    if not data.get(LOG_INS):
        return data
    return {**data, LOG_INS: [_bare(log_in) for log_in in data[LOG_INS]]}


def _bare(log_in: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in log_in.items() if name != "email"}
    return {**kept, "at": _day(kept["at"])} if "at" in kept else kept


def _day(seconds: float) -> int:
    return int(datetime.fromtimestamp(seconds, UTC).timestamp()) // DAY * DAY
