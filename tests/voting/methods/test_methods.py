"""What every method promises, whatever it decides."""

import ast
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import voting.methods
from voting.methods import METHODS, InvalidBallot, Limits, Option

SIDES = [Option("10", "for"), Option("11", "against"), Option("12", "abstain")]
PROJECTS = [Option("10", cost=700), Option("11", cost=500), Option("12", cost=500), Option("13", cost=0)]
LIMITS = Limits(max_choices=3, max_points=2, max_sum=4, budget=1000, unit=1, seats=2)

RANKINGS = {"irv", "schulze", "stv", "borda", "hierarchy"}
VALUES = {  # what one option may be given, where it is not 1 alone
    "score": st.integers(0, 10),
    "slider": st.sampled_from(range(-100, 101, 25)),
    "cumulative": st.integers(1, 2),
    **dict.fromkeys(["greedy", "greedy_no_skip", "greedy_threshold", "greedy_per_cost"], st.integers(1, 2)),
    "equal_shares": st.integers(1, 2),
}


def options_of(code):
    return SIDES if code == "for_against_abstain" else PROJECTS


def ballots(code):
    """Whatever ``check`` lets through, blank ballots included."""
    ids = [option.id for option in options_of(code)]
    if code in RANKINGS:
        ranked = st.lists(st.sampled_from(ids), unique=True, max_size=3)
        return ranked.map(lambda order: {option: place for place, option in enumerate(order, start=1)})
    choices = st.dictionaries(st.sampled_from(ids), VALUES.get(code, st.just(1)))
    return choices.filter(lambda choices: accepted(METHODS[code], choices, options_of(code)))


def accepted(method, choices, options):
    try:
        method.check(choices, options, LIMITS)
    except InvalidBallot:
        return False
    return True


elections = st.sampled_from(sorted(METHODS)).flatmap(lambda code: st.tuples(st.just(code), st.lists(ballots(code))))


def count(code, cast):
    tally = METHODS[code].empty_tally(options_of(code))
    for choices in cast:
        METHODS[code].add(tally, choices)
    return tally


@given(elections, st.data())
def test_taking_a_ballot_out_again_leaves_the_tally_as_if_it_had_never_come(election, data):
    code, cast = election
    tally = count(code, cast)
    before = json.dumps(tally)
    ballot = data.draw(ballots(code))

    METHODS[code].add(tally, ballot)
    assert tally["voters"] == len(cast) + 1
    METHODS[code].subtract(tally, ballot)

    assert json.dumps(tally) == before


@given(elections, st.randoms())
def test_the_order_in_which_ballots_come_changes_nothing(election, random):
    code, cast = election
    shuffled = random.sample(cast, len(cast))

    assert count(code, shuffled) == count(code, cast)


@given(elections)
def test_the_tally_is_what_a_recount_by_hand_gives(election):
    code, cast = election
    tally = count(code, cast)

    def given(choices, option):
        return choices.get(option, 0) == 1 if code in RANKINGS else choices.get(option, 0)

    assert tally["counts"] == {
        option.id: sum(given(choices, option.id) for choices in cast) for option in options_of(code)
    }
    assert tally["blank"] == cast.count({})


@given(elections, st.permutations([option.id for option in PROJECTS]))
def test_an_outcome_survives_json_and_counts_only_in_whole_numbers(election, lots):
    code, cast = election
    lots = [lot for lot in lots if lot in {option.id for option in options_of(code)}]
    outcome = METHODS[code].outcome(count(code, cast), options_of(code), LIMITS, lots).as_json()

    assert json.loads(json.dumps(outcome), parse_float=pytest.fail) == outcome


@given(elections, st.randoms())
def test_counting_the_ballots_gives_what_their_tally_gives_however_they_are_grouped(election, random):
    code, cast = election
    lots = [option.id for option in options_of(code)]
    grouped = Counter(tuple(sorted(choices.items())) for choices in cast)
    groups = [(dict(choices), number) for choices, number in grouped.items()]
    one_by_one = [(choices, 1) for choices in random.sample(cast, len(cast))]

    outcome = METHODS[code].outcome(count(code, cast), options_of(code), LIMITS, lots)

    assert METHODS[code].count(groups, options_of(code), LIMITS, lots) == outcome
    assert METHODS[code].count(one_by_one, options_of(code), LIMITS, lots) == outcome


@given(elections, st.data())
def test_an_outcome_is_the_same_after_the_tally_went_through_the_database(election, data):
    code, cast = election
    tally = count(code, cast)
    lots = [option.id for option in options_of(code)]
    # jsonb does not keep the order of keys
    shuffled = {**tally, "counts": dict(data.draw(st.permutations(list(tally["counts"].items()))))}

    outcome = METHODS[code].outcome
    assert outcome(shuffled, options_of(code), LIMITS, lots) == outcome(tally, options_of(code), LIMITS, lots)


@pytest.mark.parametrize("code", sorted(METHODS))
def test_a_ballot_that_was_never_counted_cannot_be_taken_out(code):
    tally = count(code, [{"10": 1}])
    before = json.dumps(tally)

    for never_cast in ({}, {"11": 1}, {"99": 1}):
        with pytest.raises(ValueError):
            METHODS[code].subtract(tally, never_cast)
        assert json.dumps(tally) == before


@pytest.mark.parametrize("code", sorted(METHODS))
def test_a_blank_ballot_is_always_welcome_and_counts_for_no_option(code):
    METHODS[code].check({}, options_of(code), LIMITS)
    tally = count(code, [{}])

    assert (tally["voters"], tally["blank"], sum(tally["counts"].values())) == (1, 1, 0)


@pytest.mark.parametrize("code", sorted(METHODS))
@pytest.mark.parametrize(
    ("choices", "refusal", "details"),
    [
        ({"99": 1}, "unknown_option", {"option": "99"}),
        ({"10": 11}, "wrong_value", {"option": "10", "value": 11}),
        ({"10": -1}, "wrong_value", {"option": "10", "value": -1}),
        ({"10": True}, "wrong_value", {"option": "10", "value": True}),
        ({"10": 1.0}, "wrong_value", {"option": "10", "value": 1.0}),
        ({"10": "1"}, "wrong_value", {"option": "10", "value": "1"}),
    ],
)
def test_a_ballot_with_something_else_on_it_is_refused_with_the_reason(code, choices, refusal, details):
    with pytest.raises(InvalidBallot) as refused:
        METHODS[code].check(choices, options_of(code), LIMITS)

    assert (refused.value.code, refused.value.details) == (refusal, details)


@pytest.mark.parametrize("code", sorted(set(METHODS) - {"score", "slider"}))
@pytest.mark.parametrize("value", [0, 3])
def test_a_value_that_is_not_on_the_ballot_paper_is_refused(code, value):
    ballot = {"10": value, "11": 1, "12": 2} if code in RANKINGS and value else {"10": value}
    limits = replace(LIMITS, max_points=2)

    if (code, value) == ("irv", 3) or (code in RANKINGS and value):
        METHODS[code].check(ballot, options_of(code), limits)
        ballot = {"10": 5}
    with pytest.raises(InvalidBallot, match="wrong_value"):
        METHODS[code].check(ballot, options_of(code), limits)


@pytest.mark.parametrize("mark", [-1, 11, 0.5])
def test_a_mark_off_the_scale_is_refused(mark):
    with pytest.raises(InvalidBallot, match="wrong_value"):
        METHODS["score"].check({"10": mark}, PROJECTS, LIMITS)
    with pytest.raises(InvalidBallot, match="wrong_value"):
        METHODS["slider"].check({"10": 24 if mark == 11 else mark}, PROJECTS, LIMITS)


def test_both_ends_of_a_scale_are_on_it():
    for code, ends in (("score", (0, 10)), ("slider", (-100, 100))):
        for mark in ends:
            METHODS[code].check({"10": mark}, PROJECTS, LIMITS)


@pytest.mark.parametrize("code", sorted(RANKINGS))
@pytest.mark.parametrize(
    ("ballot", "refusal", "details"),
    [
        ({"10": 2, "11": 3}, "skipped_rank", {"rank": 1}),
        ({"10": 1, "11": 3}, "skipped_rank", {"rank": 2}),
        ({"10": 1, "11": 2, "12": 3, "13": 4}, "too_many_choices", {"chosen": 4, "allowed": 3}),
    ],
)
def test_a_ranking_with_a_gap_is_refused_with_the_place(code, ballot, refusal, details):
    with pytest.raises(InvalidBallot) as refused:
        METHODS[code].check(ballot, PROJECTS, LIMITS)

    assert (refused.value.code, refused.value.details) == (refusal, details)


def test_equal_ranks_are_refused_where_a_count_cannot_use_them():
    ballot = {"10": 1, "11": 2, "12": 2}

    for code in ("irv", "stv"):
        with pytest.raises(InvalidBallot) as refused:
            METHODS[code].check(ballot, PROJECTS, LIMITS)
        assert refused.value.code == "equal_ranks"
        assert refused.value.details == {"option": "11", "other": "12", "rank": 2}


def test_points_together_have_a_limit():
    with pytest.raises(InvalidBallot) as refused:
        METHODS["cumulative"].check({"10": 2, "11": 2, "12": 1}, PROJECTS, LIMITS)

    assert (refused.value.code, refused.value.details) == ("too_many_points", {"given": 5, "allowed": 4})


@pytest.mark.parametrize(
    ("code", "allowed"),
    [("for_against_abstain", 1), ("single_choice", 1), ("cause", 1), ("dhondt", 1), ("approval", 3), ("greedy", 3)],
)
def test_too_many_choices_are_refused_with_how_many_are_allowed(code, allowed):
    options = SIDES if code == "for_against_abstain" else PROJECTS
    choices = {option.id: 1 for option in options[: allowed + 1]}

    with pytest.raises(InvalidBallot) as refused:
        METHODS[code].check(choices, options, LIMITS)

    assert (refused.value.code, refused.value.details) == (
        "too_many_choices",
        {"chosen": allowed + 1, "allowed": allowed},
    )


@pytest.mark.parametrize("code", ["approval", "greedy"])
def test_without_a_limit_every_option_may_be_chosen(code):
    METHODS[code].check({option.id: 1 for option in PROJECTS}, PROJECTS, Limits(budget=1000))


def test_each_method_is_found_by_the_code_that_it_calls_itself():
    assert {code: method.code for code, method in METHODS.items()} == {code: code for code in METHODS}


def test_counting_is_pure():
    """No Django, no clock and no float in the room: what it imports, and the numbers that it is written with."""
    allowed = {"abc", "collections", "dataclasses", "decimal", "fractions", "hashlib", "heapq", "itertools", "json"}
    allowed |= {"math", "operator", "typing", "voting"}
    room = Path(voting.methods.__file__).parent
    # Those that reckon in intervals; what they say is certain all the same: test_equal_shares.py, test_votes_needed.py
    intervals = {room / "equal_shares_search.py", room / "equal_shares_estimates.py"}
    for path in set(room.glob("*.py")) - intervals:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert {name.name.split(".")[0] for name in node.names} <= allowed, path
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[0] in allowed, path
                assert node.module.split(".")[0] != "voting" or node.module.startswith("voting.methods"), path
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
