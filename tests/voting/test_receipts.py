"""A receipt says where a ballot stands, proves it once it is sealed, and never says what was chosen."""

import json
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from consultations.clock import database_now
from tests.factories import UserFactory, choose, make_poll
from tests.voting.reading import ballot_url, option, page_of
from tests.voting.verifying.logs import ends, exported, over, run
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.ledger import verify as verifier
from voting.models import Ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot(poll):
    return cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))


def address(poll, ballot):
    return f"/polls/{poll.pk}/receipts/{ballot.pk}/"


def test_it_is_received_first_and_then_sealed_with_a_number_a_fingerprint_and_a_code_to_scan(client, poll, ballot):
    assert "Recibido" in client.get(address(poll, ballot)).content.decode()
    fold(poll.pk)
    page = client.get(address(poll, ballot)).content.decode()
    assert "Sellado con el número 1" in page
    assert "data:image/svg+xml" in page
    fingerprint = bytes(Ballot.objects.get().leaf.hash).hex()[:4]
    assert fingerprint in page
    assert fingerprint in client.get(f"/polls/{poll.pk}/check/?number=1").content.decode()


def test_the_voter_finds_it_on_the_card_and_nobody_else_does(client, poll, rosa):
    client.post(ballot_url(poll), {"option": option(poll, "for")})
    link = f"/polls/{poll.pk}/receipts/{Ballot.objects.get().pk}/"
    assert link in page_of(client, poll)
    client.logout()
    assert link not in page_of(client, poll)


def test_neither_page_nor_file_says_what_was_chosen(client, poll, ballot):
    fold(poll.pk)
    for place in ("", "receipt.json"):
        text = client.get(address(poll, ballot) + place).content.decode()
        assert "choices" not in text
        assert "A favor" not in text


def test_the_file_is_proven_without_this_site_and_against_the_export(client, poll, ballot, tmp_path):
    end = database_now() + timedelta(seconds=2)
    poll = ends(poll, end)
    for _ in range(5):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "against"))
    fold(poll.pk)
    file = tmp_path / "receipt.json"
    file.write_bytes(client.get(address(poll, ballot) + "receipt.json").content)
    alone = [sys.executable, "-I", verifier.__file__, str(tmp_path / "nothing"), "--receipt", str(file)]
    answer = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    number = Ballot.objects.get(pk=ballot.pk).leaf.number
    assert f"number {number} in the log" in answer.stdout

    time.sleep(max(0, (end - database_now()).total_seconds()) + 0.01)
    close_if_due(poll)
    answer = run(exported(poll, tmp_path / "log"), "--receipt", file)
    assert f"The receipt's ballot is number {number}, and it counts" in answer.stdout


def test_a_ballot_that_vanished_from_a_consistent_log_is_missed_by_its_receipt(client, tmp_path):
    kept, forged = make_poll(), make_poll(question="¿Otra?")
    ballot = cast_ballot(poll=kept, voter=UserFactory(), choices=choose(kept, "for"))
    cast_ballot(poll=forged, voter=UserFactory(), choices=choose(forged, "for"))
    fold(kept.pk)
    file = tmp_path / "receipt.json"
    file.write_bytes(client.get(address(kept, ballot) + "receipt.json").content)
    over(forged)
    answer = run(exported(forged, tmp_path / "log"), "--receipt", file)
    assert answer.returncode == 1
    assert "is not the ballot of the receipt" in answer.stderr


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"number": 2}, "does not lead to its signed head"),
        ({"proof": []}, "does not lead to its signed head"),
        ({"log": "elsewhere/polls/1"}, "of another log"),
        ({"number": None}, "not sealed yet"),
    ],
)
def test_a_receipt_that_was_tampered_with_is_named(client, poll, ballot, tmp_path, change, named):
    for _ in range(3):
        cast_ballot(poll=poll, voter=UserFactory(), choices={})
    fold(poll.pk)
    receipt = json.loads(client.get(address(poll, ballot) + "receipt.json").content)
    if receipt["number"] == 2:
        change = {**change, "number": 3} if change.get("number") else change
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps({**receipt, **change}))
    alone = [sys.executable, "-I", verifier.__file__, str(tmp_path / "nothing"), "--receipt", str(file)]
    answer = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert named in answer.stderr


def test_a_number_that_is_not_there_and_one_that_is_none(client, poll, ballot):
    fold(poll.pk)
    assert "No hay un número 9" in client.get(f"/polls/{poll.pk}/check/?number=9").content.decode()
    assert client.get(f"/polls/{poll.pk}/check/?number=x").status_code == 400
    assert client.get(f"/polls/{poll.pk}/check/").status_code == 200
    assert client.get(f"/polls/{poll.pk}/check/?number=99999999999").status_code == 400


def test_it_stays_after_the_close_when_nothing_links_it_to_the_voter(client, poll, ballot):
    over(poll)
    assert "Sellado con el número 1" in client.get(address(poll, ballot)).content.decode()


def test_after_the_close_and_not_before_it_says_whether_the_ballot_counts(client, poll, rosa):
    """Before, whoever makes a voter show the receipt would see that they voted again."""
    first, second = (cast_ballot(poll=poll, voter=rosa, choices=choose(poll, name)) for name in ("for", "against"))
    fold(poll.pk)
    told = [client.get(address(poll, ballot)).content.decode() for ballot in (first, second)]
    assert not any("Cuenta: ningún" in page or "No cuenta: un voto" in page for page in told)
    over(poll)
    assert "No cuenta: un voto posterior tomó su lugar" in client.get(address(poll, first)).content.decode()
    assert "Cuenta: ningún voto posterior tomó su lugar" in client.get(address(poll, second)).content.decode()
