"""Sessions in the database, which say on which day they began and not when.

A session that tells the second of a log-in tells, in a quiet vote, whose ballot was sealed then.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.utils import timezone

from accounts.prepared import prepared

DAY = 86_400  # seconds
LOG_INS = "account_authentication_methods"  # allauth: how and when


class SessionStore(DatabaseSession):
    """Django's, with times to the day, and found by a prepared query."""

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


def _to_the_day(data: dict[str, Any]) -> dict[str, Any]:
    if not data.get(LOG_INS):
        return data
    return {**data, LOG_INS: [{**each, "at": _day(each["at"])} if "at" in each else each for each in data[LOG_INS]]}


def _day(seconds: float) -> int:
    return int(datetime.fromtimestamp(seconds, UTC).timestamp()) // DAY * DAY
