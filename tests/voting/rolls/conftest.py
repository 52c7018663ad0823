import pytest

from accounts.models import Role
from tests.factories import make_agency, make_consultation, make_poll, member
from voting.rolls.loading import load, stage

LIST = """email;documento;distrito;referencia
ana@example.org;;Norte;
;12.345.678;Sur;A-7
luz@example.org;20-22333444-0;;
"""


@pytest.fixture
def agency(db):
    return make_agency("Salud")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def poll(agency):
    """An open poll without a roll."""
    return make_poll(make_consultation(agency, now_in="voting"))


def put_on(poll, people, **given):
    """Load a list; the poll as it is then."""
    upload = stage(consultation=poll.consultation, content=people, actor=None)
    load(upload=upload, actor=None, **given)
    return again(poll)


def again(poll):
    return type(poll).objects.select_related("consultation", "phase", "electoral_roll").get(pk=poll.pk)


@pytest.fixture
def rolled(poll):
    """An open poll with ana@example.org, luz@example.org (with a CUIL) and DNI 12.345.678 on its roll."""
    return put_on(poll, LIST)


@pytest.fixture
def roll(rolled):
    return rolled.electoral_roll
