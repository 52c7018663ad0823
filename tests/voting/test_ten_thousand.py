"""Many voters at once through several server processes, with re-votes and repeated requests, in three methods.

``make crowd`` is the whole: CASTS=10000 VOTERS=500 PROCESSES=4. Here it is small.
"""

import http.client
import json
import os
import random
import threading
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.factories import UserFactory, make_poll
from tests.faults.voting import NO_LIMIT, TOKEN, id_of, verify_and_close
from tests.servers import running_site
from tests.voting.test_consumers import cookie_of
from voting.ballots.folding import fold
from voting.ledger.tree import verify_consistency
from voting.log.reading import consistency, head_of
from voting.models import Ballot, Leaf, Opening, Poll, Seal, Tally

CASTS = int(os.environ.get("CASTS", "240"))
VOTERS = int(os.environ.get("VOTERS", "12"))
PROCESSES = int(os.environ.get("PROCESSES", "2"))
AT_ONCE = int(os.environ.get("AT_ONCE", "16"))
REPEATED = 0.05  # of the requests are sent again under the same key, as after a lost answer

METHODS = {
    "for_against_abstain": {},
    "single_choice": {"options": ["Ceibo", "Tipa", "Lapacho"]},
    "approval": {"options": ["Ceibo", "Tipa", "Lapacho"], "max_choices": 2},
}


@pytest.mark.django_db(transaction=True)
def test_every_cast_is_in_the_log_one_stands_for_each_voter_and_the_heads_are_of_one_log():
    polls = [make_poll(method=method, question=method, **fields) for method, fields in METHODS.items()]
    options = {poll.pk: [str(option.pk) for option in poll.options.all()] for poll in polls}
    cookies = [cookie_of(user)[0][1] for user in UserFactory.create_batch(VOTERS)]
    with ExitStack() as servers:
        urls = [servers.enter_context(running_site(**NO_LIMIT)).url for _ in range(PROCESSES)]
        began = time.perf_counter()
        statuses, received = cast_at_once(polls, options, cookies, urls)
        seconds = time.perf_counter() - began
    print(f"{CASTS} casts by {VOTERS} voters, {PROCESSES} processes: {seconds:.0f} s, {dict(statuses)}")

    assert statuses.keys() == {201}  # no 5xx, nor anything else
    assert Ballot.objects.count() == len(received) == CASTS  # a repeated request is no second ballot
    assert Ballot.objects.filter(revision__gt=1).exists()
    for poll in polls:
        fold(poll.pk)
        check(poll, received)
        verify_and_close(poll)


def cast_at_once(polls, options, cookies, urls):
    """Returns how often each status was answered, and the choices of every ballot that was received, by its id."""
    statuses, received = Counter(), {}
    left, guard = iter(range(CASTS)), threading.Lock()
    faults = []

    def vote(number):
        chance = random.Random(number)
        servers = {url: http.client.HTTPConnection(urlsplit(url).netloc, timeout=60) for url in urls}
        try:
            while next_one(left, guard) is not None:
                poll = chance.choice(polls)
                most = 2 if poll.method == "approval" else 1
                chosen = chance.sample(options[poll.pk], chance.randint(0, most))
                cookie, key = chance.choice(cookies), uuid.uuid4().hex
                answers = []
                for _ in range(2 if chance.random() < REPEATED else 1):
                    url = chance.choice(urls)
                    answers.append(post(servers[url], poll, cookie, key, dict.fromkeys(chosen, 1)))
                with guard:
                    statuses.update(status for status, _ in answers)
                    received.update({id_of(answer): (poll.pk, chosen) for status, answer in answers if status == 201})
        except BaseException as fault:
            faults.append(fault)
        finally:
            for connection in servers.values():
                connection.close()

    threads = [threading.Thread(target=vote, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return statuses, received


def next_one(left, guard):
    with guard:
        return next(left, None)


def post(connection, poll, cookie, key, choices):
    headers = {
        "Cookie": f"{cookie}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    connection.request("POST", f"/api/v1/polls/{poll.pk}/ballot/", json.dumps({"choices": choices}), headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"{}")


def check(poll: Poll, received):
    mine = {pk: chosen for pk, (poll_id, chosen) in received.items() if poll_id == poll.pk}
    in_log = [str(pk) for pk in Leaf.objects.filter(poll=poll, ballot__isnull=False).values_list("ballot", flat=True)]
    assert sorted(in_log) == sorted(mine)
    numbers = list(Leaf.objects.filter(poll=poll).values_list("number", flat=True))
    assert numbers == list(range(len(mine) + 1))

    standing = {bytes(b.pseudonym): str(b.pk) for b in Ballot.objects.filter(poll=poll).order_by("revision")}
    opened = Opening.objects.filter(ballot__poll=poll).values_list("pk", "choices")
    openings = {str(pk): choices for pk, choices in opened}
    assert openings.keys() == set(standing.values())
    assert {pk: sorted(choices) for pk, choices in openings.items()} == {pk: sorted(mine[pk]) for pk in openings}
    recount = Counter(option for choices in openings.values() for option in choices)
    tally = Tally.objects.get(poll=poll).counted
    assert {option: number for option, number in tally["counts"].items() if number} == recount
    assert (tally["voters"], tally["blank"]) == (len(openings), sum(not choices for choices in openings.values()))

    heads = [head_of(seal) for seal in Seal.objects.filter(poll=poll).order_by("number")]
    last = heads[-1]
    for head in random.Random(1).sample(heads, min(len(heads), 20)):
        proof = consistency(poll, head.size, last.size)
        assert verify_consistency(head.size, last.size, head.root, last.root, proof)
