"""An export of a poll with weights: each weight that is changed in it is named."""

import json
import shutil
from pathlib import Path

import pytest

from tests.factories import UserFactory, choose, fresh, make_poll
from tests.voting.rolls.conftest import put_on
from tests.voting.verifying.logs import (
    assert_named,
    changed_entry,
    changed_json,
    exported,
    lines,
    over,
    run,
    signed_whole,
    standing,
)
from voting.ballots.casting import cast_ballot
from voting.ledger import verify as verifier


def weighted_export(directory):
    """Two ballots of weight 1, two of 3, one of which replaced another; closed and exported."""
    people = [f"w{weight}-{number}@example.org;{weight}" for weight in (1, 3) for number in range(10)]
    poll = put_on(make_poll(), "\n".join(["email;peso", *people]))
    for name, side in (("w1-0", "for"), ("w3-0", "for"), ("w1-1", "against"), ("w3-1", "for")):
        voter = UserFactory(email=f"{name}@example.org")
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, side))
    cast_ballot(poll=poll, voter=fresh(voter), choices=choose(poll, "against"))
    over(poll)
    return exported(poll, directory)


def weighs(d, number):
    return json.loads(lines(d, "entries.jsonl")[number]).get("weight", 1)


def heavy_ones(d):
    """Standing first: of the two of weight 3 that were cast once, and twice."""
    return [number for number in standing(d) if weighs(d, number) == 3]


def of_one_ballot(d):
    """A voter of weight 3 who voted once."""
    entries = [json.loads(line) for line in lines(d, "entries.jsonl")]
    voters = [entry.get("voter") for entry in entries]
    return next(number for number in heavy_ones(d) if voters.count(entries[number]["voter"]) == 1)


def put_weight(d, number, weight):
    """Written into the entry and signed by the operator; None takes it away."""
    entries = lines(d, "entries.jsonl")
    entry = json.loads(entries[number])
    entry.pop("weight", None)
    entries[number] = verifier.canonical(entry if weight is None else {**entry, "weight": weight}).decode()
    signed_whole(d, entries)


def a_weight_changed(d):
    put_weight(d, of_one_ballot(d), 4)


def a_weight_removed(d):
    put_weight(d, of_one_ballot(d), None)


def a_weight_added(d):
    put_weight(d, next(number for number in standing(d) if weighs(d, number) == 1), 2)


def a_weight_of_a_replaced_ballot_changed(d):
    entries = [json.loads(line) for line in lines(d, "entries.jsonl")]
    ballots = [n for n, entry in enumerate(entries) if entry["kind"] == "ballot" and n not in standing(d)]
    put_weight(d, ballots[0], 30)


def a_weight_of_1_written_down(d):
    put_weight(d, next(number for number in standing(d) if weighs(d, number) == 1), 1)


def a_negative_weight(d):
    put_weight(d, of_one_ballot(d), -3)


def a_weight_that_is_true(d):
    put_weight(d, of_one_ballot(d), True)


def a_manifest_that_knows_no_weights(d):
    manifest, *entries = lines(d, "entries.jsonl")
    manifest = json.loads(manifest)
    del manifest["weighted"]
    signed_whole(d, [verifier.canonical(manifest).decode(), *entries])


def a_tally_whose_weight_is_another(d):
    changed_json(d, "result.json", lambda result: result["tally"].update(weight=9))


def a_tally_whose_weight_is_left_out(d):
    changed_json(d, "result.json", lambda result: result["tally"].pop("weight"))


def a_weight_changed_by_somebody_without_the_key(d):
    changed_entry(d, of_one_ballot(d), weight=4)


OF_WEIGHTS = {
    a_weight_changed: "not what the ballots add up to (counts)",
    a_weight_removed: "not what the ballots add up to (counts)",
    a_weight_added: "not what the ballots add up to (counts)",
    a_weight_of_a_replaced_ballot_changed: "another weight than the ballot before it of the same voter",
    a_weight_of_1_written_down: "no whole number above 1",
    a_negative_weight: "no whole number above 1",
    a_weight_that_is_true: "no whole number above 1",
    a_manifest_that_knows_no_weights: "by the rules all weigh the same",
    a_tally_whose_weight_is_another: "not what the ballots add up to (weight)",
    a_tally_whose_weight_is_left_out: "not what the ballots add up to (weight)",
    a_weight_changed_by_somebody_without_the_key: "does not fit the entries",
}


@pytest.mark.django_db
def test_a_weight_that_was_tampered_with_is_named(tmp_path, capsys, monkeypatch):
    whole = weighted_export(tmp_path / "whole")
    answer = run(whole)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Counted by weight: together they weigh 8." in answer.stdout
    for tamper, words in OF_WEIGHTS.items():
        directory = Path(shutil.copytree(whole, tmp_path / tamper.__name__))
        tamper(directory)
        assert_named(directory, words, capsys, monkeypatch)
