"""Who and what the tests of the pages start from."""

import pytest

from tests.factories import (
    UserFactory,
    make_poll,
)
from tests.voting.authority import make_authority


@pytest.fixture
def poll():
    return make_poll()


@pytest.fixture
def rosa(client):
    """A voter who is logged in."""
    person = UserFactory(name="Rosa")
    client.force_login(person)
    return person


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A time-stamping authority of our own; its directory."""
    return make_authority(tmp_path_factory.mktemp("tsa"))
