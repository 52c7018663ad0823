"""Seats among lists: textbook examples, ties, and what each way of counting promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.methods import METHODS, Limits, Option
from voting.methods.apportionment import Hare

TEXTBOOK = {"a": 100_000, "b": 80_000, "c": 30_000, "d": 20_000}


def apportion(code, votes, seats, lots=(), threshold=0):
    options = [Option(option) for option in votes]
    groups = [({option: 1}, number) for option, number in votes.items() if number]
    return METHODS[code].count(groups, options, Limits(seats=seats, threshold=threshold), lots)


@pytest.mark.parametrize(
    ("code", "seats", "expected"),
    [
        ("dhondt", 8, [4, 3, 1, 0]),
        ("sainte_lague", 8, [3, 3, 1, 1]),
        ("hare", 8, [3, 3, 1, 1]),
        ("dhondt", 1, [1, 0, 0, 0]),
    ],
)
def test_a_textbook_election(code, seats, expected):
    assert list(apportion(code, TEXTBOOK, seats).explanation["seats"].values()) == expected


def test_each_way_divides_by_its_own_row_of_numbers():
    def quotients(code):
        return [row["quotient"] for row in apportion(code, {"a": 60}, 3).explanation["awarded"]]

    assert quotients("dhondt") == [60, 30, 20]
    assert quotients("sainte_lague") == [60, 20, 12]


def test_equal_quotients_go_to_the_list_with_more_votes_and_then_to_the_lot():
    by_votes = apportion("dhondt", {"a": 30, "b": 60}, 2)
    assert [(row["option"], row["tied"], row["broken_by"]) for row in by_votes.explanation["awarded"]] == [
        ("b", [], ""),
        ("b", ["b", "a"], "votes"),
    ]
    by_lot = apportion("dhondt", {"a": 50, "b": 50}, 1, lots=["b", "a"])
    assert (by_lot.winners, by_lot.ties) == (("b",), (("b", "a"),))
    assert apportion("dhondt", {"a": 50, "b": 50}, 2, lots=["b", "a"]).winners == ("b", "a")


def test_a_lot_is_told_as_a_tie_only_where_it_cost_a_list_its_seat():
    votes = {"a": 10, "b": 10}
    assert apportion("dhondt", votes, 1).ties == (("a", "b"),)
    assert apportion("dhondt", votes, 2).ties == ()
    assert apportion("dhondt", votes, 3).ties == (("a", "b"),)


@pytest.mark.parametrize("code", ["dhondt", "sainte_lague", "hare"])
def test_lists_below_the_threshold_take_no_part(code):
    outcome = apportion(code, {"a": 60, "b": 30, "c": 10}, 10, threshold=11)

    assert outcome.explanation["seats"]["c"] == 0
    assert outcome.explanation["below_threshold"] == ["c"]
    assert apportion(code, {"a": 60, "b": 30, "c": 10}, 10, threshold=10).explanation["seats"]["c"] == 1


@pytest.mark.parametrize("code", ["dhondt", "sainte_lague", "hare"])
def test_nobody_voted(code):
    assert apportion(code, {"a": 0, "b": 0}, 3).winners == ()


votes = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 30), min_size=1).filter(lambda of: any(of.values()))


@given(st.sampled_from(["dhondt", "sainte_lague", "hare"]), votes, st.integers(1, 12))
def test_all_seats_are_given_and_more_votes_never_get_fewer(code, of_lists, seats):
    given_seats = apportion(code, of_lists, seats).explanation["seats"]

    assert sum(given_seats.values()) == seats
    for one, other in ((one, other) for one in of_lists for other in of_lists if of_lists[one] > of_lists[other]):
        assert given_seats[one] >= given_seats[other]


@given(votes, st.integers(1, 12))
def test_hare_keeps_the_quota_and_dhondt_the_lower_one(of_lists, seats):
    total = sum(of_lists.values())
    hare = apportion("hare", of_lists, seats).explanation["seats"]
    dhondt = apportion("dhondt", of_lists, seats).explanation["seats"]
    for option, number in of_lists.items():
        assert number * seats // total <= hare[option] <= -(-number * seats // total)
        assert dhondt[option] >= number * seats // total


@given(st.sampled_from(["dhondt", "sainte_lague"]), votes, st.integers(1, 11))
def test_one_seat_more_takes_none_away(code, of_lists, seats):
    fewer, more = (apportion(code, of_lists, number).explanation["seats"] for number in (seats, seats + 1))

    assert all(fewer[option] <= more[option] for option in of_lists)


def test_whole_quotas_are_awarded_to_the_list_with_more_votes_first():
    place = {"a": 0, "b": 1, "c": 2}
    awards = Hare().awards({"a": 20, "b": 60, "c": 20}, 5, place)
    assert [award["option"] for award in awards] == ["b", "b", "b", "a", "c"]
