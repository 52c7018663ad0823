"""Statements that go in one round trip are one transaction, of their own where none is open."""

import pytest
from django.db import DataError, connection, transaction

from tests.factories import make_poll
from voting.ballots import pipeline
from voting.ballots.locks import locks_of_a_cast
from voting.models import Poll

LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
NAME = "UPDATE voting_poll SET question = %s WHERE id = %s"
BREAK = ("SELECT 1 / %s::int", [0])


@pytest.mark.django_db(transaction=True)
def test_the_locks_of_a_cast_are_held_until_its_last_statement_stands_and_no_longer():
    assert not connection.in_atomic_block
    assert pipeline.run(locks_of_a_cast(7, b"12345678"), (LOCKS, []))[1] == (2,)
    assert pipeline.run((LOCKS, []))[0] == (0,)


@pytest.mark.django_db(transaction=True)
def test_where_one_of_them_fails_none_of_them_was_done_and_the_connection_goes_on():
    poll = make_poll(question="¿Ceibos?")
    with pytest.raises(DataError):
        pipeline.run((NAME, ["¿Tipas?", poll.pk]), BREAK)
    assert Poll.objects.get(pk=poll.pk).question == "¿Ceibos?"
    pipeline.run((NAME, ["¿Tipas?", poll.pk]), ("SELECT 1", []))
    assert Poll.objects.get(pk=poll.pk).question == "¿Tipas?"


@pytest.mark.django_db(transaction=True)
def test_in_a_transaction_that_is_open_they_stand_with_it_or_not_at_all():
    poll = make_poll(question="¿Ceibos?")
    with pytest.raises(DataError), transaction.atomic():
        pipeline.run((NAME, ["¿Tipas?", poll.pk]))
        pipeline.run(BREAK)
    assert Poll.objects.get(pk=poll.pk).question == "¿Ceibos?"
