"""Who and what the tests of the pages start from."""

import pytest

from tests.factories import (
    UserFactory,
    make_poll,
)


@pytest.fixture
def poll():
    return make_poll()


@pytest.fixture
def rosa(client):
    """A voter who is logged in."""
    person = UserFactory(name="Rosa")
    client.force_login(person)
    return person
