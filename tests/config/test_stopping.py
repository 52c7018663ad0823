"""A server that is told to stop does, though a request waits for what does not come; and what it says stays true."""

import signal
import threading

import pytest
from django.db import connection, transaction

from consultations.locks import lock_poll
from tests.factories import UserFactory, choose, make_poll
from tests.faults.voting import Crowd
from tests.servers import running_site
from tests.voting.test_consumers import cookie_of
from voting.models import Ballot


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_told_to_stop_while_somebody_casts_ends_by_itself_and_counts_nothing_unanswered():
    poll, voter = make_poll(), UserFactory()
    ((_, cookie),) = cookie_of(voter)
    answers = []

    def cast(url):
        try:
            answers.append(Crowd(poll, [])._post(url, cookie, "one", choose(poll, "for"))[0])
        except OSError as error:
            answers.append(error)

    with running_site() as site:
        with transaction.atomic():
            lock_poll(poll.pk)
            waiting = threading.Thread(target=cast, args=[site.url], daemon=True)
            waiting.start()
            while not _waits_for_a_lock():
                waiting.join(0.05)
            site.process.send_signal(signal.SIGTERM)
            assert site.process.wait(60) == 0
        waiting.join(60)
    assert not isinstance(answers[0], int)
    assert not Ballot.objects.exists()


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]
