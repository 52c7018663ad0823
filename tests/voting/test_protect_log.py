"""A server whose role owns nothing casts, folds and closes, and cannot touch the log."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests.factories import UserFactory, choose, make_poll
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.models import Ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_server():
    """From here on, as a role with no more than the command grants. Rolled back with the test."""
    said = StringIO()
    call_command("protect_log", "asamblea_server", stdout=said)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE asamblea_server")
        cursor.execute(said.getvalue())

    def begin():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL ROLE asamblea_server")

    yield begin
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_it_votes_counts_and_closes_and_the_log_is_out_of_its_reach(as_server):
    poll, voter = make_poll(), UserFactory()
    as_server()
    for side in ("for", "against"):
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, side))
        fold(poll.pk)
    for statement in (
        "DELETE FROM voting_leaf",
        "UPDATE voting_seal SET number = 9",
        "TRUNCATE voting_ballot CASCADE",
        "UPDATE voting_opening SET choices = '{}'",
        "ALTER TABLE voting_ballot DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ):
        refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert close_if_due(end(poll)).is_closed
    assert Ballot.objects.count() == 2


def test_a_name_that_is_none_is_refused():
    with pytest.raises(CommandError):
        call_command("protect_log", "a; DROP TABLE voting_ballot")
