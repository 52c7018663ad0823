"""manage.py fold: counts what waits and closes what is due, and says so."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories import UserFactory, choose, make_poll
from tests.servers import CLONE, database_url
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.models import Poll, QueuedBallot, Seal

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


def hear_ctrl_c() -> None:
    """A shell that starts the tests in the background has them, and what they start, ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_in_a_loop_a_process_of_its_own_counts_at_once_what_is_cast(transactional_db):
    environment = {**os.environ, "DATABASE_URL": database_url()}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "fold", "--loop"],
        cwd=CLONE,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
    )
    try:
        assert process.stdout.readline() == "Counts what is cast, until Ctrl-C.\n"
        poll = make_poll()
        for number in (1, 2):
            cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
            end_of_waiting = time.monotonic() + 20
            while not Seal.objects.filter(poll=poll, number=number).exists():
                assert time.monotonic() < end_of_waiting
                time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "Ended.\n"
    finally:
        process.kill()
