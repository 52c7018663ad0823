import pytest

from tests.accounts.notices.telling import MailServer
from tests.factories import UserFactory, make_consultation


@pytest.fixture
def ana():
    """Gets her e-mail once a day, as everybody who has not chosen."""
    return UserFactory(name="Ana", email="ana@example.org", language="en")


@pytest.fixture
def trees():
    return make_consultation(title="Plan de arbolado")


@pytest.fixture
def mail_server(settings):
    """What goes wrong with the next e-mails: a list to fill."""
    settings.EMAIL_BACKEND = "tests.accounts.notices.telling.MailServer"
    MailServer.faults = []
    return MailServer.faults
