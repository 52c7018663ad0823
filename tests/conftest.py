"""What every test has: see also ``tests/environment.py``, which their settings come from."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Let no throttle or cached page of one test be felt in the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def emptying_passes_the_triggers() -> Iterator[None]:
    """Let a transactional test empty the tables at its end, which the triggers on the ballots rightly refuse."""
    original = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        original(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield
