"""Ranked methods: textbook elections, ties and how they are broken, and what each method promises."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voting.methods import METHODS, Limits, Option
from voting.methods.borda import Borda
from voting.methods.irv import InstantRunoff

# Schulze's own example of 45 voters; E wins.
SCHULZE_45 = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}


def groups_of(orders):
    return [
        ({option: place for place, option in enumerate(order, start=1)}, number) for order, number in orders.items()
    ]


def count(code, orders, seats=1, lots=None, candidates=None):
    ids = candidates or sorted({option for order in orders for option in order})
    method = METHODS[code] if isinstance(code, str) else code
    return method.count(groups_of(orders), [Option(option) for option in ids], Limits(seats=seats), lots or ids)


class TestInstantRunoff:
    def test_the_last_leaves_and_the_ballots_go_on_until_one_has_a_majority(self):
        outcome = count("irv", {"ab": 4, "ba": 3, "cb": 2})

        assert outcome.winners == ("b",)
        first, second = outcome.explanation["rounds"]
        assert (first["votes"], first["eliminated"]) == ({"a": 4, "b": 3, "c": 2}, ["c"])
        assert first["transfers"] == {"c": {"b": 2}}
        assert (second["votes"], second["needed"]) == ({"a": 4, "b": 5}, 5)

    def test_exactly_half_is_no_majority(self):
        assert len(count("irv", {"a": 4, "b": 3, "ca": 1}).explanation["rounds"]) == 2

    def test_more_than_half_is_needed_of_an_even_and_of_an_odd_number(self):
        needed = [count("irv", {"a": votes, "b": 1, "c": 1}).explanation["rounds"][0]["needed"] for votes in (6, 7)]
        assert needed == [5, 5]

    def test_a_majority_is_of_the_ballots_that_still_count(self):
        outcome = count("irv", {"a": 4, "b": 3, "c": 2})

        assert (outcome.winners, outcome.explanation["rounds"][1]["exhausted"]) == (("a",), 2)

    def test_the_fewer_votes_in_the_last_round_that_differs_leave_and_then_the_lot_decides(self):
        # c and d have 3 each once e is out; before, d had 2.
        outcome = count("irv", {"a": 5, "b": 4, "c": 3, "d": 2, "ed": 1})
        row = outcome.explanation["rounds"][1]
        assert (row["tied"], row["broken_by"], row["eliminated"]) == (["c", "d"], "earlier_round", ["d"])
        assert outcome.ties == ()

        for lots, loser in (("abc", "c"), ("acb", "b")):
            outcome = count("irv", {"a": 3, "b": 2, "c": 2}, lots=list(lots))
            row = outcome.explanation["rounds"][0]
            assert (row["broken_by"], row["eliminated"]) == ("lot", [loser])
            assert outcome.ties == (("b", "c"),)

    def test_without_a_lot_a_tie_that_needs_one_ends_the_count(self):
        ids = [Option("a"), Option("b")]
        outcome = METHODS["irv"].count([({"a": 1}, 1), ({"b": 1}, 1)], ids, Limits())

        assert (outcome.winners, outcome.ties) == ((), (("a", "b"),))

    def test_a_shared_next_preference_waits_until_it_is_one_persons(self):
        groups = [({"a": 1, "b": 1}, 2), ({"b": 1}, 1), ({"c": 1}, 3), ({"a": 1}, 2)]
        outcome = METHODS["irv"].count(groups, [Option("a"), Option("b"), Option("c")], Limits(), ["a", "b", "c"])

        first, second = outcome.explanation["rounds"]
        assert (first["votes"], first["exhausted"]) == ({"a": 2, "b": 1, "c": 3}, 2)
        assert (second["votes"], second["exhausted"]) == ({"a": 4, "c": 3}, 1)

    @given(
        st.dictionaries(st.permutations("abcde").map(lambda order: "".join(order)[:4]), st.integers(1, 5), min_size=1)
    )
    def test_leaving_together_elects_the_same_where_no_earlier_round_has_to_break_a_tie(self, orders):
        """Together leaves fewer earlier rounds to look at: so it is no default."""
        one_by_one = count("irv", orders, candidates=list("abcde"))
        together = count(InstantRunoff(batch=True), orders, candidates=list("abcde"))
        rounds = [*one_by_one.explanation["rounds"], *together.explanation["rounds"]]
        assume(not any(row["tied"] for row in rounds))
        assert together.winners == one_by_one.winners


class TestSchulze:
    def test_his_own_example(self):
        outcome = count("schulze", SCHULZE_45)

        assert outcome.winners == ("E",)
        assert outcome.explanation["ranking"] == [["E"], ["A"], ["C"], ["B"], ["D"]]
        assert outcome.explanation["pairwise"]["A"] == {"B": 20, "C": 26, "D": 30, "E": 22}
        assert outcome.explanation["paths"]["A"] == {"B": 28, "C": 28, "D": 30, "E": 24}
        assert outcome.explanation["condorcet_winner"] is None

    def test_a_drawn_duel_is_not_won_and_equal_ranks_beat_what_is_below_them(self):
        groups = [({"a": 1, "b": 1, "c": 2}, 3)]
        outcome = METHODS["schulze"].count(groups, [Option("a"), Option("b"), Option("c")], Limits(), ["a", "b", "c"])

        assert outcome.explanation["pairwise"] == {"a": {"b": 0, "c": 3}, "b": {"a": 0, "c": 3}, "c": {"a": 0, "b": 0}}
        assert outcome.explanation["condorcet_winner"] is None
        assert outcome.ties == (("a", "b"),)

    def test_several_that_nobody_beats_are_a_tie_for_the_lot(self):
        outcome = count("schulze", {"ab": 1, "ba": 1}, lots=["b", "a"])

        assert (outcome.winners, outcome.ties) == (("b",), (("a", "b"),))
        assert outcome.explanation["decided_by"] == "lot"
        assert outcome.explanation["paths"] == {"a": {"b": 0}, "b": {"a": 0}}  # a drawn duel is no link

    @given(st.dictionaries(st.permutations("abcd").map("".join), st.integers(1, 5), min_size=1))
    def test_who_wins_all_duels_wins(self, orders):
        outcome = count("schulze", orders, candidates=list("abcd"))
        winner = outcome.explanation["condorcet_winner"]

        assert winner is None or outcome.winners == (winner,)

    @given(st.dictionaries(st.permutations("abcd").map("".join), st.integers(1, 5), min_size=1), st.data())
    def test_being_raised_on_a_ballot_never_harms_the_winner(self, orders, data):
        for code in ("schulze", "borda"):
            winner = count(code, orders, candidates=list("abcd")).winners[0]
            order = data.draw(st.sampled_from(sorted(orders)))
            raised = {**orders}
            number = raised.pop(order)
            better = winner + order.replace(winner, "")
            raised[better] = raised.get(better, 0) + number

            assert count(code, raised, candidates=list("abcd"), lots=[winner, *"abcd".replace(winner, "")]).winners == (
                winner,
            )


class TestScottishSTV:
    def test_the_quota_cuts_the_fraction_off(self):
        for voters, seats, quota in ((9, 2, 4), (10, 2, 4), (11, 2, 4), (12, 2, 5), (12, 3, 4), (1, 1, 1)):
            assert count("stv", {"a": voters, "b": 0}, seats=seats).explanation["quota"] == quota

    def test_a_surplus_goes_on_at_a_value_cut_to_five_decimals(self):
        outcome = count("stv", {"ab": 7, "b": 1, "c": 3}, seats=2, candidates=list("abcd"))

        assert outcome.explanation["quota"] == 4
        stage = outcome.explanation["stages"][1]
        assert stage["values"] == [{"before": Decimal(1), "after": Decimal("0.42857")}]  # 3/7 = 0.428571…
        assert stage["votes"]["b"] == Decimal("3.99999")
        assert (stage["not_transferable"], stage["cut_off"]) == (0, Decimal("0.00001"))
        assert stage["elected"] == []  # so close to the quota of 4, and not there

    def test_a_ballot_without_a_next_preference_is_not_transferable(self):
        stage = count("stv", {"a": 6, "b": 1, "c": 1}, seats=2).explanation["stages"][1]

        assert (stage["candidate"], stage["not_transferable"]) == ("a", 3)

    def test_a_ballot_whose_first_preference_is_shared_is_not_valid(self):
        groups = [({"a": 1, "b": 1}, 3), ({"a": 1}, 4), ({"b": 1}, 2)]
        told = METHODS["stv"].count(groups, [Option("a"), Option("b")], Limits(), ["a", "b"]).explanation

        assert (told["voters"], told["valid"], told["quota"], told["stages"][0]["not_transferable"]) == (9, 6, 4, 0)
        assert told["stages"][0]["cut_off"] == 0

    def test_without_a_valid_ballot_the_count_ends_with_its_first_stage(self):
        told = METHODS["stv"].count([({}, 2)], [Option("a"), Option("b")], Limits(), ["a", "b"]).explanation

        assert [(stage["kind"], stage["elected"]) for stage in told["stages"]] == [("first_preferences", [])]

    def test_ballots_may_weigh_a_part_of_a_vote(self):
        groups = [({"a": 1, "b": 2}, 4), ({"b": 1}, Fraction(5, 2))]
        outcome = METHODS["stv"].count(groups, [Option("a"), Option("b"), Option("c")], Limits(seats=1), list("abc"))

        assert (outcome.explanation["valid"], outcome.explanation["quota"]) == (Fraction(13, 2), 4)
        assert outcome.explanation["stages"][0]["cut_off"] == 0

    def test_the_quota_itself_elects_and_leaves_no_surplus(self):
        outcome = count("stv", {"ab": 4, "b": 3, "c": 2, "d": 2}, seats=2)

        assert outcome.explanation["stages"][0]["elected"] == ["a"]
        assert outcome.explanation["stages"][1]["kind"] == "exclusion"

    def test_the_largest_surplus_goes_first(self):
        outcome = count("stv", {"ad": 6, "bd": 7, "c": 3, "d": 1}, seats=3)

        assert [stage["candidate"] for stage in outcome.explanation["stages"][1:3]] == ["b", "a"]

    def test_of_equal_surpluses_the_one_that_was_ahead_before_goes_first(self):
        orders = {"a": 10, "b": 9, "ca": 2, "cb": 3, "d": 9, "e": 8}
        stage = count("stv", orders, seats=3, lots=list("bacde")).explanation["stages"][2]

        assert (stage["kind"], stage["candidate"], stage["tied"]) == ("surplus", "a", ["a", "b"])
        assert stage["broken_by"] == "earlier_round"

    def test_of_surpluses_that_were_always_equal_the_first_in_the_lot_goes_first(self):
        for lots in ("abcd", "bacd"):
            stage = count("stv", {"ad": 6, "bd": 6, "c": 3, "d": 1}, seats=3, lots=list(lots)).explanation["stages"][1]
            assert (stage["kind"], stage["candidate"], stage["broken_by"]) == ("surplus", lots[0], "lot")

    def test_the_last_seats_are_filled_without_transfers(self):
        outcome = count("stv", {"ab": 9, "b": 2, "c": 1}, seats=3)

        assert outcome.winners == ("a", "b", "c")
        assert len(outcome.explanation["stages"]) == 1

    def test_who_was_behind_at_the_last_stage_that_differs_is_excluded(self):
        # d and e tie with 3 when f is out; at the first stage e had 2.
        outcome = count("stv", {"a": 9, "b": 8, "c": 7, "d": 3, "e": 2, "fe": 1}, seats=2)
        stage = outcome.explanation["stages"][2]
        assert (stage["candidate"], stage["tied"], stage["broken_by"]) == ("e", ["d", "e"], "earlier_round")

        for lots, loser in (("abcd", "d"), ("abdc", "c")):
            outcome = count("stv", {"a": 5, "b": 4, "c": 2, "d": 2}, seats=2, lots=list(lots))
            stage = outcome.explanation["stages"][1]
            assert (stage["kind"], stage["candidate"], stage["broken_by"]) == ("exclusion", loser, "lot")
            assert outcome.ties == (("c", "d"),)

    def test_of_two_earlier_stages_that_differ_the_later_one_counts(self):
        from voting.methods.earlier import fewest, most

        now, earlier = {"a": 4, "b": 4}, [{"a": 1, "b": 2}, {"a": 3, "b": 2}, {"a": 3, "b": 3}]
        assert fewest(now, earlier, ["a", "b"]) == ("b", ("a", "b"), "earlier_round")
        assert most(now, earlier, ["b", "a"]) == ("a", ("a", "b"), "earlier_round")

    @given(
        st.dictionaries(st.permutations("abcde").map(lambda order: "".join(order)[:3]), st.integers(1, 9), min_size=1),
        st.integers(1, 4),
    )
    def test_no_vote_appears_or_gets_lost_at_any_stage(self, orders, seats):
        outcome = count("stv", orders, seats=seats, candidates=list("abcde"))

        assert len(outcome.winners) == len(set(outcome.winners)) == seats
        for stage in outcome.explanation["stages"]:
            total = sum(stage["votes"].values()) + stage["not_transferable"] + stage["cut_off"]
            assert total == outcome.explanation["valid"] == sum(orders.values())
            assert 0 <= stage["cut_off"] < Decimal("0.01")

    @given(
        st.dictionaries(st.permutations("abcd").map(lambda order: "".join(order)[:3]), st.integers(1, 9), min_size=1),
        st.permutations("abcd"),
    )
    def test_names_decide_nothing(self, orders, new):
        new = dict(zip("abcd", new, strict=True))
        renamed = {"".join(new[option] for option in order): number for order, number in orders.items()}
        for code in ("stv", "irv", "schulze", "borda"):
            before = count(code, orders, seats=2, candidates=list("abcd"))
            after = count(code, renamed, seats=2, candidates=[new[option] for option in "abcd"])
            assert after.winners == tuple(new[option] for option in before.winners)


class TestBorda:
    def points(self, method, groups):
        options = [Option(option) for option in "abcd"]
        ranking = method.count(groups, options, Limits(), list("abcd")).explanation["ranking"]
        return {row["option"]: row["votes"] for row in ranking}

    def test_a_place_gives_as_many_points_as_options_are_not_above_it(self):
        assert self.points(METHODS["borda"], groups_of({"abcd": 1})) == {"a": 4, "b": 3, "c": 2, "d": 1}

    def test_equal_ranks_share_the_points_of_their_places(self):
        groups = [({"a": 1, "b": 2, "c": 2}, 2)]

        assert self.points(METHODS["borda"], groups) == {"a": 8, "b": 5, "c": 5, "d": 0}

    def test_what_stands_below_equals_gets_the_points_of_its_own_place(self):
        assert self.points(METHODS["borda"], [({"a": 1, "b": 1, "c": 2}, 2)]) == {"a": 7, "b": 7, "c": 4, "d": 0}

    def test_what_is_not_ranked_gets_nothing_or_the_average_of_what_is_left(self):
        assert self.points(Borda("nothing"), groups_of({"a": 1})) == {"a": 4, "b": 0, "c": 0, "d": 0}
        assert self.points(Borda("average"), groups_of({"ab": 1})) == {
            "a": 4,
            "b": 3,
            "c": Fraction(3, 2),
            "d": Fraction(3, 2),
        }


@pytest.mark.parametrize("code", ["irv", "schulze", "borda", "stv"])
def test_while_people_vote_a_favourite_is_shown_and_of_two_that_share_the_first_place_none(code):
    assert METHODS[code].shown({"a": 2, "b": 1}) == {"b": 1}
    assert METHODS[code].shown({"a": 1, "b": 1, "c": 2}) == {}


@pytest.mark.parametrize("code", ["irv", "schulze", "borda", "stv"])
def test_nobody_voted(code):
    for candidates in (["a", "b"], ["a"]):
        assert count(code, {"": 3}, candidates=candidates).winners == ()
