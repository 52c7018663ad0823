"""``wrong_clock/`` is no test: a server that is started with it has another time."""

from collections.abc import Iterator

import pytest

from tests.faults.voting import NO_LIMIT
from tests.servers import Site, running_site

collect_ignore = ["wrong_clock"]


# Started once for all the times that something else is killed: starting takes longer than the faults.
@pytest.fixture(scope="module")
def daphne(django_db_setup: None, django_db_blocker) -> Iterator[Site]:
    with django_db_blocker.unblock(), running_site(**NO_LIMIT) as site:
        yield site


@pytest.fixture
def staying(daphne: Site, transactional_db: None) -> Site:
    """A server that nobody kills, on the test database."""
    return daphne
