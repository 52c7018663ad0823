"""An export of a poll with paper ballots: each thing about paper that is changed in it is named."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from consultations.clock import database_now
from tests.factories import UserFactory, choose, fresh, make_poll
from tests.voting.drafts.test_drafts import make_knapsack
from tests.voting.verifying.logs import (
    assert_named,
    at_the_end,
    changed_entry,
    ends,
    entry_of,
    exported,
    fresh_poll,
    lines,
    run,
    signed_whole,
    standing,
)
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold
from voting.ledger import verify as verifier
from voting.models import PaperBatch, Poll
from voting.paper.entering import _append as put_batch_in
from voting.polls.amending_budget import change_amount, withdraw_option


def paper_export(directory):
    """One ballot from a screen, and a batch of two on paper and a spoilt one; closed and exported."""
    poll = make_poll()
    Poll.objects.update(paper_rule="Quien vota en papel firma la planilla.")
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    batch = PaperBatch.objects.create(poll=poll, number=1, place="Escuela 4", ballot_count=3)
    for clerk in UserFactory.create_batch(2):
        for number, side in enumerate(("for", "against", None), start=1):
            choices = choose(poll, side) if side else {}
            turn = batch.readings.filter(number=number).count() + 1
            batch.readings.create(number=number, turn=turn, clerk=clerk, choices=choices, is_spoilt=side is None)
    with transaction.atomic():
        put_batch_in(fresh_poll(poll), batch)
    at_the_end(poll)
    return exported(poll, directory)


def on_paper(d):
    entries = [json.loads(line) for line in lines(d, "entries.jsonl")]
    return [number for number, entry in enumerate(entries) if entry["kind"] == "ballot" and "paper" in entry]


def put_entry(d, number, **changes):
    """Written into the entry and signed by the operator; None takes the name away."""
    entries = lines(d, "entries.jsonl")
    entry = {name: value for name, value in {**json.loads(entries[number]), **changes}.items() if value is not None}
    entries[number] = verifier.canonical(entry).decode()
    signed_whole(d, entries)


def a_paper_ballot_that_says_it_was_cast_on_a_screen(d):
    put_entry(d, on_paper(d)[0], paper=None)


def a_ballot_from_a_screen_that_says_it_was_on_paper(d):
    put_entry(d, next(n for n in standing(d) if n not in on_paper(d)), paper=True)


def a_batch_left_out(d):
    entries = lines(d, "entries.jsonl")
    del entries[entry_of(d, "paper")]
    signed_whole(d, entries)


def a_batch_with_more_ballots_than_came(d):
    put_entry(d, entry_of(d, "paper"), ballots=3)


def a_batch_with_fewer_spoilt_than_none(d):
    put_entry(d, entry_of(d, "paper"), spoilt=-1)


def another_place_written_by_somebody_without_the_key(d):
    changed_entry(d, entry_of(d, "paper"), place="Escuela 5")


def a_paper_ballot_of_somebody_who_votes_again(d):
    put_entry(d, on_paper(d)[0], revision=2)


OF_PAPER = {
    a_paper_ballot_that_says_it_was_cast_on_a_screen: "tells of 2 paper ballots, and there are 1",
    a_ballot_from_a_screen_that_says_it_was_on_paper: "tells of 2 paper ballots, and there are 3",
    a_batch_left_out: "The log has 2 paper ballots, and its batches say 0",
    a_batch_with_more_ballots_than_came: "tells of 3 paper ballots, and there are 2",
    a_batch_with_fewer_spoilt_than_none: "not well formed",
    another_place_written_by_somebody_without_the_key: "does not fit the entries",
    a_paper_ballot_of_somebody_who_votes_again: "is a paper ballot that is not well formed",
}


@pytest.mark.django_db
def test_paper_that_was_tampered_with_is_named(tmp_path, capsys, monkeypatch):
    whole = paper_export(tmp_path / "whole")
    answer = run(whole)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "On paper: 2 ballots of Escuela 4, and 1 spoilt ones that were not cast." in answer.stdout
    for tamper, words in OF_PAPER.items():
        directory = Path(shutil.copytree(whole, tmp_path / tamper.__name__))
        tamper(directory)
        assert_named(directory, words, capsys, monkeypatch)


@pytest.mark.django_db
def test_a_budget_on_paper_too_with_less_money_and_a_proposal_less_is_counted_again_by_its_observers(tmp_path):
    """All at once, from the vote to the directory in which somebody counts again."""
    poll = make_knapsack()  # 100,000; 30,000, 40,000 and 50,000
    Poll.objects.update(disclosure="auditors", paper_rule="Quien vota en papel firma la planilla.")
    poll = ends(poll, database_now() + timedelta(hours=1))
    editor, observer = fresh(poll.consultation.agency.members.first()), UserFactory()
    poll.observers.create(user=observer)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "Obra 0002", "Obra 0003"))
    fold(poll.pk)
    change_amount(poll=fresh_poll(poll), amount_cents=75_000_00, reason="Recorte del Concejo.", actor=editor)
    batch = PaperBatch.objects.create(poll=poll, number=1, place="Escuela 4", ballot_count=12)
    for clerk in UserFactory.create_batch(2):
        for number in range(1, 13):
            choices = choose(poll, "Obra 0001") if number % 2 else choose(poll, "Obra 0002")
            turn = batch.readings.filter(number=number).count() + 1
            batch.readings.create(number=number, turn=turn, clerk=clerk, choices=choices, is_spoilt=False)
    with transaction.atomic():
        put_batch_in(fresh_poll(poll), batch)
    withdraw_option(option=poll.options.get(label="Obra 0002"), reason="El terreno se vendió.", actor=editor)
    at_the_end(poll)
    public, audited = exported(poll, tmp_path / "1"), exported(poll, tmp_path / "2", user=fresh(observer))

    answer = run(audited)
    assert (answer.returncode, answer.stderr) == (0, "")
    said = answer.stdout
    assert "13 ballots by 13 voters, 2 amendments, closed." in said
    assert 'Amended by entry 2, {"budget":{"from":10000000,"to":7500000}}: Recorte del Concejo.' in said
    assert "El terreno se vendió." in said
    assert "On paper: 12 ballots of Escuela 4, and 0 spoilt ones that were not cast." in said
    assert re.search(r" 6  .*Obra 0001  WON\n +7  .*Obra 0002\n +1  .*Obra 0003\n", said), said
    assert "tally and outcome are right" in said
    answer = run(public)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "the count was NOT done again" in answer.stdout
