"""What the theory of voting promises of each method: anonymity, neutrality, homogeneity, monotonicity.

That the order of ballots changes nothing, and that a recount gives the same, is in test_methods.py; what only some
methods promise (payments, quotas, duels) with their own tests.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voting.methods.test_methods import LIMITS, ballots, options_of
from voting.methods import METHODS
from voting.methods.equal_shares import EqualShares

CODES = sorted(METHODS)
NOT_HOMOGENEOUS = {"stv"}  # its quota is cut off to a whole number, and one is added: docs/counting.md
MONOTONE = set(METHODS) - {"irv", "stv", "equal_shares", "phragmen"}  # these four are known not to be


def method_of(code):
    # Add-1 gives each voter whole units, so that twice the voters get other steps: the plain form is homogeneous.
    return EqualShares("cost", "none", "greedy") if code == "equal_shares" else METHODS[code]


def outcome(code, cast, options, lots, weight=1):
    return method_of(code).count([(choices, weight) for choices in cast], options, LIMITS, lots)


def some_ballots(data, code):
    return data.draw(st.lists(ballots(code), min_size=1, max_size=8))


@pytest.mark.parametrize("code", CODES)
@given(st.data())
@settings(max_examples=15)
def test_names_and_the_order_of_the_ballot_paper_decide_nothing(code, data):
    options, cast = options_of(code), some_ballots(data, code)
    ids = [option.id for option in options]
    lots = data.draw(st.permutations(ids))
    new = dict(zip(ids, data.draw(st.permutations([f"x{option}" for option in ids])), strict=True))
    renamed = data.draw(st.permutations([replace(option, id=new[option.id]) for option in options]))

    before = outcome(code, cast, options, lots)
    after = outcome(
        code, [{new[option]: value for option, value in ballot.items()} for ballot in cast], renamed,
        [new[option] for option in lots],
    )  # fmt: skip

    assert after.winners == tuple(new[option] for option in before.winners) or code == "cause"
    assert sorted(after.winners) == sorted(new[option] for option in before.winners)
    assert {frozenset(tied) for tied in after.ties} == {frozenset(new[one] for one in tied) for tied in before.ties}


@pytest.mark.parametrize("code", sorted(set(CODES) - NOT_HOMOGENEOUS))
@given(st.data())
@settings(max_examples=10)
def test_three_times_as_many_of_each_ballot_elect_the_same(code, data):
    options, cast = options_of(code), some_ballots(data, code)
    lots = data.draw(st.permutations([option.id for option in options]))

    assert outcome(code, cast, options, lots, weight=3).winners == outcome(code, cast, options, lots).winners


@pytest.mark.parametrize("code", sorted(MONOTONE))
@given(st.data())
@settings(max_examples=15)
def test_one_ballot_more_for_a_winner_alone_never_harms_it(code, data):
    options, cast = options_of(code), some_ballots(data, code)
    lots = data.draw(st.permutations([option.id for option in options]))
    best = {"score": 10, "slider": 100}.get(code, 1)

    for winner in set(outcome(code, cast, options, lots).winners):
        assert winner in outcome(code, [*cast, {winner: best}], options, lots).winners


@pytest.mark.parametrize("code", ["single_choice", "approval", "score", "cumulative", "borda"])
def test_one_vote_or_point_more_is_enough(code):
    options = options_of(code)
    first, second = ({option.id: 1} for option in options[:2])
    cast = [first, first, second]

    assert outcome(code, cast, options, ()).winners == (options[0].id,)
    assert outcome(code, cast, options, ()).ties == ()
