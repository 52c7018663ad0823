"""People who vote over HTTP and remember what they were told; and what must hold of the log afterwards."""

import http.client
import io
import json
import os
import random
import threading
import time
import uuid
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from consultations.clock import database_now
from consultations.models import Phase
from tests.factories import UserFactory
from tests.voting.test_consumers import cookie_of
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.ledger.verify import verify
from voting.log.export import write_log
from voting.models import Ballot, Leaf, Opening, Poll, Tally

TIMES = int(os.environ.get("FAULT_TIMES", "1"))
VOTERS = int(os.environ.get("FAULT_VOTERS", "6"))
SOME = int(os.environ.get("FAULT_BALLOTS", "15"))
PATIENCE = 180  # seconds for what is done in one where the machine has nothing else to do
NO_LIMIT = {"API_RATE_USER": "1000000/min"}
TOKEN = "t" * 32


@dataclass
class Crowd:
    """Voters who cast again and again at ``urls``, until told to stop. ``received``: ballots that were answered."""

    poll: Poll
    urls: list[str]
    voters: int = 8
    received: list[dict] = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Crowd":
        self.options = [str(option.pk) for option in self.poll.options.all()]
        for user in UserFactory.create_batch(self.voters):
            ((_, cookie),) = cookie_of(user)
            thread = threading.Thread(target=self._vote, args=(cookie, user.pk), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        assert not [thread for thread in self._threads if thread.is_alive()]

    def wait_for(self, number: int, seconds: float = PATIENCE) -> None:
        """Until so many more ballots were answered."""
        wanted, end = len(self.received) + number, time.monotonic() + seconds
        while len(self.received) < wanted:
            assert time.monotonic() < end, (len(self.received), wanted, self.statuses)
            time.sleep(0.01)

    def _vote(self, cookie: str, voter: int) -> None:
        chance = random.Random(voter)
        key, choices = "", {}
        while not self._stop.is_set():
            if not key:  # a new ballot; after a lost answer the same one again, under the same key
                key, choices = uuid.uuid4().hex, {chance.choice(self.options): 1}
            try:
                status, answer = self._post(chance.choice(self.urls), cookie, key, choices)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            self.statuses[status] += 1
            if status == 201:
                self.received.append({"voter": voter, "choices": choices, **answer})
            if status < 500:
                key = ""

    def _post(self, url: str, cookie: str, key: str, choices: dict) -> tuple[int, dict]:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        headers = {
            "Cookie": f"{cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            path = f"/api/v1/polls/{self.poll.pk}/ballot/"
            connection.request("POST", path, json.dumps({"choices": choices}), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()


def id_of(received: dict) -> str:
    """The ballot's id stands in the address of its receipt."""
    return received["receipt"].split("/")[-2]


def assert_nothing_is_lost(poll: Poll, received: list[dict]) -> None:
    """Every ballot that was answered is in the log exactly once, one stands for each voter, tally equals recount."""
    while fold(poll.pk):
        pass
    in_log = Counter(
        str(pk) for pk in Leaf.objects.filter(poll=poll, ballot__isnull=False).values_list("ballot", flat=True)
    )
    answered = Counter(id_of(ballot) for ballot in received)
    assert not answered.keys() - in_log.keys(), "lost"
    assert set(in_log.values()) <= {1} and set(answered.values()) <= {1}
    assert len(in_log) == Ballot.objects.filter(poll=poll).count()

    standing = {}
    for ballot in Ballot.objects.filter(poll=poll).order_by("revision"):
        standing[bytes(ballot.pseudonym)] = ballot.pk
    openings = dict(Opening.objects.filter(ballot__poll=poll).values_list("ballot", "choices"))
    assert openings.keys() == set(standing.values())
    counts = Counter(option for choices in openings.values() for option in choices)
    tally = Tally.objects.get(poll=poll).counted
    assert tally["counts"] == {**dict.fromkeys(tally["counts"], 0), **counts}
    assert tally["voters"] == len(standing)


def verify_and_close(poll: Poll) -> None:
    """The verifier of the export finds nothing wrong in the log; and the close changes nothing of the tally."""
    file = io.BytesIO()
    write_log(Poll.objects.select_related("phase").get(pk=poll.pk), file, user=None, address="")
    with TemporaryDirectory() as directory:
        zipfile.ZipFile(file).extractall(directory)
        said = verify(Path(directory))
    assert f"{Ballot.objects.filter(poll=poll).count()} ballots" in " ".join(said)
    before = Tally.objects.get(poll=poll).counted
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now())
    assert close(poll.pk) or Poll.objects.get(pk=poll.pk).closed_at
    assert Tally.objects.get(poll=poll).counted == before
