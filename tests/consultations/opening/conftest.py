import pytest

from accounts.models import Role
from tests.factories import make_agency, member


@pytest.fixture
def agency(db):
    return make_agency("Obras")


@pytest.fixture
def editor(client, agency):
    """Somebody who opens consultations for Obras, logged in."""
    person = member(agency, Role.EDITOR)
    client.force_login(person)
    return person
