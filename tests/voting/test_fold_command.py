"""manage.py fold: counts what waits and closes what is due, and says so."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories import UserFactory, choose, make_poll
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.management.commands import fold as command
from voting.models import Poll, QueuedBallot

pytestmark = pytest.mark.django_db


def fold(*arguments):
    said = StringIO()
    call_command("fold", *arguments, stdout=said)
    return said.getvalue()


def test_it_counts_what_waits_in_every_poll_and_closes_what_is_due():
    waiting, due = make_poll(), make_poll()
    make_poll()  # nobody votes in it
    for _ in range(2):
        cast_ballot(poll=waiting, voter=UserFactory(), choices=choose(waiting, "for"))
    end(due)

    assert fold() == f"Poll {waiting.pk}: sealed up to ballot 2.\nPoll {due.pk}: closed.\n"
    assert not QueuedBallot.objects.exists()
    assert list(Poll.objects.filter(closed_at__isnull=False)) == [due]


def test_with_nothing_to_do_it_says_nothing():
    make_poll()
    assert fold() == ""


def test_in_a_loop_it_looks_again_every_second_until_it_is_ended(monkeypatch):
    poll = make_poll()
    seconds = []

    def sleep(length):
        seconds.append(length)
        if len(seconds) == 2:
            raise KeyboardInterrupt
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))

    monkeypatch.setattr(command.time, "sleep", sleep)
    assert fold("--loop") == f"Poll {poll.pk}: sealed up to ballot 1.\nEnded.\n"
    assert seconds == [1, 1]
