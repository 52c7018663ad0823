"""Ballots by weight: one of weight 3 counts as three equal ones, from the cast to the recount, by every method."""

import csv
import io
import json
import threading
import urllib.request
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import NotPermitted
from tests.exports.reading import download
from tests.factories import UserFactory, choose, fresh, make_consultation, make_poll
from tests.voting.reading import ballot_url, page_of, tally_for
from tests.voting.rolls.conftest import again, agency, editor, put_on
from tests.voting.rolls.test_weights import people as a_list
from tests.voting.test_closing import end
from tests.voting.test_every_method import BY_COMMAND, FORMS, ballot_of, ids_of, poll_of, some_ballots
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due, standing_ballots
from voting.ballots.folding import fold
from voting.ledger.verify import verify
from voting.log.export import write_log
from voting.log.receipts import file_of, receipt_of
from voting.methods.rules import Rules
from voting.models import Ballot, EligibleVoter, Leaf, Poll, Tally
from voting.results.tallies import frame
from voting.rolls.changing import remove_voters
from voting.rolls.eligible import entry_of

pytestmark = pytest.mark.django_db

WEIGHTS = (1, 2, 3, 7)
__all__ = ["agency", "editor"]  # fixtures


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def weigh(poll, weights=WEIGHTS):
    """Ten people of each weight on its roll: w3-0@example.org, …"""
    people = [f"w{weight}-{number}@example.org;{weight}" for weight in weights for number in range(10)]
    return put_on(poll, "\n".join(["email;peso", *people]))


def voter(weight, number=0):
    return UserFactory(email=f"w{weight}-{number}@example.org")


def entries_of(poll):
    """The ballots' entries in the log, as exported."""
    return [entry for entry in log_of(poll) if entry["kind"] == "ballot"]


def log_of(poll):
    with io.BytesIO() as file:
        write_log(poll, file, user=None, address="")
        with zipfile.ZipFile(file) as archive:
            return [json.loads(line) for line in archive.read("entries.jsonl").splitlines()]


def exported(poll, directory):
    with io.BytesIO() as file:
        write_log(poll, file, user=None, address="")
        with zipfile.ZipFile(file) as archive:
            archive.extractall(directory)
    return directory


def by_place(data, poll):
    """With the place of each option on the ballot for its id."""
    place = {option: f"option {number}" for number, option in enumerate(ids_of(poll))}
    if isinstance(data, dict):
        return {place.get(key, key): by_place(value, poll) for key, value in data.items()}
    if isinstance(data, list):
        return [by_place(value, poll) for value in data]
    return place.get(data, data) if isinstance(data, str) else data


def without_people(data):
    return {key: value for key, value in data.items() if key not in ("voters", "blank", "weight")}


@pytest.mark.parametrize("form", FORMS)
def test_a_ballot_of_weight_3_gives_what_three_equal_ones_give(form):
    """Live and at the close, with a vote that was changed; equals fall as listed, for the lot would differ."""
    weighted, plain = poll_of(form), poll_of(form)
    Poll.objects.update(breaks_ties_as_listed=True)
    weighted, plain = weigh(weighted), again(plain)
    cast = list(zip(some_ballots(weighted), some_ballots(plain), (3, 1, 3, 2), strict=True))
    for number, (choices, same, weight) in enumerate(cast):
        person = voter(weight, number)
        if number == 0:
            cast_ballot(poll=weighted, voter=person, choices=some_ballots(weighted)[1])
            fold(weighted.pk)
        cast_ballot(poll=weighted, voter=fresh(person), choices=choices)
        for _ in range(weight):
            cast_ballot(poll=plain, voter=UserFactory(), choices=same)
        fold(weighted.pk)
        fold(plain.pk)
        live, expected = (Tally.objects.get(poll=poll).counted for poll in (weighted, plain))
        assert by_place(without_people(live), weighted) == by_place(without_people(expected), plain)
        assert live["weight"] == expected["voters"]
        assert live["voters"] == number + 1
    weighted, plain = close_if_due(end(weighted)), close_if_due(end(plain))
    outcomes = [
        by_place([poll.outcome.winners, poll.outcome.ties, without_people(poll.outcome.explanation)], poll)
        for poll in (weighted, plain)
    ]
    assert outcomes[0] == outcomes[1]
    told = weighted.outcome.explanation
    assert (told["voters"], told["blank"], told["weight"]) == (4, 1, 9)


@pytest.mark.parametrize("form", FORMS)
def test_adding_and_subtracting_any_ballots_by_weight_is_the_same_as_one_by_one(form):
    poll = poll_of(form)
    counting, options = poll.counting, poll.counted_options()

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def counts(data):
        weights = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
        ballots = [(ballot_of(poll, data), weight) for weight in weights]
        weighted, plain = counting.empty_tally(options), counting.empty_tally(options)
        for choices, weight in ballots:
            counting.add(weighted, choices, weight)
            for _ in range(weight):
                counting.add(plain, choices)
        assert without_people(weighted) == without_people(plain)
        assert weighted.get("weight", weighted["voters"]) == sum(weights) == plain["voters"]
        if (sum(weights) > len(weights)) != ("weight" in weighted):
            raise AssertionError("its weight is told where one weighs more, and nowhere else")
        for choices, weight in data.draw(st.permutations(ballots)):
            counting.subtract(weighted, choices, weight)
        assert weighted == counting.empty_tally(options)

    counts()


@pytest.mark.parametrize("form", FORMS)
def test_the_export_of_a_weighted_poll_is_recounted_to_the_same_winners(tmp_path, form, capsys):
    """With many ties, so that the lot has to decide."""
    poll = weigh(poll_of(form))
    for number, (choices, weight) in enumerate(zip(some_ballots(poll) * 2, (3, 1, 7, 3, 1, 3, 1, 7), strict=True)):
        cast_ballot(poll=poll, voter=voter(weight, number), choices=choices)
    poll = close_if_due(end(poll))
    said = verify(exported(poll, tmp_path))
    assert "Counted by weight: together they weigh 26." in said
    assert "Voters: 8, of whom 2 cast a blank ballot." in said
    if form not in BY_COMMAND:
        assert "Counted again from the ballots: tally and outcome are right." in said
        return
    [command] = [line for line in said if line.startswith("python manage.py count ")]
    _, _, _, name, *arguments = command.split()
    call_command("count", str(tmp_path / name), *arguments, "--json")
    line = json.loads(capsys.readouterr().out)
    winners = line["winners"]
    if name.endswith(".blt"):
        winners = [ids_of(poll)[int(place) - 1] for place in winners]
    assert winners == poll.outcome.winners
    assert line["voters"] == 26


def test_the_log_says_a_weight_where_it_is_not_1_and_the_receipt_too(tmp_path):
    poll = weigh(make_poll())
    heavy = cast_ballot(poll=poll, voter=voter(7), choices=choose(poll, "for"))
    light = cast_ballot(poll=poll, voter=voter(1), choices=choose(poll, "against"))
    poll = close_if_due(end(poll))
    manifest, *_ = log_of(poll)
    assert manifest["weighted"] is True
    said = {entry["id"]: entry.get("weight") for entry in entries_of(poll)}
    assert said == {str(heavy.pk): 7, str(light.pk): None}

    receipt = file_of(receipt_of(poll, heavy.pk), "")
    assert receipt["ballot"]["weight"] == 7
    said = verify(exported(poll, tmp_path), receipt=receipt)
    assert any("The receipt's ballot is number" in line for line in said)


def test_a_poll_whose_ballots_all_weigh_1_says_nothing_of_weights():
    poll = put_on(make_poll(), "email;peso\nana@example.org;1\n")
    cast_ballot(poll=poll, voter=UserFactory(email="ana@example.org"), choices=choose(poll, "for"))
    fold(poll.pk)
    assert "weight" not in json.dumps(log_of(poll))
    assert "weight" not in Tally.objects.get().counted
    assert "weight" not in frame(poll)


def test_a_vote_that_is_changed_keeps_its_weight(client):
    poll = weigh(make_poll(results_policy="live"))
    person = voter(7)
    for side in ("for", "against"):
        cast_ballot(poll=poll, voter=fresh(person), choices=choose(poll, side))
        fold(poll.pk)
    assert list(Ballot.objects.values_list("weight", flat=True)) == [7, 7]
    tally = tally_for(poll, person)
    assert {option.kind: (option.count, option.share) for option in tally.options} == {
        "for": (0, 0.0), "against": (7, 1.0), "abstain": (0, 0.0),
    }  # fmt: skip
    assert (tally.voters, tally.weight) == (1, 7)
    assert frame(poll)["weight"] == 7
    client.force_login(person)
    assert "Your ballot counts 7 times" in page_of(client, poll)


def test_the_weight_of_a_ballot_in_the_database_cannot_be_changed():
    poll = weigh(make_poll())
    ballot = cast_ballot(poll=poll, voter=voter(3), choices=choose(poll, "for"))
    with pytest.raises(ProgrammingError, match="Cannot update rows of voting_ballot"), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(weight=7)
    assert Ballot.objects.get().weight == 3


def test_a_quorum_is_of_people():
    poll = weigh(make_poll(rules=Rules(quorum=3)))
    for weight, choices in ((7, choose(poll, "for")), (3, {})):
        cast_ballot(poll=poll, voter=voter(weight), choices=choices)
    missed = close_if_due(end(poll)).outcome.explanation
    assert missed["decided_by"] == "no_quorum"


@pytest.mark.parametrize(("weights", "winner"), [((7, 1, 1), "for"), ((1, 7, 1), "against")])
def test_a_majority_is_of_the_whole_weight(client, weights, winner):
    poll = weigh(make_poll(rules=Rules(quorum=3, majority="3/4", abstentions_count=True)))
    for number, (weight, name) in enumerate(zip(weights, ("for", "against", "abstain"), strict=True)):
        cast_ballot(poll=poll, voter=voter(weight, number), choices=choose(poll, name))
    outcome = close_if_due(end(poll)).outcome
    assert (outcome.explanation["of"], outcome.explanation["needed"]) == (9, 7)
    assert outcome.winners == list(choose(poll, winner))
    page = page_of(client, poll)
    carried = "It is carried: a weight of 7 was for it, and 7 were needed."
    lost = "It is not carried: a weight of 1 was for it, and 7 were needed."
    assert (carried if winner == "for" else lost) in page
    assert "Counted by weight" in page


def test_casting_by_weight_takes_no_more_statements(client, django_assert_max_num_queries):
    poll = weigh(make_poll())
    client.force_login(voter(7))
    [side] = choose(poll, "for")
    client.post(ballot_url(poll), {"option": side})
    with django_assert_max_num_queries(12):
        assert client.post(ballot_url(poll), {"option": side}).status_code == 302
    assert Ballot.objects.filter(weight=7).exists()


def test_who_is_not_on_the_roll_has_no_weight_and_no_vote():
    poll = weigh(make_poll())
    with pytest.raises(NotPermitted, match="not_on_roll"):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    assert not Leaf.objects.exists()


def test_each_weight_in_a_log_is_that_of_ten_entries_at_least():
    poll = weigh(make_poll())
    poll = put_on(
        poll, "\n".join(["email;peso", *(f"x{n}@example.org;5" for n in range(9))]) + "\ny@example.org;7", reason="Más"
    )
    for weight in WEIGHTS:
        cast_ballot(poll=poll, voter=voter(weight), choices=choose(poll, "for"))
    poll = close_if_due(end(poll))
    weights = {entry.get("weight", 1) for entry in entries_of(poll)}
    assert weights == set(WEIGHTS)
    for weight in weights:
        assert EligibleVoter.objects.filter(roll=poll.electoral_roll, weight=weight).count() >= 10
    assert not EligibleVoter.objects.filter(weight=5).exists()


def test_ballots_that_stand_are_grouped_by_their_weight():
    poll = weigh(make_poll())
    for number, weight in enumerate((1, 3, 7, 7)):
        cast_ballot(poll=poll, voter=voter(weight, number), choices=choose(poll, "for"))
    assert standing_ballots(poll.pk) == [(choose(poll, "for"), 18)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(weight) FROM voting_ballot")
        assert cursor.fetchone() == (18,)


@pytest.mark.django_db(transaction=True)
def test_two_servers_cast_for_one_voter_and_count_their_weight_once():
    poll = weigh(make_poll())
    person, choices = voter(7), choose(poll, "for")
    ready = threading.Barrier(4)

    def cast():
        try:
            ready.wait(20)
            cast_ballot(poll=again(poll), voter=fresh(person), choices=choices)
            fold(poll.pk)
        finally:
            connection.close()

    servers = [threading.Thread(target=cast) for _ in range(4)]
    for server in servers:
        server.start()
    for server in servers:
        server.join(30)
    fold(poll.pk)
    assert sorted(Ballot.objects.values_list("revision", "weight")) == [(1, 7), (2, 7), (3, 7), (4, 7)]
    counted = Tally.objects.get().counted
    assert (counted["counts"][next(iter(choices))], counted["voters"], counted["weight"]) == (7, 1, 7)


@pytest.mark.django_db(transaction=True)
def test_a_cast_weighs_what_the_roll_says_under_its_lock_and_not_before(editor, agency):
    """The page was read when the entry weighed 1; the roll was changed before the ballot came."""
    poll = put_on(make_poll(make_consultation(agency, now_in="voting")), a_list(("a", 11, 1), ("b", 10, 7)))
    person = UserFactory(email="a0@example.org")
    stale = again(poll)
    stale.known_entry = (person.pk, entry_of(stale, person))
    remove_voters(roll=poll.electoral_roll, fingerprints=[], emails=["a0@example.org"], reason="Peso", actor=editor)
    put_on(poll, a_list(("a", 1, 7)), reason="Peso")
    assert cast_ballot(poll=stale, voter=person, choices=choose(poll, "for")).weight == 7


@pytest.mark.django_db(transaction=True)
def test_what_is_downloaded_tells_the_weight_of_each_ballot(client):
    poll = weigh(make_poll())
    for number, weight in enumerate((1, 3)):
        cast_ballot(poll=poll, voter=voter(weight, number), choices=choose(poll, "for"))
    close_if_due(end(poll))
    tables = {}
    for name in ("ballots", "tallies"):
        text = download(f"{poll.consultation.get_absolute_url()}data/{name}.csv").body.decode("utf-8-sig")
        tables[name] = list(csv.DictReader(io.StringIO(text)))
    assert sorted(row["weight"] for row in tables["ballots"]) == ["1", "3"]
    assert {(row["count"], row["voters"], row["weight"]) for row in tables["tallies"]} == {
        ("4", "2", "4"),
        ("0", "2", "4"),
    }
    told = client.get(reverse("api:poll-tally", args=[poll.pk])).json()
    assert (told["voters"], told["weight"]) == (2, 4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("method", "value"), [("single_choice", 1), ("score", 5)])
def test_the_recount_that_the_docs_give_comes_to_the_final_tally(method, value, capsys, monkeypatch):
    poll = weigh(make_poll(method=method, options=["Plaza", "Vivero"]))
    first = str(poll.options.earliest("position").pk)
    for number, weight in enumerate((1, 3)):
        cast_ballot(poll=poll, voter=voter(weight, number), choices={first: value})
    poll = close_if_due(end(poll))
    ballots = download(f"{poll.consultation.get_absolute_url()}data/ballots.csv").body
    monkeypatch.setattr(urllib.request, "urlopen", lambda _: io.BytesIO(ballots))

    manual = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    exec(manual.split("```python\n")[1].split("```")[0], {})

    counted = Counter({(str(poll.pk), option): count for option, count in frame(poll)["counts"].items() if count})
    assert capsys.readouterr().out.strip() == str(counted)
