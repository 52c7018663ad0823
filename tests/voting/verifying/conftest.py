"""One export that is right, which tests copy and change."""

import pytest
from django.db import transaction

from tests.factories import make_poll
from tests.voting.verifying.logs import (
    BALLOTS,
    exported,
    vote_and_close,
)


@pytest.fixture(scope="module")
def right(tmp_path_factory, django_db_setup, django_db_blocker):
    """A whole export of a closed poll, with re-votes, a blank ballot, three heads and more, and an extension."""
    directory = tmp_path_factory.mktemp("right")
    with django_db_blocker.unblock(), transaction.atomic():
        poll = make_poll(method="approval", options=["Ceibo", "Tipa", "Lapacho"], max_choices=2)
        vote_and_close(poll, BALLOTS)
        exported(poll, directory)
        transaction.set_rollback(True)
    return directory
